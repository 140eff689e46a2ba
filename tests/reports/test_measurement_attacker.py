"""Somebody who can read every table, with all that the database itself keeps of when and in which order rows were
written, cannot tell who answered what: two histories that differ only in who said what leave the same database."""

from __future__ import annotations

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from messaging.models import Delivery
from parents.models import Guardian
from reports import measuring
from reports.measuring import Given
from reports.models import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from schools.models import AuditEntry
from tests.cast import Cast
from tests.reports.measured import asked, crowd, link_of, opened

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ("Niemand groet ons.", "Alles goed.", "Te veel brieven.", "Dank u.", "Bel ons eens.", "Geen tolk.")


@pytest.fixture(autouse=True)
def on_fresh_pages(transactional_db: None) -> None:
    """Rows of earlier tests left holes, in which the engine lays new ones: that order says nothing of answers."""
    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every table of the portal, with the hidden columns of the engine beside each row."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        hidden = "ctid::text AS place, xmin::text AS written" if connection.vendor == "postgresql" else "rowid AS place"
        order = "ctid" if connection.vendor == "postgresql" else "rowid"
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {hidden}, t.* FROM "{table}" t ORDER BY {order}')
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def take_part(wave: MeasurementWave, people: list[Guardian], order: tuple[int, ...]) -> None:
    """The people answer one after the other; who comes at place n says the n-th thing."""
    for place, number in enumerate(order):
        given = Given({"welcome": place % 5, "understand": 4 - place % 5}, WORDS[place])
        assert measuring.answer(wave=wave, person=people[number], given=given)


def test_answering_writes_two_kinds_of_rows_and_neither_knows_the_other(cast: Cast) -> None:
    people, wave = crowd(cast, 6), opened(cast)
    before = dump()
    take_part(wave, people, (3, 1, 5, 0, 2, 4))
    after = dump()
    changed = {table for table, rows in after.items() if rows != before[table]}
    assert changed == {"reports_measurementinvitee", "reports_measurementbox"}
    assert AuditEntry.objects.filter(target_kind="reports.measurementwave").count() == 1, "its opening"
    people_rows, (box,) = after["reports_measurementinvitee"], after["reports_measurementbox"]
    kept = {name for row in people_rows for name in row} - {"place", "written"}
    assert kept == {"id", "wave_id", "guardian_id", "user_id", "has_answered"}, "no time, no number, no answer"
    assert set(box) - {"place", "written"} == {"wave_id", "counts", "forms", "texts"}


def test_the_page_writes_nothing_more(cast: Cast) -> None:
    """By the link of the notice, and signed in: no delivery, event or log line tells when somebody answered."""
    wave = opened(cast)
    notice = asked(cast, wave)
    token = reverse("token_measurement", args=[link_of(cast, notice, "separated_father")])
    own = Delivery.objects.get(notice=notice, guardian=cast.guardians["dutch_mother"])
    signed_in = cast.guardian_client("dutch_mother")
    before = dump()
    assert Client().post(token, {"welcome": "1"}).status_code == 303
    assert signed_in.post(reverse("portal_measurement", args=[own.pk]), {"welcome": "3"}).status_code == 303
    after = dump()
    changed = {table for table, rows in after.items() if rows != before[table]}
    assert changed - {"schools_session"} == {"reports_measurementinvitee", "reports_measurementbox"}


def test_no_row_shows_that_it_was_written_after_another(cast: Cast) -> None:
    """On PostgreSQL all people of a wave carry the transaction of the last answer; on SQLite no row moves."""
    people, wave = crowd(cast, 6), opened(cast)
    laid = [row["guardian_id"] for row in dump()["reports_measurementinvitee"]]
    take_part(wave, people, (3, 1, 5, 0, 2, 4))
    rows = dump()["reports_measurementinvitee"]
    assert [row["guardian_id"] for row in rows] == laid, "their places are those of before anybody answered"
    assert len({row.get("written") for row in rows}) == 1


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_whoever_says_what_the_tables_end_the_same(
    cast: Cast, order: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chance taken away, nothing is left by which one history could be told from another: the pairing is not in it."""

    class NoChance:
        def shuffle(self, rows: list[Any]) -> None:
            rows.sort(key=lambda row: row if isinstance(row, str) else (row.guardian_id or 0, str(row.wave_id)))

    people = crowd(cast, 4)
    monkeypatch.setattr(secrets, "SystemRandom", NoChance)
    wave = opened(cast)
    take_part(wave, people, order)
    box = MeasurementBox.objects.get()
    answered = list(
        MeasurementInvitee.objects.filter(has_answered=True)
        .order_by("guardian_id")
        .values_list("guardian_id", flat=True)
    )
    assert answered == sorted(one.pk for one in people)
    assert json.dumps([box.counts, box.forms, box.texts], ensure_ascii=False) == json.dumps(
        [
            {"welcome": [1, 1, 1, 1, 0], "understand": [0, 1, 1, 1, 1]},
            {"own": 4},
            sorted(WORDS[:4]),
        ],
        ensure_ascii=False,
    )


def test_words_lie_in_the_box_in_any_order(cast: Cast) -> None:
    """With each further form the first answer may lie elsewhere: nothing is appended."""
    people, wave, places = crowd(cast, 4), opened(cast), set()
    take_part(wave, people, (0, 1, 2, 3))
    for _ in range(20):
        measuring.put_in(wave=wave, given=Given({}, "x"), way="gate")
        places.add(MeasurementBox.objects.get(wave=wave).texts.index(WORDS[0]))
    assert len(places) > 1


def test_taken_out_of_the_box_words_are_of_one_moment_and_of_nobody(cast: Cast) -> None:
    people, wave = crowd(cast, 6), opened(cast)
    take_part(wave, people, (3, 1, 5, 0, 2, 4))
    measuring.close_wave(wave=wave, by=cast.staff["head"])
    after = dump()
    assert after["reports_measurementinvitee"] == []
    assert after["reports_measurementbox"] == []
    rows = after["reports_freeanswer"]
    assert len({row.get("written") for row in rows}) == 1
    assert {field.name for field in FreeAnswer._meta.concrete_fields} == {
        "id", "wave", "original", "words", "state", "reviewed_by",
    }  # fmt: skip
    assert all(row["reviewed_by_id"] is None for row in rows)
    holding = [table for table, found in after.items() if "Geen tolk." in json.dumps(found, default=str)]
    assert holding == ["reports_freeanswer"]


def test_two_clicks_at_the_same_moment_are_one_answer(cast: Cast) -> None:
    wave, mother = opened(cast), cast.guardians["dutch_mother"]

    def click(place: int) -> bool:
        try:
            return measuring.answer(wave=wave, person=mother, given=Given({"welcome": place}))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, (0, 4))) == [False, True]
    assert MeasurementBox.objects.get().forms == {"own": 1}
