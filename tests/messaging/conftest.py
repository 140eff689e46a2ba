from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal

from tests.messaging.sinks import MailSink, mail_sink


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """WhiteNoise looks into it when a page is asked for."""
    Path(portal.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def sink(settings: Any) -> Iterator[MailSink]:
    """The mail server of this installation, on loopback."""
    with mail_sink() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
