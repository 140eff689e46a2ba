"""What a sender sees before sending: how many, in which languages, by which ways, and whom only a person can reach."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from messaging.audience import UNREACHABLE_REASONS, AudienceSummary, guardians_of, pupils_of, summary
from messaging.models import Channel, Notice, NoticeText
from messaging.models.notices import TextState
from parents.models import ContactPoint, FamilyMembership, Guardian, Guardianship
from schools import languages
from schools.languages import MASTER
from schools.models import Pupil


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


class Check:
    """Reads a draft's audience once; a constant number of queries whatever its size."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice

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

    @property
    def letters(self) -> int:
        return self.summary.by_channel.get(Channel.LETTER, 0)

    @property
    def has_drafts(self) -> bool:
        """Somebody gets a translation that no native speaker has reviewed."""
        return any(row.code != MASTER and row.state != TextState.REVIEWED for row in self.languages)

    @property
    def stale(self) -> list[str]:
        return [languages.language(code).own_name for code in self.summary.stale_languages]

    @cached_property
    def shared_points(self) -> int:
        """Addresses and phones used by several people: they get a link, never names or the text (rulings 4)."""
        users = guardians_of(self.notice).values("pk")
        points = ContactPoint.objects.usable().filter(is_shared=True, uses__guardian__in=users)
        return points.distinct().count()

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
