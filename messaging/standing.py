"""How a sent notice stands: whom it reached, who answered what, who was not reached and what comes next. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from django.db.models import Count, Q

from messaging.models import (
    Answer,
    CallTask,
    Channel,
    Delivery,
    DeliveryStatus,
    LetterBatch,
    Notice,
    NoticePupil,
    NoticeStatus,
    PrintedLetter,
)
from messaging.progress import BY_MACHINE, WAITING, AnswerRow, FamilyRow, OptionRows, StepCounts, is_underway
from parents.models import FamilyMembership, Guardianship
from schools import clock
from schools.models import Pupil

#: Answers are no longer expected this long after sending, when the notice names no day.
ANSWERS_EXPECTED = timedelta(days=14)


class Standing:
    """Everything that the page of a sent notice shows, read once, in a constant number of queries."""

    def __init__(self, notice: Notice, user: object, language: str) -> None:
        self.notice = notice
        self.user = user
        self.language = language

    @cached_property
    def deliveries(self) -> list[Delivery]:
        rows = Delivery.objects.filter(notice=self.notice).exclude(status=DeliveryStatus.CANCELLED)
        return list(rows.select_related("guardian").order_by("pk"))

    @cached_property
    def answers(self) -> list[Answer]:
        return list(Answer.objects.filter(notice=self.notice).select_related("guardian"))

    @cached_property
    def calls(self) -> list[CallTask]:
        rows = CallTask.objects.filter(delivery__notice=self.notice, follow_up__status="OPEN")
        visible = rows.filter(follow_up__pupil_id__in=Pupil.objects.visible_to(self.user).values("pk"))
        related = ("delivery__guardian", "delivery__contact_point", "follow_up__owner", "follow_up__pupil")
        return list(visible.select_related(*related).order_by("follow_up__due_on", "pk"))

    @cached_property
    def batches(self) -> list[LetterBatch]:
        """The batches in which letters of this notice lie and that the reader may look at."""
        ours = Count("letters", filter=Q(letters__delivery__notice=self.notice))
        rows = LetterBatch.objects.visible_to(self.user).annotate(ours=ours).filter(ours__gt=0)
        return list(rows.select_related("made_by", "school_class"))

    @cached_property
    def letters_waiting(self) -> int:
        waiting = {row.pk for row in self.deliveries if row.channel == Channel.LETTER and row.status in WAITING}
        return len(waiting - self._in_a_batch)

    @cached_property
    def _in_a_batch(self) -> set[int]:
        rows = PrintedLetter.objects.filter(delivery__notice=self.notice)
        return set(rows.values_list("delivery_id", flat=True))

    @cached_property
    def _memberships(self) -> list[tuple[int, int]]:
        """(family, pupil) of all pupils of the notice."""
        pupils = NoticePupil.objects.filter(notice=self.notice).values("pupil_id")
        rows = FamilyMembership.objects.current().filter(pupil_id__in=pupils)
        return list(rows.values_list("family_id", "pupil_id"))

    @cached_property
    def _visible_pupils(self) -> dict[int, Pupil]:
        pupils = NoticePupil.objects.filter(notice=self.notice).values("pupil_id")
        return Pupil.objects.visible_to(self.user).in_bulk(list(pupils.values_list("pupil_id", flat=True)))

    @cached_property
    def _guardians_of_pupil(self) -> dict[int, set[int]]:
        pupils = NoticePupil.objects.filter(notice=self.notice).values("pupil_id")
        rows = Guardianship.objects.current().filter(pupil_id__in=pupils)
        found: dict[int, set[int]] = defaultdict(set)
        for pupil, guardian in rows.values_list("pupil_id", "guardian_id"):
            found[pupil].add(guardian)
        return found

    @cached_property
    def families(self) -> list[FamilyRow]:
        """All families of the notice; ``children`` names only those the reader may see."""
        by_guardian: dict[int, list[Delivery]] = defaultdict(list)
        for delivery in self.deliveries:
            by_guardian[delivery.guardian_id].append(delivery)
        answered = {answer.guardian_id for answer in self.answers}
        calls = {call.delivery.guardian_id: call for call in self.calls}
        guardians: dict[int, set[int]] = defaultdict(set)
        rows: dict[int, FamilyRow] = {}
        for family, pupil in self._memberships:
            row = rows.setdefault(family, FamilyRow(family))
            guardians[family] |= self._guardians_of_pupil[pupil]
            if child := self._visible_pupils.get(pupil):
                row.children.append(child)
        for family, row in rows.items():
            row.deliveries = [entry for guardian in sorted(guardians[family]) for entry in by_guardian[guardian]]
            row.answered = bool(answered & guardians[family])
            row.call = next((calls[guardian] for guardian in guardians[family] if guardian in calls), None)
        return list(rows.values())

    @property
    def reached(self) -> int:
        return sum(row.reached for row in self.families)

    @property
    def opened(self) -> int:
        return sum(row.opened or row.answered for row in self.families)

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.families)

    @cached_property
    def unreached(self) -> list[FamilyRow]:
        """Families that need a person, as far as the reader may see them; without any way out first."""
        rows = [row for row in self.families if row.is_unreached and row.children]
        return sorted(rows, key=lambda row: (bool(row.underway), row.children[0].last_name))

    @property
    def unreached_in_all(self) -> int:
        return sum(row.is_unreached for row in self.families)

    @property
    def unreached_elsewhere(self) -> int:
        return sum(row.is_unreached and not row.children for row in self.families)

    @cached_property
    def new_answers(self) -> int:
        return sum(answer.seen_by_author_at is None for answer in self.answers)

    @cached_property
    def options(self) -> list[OptionRows]:
        """The answers in the order of the notice, each with the children it was given for."""
        children: dict[int, list[str]] = defaultdict(list)
        for pupil, guardians in self._guardians_of_pupil.items():
            if child := self._visible_pupils.get(pupil):
                for guardian in guardians:
                    children[guardian].append(child.full_name)
        found = {entry["key"]: OptionRows(entry["key"], self._label(entry["key"])) for entry in self.notice.answers}
        for answer in sorted(self.answers, key=lambda row: children[row.guardian_id]):
            option = found.setdefault(answer.key, OptionRows(answer.key, self._label(answer.key)))
            if names := children[answer.guardian_id]:
                option.rows.append(AnswerRow(answer, sorted(names)))
            else:
                option.unnamed += 1
        return list(found.values())

    def _label(self, key: str) -> str:
        return self.notice.answer_label(key, self.language)

    def _counts(self, names: Sequence[str], attribute: str) -> list[StepCounts]:
        answered_by = {answer.guardian_id: answer.by_channel for answer in self.answers}
        found = {name: StepCounts(name) for name in names}
        for row in self.deliveries:
            own = row.guardian_id in answered_by and answered_by[row.guardian_id] in ("", row.channel)
            found[getattr(row, attribute)].add(row, answered=own)
        return list(found.values())

    @cached_property
    def by_channel(self) -> list[StepCounts]:
        used = {row.channel for row in self.deliveries}
        return self._counts([channel for channel in Channel.values if channel in used], "channel")

    @cached_property
    def by_language(self) -> list[StepCounts]:
        used = Counter(row.language for row in self.deliveries)
        return self._counts([code for code, _count in used.most_common()], "language")

    @property
    def is_moving(self) -> bool:
        """Something leaves by itself right now: the page looks again soon."""
        if self.notice.status == NoticeStatus.PUBLISHING:
            return True
        return any(row.status in WAITING and row.channel in BY_MACHINE for row in self.deliveries)

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more without somebody's doing."""
        if self.is_moving or any(is_underway(row) for row in self.deliveries):
            return False
        if not self.notice.answers or self.answered == len(self.families):
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
