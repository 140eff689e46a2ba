"""A server that speaks LibreTranslate's HTTP API."""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from messaging.machines.base import TIMEOUT, TranslationError
from messaging.models import MachineProblem

_LONGEST_ANSWER = 500_000
_PROBLEMS = {
    http.client.BAD_REQUEST: MachineProblem.UNKNOWN,
    http.client.TOO_MANY_REQUESTS: MachineProblem.BUSY,
    http.client.SERVICE_UNAVAILABLE: MachineProblem.BUSY,
}


class LibreTranslate:
    def __init__(self, url: str, key: str = "") -> None:
        self._url, self._key = url, key
        self.name = urlsplit(url).hostname or ""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        question: dict[str, Any] = {"q": list(texts), "source": source, "target": target, "format": "text"}
        if self._key:
            question["api_key"] = self._key
        status, answer = self._posted(json.dumps(question).encode())
        if status != http.client.OK:
            is_ours = status < http.client.INTERNAL_SERVER_ERROR
            raise TranslationError(
                _PROBLEMS.get(status) or (MachineProblem.REFUSES if is_ours else MachineProblem.AWAY)
            )
        words = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(words, list) or len(words) != len(texts) or not all(isinstance(one, str) for one in words):
            raise TranslationError(MachineProblem.EMPTY)
        return [str(one).strip() for one in words]

    def _posted(self, body: bytes) -> tuple[int, Any]:
        """Status and JSON of the answer. A redirect is not followed: the text would go where nobody allowed it."""
        place = urlsplit(self._url)
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
            raise TranslationError(MachineProblem.AWAY) from error
        finally:
            connection.close()
