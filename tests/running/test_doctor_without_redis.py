"""A Redis that is away is what doctor and the operator's page say is wrong, and what they tell once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from ingroeibloei import retention, stores
from ingroeibloei.management.commands.doctor import examine
from ingroeibloei.operating import alerts
from messaging.models import JobRun
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def away(settings: Any) -> None:
    """For broker and cache."""
    settings.REDIS_URL = AWAY
    settings.CACHES = {"default": stores.cache(AWAY, settings.VAR_DIR)}


@pytest.mark.usefixtures("away")
def test_doctor_says_so() -> None:
    told = {finding.code: finding for finding in examine()}
    assert not told["broker"].is_well
    assert "retention failed" not in told


def test_the_operators_page_says_so(cast: Cast, request: pytest.FixtureRequest) -> None:
    browser = cast.client("admin")
    assert browser.get(reverse("operations")).status_code == 200
    request.getfixturevalue("away")
    page = browser.get(reverse("operations")).content.decode()
    assert "REDIS_URL" in page


@pytest.mark.usefixtures("away")
def test_the_night_that_was_done_counts_as_done() -> None:
    retention.run(dry_run=False)
    assert JobRun.objects.filter(job=retention.RETENTION).count() == 1


def test_what_keeps_the_portal_from_remembering_is_told_once(settings: Any, request: pytest.FixtureRequest) -> None:
    settings.OPERATOR_EMAIL = "dienst@stad.example"
    url, caches = settings.REDIS_URL, settings.CACHES
    request.getfixturevalue("away")
    assert [alerts.tell_operator() for _again in range(3)] == [True, False, False]
    settings.REDIS_URL, settings.CACHES = url, caches
    assert "REDIS_URL" in mail.outbox[0].body
    alerts._told_here.clear()
