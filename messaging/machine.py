"""Machine translation by a server of one's own that speaks LibreTranslate's HTTP API; off unless it is set.

Names, mail addresses and telephone numbers are taken out before anything leaves, and put back after (domain 6.6): a
translation that lost one of their places is refused. A name that somebody wrote in another script than the one in
our files cannot be found, so the server must be one's own.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

#: Longer names are recognised with an ending behind them: "Yusufs", "Yusuf'un".
_SHORT_NAME = 3
_ADDRESS = r"[^\s@<>]+@[^\s@<>]+\.\w+"
_NUMBER = r"\+?\d(?:[\s./()-]{0,2}\d){7,14}"
_MARK = re.compile(r"\[\s*#?\s*(\d{1,3})\s*\]")
_LONGEST_ANSWER = 200_000
TIMEOUT = 20.0


class TranslationError(Exception):
    """There is no translation; ``words`` say why and what to do, for the person who asked."""

    def __init__(self, words: Any) -> None:
        super().__init__(str(words))
        self.words = words


_AWAY = _("The translation machine does not answer. Try again later, or write the translation yourself.")
_REFUSES = _("The translation machine refuses this. Ask the administrator to look at its settings.")
_BUSY = _("The translation machine is busy. Try again in a few minutes.")
_UNKNOWN = _("The translation machine does not know this language. Write the translation yourself.")
_LOST = _("The translation machine lost a name or number on the way. Write the translation yourself.")
_EMPTY = _("The translation machine gave nothing back. Write the translation yourself.")


def is_on() -> bool:
    return bool(settings.TRANSLATION_URL)


def name() -> str:
    """What pages call the machine: the host it runs on."""
    return urlsplit(settings.TRANSLATION_URL).hostname or ""


def translated(text: str, *, source: str, target: str, names: Iterable[str]) -> str:
    """``text`` in the language ``target``. Raises TranslationError."""
    masked, taken = without_names(text, names)
    return with_names(_ask(masked, source, target), taken)


def without_names(text: str, names: Iterable[str]) -> tuple[str, list[str]]:
    """The text with ``[1]``, ``[2]`` … for names, addresses and numbers, and what stood there."""
    found = sorted({part for full in names for part in (full, *full.split()) if part}, key=len, reverse=True)
    patterns = [_ADDRESS, _NUMBER, _MARK.pattern, *(_pattern(part) for part in found)]
    taken: list[str] = []

    def take(match: re.Match[str]) -> str:
        taken.append(match[0])
        return f"[{len(taken)}]"

    return re.sub("|".join(f"(?:{pattern})" for pattern in patterns), take, text), taken


def with_names(text: str, taken: list[str]) -> str:
    """Everything that was taken out, back in its place. Raises TranslationError when a place was lost or made up."""
    places = sorted(int(number) for number in _MARK.findall(text))
    if places != list(range(1, len(taken) + 1)):
        raise TranslationError(_LOST)
    return _MARK.sub(lambda match: taken[int(match[1]) - 1], text)


def _pattern(part: str) -> str:
    """A name as a word of its own; a short one only as it is written, for "An" is also a word."""
    words = re.escape(part)
    return rf"\b{words}\b" if len(part) <= _SHORT_NAME else rf"(?i:\b{words})"


def _ask(text: str, source: str, target: str) -> str:
    question = {"q": text, "source": source, "target": target, "format": "text"}
    if settings.TRANSLATION_KEY:
        question["api_key"] = settings.TRANSLATION_KEY
    status, answer = _posted(json.dumps(question).encode())
    if status == http.client.BAD_REQUEST:
        raise TranslationError(_UNKNOWN)
    if status in (http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE):
        raise TranslationError(_BUSY)
    if status != http.client.OK:
        raise TranslationError(_REFUSES if status < http.client.INTERNAL_SERVER_ERROR else _AWAY)
    words = answer.get("translatedText") if isinstance(answer, dict) else None
    if not isinstance(words, str) or not words.strip():
        raise TranslationError(_EMPTY)
    return words.strip()


def _posted(body: bytes) -> tuple[int, Any]:
    """Status and JSON of the answer. A redirect is not followed: the text would go where nobody allowed it."""
    place = urlsplit(settings.TRANSLATION_URL)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
    try:
        headers = {"Content-Type": "application/json", "Connection": "close"}
        connection.request("POST", f"{place.path.rstrip('/')}/translate", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read(_LONGEST_ANSWER) or b"null")
    except ValueError:
        return answer.status, None
    except (http.client.HTTPException, OSError) as error:
        raise TranslationError(_AWAY) from error
    finally:
        connection.close()
