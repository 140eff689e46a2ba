"""Mails about data breaches: once for each stage, to who answers for the place, and with nothing of it in them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db.models import F

from reports.breaches import note_step, remind_of_breaches
from reports.models import BreachReminder, DataBreach
from schools import clock
from schools.colleaguemail import HOLD
from schools.models import Assignment, Role
from tests.cast import Cast, build_cast
from tests.messaging.sinks import mail_sink
from tests.reports.beats import at_once
from tests.reports.broken import LOST, broken

pytestmark = pytest.mark.django_db


def told(cast: Cast, *keys: str) -> bool:
    """Whether the mails since went to these and nobody else."""
    to = sorted(address for message in mail.outbox for address in message.to)
    mail.outbox.clear()
    return to == sorted(cast.staff[key].email for key in keys)


def test_each_stage_is_mailed_once(cast: Cast) -> None:
    row = broken(cast)
    for hours, leaves in ((1, True), (2, False), (24, True), (25, False), (48, True), (66, True), (70, False)):
        with time_machine.travel(row.known_at + timedelta(hours=hours), tick=False):
            assert remind_of_breaches() == leaves, hours
            assert remind_of_breaches() == 0
            assert told(cast, *(("head",) if leaves else ())), hours


def test_when_the_time_is_over_the_administrator_hears_it_too_and_once(cast: Cast) -> None:
    row = broken(cast)
    with time_machine.travel(row.due_at - timedelta(minutes=1), tick=False):
        remind_of_breaches()
        assert told(cast, "head")
    for later in (timedelta(0), timedelta(hours=3), timedelta(days=4)):
        with time_machine.travel(row.due_at + later, tick=False):
            assert remind_of_breaches() == (0 if later else 2)
            assert told(cast, *(() if later else ("head", "admin")))


def test_a_breach_of_a_school_without_a_head_is_the_administrators(cast: Cast) -> None:
    row = broken(cast)
    Assignment.objects.filter(role=Role.HEAD, school=row.school).update(ends_on=clock.today() - timedelta(days=1))
    assert remind_of_breaches() == 1
    assert told(cast, "admin")


def test_known_at_another_hour_the_stages_begin_anew(cast: Cast) -> None:
    row = broken(cast)
    assert (remind_of_breaches(), remind_of_breaches()) == (1, 0)
    names = ("what", "happened_on", "kinds", "people", "consequences", "measures")
    facts = {name: getattr(row, name) for name in names} | {"known_at": row.known_at - timedelta(hours=1)}
    note_step(breach=row, step="DESCRIBED", by=cast.staff["head"], **facts)
    assert (remind_of_breaches(), remind_of_breaches()) == (1, 0)


@pytest.mark.parametrize(("place", "keys"), [("bloesem", ["head_go"]), ("vclb", ["director_vclb"]), ("", ["admin"])])
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
        assert re.search(
            r"^Iets wat .*, moet ten laatste op \w\w\s\d.* geregeld zijn\.$", str(message.body), re.MULTILINE
        )


def test_nobody_is_reminded_of_what_is_told_or_without_risk(cast: Cast) -> None:
    told_one, harmless = broken(cast), broken(cast)
    DataBreach.objects.filter(pk=told_one.pk).update(authority_told_at=clock.now())
    note_step(breach=harmless, step="JUDGED", by=cast.staff["head"], risk="NONE", risk_because="Niets.")
    assert remind_of_breaches() == 0


def test_a_mail_server_that_is_away_loses_no_stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(cast)

    def gone(*_args: Any, **_more: Any) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", gone)
        assert remind_of_breaches() == 0
    assert (remind_of_breaches(), remind_of_breaches()) == (1, 0)


def test_an_address_that_is_refused_keeps_nobody_from_hearing(cast: Cast, settings: Any) -> None:
    """The clock of 72 hours runs for the other schools too."""
    broken(cast)
    broken(cast, "bloesem")
    wrong, right = cast.staff["head"].email, cast.staff["head_go"].email
    with mail_sink(answer_rcpt=lambda address: "550 5.1.2 No such domain" if address == wrong else "") as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
        assert (remind_of_breaches(), remind_of_breaches()) == (1, 0)
    assert [to for to, _content in sink.raw] == [right]


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=3)], ids=["", "by a clock that was ahead"])
def test_a_worker_that_died_in_between_loses_no_stage(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    row = broken(cast)

    def dies(*_args: Any, **_more: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", dies)
        with pytest.raises(SystemExit):
            remind_of_breaches()
    assert remind_of_breaches() == 0, "it may still be sending"
    BreachReminder.objects.update(held_until=F("held_until") + ahead)
    with time_machine.travel(clock.now() + HOLD, tick=False):
        assert (remind_of_breaches(), remind_of_breaches()) == (1, 0)
    (message,) = mail.outbox
    reminder = BreachReminder.objects.get(breach=row)
    assert message.extra_headers["Message-ID"].startswith(f"<breachreminder-{reminder.pk}@")


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_remind_once() -> None:
    cast = build_cast()
    broken(cast)
    assert sum(at_once(remind_of_breaches)) == 1
    assert told(cast, "head")
