"""Mails about data breaches: once for each stage, to who answers for the place, and with nothing of it in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from reports.breaches import note_step, remind_of_breaches
from reports.models import DataBreach
from schools import clock
from tests.cast import Cast
from tests.reports.broken import LOST, broken

pytestmark = pytest.mark.django_db


def told(cast: Cast, *keys: str) -> bool:
    """Whether the mails since went to these and nobody else."""
    to = sorted(address for message in mail.outbox for address in message.to)
    mail.outbox.clear()
    return to == sorted(cast.staff[key].email for key in keys)


def test_each_stage_is_mailed_once(cast: Cast) -> None:
    row = broken(cast)
    for hours, leaves in ((1, True), (2, False), (25, True), (26, False), (49, True), (67, True), (70, False)):
        with time_machine.travel(row.known_at + timedelta(hours=hours), tick=False):
            assert remind_of_breaches() == leaves, hours
            assert remind_of_breaches() == 0
            assert told(cast, *(("head", "admin") if leaves else ())), hours


@pytest.mark.parametrize(
    ("place", "keys"), [("bloesem", ["head_go", "admin"]), ("vclb", ["director_vclb", "admin"]), ("", ["admin"])]
)
def test_who_answers_for_the_place_is_mailed(cast: Cast, place: str, keys: list[str]) -> None:
    broken(cast, place)
    remind_of_breaches()
    assert told(cast, *keys)


def test_the_mail_says_nothing_of_what_happened(cast: Cast) -> None:
    row = broken(cast)
    remind_of_breaches()
    for message in mail.outbox:
        assert message.subject == "Er wacht iets op je in het portaal, met een termijn"
        assert LOST not in message.body
        assert "datalek" not in message.subject + message.body.split("http")[0]
        assert f"/school/datalekken/{row.pk}/" in message.body


def test_nobody_is_reminded_of_what_is_told_or_without_risk(cast: Cast) -> None:
    told_one, harmless = broken(cast), broken(cast)
    DataBreach.objects.filter(pk=told_one.pk).update(authority_told_at=clock.now())
    note_step(breach=harmless, step="JUDGED", by=cast.staff["head"], risk="NONE", risk_because="Niets.")
    assert remind_of_breaches() == 0


def test_a_mail_server_that_is_away_loses_no_stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = broken(cast)

    def gone(*_args: Any, **_more: Any) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", gone)
        assert remind_of_breaches() == 0
    row.refresh_from_db()
    assert row.reminded_at_hours is None
    assert remind_of_breaches() == 1
