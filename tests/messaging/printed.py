"""Making letters in a test: all of them, some of them, and what stands on the sheets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from messaging import printbook, printfiles, printing
from messaging.models import BatchState, Delivery, LetterBatch, LetterPart, PrintedLetter
from messaging.services import stop_letters
from schools.models import User

#: Marks around names that a reader does not see.
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded().translate(ISOLATES) for page in document]


def made(batch: LetterBatch) -> list[str]:
    batch.refresh_from_db()
    assert batch.state == BatchState.READY
    return pages_of(printfiles.read(batch.file))


def made_behind(batch: LetterBatch) -> list[str]:
    printing.make_letters()
    return made(batch)


def statuses() -> set[str]:
    return set(Delivery.objects.values_list("status", flat=True))


def stopping_after(parts: int, batch: LetterBatch, by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make so many parts; somebody presses Stop before the next."""
    really = printing._Making._make
    seen: list[int] = []

    def make_part(self: Any, part: LetterPart) -> bool:
        if len(seen) == parts:
            assert stop_letters(batch=batch, by=by)
        seen.append(part.number)
        return really(self, part)

    with monkeypatch.context() as patched:
        patched.setattr(printing._Making, "_make", make_part)
        printing.make_letters()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is laid out from now on."""
    found: list[str] = []
    really = printing.typeset

    def noting(template: str, content: dict[str, Any]) -> bytes:
        found.append("part 2" if content["letters"] else "list")
        return really(template, content)

    for module in (printing, printbook):
        monkeypatch.setattr(module, "typeset", noting)
    return found


def aged(batch: LetterBatch, *, days: int) -> None:
    """Some days go by."""
    batch.refresh_from_db()
    assert batch.ready_at is not None
    LetterBatch.objects.filter(pk=batch.pk).update(ready_at=batch.ready_at - timedelta(days=days))
    for letter in batch.letters.exclude(given_on=None):
        assert letter.given_on is not None
        PrintedLetter.objects.filter(pk=letter.pk).update(given_on=letter.given_on - timedelta(days=days))
