"""What a sender sees before sending: how many, in which languages, by which ways, and whom only a person can reach."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count

from messaging import quiet
from messaging.audience import (
    UNREACHABLE_REASONS,
    AudienceSummary,
    families_of,
    guardians_of,
    pupil_ids,
    pupils_of,
    summary,
)
from messaging.forms_translations import ChoicesForm
from messaging.models import Channel, LanguageChoice, Notice, NoticeKind, NoticePupil, NoticeStatus, NoticeText
from messaging.models.texts import TextState
from messaging.previews import text_message
from messaging.segments import sms_segments
from messaging.services.publishing import refuse_unready
from messaging.translationstate import LanguageState, Translations
from parents.models import ContactPoint, FamilyMembership, Guardian, Guardianship
from parents.models.families import BY_EAR
from schools import clock
from schools.languages import MASTER
from schools.models import Pupil, User
from schools.models.periods import running_on

#: A notice that leaves within this time leaves at once, in words.
_SOON = timedelta(minutes=2)


@dataclass(slots=True)
class ByPerson:
    """A guardian whom no text reaches: why, and the family to speak with."""

    guardian: Guardian
    reason: Any
    family_id: int | None = None
    children: list[Pupil] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LanguageRow:
    code: str
    parents: int
    state: str


@dataclass(frozen=True, slots=True)
class SmsCost:
    """Text messages in one language: ``segments`` is what the gateway charges for all of them."""

    code: str
    is_shared: bool
    messages: int
    segments_each: int
    encoding: str

    @property
    def segments(self) -> int:
        return self.messages * self.segments_each

    @property
    def euros(self) -> Decimal:
        return self.segments * settings.SMS_EURO_CENTS / 100


class Check:
    """Reads a draft's audience once; a constant number of queries whatever its size."""

    def __init__(self, notice: Notice, by: User) -> None:
        self.notice = notice
        self.by = by

    @cached_property
    def obstacle(self) -> str:
        """Why it cannot be sent as it is, in a sentence."""
        try:
            refuse_unready(self.notice, self.by)
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        return ""

    @property
    def has_children(self) -> bool:
        """Whether anybody is in the group: a class of last year is empty."""
        return pupil_ids(self.notice).exists()

    @property
    def asked_for_nothing(self) -> bool:
        """Of a notice that reaches nobody: there are parents who would get it, had they not asked for nothing."""
        return Guardianship.objects.entitled().filter(pupil_id__in=pupil_ids(self.notice)).exists()

    @property
    def leaves_later(self) -> bool:
        return self.notice.send_at is not None and self.notice.send_at > clock.now()

    @cached_property
    def summary(self) -> AudienceSummary:
        return summary(self.notice)

    @cached_property
    def texts(self) -> dict[str, NoticeText]:
        return {text.language: text for text in self.notice.texts.all()}

    @property
    def languages(self) -> list[LanguageRow]:
        """Languages somebody will read it in, the most read first."""
        return [
            LanguageRow(code, count, self.texts[code].state)
            for code, count in self.summary.by_language.items()
            if code in self.texts
        ]

    @property
    def codes_to_show(self) -> list[str]:
        """Dutch first: it is the original, and it stands beside every translation."""
        return [MASTER, *(row.code for row in self.languages if row.code != MASTER)]

    @property
    def channels(self) -> list[tuple[str, str, int]]:
        """(channel, its name, parents)."""
        return [(code, str(Channel(code).label), count) for code, count in self.summary.by_channel.items()]

    @property
    def text_messages(self) -> int:
        return self.summary.by_channel.get(Channel.SMS, 0)

    @cached_property
    def waits_until(self) -> datetime | None:
        """When the first of it leaves, where quiet hours hold it; None when it leaves at once or at its own hour."""
        if self.leaves_later:
            wanted = self.notice.send_at
            opens = quiet.opens_at(wanted, self.notice.kind, self.notice.school_id) if wanted else None
        else:
            wanted, opens = clock.now() + _SOON, quiet.leaves_at(self.notice)
        return opens if wanted and opens and opens > wanted else None

    @cached_property
    def sms_costs(self) -> list[SmsCost]:
        """What the text messages cost, by language; the dearest first."""
        rows = []
        for (code, is_shared), count in self.summary.text_messages.items():
            text = self.texts.get(code) or self.texts[MASTER]
            each = sms_segments(text_message(self.notice, text, is_shared=is_shared))
            rows.append(SmsCost(code, is_shared, count, each.segments, each.encoding))
        return sorted(rows, key=lambda row: (-row.segments, row.code))

    @property
    def sms_segments(self) -> int:
        return sum(row.segments for row in self.sms_costs)

    @property
    def sms_euros(self) -> Decimal:
        return sum((row.euros for row in self.sms_costs), Decimal(0))

    @property
    def weekly_budget(self) -> int:
        return settings.WEEKLY_NOTICE_BUDGET

    @cached_property
    def families_above_budget(self) -> int:
        """Families that get more notices than the weekly budget by this one, urgent ones not counted."""
        if self.notice.kind == NoticeKind.DRINGEND:
            return 0
        family = "pupil__family_memberships__family"
        first, next_first = _week_of(clock.local_date(self.notice.send_at) if self.notice.send_at else clock.today())
        got = NoticePupil.objects.filter(
            running_on(clock.today(), "pupil__family_memberships__"),
            notice__school_id=self.notice.school_id,
            notice__status__in=[NoticeStatus.PUBLISHING, NoticeStatus.PUBLISHED],
            notice__published_at__gte=first,
            notice__published_at__lt=next_first,
            **{f"{family}__in": families_of(self.notice)},
        ).exclude(notice__kind=NoticeKind.DRINGEND)
        counted = got.values(family).annotate(notices=Count("notice", distinct=True))
        return counted.filter(notices__gte=self.weekly_budget).count()

    @property
    def letters(self) -> int:
        return self.summary.by_channel.get(Channel.LETTER, 0)

    @cached_property
    def by_ear(self) -> int:
        """Parents whom a voice reaches better than a text."""
        return guardians_of(self.notice).filter(BY_EAR).count()

    @property
    def has_drafts(self) -> bool:
        """Somebody gets a translation that no native speaker has reviewed."""
        return any(row.code != MASTER and row.state != TextState.REVIEWED for row in self.languages)

    @cached_property
    def missing(self) -> list[LanguageState]:
        """Languages of the audience without a text to send."""
        return Translations(self.notice).missing if self.summary.missing else []

    @cached_property
    def choices_form(self) -> ChoicesForm:
        """What is chosen for these; a view puts the one in its place that was sent and is wrong."""
        return ChoicesForm(rows=self.missing, wait_until=self.notice.wait_until)

    @property
    def waits(self) -> bool:
        """The sender chose that it waits for a translation that is not in."""
        return any(row.choice == LanguageChoice.WAIT for row in self.missing)

    @cached_property
    def shared_points(self) -> int:
        """Addresses and phones used by several people: they get a link, never names or the text (rulings 4)."""
        users = guardians_of(self.notice).values("pk")
        points = ContactPoint.objects.usable().filter(uses__guardian__in=users).values_list("pk", flat=True)
        return len(ContactPoint.objects.read_by_others(set(points)))

    @cached_property
    def by_person(self) -> list[ByPerson]:
        """Whom only a call or a talk reaches, with the way to the family's page."""
        reasons = {guardian.pk: UNREACHABLE_REASONS.get(why, why) for guardian, why in self.summary.unreachable}
        rows = {guardian.pk: ByPerson(guardian, reasons[guardian.pk]) for guardian, _why in self.summary.unreachable}
        if not rows:
            return []
        pupils = pupils_of(self.notice)
        ties = Guardianship.objects.informed().filter(guardian_id__in=rows, pupil__in=pupils).select_related("pupil")
        children: dict[int, list[Pupil]] = defaultdict(list)
        for tie in ties:
            children[tie.guardian_id].append(tie.pupil)
        memberships = FamilyMembership.objects.current().filter(pupil_id__in=ties.values("pupil_id"))
        families = dict(memberships.values_list("pupil_id", "family_id"))
        for pk, row in rows.items():
            row.children = children[pk]
            row.family_id = next((families[child.pk] for child in row.children if child.pk in families), None)
        return list(rows.values())


def _week_of(day: date) -> tuple[datetime, datetime]:
    """The first moments of the week of a day, in Brussels, and of the next."""
    monday = day - timedelta(days=day.weekday())
    return clock.start_of(monday), clock.start_of(monday + timedelta(days=7))
