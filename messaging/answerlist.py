"""Who answered a notice and who did not, child by child, as far as the reader may see them. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from messaging.models import Answer, Notice, NoticePupil
from messaging.models.answers import late_after
from parents.models import ConferenceSlot, FamilyMembership, Guardianship
from parents.models.conferences import SlotStatus
from schools import clock
from schools.models import Pupil
from schools.models.periods import running_on

NONE, LATE = "geen", "laat"


@dataclass(slots=True)
class ChildAnswers:
    """One child of the notice with what its guardians answered."""

    child: Pupil
    class_name: str
    family_id: int | None = None
    answers: list[Answer] = field(default_factory=list)
    guardians: list[str] = field(default_factory=list)
    #: By guardian who does not decide about this child: what right they have.
    rights: dict[int, str] = field(default_factory=dict)
    has_time: bool = False

    @property
    def is_silent(self) -> bool:
        return not (self.answers or self.has_time)

    def right_of(self, answer: Answer) -> str:
        """In words, where who gave it does not decide about this child."""
        return self.rights.get(answer.guardian_id, "")


def children_of(notice: Notice, user: object, wanted: str = "") -> QuerySet[NoticePupil]:
    """The notice's children that the user may see: all, those of one answer, of late answers, or without any. An answer
    that a later one of the family replaced counts as one, whatever it said; a time for the talk is one too."""
    rows = NoticePupil.objects.filter(notice=notice, pupil__in=Pupil.objects.visible_to(user))
    rows = rows.select_related("pupil", "school_class")
    if wanted == NONE:
        rows = rows.filter(~Exists(_answers_of(notice, Q())))
        rows = rows.exclude(pupil_id__in=_times_of(notice).values("pupil_id"))
    elif wanted == LATE:
        rows = rows.filter(Exists(_answers_of(notice, late_after(notice.answer_by) & Q(stands=True))))
    elif wanted:
        rows = rows.filter(Exists(_answers_of(notice, Q(key=wanted, stands=True))))
    return rows.order_by("school_class__name", "pupil__last_name", "pupil__first_name", "pk")


def _answers_of(notice: Notice, condition: Q) -> QuerySet[Answer]:
    """Answers of those who answer for the outer row's child today; a family's answer counts for its own children."""
    link = "guardian__guardianships__"
    homes = FamilyMembership.objects.current().filter(pupil_id=OuterRef(OuterRef("pupil_id")))
    return Answer.objects.filter(
        condition,
        running_on(clock.today(), link),
        Q(family__isnull=True) | Q(family_id__in=homes.values("family_id")),
        notice=notice,
        **{f"{link}pupil_id": OuterRef("pupil_id")},
    )


def _times_of(notice: Notice) -> QuerySet[ConferenceSlot]:
    """The places with a time in the round to which the notice leads, whoever chose it, held or not."""
    if not notice.leads_to_times:
        return ConferenceSlot.objects.none()
    rows = ConferenceSlot.objects.filter(round=notice.conference_round)
    return rows.exclude(status__in=(SlotStatus.OFFERED, SlotStatus.CANCELLED))


def answered(notice: Notice, rows: Iterable[NoticePupil]) -> list[ChildAnswers]:
    """These children with their families, answers and talks; four queries whatever their number. An answer of who lost
    the right to information stands while no other takes its place, and is shown as it counts; asked is who has it."""
    found = {row.pupil_id: ChildAnswers(row.pupil, row.school_class.name if row.school_class else "") for row in rows}
    members = FamilyMembership.objects.current().filter(pupil_id__in=found)
    for pupil, family in members.values_list("pupil_id", "family_id"):
        found[pupil].family_id = family
    of_guardian: dict[int, list[int]] = defaultdict(list)
    told = Exists(Guardianship.objects.informed().filter(pk=OuterRef("pk")))
    roles: Any = Guardianship.objects.current().filter(pupil_id__in=found).annotate(is_told=told)
    for role in roles.select_related("guardian").order_by("pk"):
        of_guardian[role.guardian_id].append(role.pupil_id)
        if role.is_told:
            found[role.pupil_id].guardians.append(role.guardian.full_name)
        if not role.may_decide:
            right = _("right to information only") if role.information_right else _("no authority")
            found[role.pupil_id].rights[role.guardian_id] = right
    given = Answer.objects.filter(notice=notice, guardian_id__in=of_guardian).select_related("guardian")
    for answer in given.order_by("answered_at", "pk"):
        for pupil in of_guardian[answer.guardian_id]:
            if answer.family_id in (None, found[pupil].family_id):
                found[pupil].answers.append(answer)
    for pupil in _times_of(notice).filter(pupil_id__in=found).values_list("pupil_id", flat=True):
        found[pupil].has_time = True
    return list(found.values())


def said_otherwise(notice: Notice, standing: Iterable[Answer]) -> dict[int | None, list[Answer]]:
    """By family what parents who may still answer said otherwise than in the answers of ``standing``, which count; one
    query."""
    counts: dict[int | None, Answer] = {answer.family_id: answer for answer in standing if answer.family_id}
    ours = NoticePupil.objects.filter(notice=notice).values("pupil_id")
    ties = Guardianship.objects.informed().filter(guardian_id=OuterRef("guardian_id"), pupil_id__in=ours)
    rows = Answer.objects.filter(Exists(ties), notice=notice, family__in=counts, stands=False)
    found: dict[int | None, list[Answer]] = defaultdict(list)
    for row in rows.select_related("guardian").order_by("answered_at", "pk"):
        counted = counts[row.family_id]
        if row.key != counted.key and row.guardian_id != counted.guardian_id:  # nor one who stood twice
            found[row.family_id].append(row)
    return found
