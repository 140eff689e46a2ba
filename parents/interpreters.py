"""Interpreters as those see them who arrange them: what is still to book, and how little time is left. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parents.models import InterpreterMode, InterpreterRequest
from parents.models.interpreters import COMING, InterpreterState
from schools import clock
from schools.calendar import SchoolCalendar
from schools.models import Holiday, School, User
from schools.roster.contacts import written_phone

#: What the page puts first: to book, to call off, to say whether somebody came, booked, and what is over.
TO_BOOK, TO_CALL_OFF, TO_SETTLE, BOOKED, OVER = range(5)
YEARS_SHOWN = 3
#: School days beyond the lead time in which "my week" says it already.
SAID_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A request with the school days that are left until its talk; ``warns`` when the agency wants more than that."""

    request: InterpreterRequest
    day: date
    today: date
    school_days: int
    warns: bool

    @property
    def warning(self) -> str:
        """What is the matter, as a sentence; empty when time is left or an interpreter is booked."""
        if not self.warns:
            return ""
        if self.day == self.today:
            return _("Today, and nobody is booked.")
        if self.school_days < 1:
            return _("Before the next school day, and nobody is booked.")
        words = ngettext(
            "In %(number)d school day, and nobody is booked.",
            "In %(number)d school days, and nobody is booked.",
            self.school_days,
        )
        return words % {"number": self.school_days}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: what is to be done, and the requests by day."""

    rank: int
    days: list[tuple[date, list[Line]]]


@dataclass(frozen=True, slots=True)
class LanguageTotal:
    """Requests of a language in a school year, without those that were cancelled."""

    code: str
    asked: int
    came: int
    did_not_come: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class YearTotal:
    first_year: int
    languages: list[LanguageTotal]

    @property
    def name(self) -> str:
        return f"{self.first_year}–{self.first_year + 1}"

    @property
    def asked(self) -> int:
        return sum(row.asked for row in self.languages)

    @property
    def came(self) -> int:
        return sum(row.came for row in self.languages)

    @property
    def did_not_come(self) -> int:
        return sum(row.did_not_come for row in self.languages)

    @property
    def cost(self) -> Decimal:
        return sum((row.cost for row in self.languages), Decimal())


def requests_of(user: object, *, with_past: bool = False) -> QuerySet[InterpreterRequest]:
    """The requests the user may see, each with ``rank``: what is still to arrange first, by day."""
    now = clock.now()
    rank = Case(
        When(state=InterpreterState.ASKED, needed_at__gt=now, then=Value(TO_BOOK)),
        When(
            ~Q(agency=""),
            state=InterpreterState.CANCELLED,
            needed_at__gt=now,
            called_off_on__isnull=True,
            then=Value(TO_CALL_OFF),
        ),
        When(state__in=COMING, needed_at__lte=now, then=Value(TO_SETTLE)),
        When(state=InterpreterState.BOOKED, then=Value(BOOKED)),
        default=Value(OVER),
        output_field=IntegerField(),
    )
    rows = InterpreterRequest.objects.visible_to(user).for_showing().filter(needed_at__isnull=False).annotate(rank=rank)
    return (rows if with_past else rows.exclude(rank=OVER)).order_by("rank", "needed_at", "pk")


def parts_of(rows: Iterable[InterpreterRequest]) -> list[Part]:
    """The same in parts and days; the calendar of each school is read once."""
    found = []
    for rank, some in groupby(lines_of(rows), key=lambda line: line.request.rank):  # type: ignore[attr-defined]
        found.append(Part(rank, [(day, list(lines)) for day, lines in groupby(some, key=lambda line: line.day)]))
    return found


def lines_of(rows: Iterable[InterpreterRequest]) -> list[Line]:
    calendars: dict[int, SchoolCalendar] = {}
    today, now = clock.today(), clock.now()
    found = []
    for row in rows:
        if row.needed_at is None:
            continue
        if row.school_id not in calendars:
            calendars[row.school_id] = Holiday.objects.calendar(row.school_id)
        day = clock.local_date(row.needed_at)
        left = calendars[row.school_id].school_days_between(today, day)
        is_open = row.state == InterpreterState.ASKED and row.needed_at > now
        found.append(Line(row, day, today, left, is_open and left < settings.INTERPRETER_LEAD_DAYS))
    return found


def still_to_book(user: object, most: int) -> list[Line]:
    """For "my week": nobody is booked for these, and the lead time ends within a week of school or is over."""
    today = clock.today()
    until = Holiday.objects.calendar().add_school_days(today, settings.INTERPRETER_LEAD_DAYS + SAID_EARLIER)
    end = datetime.combine(until, time.max, tzinfo=clock.BRUSSELS)
    rows = InterpreterRequest.objects.visible_to(user).to_book(clock.now()).filter(needed_at__lt=end)
    return lines_of(rows.for_showing().order_by("needed_at", "pk")[:most])


def totals(user: object) -> list[YearTotal]:
    """Languages and money by school year, the latest first. One query."""
    rows = InterpreterRequest.objects.visible_to(user).filter(needed_at__isnull=False)
    year = ExtractYear("needed_at", tzinfo=clock.BRUSSELS)
    month = ExtractMonth("needed_at", tzinfo=clock.BRUSSELS)
    counted = (
        rows.annotate(month=month, year=year)
        .annotate(first_year=Case(When(month__gte=9, then=F("year")), default=F("year") - 1))
        .order_by()
        .values("first_year", "language")
        .annotate(
            asked=Count("pk", filter=~Q(state=InterpreterState.CANCELLED)),
            came=Count("pk", filter=Q(state=InterpreterState.CAME)),
            missed=Count("pk", filter=Q(state=InterpreterState.DID_NOT_COME)),
            spent=Sum("cost"),
        )
    )
    by_year: dict[int, list[LanguageTotal]] = defaultdict(list)
    for row in counted:
        if row["asked"] or row["spent"]:
            by_year[row["first_year"]].append(
                LanguageTotal(row["language"], row["asked"], row["came"], row["missed"], row["spent"] or Decimal())
            )
    latest = sorted(by_year, reverse=True)[:YEARS_SHOWN]
    return [YearTotal(first, sorted(by_year[first], key=lambda row: (-row.asked, row.code))) for first in latest]


def agencies_of(user: object) -> list[str]:
    """Agencies that the user's schools asked before, for the field in which one is named."""
    rows = InterpreterRequest.objects.visible_to(user).exclude(agency="").order_by("agency")
    return list(rows.values_list("agency", flat=True).distinct()[:20])


