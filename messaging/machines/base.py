"""What every translation machine offers, and why it may give nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from messaging.models import MachineProblem

#: Seconds for one answer.
TIMEOUT = 20.0

PROBLEMS: dict[str, Any] = {
    MachineProblem.AWAY: _(
        "The translation machine does not answer. Try again later, or write the translation yourself."
    ),
    MachineProblem.REFUSES: _("The translation machine refuses this. Ask the administrator to look at its settings."),
    MachineProblem.BUSY: _("The translation machine is busy. Try again in a few minutes."),
    MachineProblem.UNKNOWN: _("The translation machine does not know this language. Write the translation yourself."),
    MachineProblem.LOST: _("The translation machine lost a name or number on the way. Write the translation yourself."),
    MachineProblem.EMPTY: _("The translation machine gave nothing back. Write the translation yourself."),
    MachineProblem.QUOTA: _(
        "The translation machine has translated all it may this month. Write the translation yourself."
    ),
    MachineProblem.OFF: _("No translation machine is set up at this portal."),
    MachineProblem.CHANGED: _("The Dutch text changed meanwhile. Ask the machine again."),
    MachineProblem.GAVE_UP: _("It was tried several times and did not succeed. Write the translation yourself."),
}


class TranslationError(Exception):
    """There is no translation; ``words`` say why and what to do, for the person who asked."""

    def __init__(self, problem: str) -> None:
        super().__init__(str(problem))
        self.problem = problem

    @property
    def words(self) -> Any:
        return PROBLEMS[self.problem]


class Machine(Protocol):
    """One translation machine. Its texts carry marks such as ``[3]``, which come back as they were."""

    #: What pages call it.
    name: str

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Each text in the language ``target``, in the same order. Raises TranslationError."""
