"""A rule of retention that fails keeps no other back and is seen; a clock far ahead removes nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command

from ingroeibloei import retention, tasks
from ingroeibloei.operating import placed
from messaging import services
from messaging.models import InboundText, JobRun
from parents.models import SignInCode
from schools import clock
from schools.keeping import Rule
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heard_of_nothing(places: Any) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def breaks(_rows: Any) -> int:
    raise ValueError("a row that nobody expected")


def said(code: str) -> str:
    return " ".join(finding.words for finding in placed.look() if finding.code == code and not finding.is_well)


def old_code(cast: Cast) -> Any:
    """A code that expired a month ago; whether it is still there."""
    point, then = cast.guardians["mother"].contact_points.all()[0], clock.now() - timedelta(days=30)
    row = SignInCode.objects.create(contact_point=point, digest="x", created_at=then, expires_at=then)
    return SignInCode.objects.filter(pk=row.pk).exists


@pytest.fixture
def one_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of all rules."""
    JobRun.objects.create(job="x", period="y", at=clock.now())
    broken = Rule(key="broken", words="what breaks", until="u", due=JobRun.objects.all, take=breaks)
    monkeypatch.setattr(retention, "RULES", (broken, *retention.RULES))


def test_a_rule_that_fails_keeps_no_other_back_and_is_said(
    cast: Cast, one_breaks: None, caplog: pytest.LogCaptureFixture
) -> None:
    is_there = old_code(cast)
    tasks.keep_to_retention()
    assert not is_there()
    assert "broken" in said("retention failed")
    assert "Retention of broken failed" in caplog.text


def test_by_hand_it_says_what_failed_and_ends_with_an_error(one_breaks: None, capsys: Any) -> None:
    with pytest.raises(CommandError, match="stands in the log"):
        call_command("retention", "--apply")
    assert "failed  what breaks" in capsys.readouterr().out


def test_what_failed_once_is_no_longer_said_when_it_went_well(
    one_breaks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.keep_to_retention()
    monkeypatch.setattr(retention, "RULES", retention.RULES[1:])
    tasks.keep_to_retention()
    assert not said("retention failed")


def test_a_clock_that_is_far_ahead_removes_nothing_until_somebody_looked(cast: Cast) -> None:
    tasks.keep_to_retention()
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        is_there = old_code(cast)
        then = clock.now() - timedelta(days=100)
        text = InboundText.objects.create(gateway_id="1", number="+32470000001", text="x", received_at=then)
        services.nightly()
        assert tasks.keep_to_retention() == 0
        assert is_there()
        assert InboundText.objects.filter(pk=text.pk).exists()
        assert "manage.py retention --apply" in said("retention")
        call_command("retention", "--apply")
        assert not is_there()
        assert not InboundText.objects.filter(pk=text.pk).exists()
        assert not said("retention")
