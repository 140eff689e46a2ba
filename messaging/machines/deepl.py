"""DeepL, by its own library. Marks travel as elements that it does not touch."""

from __future__ import annotations

import html
import http.client
import re
from collections.abc import Sequence
from typing import Any

from messaging.machines.base import TranslationError
from messaging.models import MachineProblem

#: DeepL wants to know which English; everything else is the language's own code.
_TARGETS = {"en": "EN-GB"}
_MARK = re.compile(r"\[(\d{1,4})\]")
_ELEMENT = re.compile(r"<x>\s*(\d{1,4})\s*</x>")


class DeepL:
    name = "DeepL"

    def __init__(self, key: str, url: str = "") -> None:
        """``url`` is another server than DeepL's own. The library waits and tries again by itself, up to a minute:
        here whoever asks decides that."""
        import deepl
        from deepl import http_client

        http_client.max_network_retries = 0
        self._library = deepl
        self._translator = deepl.Translator(key, server_url=url or None, send_platform_info=False)

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        try:
            found: Any = self._translator.translate_text(
                [_as_xml(text) for text in texts],
                source_lang=source.upper(),
                target_lang=_TARGETS.get(target, target.upper()),
                tag_handling="xml",
                ignore_tags=["x"],
            )
        except self._library.exceptions.QuotaExceededException as error:
            raise TranslationError(MachineProblem.QUOTA) from error
        except self._library.exceptions.DeepLException as error:
            raise TranslationError(_problem(error)) from error
        except (ValueError, KeyError, TypeError) as error:  # an answer that is no answer
            raise TranslationError(MachineProblem.EMPTY) from error
        finally:
            self._translator.close()
        return [_as_text(one.text) for one in found]


def _problem(error: Any) -> MachineProblem:
    status = error.http_status_code
    if status is None:
        return MachineProblem.AWAY
    if status in (http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE):
        return MachineProblem.BUSY
    if status == http.client.BAD_REQUEST:
        return MachineProblem.UNKNOWN
    return MachineProblem.REFUSES if status < http.client.INTERNAL_SERVER_ERROR else MachineProblem.AWAY


def _as_xml(text: str) -> str:
    return _MARK.sub(r"<x>\1</x>", html.escape(text, quote=False))


def _as_text(words: str) -> str:
    return html.unescape(_ELEMENT.sub(r"[\1]", words)).strip()