def for_agency(user: object, school: School) -> list[InterpreterRequest]:
    """What an agency is asked for: the requests of a school for which nobody is booked, in order of time."""
    rows = InterpreterRequest.objects.visible_to(user).to_book(clock.now()).filter(school=school)
    return list(rows.for_showing().order_by("needed_at", "pk"))


def sheet_head() -> list[str]:
    return [_("Language"), _("Day"), _("Hour"), _("Minutes"), _("Where or how"), _("Contact person")]


def sheet_rows(rows: Sequence[InterpreterRequest], contact: User, school: School) -> list[list[str]]:
    """What an agency needs to send somebody, and nothing that says for whom: language, day, hour, minutes, place or
    way, and who of the school can be called."""
    who = ", ".join(part for part in (contact.full_name, school.name, written_phone(school.phone)) if part)
    found = []
    for row in rows:
        if row.needed_at is not None:
            at = row.needed_at.astimezone(clock.BRUSSELS)
            found.append(
                [row.language_name, f"{at:%d/%m/%Y}", f"{at:%H:%M}", str(row.length), place_of(row, school), who]
            )
    return found


def place_of(row: InterpreterRequest, school: School) -> str:
    """The school's own address; where a family lives, the contact person says."""
    if row.mode == InterpreterMode.PHONE:
        return _("by phone")
    if row.mode == InterpreterMode.VIDEO:
        return _("by video")
    if row.is_at_home:
        return _("a visit at home; the contact person says where")
    return f"{school.name}, {school.street}, {school.postcode} {school.city}"
