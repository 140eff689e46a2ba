"""To whom a notice can be written: which groups a writer may choose, and what a form's words for one mean
(``selections``). Whatever a browser sends is read through the doors of the writer.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from messaging.models import Notice, NoticeStatus, NoticeTemplate, NoticeText
from messaging.models.notices import AudienceKind
from messaging.models.templates import ROUND_INVITATION
from messaging.selections import Selection
from parents.models import Attendance, ConferenceRound, ConferenceSlot, Family, FamilyMembership, Gathering
from schools import clock
from schools.arriving import row_number
from schools.days import day_of_year
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


class AddressBook:
    """What a writer may address with a template, read once for a request."""

    def __init__(self, user: object, template: NoticeTemplate) -> None:
        self.user = user
        self.is_about_single_children = template.slug in ABOUT_SINGLE_CHILDREN
        #: The words of the template name the class.
        self.needs_one_class = "class_name" in template.variables
        #: The words say that each parent chooses a time; other ready words name an hour themselves.
        self.is_of_rounds = template.slug == ROUND_INVITATION
        self._names_hour = not template.is_blank and not self.is_of_rounds

    @cached_property
    def classes(self) -> dict[int, SchoolClass]:
        if self.is_of_rounds:
            return {}
        rows = SchoolClass.objects.visible_to(self.user).of_running_year().select_related("school")
        return {row.pk: row for row in rows}

    @cached_property
    def schools(self) -> dict[int, School]:
        """Schools that may be addressed as a whole, unless the template is for less."""
        if self.needs_one_class or self.is_about_single_children or self.is_of_rounds:
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

    @cached_property
    def rounds(self) -> list[ConferenceRound]:
        """Rounds that may be addressed, the latest first: words that name an hour are not for those in which parents
        choose one, words that let them choose for those alone."""
        slots = ConferenceSlot.objects.visible_to(self.user).filter(round_id=OuterRef("pk"))
        rows = ConferenceRound.objects.visible_to(self.user).filter(
            Exists(slots), Q(held_on__gte=clock.today() - _RECENT) | Q(catch_up_until__gte=clock.today())
        )
        rows = rows.filter(self._of_such_rounds(), school_id__in=self._places).select_related("school")
        return list(rows.order_by("-held_on")[:_OFFERED])

    def _of_such_rounds(self) -> Q:
        if self.is_of_rounds:
            return Q(books_until__gt=clock.now())
        return Q(books_until__isnull=True) if self._names_hour else Q()

    @property
    def is_empty(self) -> bool:
        return not (self.rounds if self.is_of_rounds else self.classes or self.schools)

    def stands_first(self, group: str) -> bool:
        """Whether a group is among the first choices of a form, not among the smaller and rarer ones."""
        return group.startswith("round:" if self.is_of_rounds else ("class:", "school:"))

    @property
    def only_one(self) -> str:
        """The class, or the round, where there is one alone; "" where one must choose."""
        kind, found = ("round", [row.pk for row in self.rounds]) if self.is_of_rounds else ("class", [*self.classes])
        return f"{kind}:{found[0]}" if len(found) == 1 else ""

    @property
    def schools_within(self) -> set[School]:
        """The schools of all first choices."""
        rows = self.rounds if self.is_of_rounds else self.classes.values()
        return {row.school for row in rows} | {*self.schools.values()}

    def first_choices(self) -> list[tuple[School, Choice]]:
        """The whole schools, and classes or else rounds, each with its school."""
        whole: list[tuple[School, Choice]] = [
            (row, (f"school:{row.pk}", _("All families of %(school)s") % {"school": row.name}))
            for row in self.schools.values()
        ]
        return [
            *whole,
            *((row.school, (f"round:{row.pk}", str(row))) for row in (self.rounds if self.is_of_rounds else ())),
            *(
                (row.school, (f"class:{row.pk}", _("Class %(name)s") % {"name": row.name}))
                for row in self.classes.values()
            ),
        ]

    # --- What a form offers -------------------------------------------------------------------------------------------
    def offered_groups(self) -> list[tuple[str, list[Choice]]]:
        """Smaller and rarer groups, under a title for each sort; nothing for templates about single children."""
        if self.is_about_single_children:
            return []
        groups = [(_("Year groups"), self._level_choices()), (_("An earlier notice"), self._earlier_choices())]
        if not (self.needs_one_class or self.is_of_rounds):
            groups += [
                (_("Who came to a gathering"), [(f"gathering:{row.pk}", str(row)) for row in self._gatherings()]),
                (_("A round of parent–teacher meetings"), [(f"round:{row.pk}", str(row)) for row in self.rounds]),
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
            title = titles.get(row.pk, "")
            choices.append((f"unreached:{row.pk}", _without_sign(AudienceKind.UNREACHED, row, title)))
            if row.answers:
                choices.append((f"unanswered:{row.pk}", _without_sign(AudienceKind.UNANSWERED, row, title)))
        return choices

    def _earlier_notices(self) -> QuerySet[Notice]:
        rows = Notice.objects.visible_to(self.user).filter(
            status=NoticeStatus.PUBLISHED, published_at__gte=clock.now() - _RECENT, school_id__in=self._places
        )
        if self.needs_one_class:
            rows = rows.filter(school_class__isnull=False)
        if self.is_of_rounds:
            rows = rows.filter(conference_round__books_until__gt=clock.now())
        return rows.order_by("-published_at", "-pk")

    def _gatherings(self) -> QuerySet[Gathering]:
        came = Attendance.objects.standing().filter(gathering_id=OuterRef("pk"))
        rows = Gathering.objects.visible_to(self.user).filter(Exists(came), starts_at__gte=clock.now() - _RECENT)
        return rows.filter(school_id__in=self._places).order_by("-starts_at")[:_OFFERED]

    # --- What was chosen ----------------------------------------------------------------------------------------------
    @property
    def sort(self) -> tuple[bool, ...]:
        """What of its template decides which groups it may go to."""
        return self.is_about_single_children, self.needs_one_class, self.is_of_rounds, self._names_hour

    def words_for(self, group: str) -> str:
        """The group in words; "" for one that may not be addressed."""
        chosen = self.read(group)
        if chosen is None:
            return ""
        if chosen.family:
            members = FamilyMembership.objects.current().filter(family=chosen.family)
            names = Pupil.objects.visible_to(self.user).filter(pk__in=members.values("pupil_id"))
            children = " & ".join(dict.fromkeys(names.order_by("first_name").values_list("first_name", flat=True)))
            return _("The family of %(children)s") % {"children": children}
        if chosen.earlier:
            text = NoticeText.objects.filter(language=MASTER, notice=chosen.earlier).first()
            return _without_sign(chosen.kind, chosen.earlier, text.title if text else "")
        row = chosen.gathering or chosen.conference_round or chosen.school_class
        return str(row or AudienceKind(chosen.kind).label.capitalize())

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
        return None if selection and self.is_of_rounds and selection.conference_round is None else selection

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
        rows = ConferenceRound.objects.visible_to(self.user).filter(self._of_such_rounds(), school_id__in=self._places)
        row = rows.filter(pk=pk).first()
        if row is None or self.is_about_single_children:
            return None
        return Selection(AudienceKind.ROUND, self._places[row.school_id], conference_round=row)

    def _read_unreached(self, pk: int, _more: str) -> Selection | None:
        return self._without_sign(AudienceKind.UNREACHED, pk)

    def _read_unanswered(self, pk: int, _more: str) -> Selection | None:
        return self._without_sign(AudienceKind.UNANSWERED, pk)

    def _without_sign(self, kind: str, pk: int) -> Selection | None:
        rows = Notice.objects.visible_to(self.user).sent().filter(pk=pk, school_id__in=self._places)
        row = rows.select_related("school_class", "conference_round").first()
        if row is None or self.is_about_single_children:
            return None
        meetings = row.conference_round if self.is_of_rounds else None
        if self.is_of_rounds and not (meetings and meetings.takes_bookings(clock.now())):
            return None
        return Selection(kind, self._places[row.school_id], row.school_class, earlier=row, conference_round=meetings)


def _without_sign(kind: str, earlier: Notice, title: str) -> str:
    """In words, whom an earlier notice did not reach, or who gave it no answer."""
    said = {"title": title, "day": day_of_year(clock.local_date(earlier.published_at or earlier.created_at))}
    if kind == AudienceKind.UNREACHED:
        return _("Not reached: %(title)s (%(day)s)") % said
    return _("Not answered: %(title)s (%(day)s)") % said


_KINDS = frozenset({"class", "school", "level", "family", "gathering", "round", "unreached", "unanswered"})
