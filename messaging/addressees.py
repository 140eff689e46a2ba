"""To whom a notice can be written: what a form's words for a group mean, and which groups a writer may choose.

A group is written as ``class:12``, ``school:3``, ``level:3:L2``, ``family:7:3``, ``gathering:5``, ``round:4``,
``unreached:81`` or ``unanswered:81``. Whatever a browser sends is read through the doors of the writer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticePupil, NoticeStatus, NoticeTemplate, NoticeText
from messaging.models.notices import AudienceKind
from parents.models import Attendance, ConferenceRound, ConferenceSlot, Family, FamilyMembership, Gathering
from schools import clock
from schools.arriving import row_number
from schools.languages import MASTER
from schools.levels import level_name
from schools.models import Enrolment, Pupil, School, SchoolClass
from schools.models.places import SchoolQuerySet
from schools.scope import scope_of

#: Templates about one child's own matter: never to a whole class.
ABOUT_SINGLE_CHILDREN = frozenset(
    {"absence-please-call", "home-visit", "illness-certificate", "parent-meeting-reminder", "school-bill-help"}
)
#: How many gatherings, rounds and earlier notices a form offers; older ones are over.
_OFFERED = 12
_RECENT = timedelta(days=60)
Choice = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """To whom a notice goes. ``school_class`` is also known of a smaller group that lies in one class."""

    kind: str
    school: School
    school_class: SchoolClass | None = None
    level: str = ""
    family: Family | None = None
    gathering: Gathering | None = None
    conference_round: ConferenceRound | None = None
    earlier: Notice | None = None
    pupils: tuple[Pupil, ...] = ()
    contact_languages: tuple[str, ...] = field(default=())

    @classmethod
    def of_place(
        cls, school: School, school_class: SchoolClass | None = None, pupils: Iterable[Pupil] | None = None
    ) -> Selection:
        """Chosen pupils, or a class, or with neither the whole school."""
        if pupils is not None:
            return cls(AudienceKind.PUPILS, school, school_class, pupils=tuple(pupils))
        return cls(AudienceKind.CLASS if school_class else AudienceKind.SCHOOL, school, school_class)

    @classmethod
    def of(cls, notice: Notice) -> Selection:
        """The group a notice was written to."""
        picked: Iterable[Pupil] = ()
        if notice.audience == AudienceKind.PUPILS:
            picked = Pupil.objects.filter(pk__in=NoticePupil.objects.filter(notice=notice).values("pupil_id"))
        return cls(
            kind=notice.audience,
            school=notice.school,
            school_class=notice.school_class,
            level=notice.level,
            family=notice.family,
            gathering=notice.gathering,
            conference_round=notice.conference_round,
            earlier=notice.earlier,
            pupils=tuple(picked),
            contact_languages=tuple(notice.contact_languages),
        )

    def columns(self) -> dict[str, Any]:
        """The columns of a notice."""
        return {
            "audience": self.kind,
            "school": self.school,
            "school_class": self.school_class,
            "level": self.level,
            "family": self.family,
            "gathering": self.gathering,
            "conference_round": self.conference_round,
            "earlier": self.earlier,
            "contact_languages": list(self.contact_languages),
        }


def group_of(notice: Notice) -> str:
    """The group of a notice as a form writes it; of chosen pupils the class or school they were chosen from."""
    match notice.audience:
        case AudienceKind.LEVEL:
            return f"level:{notice.school_id}:{notice.level}"
        case AudienceKind.PUPILS if notice.level:
            return f"level:{notice.school_id}:{notice.level}"
        case AudienceKind.FAMILY:
            return f"family:{notice.family_id}:{notice.school_id}"
        case AudienceKind.GATHERING:
            return f"gathering:{notice.gathering_id}"
        case AudienceKind.ROUND:
            return f"round:{notice.conference_round_id}"
        case AudienceKind.UNREACHED | AudienceKind.UNANSWERED:
            return f"{notice.audience.lower()}:{notice.earlier_id}"
    return f"class:{notice.school_class_id}" if notice.school_class_id else f"school:{notice.school_id}"


class AddressBook:
    """What a writer may address with a template, read once for a request."""

    def __init__(self, user: object, template: NoticeTemplate) -> None:
        self.user = user
        self.is_about_single_children = template.slug in ABOUT_SINGLE_CHILDREN
        #: The words of the template name the class.
        self.needs_one_class = "class_name" in template.variables

    @cached_property
    def classes(self) -> dict[int, SchoolClass]:
        rows = SchoolClass.objects.visible_to(self.user).of_running_year().select_related("school")
        return {row.pk: row for row in rows}

    @cached_property
    def schools(self) -> dict[int, School]:
        """Schools that may be addressed as a whole, unless the template is for a class or single children."""
        if self.needs_one_class or self.is_about_single_children:
            return {}
        return {row.pk: row for row in School.objects.visible_to(self.user)}

    @cached_property
    def _places(self) -> dict[int, School]:
        """Schools in which the writer addresses anybody at all."""
        rows = School.objects.filter(pk__in=SchoolQuerySet.ids_of_any_place(scope_of(self.user)))
        return {row.pk: row for row in rows}

    @cached_property
    def levels(self) -> list[tuple[School, str]]:
        found = {
            (row.school_id, row.level): row.school for row in self.classes.values() if row.school_id in self.schools
        }
        return [(school, level) for (_school, level), school in found.items()]

    @property
    def is_empty(self) -> bool:
        return not self.classes and not self.schools

    # --- What a form offers -------------------------------------------------------------------------------------------
    def offered_groups(self) -> list[tuple[str, list[Choice]]]:
        """Smaller and rarer groups, under a title for each sort; nothing for templates about single children."""
        if self.is_about_single_children:
            return []
        groups = [(_("Year groups"), self._level_choices()), (_("An earlier notice"), self._earlier_choices())]
        if not self.needs_one_class:
            groups += [
                (_("Who came to a gathering"), [(f"gathering:{row.pk}", str(row)) for row in self._gatherings()]),
                (_("A round of parent–teacher meetings"), [(f"round:{row.pk}", str(row)) for row in self._rounds()]),
            ]
        return [(title, choices) for title, choices in groups if choices]

    def _level_choices(self) -> list[Choice]:
        several = len({school.pk for school, _level in self.levels}) > 1
        return [
            (
                f"level:{school.pk}:{level}",
                f"{level_name(level)} · {school.name}" if several else level_name(level),
            )
            for school, level in self.levels
        ]

    def _earlier_choices(self) -> list[Choice]:
        rows = list(self._earlier_notices()[:_OFFERED])
        dutch = NoticeText.objects.filter(language=MASTER, notice__in=rows)
        titles = dict(dutch.values_list("notice_id", "title"))
        choices: list[Choice] = []
        for row in rows:
            what = {"title": titles.get(row.pk, ""), "day": f"{clock.local_date(row.published_at):%d/%m}"}  # type: ignore[arg-type]
            choices.append((f"unreached:{row.pk}", _("Not reached: %(title)s (%(day)s)") % what))
            if row.answers:
                choices.append((f"unanswered:{row.pk}", _("Not answered: %(title)s (%(day)s)") % what))
        return choices

    def _earlier_notices(self) -> QuerySet[Notice]:
        rows = Notice.objects.visible_to(self.user).filter(
            status=NoticeStatus.PUBLISHED, published_at__gte=clock.now() - _RECENT, school_id__in=self._places
        )
        if self.needs_one_class:
            rows = rows.filter(school_class__isnull=False)
        return rows.order_by("-published_at", "-pk")

    def _gatherings(self) -> QuerySet[Gathering]:
        came = Attendance.objects.standing().filter(gathering_id=OuterRef("pk"))
        rows = Gathering.objects.visible_to(self.user).filter(Exists(came), starts_at__gte=clock.now() - _RECENT)
        return rows.filter(school_id__in=self._places).order_by("-starts_at")[:_OFFERED]

    def _rounds(self) -> QuerySet[ConferenceRound]:
        slots = ConferenceSlot.objects.visible_to(self.user).filter(round_id=OuterRef("pk"))
        rows = ConferenceRound.objects.visible_to(self.user).filter(
            Exists(slots), Q(held_on__gte=clock.today() - _RECENT) | Q(catch_up_until__gte=clock.today())
        )
        return rows.filter(school_id__in=self._places).order_by("-held_on")[:_OFFERED]

    # --- What was chosen ----------------------------------------------------------------------------------------------
    def read(self, group: str) -> Selection | None:
        """The group that a form or a link names, if this writer may address it with this template."""
        kind, _mark, rest = group.partition(":")
        number, _mark, more = rest.partition(":")
        pk = row_number(number)
        reader = getattr(self, f"_read_{kind}", None) if kind in _KINDS else None
        if pk is None or reader is None:
            return None
        selection: Selection | None = reader(pk, more)
        if selection and self.needs_one_class and selection.school_class is None:
            return None
        return selection

    def _read_class(self, pk: int, _more: str) -> Selection | None:
        row = self.classes.get(pk)
        return Selection(AudienceKind.CLASS, row.school, row) if row else None

    def _read_school(self, pk: int, _more: str) -> Selection | None:
        row = self.schools.get(pk)
        return Selection(AudienceKind.SCHOOL, row) if row else None

    def _read_level(self, pk: int, level: str) -> Selection | None:
        known = {(school.pk, name): school for school, name in self.levels}
        school = known.get((pk, level))
        return Selection(AudienceKind.LEVEL, school, level=level) if school else None

    def _read_family(self, pk: int, school: str) -> Selection | None:
        family = Family.objects.visible_to(self.user).filter(pk=pk).first()
        if family is None:
            return None
        children = FamilyMembership.objects.current().filter(family=family).values("pupil_id")
        places = Enrolment.objects.current().visible_to(self.user).filter(pupil_id__in=children)
        if school:
            places = places.filter(school_id=row_number(school) or 0)
        rows = list(places.select_related("school_class__school").order_by("school_id", "pk"))
        if not rows:
            return None
        rooms = {row.school_class for row in rows if row.school_id == rows[0].school_id}
        only = rooms.pop() if len(rooms) == 1 else None
        return Selection(AudienceKind.FAMILY, rows[0].school_class.school, only, family=family)

    def _read_gathering(self, pk: int, _more: str) -> Selection | None:
        row = Gathering.objects.visible_to(self.user).filter(pk=pk, school_id__in=self._places).first()
        if row is None or self.is_about_single_children:
            return None
        return Selection(AudienceKind.GATHERING, self._places[row.school_id], gathering=row)

    def _read_round(self, pk: int, _more: str) -> Selection | None:
        row = ConferenceRound.objects.visible_to(self.user).filter(pk=pk, school_id__in=self._places).first()
        if row is None or self.is_about_single_children:
            return None
        return Selection(AudienceKind.ROUND, self._places[row.school_id], conference_round=row)

    def _read_unreached(self, pk: int, _more: str) -> Selection | None:
        return self._without_sign(AudienceKind.UNREACHED, pk)

    def _read_unanswered(self, pk: int, _more: str) -> Selection | None:
        return self._without_sign(AudienceKind.UNANSWERED, pk)

    def _without_sign(self, kind: str, pk: int) -> Selection | None:
        rows = Notice.objects.visible_to(self.user).sent().filter(pk=pk, school_id__in=self._places)
        row = rows.select_related("school_class").first()
        if row is None or self.is_about_single_children:
            return None
        return Selection(kind, self._places[row.school_id], row.school_class, earlier=row)


_KINDS = frozenset({"class", "school", "level", "family", "gathering", "round", "unreached", "unanswered"})
