"""The five slots in a reader's language while the words around them are not translated: structured fields hold.

A translation whose slots are those of the present Dutch gives them, though its text is older. Else the values do: the
day with its weekday, the hour, the place, the amount, as the language writes them; what has no value stays Dutch.
"""

from __future__ import annotations

from collections.abc import Mapping

from messaging import formats
from messaging.models import Notice, NoticeText
from messaging.models.texts import SLOTS
from schools.languages import MASTER, language

#: The values that make a slot by themselves.
_VALUES = {"when": ("date", "time"), "where": ("place",), "bring": ("amount",), "answer": ("deadline",)}


def slot_texts(notice: Notice, texts: Mapping[str, NoticeText], code: str) -> dict[str, tuple[str, str]]:
    """By slot that the Dutch fills: its text and the language of that text."""
    master, own = texts[MASTER], texts.get(code)
    dutch = {slot: master.slots[slot] for slot in SLOTS if master.slots.get(slot, "").strip()}
    if own is not None and own.slots_hash and own.slots_hash == master.slots_hash:
        return {slot: (own.slots.get(slot) or words, code) for slot, words in dutch.items()}
    made = {slot: of_values(slot, notice.values, code, shown_in=words) for slot, words in dutch.items()}
    return {slot: (made[slot], code) if made[slot] else (words, MASTER) for slot, words in dutch.items()}


def of_values(slot: str, values: Mapping[str, str], code: str, *, shown_in: str | None = None) -> str:
    """What the values say in a language; of a Dutch slot, where given, only those that are ``shown_in`` it: one that
    somebody wrote anew says something else."""
    known = {name: str(values.get(name) or "") for name in _VALUES.get(slot, ())}
    shown = [
        name
        for name, value in known.items()
        if value and (shown_in is None or formats.written(name, value, MASTER) in shown_in)
    ]
    comma = "، " if language(code).script == "Arab" else ", "
    return comma.join(formats.isolated(formats.written(name, known[name], code), code) for name in shown)
