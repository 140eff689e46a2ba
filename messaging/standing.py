"""How a sent notice stands: whom it reached, who answered what, who was not reached and what comes next. Reads only.

Families are counted in the database (``messaging.how_far``); only one page of those that need a person, and the first
answers of each kind, come into Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from messaging import outbox, quiet
from messaging.answerlist import said_otherwise
from messaging.calllist import calls_about
from messaging.how_far import HowFar, Totals
from messaging.levels import LABELS, Level
from messaging.models import (
    Answer,
    CallTask,
    Channel,
    Delivery,
    DeliveryStatus,
    LetterBatch,
    Notice,
    NoticeStatus,
)
from messaging.models.answers import late_after
from messaging.pile import waiting_letters
from messaging.printcentre import counts_of
from messaging.progress import AnswerRow, FamilyRow, OptionRows, StepCounts, counted_steps
from messaging.reminders import comes_too_late_on, may_be_reminded
from messaging.services.rounds import reminder_round
from parents.models import FamilyMembership, Guardian, Guardianship
from schools import clock
from schools.models import Pupil, User

#: Answers are no longer expected this long after sending, when the notice names no day.
ANSWERS_EXPECTED = timedelta(days=14)
ROWS_ON_A_PAGE = 25
_ROWS_AT_ONCE = 500
#: Names under one answer on the notice's page; the page of answers has all of them.
NAMES_SHOWN = 30


class Standing:
    """Everything that the page of a sent notice shows, in a constant number of queries whatever its audience."""

    def __init__(self, notice: Notice, user: User, language: str, *, page: str | None = None) -> None:
        self.notice = notice
        self.user = user
        self.language = language
        self.looked_at = clock.now()
        self._page_wanted = page
        self._how_far = HowFar(notice, user)

    # --- families ----------------------------------------------------------------------------------------------------
    @property
    def totals(self) -> Totals:
        return self._how_far.totals

    @property
    def levels(self) -> list[dict[str, Any]]:
        """The rungs from tried to understood, each with the families that came at least so far."""
        return [{"label": LABELS[level], "families": self.totals.at_least[level]} for level in Level if level]

    @cached_property
    def listened(self) -> int:
        """Parents who let it be read aloud; they are among those who opened it."""
        heard = Delivery.objects.filter(notice=self.notice, listened_at__isnull=False)
        return heard.values("guardian_id").distinct().count()

    @cached_property
    def page(self) -> Page[int]:
        """One page of the families that need a person, as far as the reader may see them."""
        return Paginator(_Needing(self._how_far), ROWS_ON_A_PAGE).get_page(self._page_wanted)  # type: ignore[arg-type]

    @cached_property
    def unreached(self) -> list[FamilyRow]:
        """The families of this page with their children, what was tried and the call that is left to do."""
        return self._families(list(self.page.object_list))

    def all_unreached(self) -> Iterator[FamilyRow]:
        """The same for every page, some hundreds at a time: for a list to take along."""
        ids = self._how_far.needing_a_person()
        for start in range(0, len(ids), _ROWS_AT_ONCE):
            yield from self._families(ids[start : start + _ROWS_AT_ONCE])

    def _families(self, ids: list[int]) -> list[FamilyRow]:
        rows = {pk: FamilyRow(pk) for pk in ids}
        if not rows:
            return []
        pupils = self.notice.notice_pupils.values("pupil_id")
        visible = Exists(Pupil.objects.visible_to(self.user).filter(pk=OuterRef("pupil_id")))
        members = FamilyMembership.objects.current().filter(family_id__in=ids, pupil_id__in=pupils)
        family_of: dict[int, int] = {}
        for member in members.annotate(is_shown=visible).select_related("pupil").order_by("pupil_id"):
            family_of[member.pupil_id] = member.family_id
            if member.is_shown:
                rows[member.family_id].children.append(member.pupil)
        families: dict[int, set[int]] = defaultdict(set)
        roles = Guardianship.objects.current().filter(pupil_id__in=list(family_of))
        for guardian, pupil in roles.values_list("guardian_id", "pupil_id"):
            families[guardian].add(family_of[pupil])
        for delivery in self._deliveries_to(list(families)):
            for family in families[delivery.guardian_id]:
                rows[family].deliveries.append(delivery)
        shown = [row for row in rows.values() if row.children]
        for row in shown:
            row.step = row.next_step(self.notice)
        return shown

    def _deliveries_to(self, guardians: list[int]) -> QuerySet[Delivery]:
        rows = Delivery.objects.filter(notice=self.notice, guardian_id__in=guardians)
        related = ("guardian", "call_task__follow_up__owner")
        return rows.exclude(status=DeliveryStatus.CANCELLED).select_related(*related).order_by("pk")

    @cached_property
    def calls(self) -> list[CallTask]:
        """The first open calls; the call list has them all."""
        return calls_about(self.notice, self.user, ROWS_ON_A_PAGE)

    # --- by way and language -----------------------------------------------------------------------------------------
    @cached_property
    def _steps(self) -> list[dict[str, Any]]:
        return counted_steps(self.notice)

    @cached_property
    def by_channel(self) -> list[StepCounts]:
        rows = StepCounts.summed(self._steps, "channel")
        return sorted(rows, key=lambda row: Channel.values.index(row.name))

    @cached_property
    def by_language(self) -> list[StepCounts]:
        return sorted(StepCounts.summed(self._steps, "language"), key=lambda row: -row.all)

    @cached_property
    def batches(self) -> list[dict[str, Any]]:
        """The batches in which letters of this notice lie and that the reader may look at, and how far these came."""
        ours = Count("letters", filter=Q(letters__delivery__notice=self.notice))
        rows = LetterBatch.objects.visible_to(self.user).annotate(ours=ours).filter(ours__gt=0)
        batches = list(rows.select_related("made_by"))
        counts = counts_of(batches, self.user, notice=self.notice) if batches else {}
        return [{"batch": batch, "counts": counts[batch.pk]} for batch in batches]

    @cached_property
    def letters_waiting(self) -> int:
        """Letters that nobody has taken into a batch yet, as the pile has them."""
        if not any(row.waiting for row in self.by_channel if row.name == Channel.LETTER):
            return 0
        return waiting_letters().filter(notice=self.notice).count()

    # --- answers -----------------------------------------------------------------------------------------------------
    @cached_property
    def options(self) -> list[OptionRows]:
        """The answers in the order of the notice, each with how many gave it and the newest ones by name."""
        found = {entry["key"]: OptionRows(entry["key"], self._label(entry["key"])) for entry in self.notice.answers}
        answers = Answer.objects.standing().filter(notice=self.notice).order_by()
        late = Count("pk", filter=late_after(self.notice.answer_by))
        new = Count("pk", filter=Q(seen_by_author_at__isnull=True))
        for row in answers.values("key").annotate(number=Count("pk"), late=late, new=new):
            option = found.setdefault(row["key"], OptionRows(row["key"], self._label(row["key"])))
            option.count, option.late, option.new = row["number"], row["late"], row["new"]
        named = self._named_answers()
        others = said_otherwise(self.notice, [answer for answer, _names in named])
        for answer, names in named:
            beside = [(row.guardian.full_name, self._label(row.key)) for row in others.get(answer.family_id, [])]
            found[answer.key].rows.append(AnswerRow(answer, names, answer.is_late(self.notice.answer_by), beside))
        return list(found.values())

    def _named_answers(self) -> list[tuple[Answer, list[str]]]:
        """The newest answers of each kind whose children the reader may see."""
        place = Window(RowNumber(), partition_by=F("key"), order_by=[F("answered_at").desc(), F("pk").desc()])
        given = Answer.objects.standing().filter(notice=self.notice)
        visible = given.filter(guardian__in=Guardian.objects.visible_to(self.user))
        decides, is_told = (Exists(self._ties.filter(**{right: True})) for right in ("may_decide", "information_right"))
        newest = visible.annotate(place=place, decides=decides, is_told=is_told).filter(place__lte=NAMES_SHOWN)
        answers = list(newest.select_related("guardian"))
        children = children_named(self.notice, self.user, [answer.guardian_id for answer in answers])
        named = [(answer, children[answer.guardian_id]) for answer in answers if children.get(answer.guardian_id)]
        return sorted(named, key=lambda pair: pair[1])

    @property
    def _ties(self) -> QuerySet[Guardianship]:
        """Those of an outer row's guardian with children of the notice: whether they decide, or are informed only."""
        ours = self.notice.notice_pupils.values("pupil_id")
        return Guardianship.objects.current().filter(guardian_id=OuterRef("guardian_id"), pupil_id__in=ours)

    @property
    def new_answers(self) -> int:
        return sum(option.new for option in self.options)

    @property
    def late_answers(self) -> int:
        return sum(option.late for option in self.options)

    @property
    def unanswered(self) -> int:
        """Families from whom no answer came."""
        return self.totals.families - self.totals.answered

    @cached_property
    def reminders(self) -> int | None:
        """How many a reminder would reach now; None when reminders make no sense."""
        makes_sense = may_be_reminded(self.notice) and not self.reminder_too_late
        return outbox.count_round(reminder_round(self.notice, self.user)) if makes_sense else None

    @cached_property
    def reminder_too_late(self) -> date | None:
        """The day on which a reminder would leave, where that is after the last one to answer."""
        return comes_too_late_on(self.notice) if may_be_reminded(self.notice) else None

    @property
    def reminded_at(self) -> datetime | None:
        """When the last reminder was sent."""
        return max((row["reminded"] for row in self._steps if row["reminded"]), default=None)

    def _label(self, key: str) -> str:
        return self.notice.answer_label(key, self.language)

    # --- does it still move? -----------------------------------------------------------------------------------------
    @property
    def is_moving(self) -> bool:
        """Something leaves by itself right now: the page looks again soon."""
        if self.notice.status == NoticeStatus.PUBLISHING:
            return True
        return self._is_leaving and self.waits_until is None

    @property
    def _is_leaving(self) -> bool:
        return any(row["leaving"] for row in self._steps)

    @cached_property
    def waits_until(self) -> datetime | None:
        """When what waits begins to leave, while quiet hours hold it: at night, or an INFO in a holiday."""
        if not self._is_leaving:
            return None
        now = clock.now()
        opens = quiet.opens_at(now, self.notice.kind, self.notice.school_id)
        return opens if opens > now else None

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more without somebody's doing."""
        underway = any(row.waiting or (row.name == Channel.LETTER and row.sent) for row in self.by_channel)
        if self.is_moving or underway:
            return False
        if self.notice.was_stopped or not self.notice.answers or not self.unanswered:
            return True
        if self.notice.answer_by:
            return self.notice.answer_by < clock.today()
        published = self.notice.published_at
        return published is not None and published + ANSWERS_EXPECTED < clock.now()

    @property
    def seconds_between_looks(self) -> int:
        """How long the page waits before it looks again; 0 when there is nothing to wait for."""
        if self.is_moving:
            return 3
        return 0 if self.is_settled else 30


class _Needing:
    """The families that need a person, as a paginator reads them: counted already, one slice at a time."""

    ordered = True

    def __init__(self, how_far: HowFar) -> None:
        self._how_far = how_far

    def __len__(self) -> int:
        return self._how_far.totals.needs_person_shown

    def __getitem__(self, part: slice) -> list[int]:
        start = part.start or 0
        return self._how_far.needing_a_person(start, part.stop - start)


def children_named(notice: Notice, user: object, guardians: list[int]) -> dict[int, list[str]]:
    """For each guardian the names of the notice's children that the reader may see; one query."""
    pupils = notice.notice_pupils.values("pupil_id")
    rows = Guardianship.objects.current().filter(
        guardian_id__in=guardians, pupil_id__in=Pupil.objects.visible_to(user).filter(pk__in=pupils).values("pk")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for guardian, first, last in rows.values_list("guardian_id", "pupil__first_name", "pupil__last_name"):
        found[guardian].append(f"{first} {last}".strip())
    return {guardian: sorted(names) for guardian, names in found.items()}
