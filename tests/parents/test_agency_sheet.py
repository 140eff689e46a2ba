"""The sheet for the agency is compared with what is wanted now: before it is noted as sent, and ever after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from parents.models import InterpreterRequest
from schools import clock
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.parents.test_interpreters import arrange, home_visit

pytestmark = pytest.mark.django_db
SHEET = reverse("interpreter_sheet")
CHANGED = "Veranderd sinds het blad van"


def printed(cast: Cast) -> list[str]:
    """The lines as the page holds them that somebody prints now."""
    rows: list[InterpreterRequest] = cast.client("office").get(SHEET).context["rows"]
    return [f"{row.pk}-{row.line_key}" for row in rows]


def send(cast: Cast, lines: list[str]) -> Any:
    return cast.client("office").post(SHEET, {"row": lines, "agency": "Tolkenpunt"}, follow=True)


def an_hour_later(row: InterpreterRequest) -> None:
    assert row.needed_at is not None
    InterpreterRequest.objects.filter(pk=row.pk).update(needed_at=row.needed_at + timedelta(hours=1))


def test_what_changed_between_printing_and_sending_is_not_noted(cast: Cast) -> None:
    moved, stays = home_visit(cast, days=2), home_visit(cast, days=3)
    lines = printed(cast)
    an_hour_later(moved)
    page = text_of(send(cast, lines))
    assert "1 aanvraag veranderde sinds je het blad afdrukte" in page
    moved.refresh_from_db()
    stays.refresh_from_db()
    assert (moved.agency, moved.asked_agency_on, moved.on_sheet) == ("", None, None)
    assert (stays.agency, stays.asked_agency_on) == ("Tolkenpunt", clock.today())


def test_a_sheet_that_still_holds_says_nothing(cast: Cast) -> None:
    row = home_visit(cast)
    send(cast, printed(cast))
    row.refresh_from_db()
    assert row.sheet_said is None
    for page in (SHEET, reverse("interpreter_detail", args=[row.pk])):
        assert CHANGED not in text_of(cast.client("office").get(page))


@pytest.mark.parametrize(
    "change",
    [{"language": "tr"}, {"minutes": 90}, {"mode": "PHONE"}, {"needed_at": clock.now() + timedelta(days=9)}],
    ids=lambda change: next(iter(change)),
)
def test_whatever_the_agency_was_told_and_is_different_now_is_said(cast: Cast, change: dict[str, Any]) -> None:
    row = home_visit(cast)
    send(cast, printed(cast))
    InterpreterRequest.objects.filter(pk=row.pk).update(**change)
    office = cast.client("office")
    for page in (SHEET, reverse("interpreter_detail", args=[row.pk])):
        text = text_of(office.get(page))
        assert CHANGED in text
        assert "14.00, Arabisch, 45 minuten" in text, "what the sheet said"
    assert "vraag het opnieuw aan de dienst" in text_of(office.get(reverse("interpreter_list")))


def test_the_next_sheet_and_a_word_with_the_agency_settle_it(cast: Cast) -> None:
    row = home_visit(cast)
    send(cast, printed(cast))
    an_hour_later(row)
    send(cast, printed(cast))
    row.refresh_from_db()
    assert row.sheet_said is None
    an_hour_later(row)
    row.refresh_from_db()
    assert row.sheet_said is not None
    arrange(cast, row, state="ASKED", agency="Tolkenpunt")
    row.refresh_from_db()
    assert row.sheet_said is None


def test_the_sheet_says_of_no_family_what_it_said(cast: Cast) -> None:
    row = home_visit(cast)
    send(cast, printed(cast))
    row.refresh_from_db()
    assert row.on_sheet is not None
    assert set(row.on_sheet) == {"on", "language", "at", "minutes", "where"}
