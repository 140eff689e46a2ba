"""What an indicator is: its sentence, its numerator and denominator, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

Unit = Literal["%", "pp", "school days", "contacts", "h"]
#: Along which lines an indicator may be broken down. Every one of them passes the small-cell protection.
Breakdown = Literal[
    "", "school", "language_group", "month", "level", "kind", "round", "attempt",
    "channel", "contact_language", "reading_mode", "question", "wave", "activity",
    "language", "template", "contacts", "rung", "window", "partner",
]  # fmt: skip

PLACES: tuple[Breakdown, ...] = ("school", "language_group", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator (domain 2.4). Texts are gettext msgids; ``words`` gives them in the reader's language.

    ``minimum`` is the smallest count that is shown outside the school. ``version`` rises when the way of counting
    changes: figures of different versions are never compared.
    """

    code: str
    key: str
    label: str
    meaning: str
    numerator: str
    denominator: str
    unit: Unit = "%"
    breakdowns: tuple[Breakdown, ...] = PLACES
    minimum: int = 5
    pitfalls: tuple[str, ...] = ()
    version: int = 1
    is_home: bool = False
    lower_is_better: bool = False

    @property
    def words(self) -> dict[str, str]:
        """Label, meaning, numerator and denominator in the active language."""
        return {name: gettext(getattr(self, name)) for name in ("label", "meaning", "numerator", "denominator")}

    @property
    def name(self) -> str:
        return gettext(self.label)

    @property
    def warnings(self) -> list[str]:
        """The pitfalls in the active language."""
        return [gettext(text) for text in self.pitfalls]
