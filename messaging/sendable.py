"""Which texts of a notice may be sent, and what readers get of a language that has none.

A text that is older than the Dutch is never sent; a machine's only as the rules of the school allow.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from messaging.models import LanguageChoice, MachineUse, Notice, NoticeText, TextKind, TextOrigin, TextState
from messaging.translationrules import Rules, rules_for
from schools.languages import LANGUAGES, MASTER


class Obstacle(StrEnum):
    """Why a language has no text that may be sent."""

    ABSENT = "ABSENT"
    STALE = "STALE"
    MACHINE_NEVER = "MACHINE_NEVER"
    MACHINE_UNSEEN = "MACHINE_UNSEEN"
    MACHINE_UNREVIEWED = "MACHINE_UNREVIEWED"


def obstacle_of(text: NoticeText, master: NoticeText, rules: Rules) -> Obstacle | None:
    if text.language == MASTER:
        return None
    if text.source_hash != master.source_hash:
        return Obstacle.STALE
    if text.origin != TextOrigin.MACHINE or (text.state == TextState.REVIEWED and rules.machine != MachineUse.NEVER):
        return None
    if rules.machine == MachineUse.NEVER:
        return Obstacle.MACHINE_NEVER
    if rules.machine == MachineUse.REVIEWED:
        return Obstacle.MACHINE_UNREVIEWED
    return None if text.back_seen_at else Obstacle.MACHINE_UNSEEN


def sendable_texts(texts: Iterable[NoticeText], notice: Notice) -> dict[str, NoticeText]:
    """The texts that may be sent, by language; one more query where a machine made some of them."""
    known = {text.language: text for text in texts}
    master = known.get(MASTER)
    if master is None:
        return known
    by_machine = any(text.origin == TextOrigin.MACHINE for text in known.values())
    rules = rules_for(notice.school) if by_machine else Rules(needs_reason=True, machine=MachineUse.NEVER)
    return {code: text for code, text in known.items() if obstacle_of(text, master, rules) is None}


def obstacles(notice: Notice, read: Iterable[str]) -> dict[str, Obstacle]:
    """By language of texts in which somebody reads, other than Dutch: what is in the way of sending it."""
    texts = {text.language: text for text in notice.texts.all()}
    master, rules = texts.get(MASTER), rules_for(notice.school)
    found: dict[str, Obstacle] = {}
    for code in read:
        if code == MASTER or master is None:
            continue
        text = texts.get(code)
        why = obstacle_of(text, master, rules) if text else Obstacle.ABSENT
        if why is not None:
            found[code] = why
    return found


def text_codes(contact_languages: Iterable[str]) -> set[str]:
    """The languages of texts in which people with these contact languages read."""
    return {LANGUAGES[code].text for code in contact_languages if code in LANGUAGES}


def choice_for(notice: Notice, code: str) -> str:
    """What readers of a language without a text get; "" while the sender has not chosen."""
    chosen = notice.language_choices.get(code, "")
    return str(chosen) if chosen in LanguageChoice.values else ""


def kind_of(text: NoticeText) -> TextKind:
    """What kind of text a reader of this language gets."""
    return TextKind.MASTER if text.language == MASTER else TextKind(text.origin)
