"""`doctor --mail` and the mails to the operator say what the mail server said, and what to look at."""

from __future__ import annotations

import socket
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.management import CommandError

from ingroeibloei.operating import alerts, outside
from ingroeibloei.operating.findings import Level
from tests.running.test_doctor import all_is_well, doctor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(all_is_well.__name__)]


def test_a_server_that_takes_us_and_says_nothing(settings: Any) -> None:
    """As a server does that waits for TLS, at port 465: it refuses nobody."""
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        (finding,) = outside.look()
        with pytest.raises(CommandError, match="does not answer: check EMAIL_HOST and EMAIL_PORT"):
            doctor("--mail", "dienst@stad.example")
    assert "EMAIL_PORT" in finding.words


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (SMTPDataError(554, b"5.7.1 Spam"), "The mail did not leave. It said: 5.7.1 Spam"),
        (
            SMTPRecipientsRefused({"dienst@stad.example": (550, b"5.1.1 Nobody here")}),
            "The mail server does not take your address. Is it right, and may we send outside? "
            "It said: 5.1.1 Nobody here",
        ),
    ],
)
def test_a_mail_server_that_refuses_is_told_in_its_own_words(
    refused: Exception, words: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    settings: Any,
) -> None:  # fmt: skip
    def refuse(*_all: Any, **_more: Any) -> None:
        raise refused

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(CommandError) as told:
        doctor("--mail", "dienst@stad.example")
    assert str(told.value) == words
    assert told.value.returncode == Level.BAD, "a monitor that asks so is told, too"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert not alerts.tell_operator()
    (line,) = [record.getMessage() for record in caplog.records if record.name == alerts.__name__]
    assert line.endswith(words.rpartition(": ")[2])
    assert "dienst@" not in line
