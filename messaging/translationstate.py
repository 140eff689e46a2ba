"""How a notice stands in each language that its audience reads, for its writer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.audience import guardians_of
from messaging.machines.base import PROBLEMS
from messaging.models import (
    MachineJob,
    MachineState,
    Notice,
    NoticeText,
    TextOrigin,
    TextState,
    TranslationRequest,
)
from messaging.sendable import Obstacle, choice_for, obstacle_of
from messaging.translationrules import Rules, rules_for
from messaging.translators import languages_with_translators
from schools import languages
from schools.languages import LANGUAGES, MASTER

OBSTACLES: dict[str, Any] = {
    Obstacle.ABSENT: _("There is no translation yet."),
    Obstacle.STALE: _("The Dutch text has changed since this translation was made."),
    Obstacle.MACHINE_NEVER: _("Your school sends no machine translations."),
    Obstacle.MACHINE_UNSEEN: _("A machine made this. Read first what it says, translated back into Dutch."),
    Obstacle.MACHINE_UNREVIEWED: _("A machine made this. A native speaker has to read it first."),
}


@dataclass(frozen=True, slots=True)
class LanguageState:
    """One language: how many parents read it, its text, what is in the way of sending it, who is at work on it."""

    code: str
    parents: int
    text: NoticeText | None
    obstacle: Obstacle | None
    request: TranslationRequest | None
    job: MachineJob | None
    choice: str = ""
    #: It is asked, and who knew the language translates for this school no longer.
    is_left: bool = False

    @property
    def language(self) -> languages.Language:
        return languages.language(self.code)

    @property
    def why(self) -> Any:
        return OBSTACLES[self.obstacle] if self.obstacle else ""

    @property
    def state_words(self) -> str:
        """Who made it and whether a native speaker read it."""
        if self.text is None:
            return ""
        origin = str(TextOrigin(self.text.origin).label)
        read = _("reviewed by a native speaker") if self.is_reviewed else _("not reviewed by a native speaker")
        return f"{origin}, {read}"

    @property
    def is_reviewed(self) -> bool:
        return self.text is not None and self.text.state == TextState.REVIEWED

    @property
    def is_by_machine(self) -> bool:
        return self.text is not None and self.text.origin == TextOrigin.MACHINE

    @property
    def is_overdue(self) -> bool:
        return self.request is not None and self.request.is_overdue()

    @property
    def is_at_machine(self) -> bool:
        return self.job is not None and self.job.state in (MachineState.QUEUED, MachineState.RUNNING)

    @property
    def problem(self) -> Any:
        """Why the machine gave nothing, in a sentence."""
        return PROBLEMS[self.job.problem] if self.job and self.job.problem else ""


class Translations:
    """All languages of a notice's audience but Dutch; a constant number of queries."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice

    @cached_property
    def rules(self) -> Rules:
        return rules_for(self.notice.school)

    @cached_property
    def texts(self) -> dict[str, NoticeText]:
        rows = self.notice.texts.select_related("author", "reviewed_by", "back_seen_by")
        return {text.language: text for text in rows}

    @cached_property
    def master(self) -> NoticeText:
        return self.texts[MASTER]

    @cached_property
    def rows(self) -> list[LanguageState]:
        """The most read first."""
        read = self._read()
        requests = TranslationRequest.objects.filter(notice=self.notice).select_related("translator").order_by("pk")
        asked = {request.language: request for request in requests}
        free = {code for code, request in asked.items() if request.is_running and request.translator is None}
        left = free - languages_with_translators(self.notice.school_id) if free else free
        jobs = {job.language: job for job in MachineJob.objects.filter(notice=self.notice)}
        return [
            LanguageState(
                code=code,
                parents=parents,
                text=self.texts.get(code),
                obstacle=self._obstacle(code),
                request=asked.get(code),
                job=jobs.get(code),
                choice=choice_for(self.notice, code),
                is_left=code in left,
            )
            for code, parents in sorted(read.items(), key=lambda item: (-item[1], item[0]))
        ]

    def row(self, code: str) -> LanguageState | None:
        return next((row for row in self.rows if row.code == code), None)

    @property
    def missing(self) -> list[LanguageState]:
        return [row for row in self.rows if row.obstacle]

    @property
    def at_machine(self) -> list[LanguageState]:
        return [row for row in self.rows if row.is_at_machine]

    @property
    def machine_done(self) -> int:
        """Of the languages that the machine was asked for, how many it has finished with."""
        return sum(row.job is not None and not row.is_at_machine for row in self.rows)

    @property
    def machine_asked(self) -> int:
        return sum(row.job is not None for row in self.rows)

    def _obstacle(self, code: str) -> Obstacle | None:
        text = self.texts.get(code)
        return obstacle_of(text, self.master, self.rules) if text else Obstacle.ABSENT

    def _read(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for code in guardians_of(self.notice).order_by().values_list("contact_language", flat=True):
            text = LANGUAGES[code].text if code in LANGUAGES else MASTER
            if text != MASTER:
                found[text] = found.get(text, 0) + 1
        return found
