"""What a hostile or broken device brings back: nothing breaks the page, and no talk keeps those behind it away."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parents.models import ContactMoment
from tests.cast import Cast
from tests.parents.kept_talks import row, talk

pytestmark = pytest.mark.django_db


def send(client: Client, body: str) -> Any:
    return client.post(reverse("offline_send"), body, content_type="application/json")


def states(client: Client, *rows: Any) -> list[str]:
    return [one["state"] for one in send(client, json.dumps({"talks": rows})).json()["talks"]]


@pytest.mark.parametrize("body", ["[" * 90_000, '{"talks": [' * 16_000, '{"talks": ' + "9" * 5000 + "}"])
def test_a_list_without_end_is_refused(cast: Cast, body: str) -> None:
    client = cast.client("teacher_3b")
    assert send(client, body).status_code == 422
    mended = client.post(reverse("offline_mend"), {"client_id": str(uuid4()), "sealed": body})
    assert mended.status_code == 404


@pytest.mark.parametrize(
    "seconds", [1e300, -1, 10**400, float("inf"), float("nan")], ids=["much", "less", "huge", "inf", "nan"]
)
def test_seconds_that_are_none_keep_no_talk_away(cast: Cast, seconds: object) -> None:
    assert states(cast.client("teacher_3b"), row(talk(cast) | {"seconds": seconds})) == ["stored"]
    assert ContactMoment.objects.latest("pk").seconds_to_log is None


def test_half_a_letter_is_replaced_as_a_form_does(cast: Cast) -> None:
    waiting = [row(talk(cast, note="Half \ud83d emoji")), row(talk(cast, note="Erna"))]
    assert states(cast.client("teacher_3b"), *waiting) == ["stored", "stored"]
    assert [one.note for one in ContactMoment.objects.order_by("-pk")[:2]] == ["Erna", "Half ? emoji"]


@pytest.mark.parametrize("words", ["\udfff", "a\x00b", "9" * 1000])
@pytest.mark.parametrize("field", ["kind", "outcome", "guardians", "siblings", "held_on", "opened_at", "method"])
def test_no_field_breaks_the_page(cast: Cast, field: str, words: str) -> None:
    waiting = [row(talk(cast, **{field: words})), row(talk(cast))]
    assert states(cast.client("teacher_3b"), *waiting)[1] == "stored"
