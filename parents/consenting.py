"""What a guardian may agree to, with the state of each: for the parents' page and for the family's. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from parents.access import children_of
from parents.models import FOR_A_CHILD, Consent, ConsentPurpose, Guardian, Guardianship
from schools.models import CLBCentre, Enrolment, Pupil, School

#: The question for each purpose, in the words of parents.
QUESTIONS = {
    ConsentPurpose.PHOTO: _("The school may take and show photos of my child."),
    ConsentPurpose.HOME_VISIT: _("Somebody of the school may visit us at home."),
    ConsentPurpose.CLB_TO_SCHOOL: _("The CLB may tell the school what the school needs to know about my child."),
    ConsentPurpose.STORY: _("Our story may be in a report, without our names."),
}


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One purpose, about one child where it is given for each. ``key`` names it in a form."""

    purpose: ConsentPurpose
    child: Pupil | None
    consent: Consent | None

    @property
    def question(self) -> str:
        return str(QUESTIONS[self.purpose])

    @property
    def about(self) -> str:
        """The question and the child, for who hears a button without the line on which it stands."""
        return f"{self.question} {self.child.first_name}" if self.child else self.question

    @property
    def words(self) -> str:
        """The same in the words of colleagues."""
        label = str(self.purpose.label)
        return f"{label} {self.child.first_name}" if self.child else label

    @property
    def key(self) -> str:
        return f"{self.purpose}-{self.child.pk if self.child else ''}"


def lines_of(guardian: Guardian, children: Iterable[Pupil], running: Iterable[Consent]) -> Iterator[ConsentLine]:
    """All purposes of one guardian; ``running`` are consents that run, of anybody."""
    known = {(row.purpose, row.child_id): row for row in running if row.guardian_id == guardian.pk}
    own = list(children)
    for purpose in ConsentPurpose:
        for child in own if purpose in FOR_A_CHILD else [None]:
            yield ConsentLine(purpose, child, known.get((purpose, child.pk if child else None)))


def own_lines_of(guardian: Guardian, children: Iterable[Pupil]) -> list[ConsentLine]:
    """What the guardian decides on the own page: about the children about whom the guardian decides, and, to take it
    back, what was agreed to before. Who answers for no child at a school is asked nothing more. Three queries."""
    running = Consent.objects.running().filter(guardian=guardian)
    own = list(children)
    here = set(Enrolment.objects.lasting().filter(pupil__in=own).values_list("pupil_id", flat=True))
    ties = Guardianship.objects.current().filter(guardian=guardian, may_decide=True, pupil_id__in=here)
    decides = set(ties.values_list("pupil_id", flat=True))
    lines = lines_of(guardian, own, running)
    return [line for line in lines if line.consent or (line.child.pk in decides if line.child else bool(here))]


def places_of(children: Iterable[Pupil]) -> list[School | CLBCentre]:
    """Who answers questions about these children's data: their schools, for a child who left the last one, which still
    keeps them, and the CLBs of those."""
    return _with_centres(_today_or_last(children))


def places_known_to(guardian: Guardian) -> list[School | CLBCentre]:
    """Who answers this guardian's questions about the own data: the places of the children of whom they are told, and
    for one of whom they were told before the last school of that time. Where it went since is not theirs to learn."""
    children = list(children_of(guardian))
    told = list(Guardianship.objects.filter(guardian=guardian, information_right=True).exclude(pupil__in=children))
    rows = Enrolment.objects.filter(pupil_id__in=[tie.pupil_id for tie in told]).select_related("school__clb")
    last = {
        row.pupil_id: row
        for row in rows.order_by("starts_on", "pk")
        if any(tie.pupil_id == row.pupil_id and tie.overlaps(row) for tie in told)
    }
    return _with_centres([*_today_or_last(children), *last.values()])


def _today_or_last(children: Iterable[Pupil]) -> list[Enrolment]:
    of_children = Enrolment.objects.filter(pupil__in=children).select_related("school__clb")
    here = list(of_children.current().order_by("pk"))
    left = of_children.exclude(pupil_id__in=[row.pupil_id for row in here]).order_by("starts_on", "pk")
    return [*here, *{row.pupil_id: row for row in left}.values()]


def _with_centres(rows: Iterable[Enrolment]) -> list[School | CLBCentre]:
    schools = {row.school_id: row.school for row in rows}
    centres = {school.clb_id: school.clb for school in schools.values()}
    return [*schools.values(), *centres.values()]
