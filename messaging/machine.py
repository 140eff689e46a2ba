"""The translation machine of this installation: none, LibreTranslate's API at a server of one's own, or DeepL.

Names, mail addresses and telephone numbers are closed before anything leaves, and put back after (``sealing``). A name
that somebody wrote in another script than the one in our files cannot be found: so what parents write goes to a server
of one's own only; notices, which the school writes in Dutch, may go to DeepL too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings

from messaging.machines.base import Machine, TranslationError
from messaging.machines.deepl import DeepL
from messaging.machines.libretranslate import LibreTranslate
from messaging.models import MachineProblem
from messaging.sealing import LostMarkError, Seal

__all__ = ["TranslationError", "driver", "is_on", "is_on_for_notices", "name", "opened", "translated"]

#: LibreTranslate takes so many texts in one question unless its owner says otherwise.
_AT_ONCE = 25


def is_on() -> bool:
    """For conversations."""
    return settings.TRANSLATION_DRIVER == "libretranslate" and bool(settings.TRANSLATION_URL)


def is_on_for_notices() -> bool:
    return is_on() or settings.TRANSLATION_DRIVER == "deepl"


def driver() -> Machine:
    """Raises TranslationError when no machine is set up."""
    if settings.TRANSLATION_DRIVER == "deepl":
        return DeepL(settings.TRANSLATION_KEY, settings.TRANSLATION_URL)
    if is_on():
        return LibreTranslate(settings.TRANSLATION_URL, settings.TRANSLATION_KEY)
    raise TranslationError(MachineProblem.OFF)


def name() -> str:
    """What pages call the machine."""
    if settings.TRANSLATION_DRIVER == "deepl":
        return DeepL.name
    return urlsplit(settings.TRANSLATION_URL).hostname or ""


def translated(text: str, *, source: str, target: str, names: Iterable[str]) -> str:
    """``text`` in the language ``target``. Raises TranslationError."""
    seal = Seal(source=source, target=target, names=names)
    return opened([text], seal, source=source, target=target)[0]


def opened(
    texts: Sequence[str], seal: Seal, *, source: str, target: str, tame: Callable[[str], str] = str
) -> list[str]:
    """Texts closed, translated, tamed and opened again; empty ones stay as they are. Raises TranslationError."""
    closed = [seal.close(text) for text in texts]
    asked = [place for place, text in enumerate(closed) if text.strip()]
    machine, found = driver(), list(closed)
    for start in range(0, len(asked), _AT_ONCE):
        places = asked[start : start + _AT_ONCE]
        answers = machine.translate([closed[place] for place in places], source=source, target=target)
        for place, words in zip(places, answers, strict=True):
            found[place] = _open(tame(words), closed[place], seal)
    return found


def _open(words: str, closed: str, seal: Seal) -> str:
    if not words.strip():
        raise TranslationError(MachineProblem.EMPTY)
    try:
        return seal.open(words, closed)
    except LostMarkError as error:
        raise TranslationError(MachineProblem.LOST) from error
