"""Fixtures of whatever sends: the mail server and the gateway of this installation, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal

from tests.messaging.sinks import Gateway, MailSink, mail_sink, sms_gateway


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """WhiteNoise looks into it when a page is asked for."""
    Path(portal.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    with mail_sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with sms_gateway() as server:
        settings.SMS_DRIVER, settings.SMS_GATEWAY_URL = "gateway", server.url
        yield server
