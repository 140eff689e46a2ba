"""What a monitor, a program that gathers logs and Prometheus are told: how the portal is, and nothing of anybody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings as portal
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config

from ingroeibloei import __version__
from ingroeibloei.activity import Activity, of_a_request, request_id
from ingroeibloei.logs import JsonFormatter, RedactTokens
from ingroeibloei.operating import metrics, pulses
from ingroeibloei.weblogs import WebLogger
from messaging.models import Delivery, DeliveryStatus
from messaging.services import publish_notice
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db
FIGURES = reverse("metrics")


def test_the_version_is_that_of_the_project(pytestconfig: pytest.Config) -> None:
    assert f'version = "{__version__}"' in (pytestconfig.rootpath / "pyproject.toml").read_text()


class TestFigures:
    def figures(self, **headers: str) -> str:
        answer = Client().get(FIGURES, headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_they_tell_how_the_outbox_is_and_of_nobody(self) -> None:
        school_class = make.make_class()
        family = make.make_family(school_class, emails=["moeder@post.example"])
        notice = make.make_notice(school_class)
        publish_notice(notice=notice, by=notice.author)
        text = self.figures()
        assert 'ingroeibloei_open_deliveries{channel="EMAIL",state="QUEUED"} 1.0' in text
        assert "ingroeibloei_oldest_due_seconds" in text
        assert "ingroeibloei_broker_up 1.0" in text
        for word in ("moeder", notice.author.email, school_class.school.name, family.guardians[0].first_name):
            assert word not in text
        Delivery.objects.update(status=DeliveryStatus.SENT, due_at=None)
        assert "ingroeibloei_open_deliveries{" not in self.figures()

    def test_pages_are_counted_by_route_and_not_by_address(self) -> None:
        Client().get("/b/geheim-teken-van-iemand/")
        Client().get("/no/such/moeder@post.example/")
        text = self.figures()
        assert 'ingroeibloei_request_seconds_count{method="GET",route="' in text
        assert 'route="token_notice"' in text
        assert "geheim" not in text
        assert "moeder" not in text

    def test_a_method_of_ones_own_makes_no_figure_of_its_own(self) -> None:
        Client().generic("MOEDER", "/")
        text = self.figures()
        assert "MOEDER" not in text
        assert 'method="other"' in text

    def test_tasks_are_counted_by_name_and_end(self) -> None:
        metrics._task_began(task_id="a")
        metrics._task_ended(task_id="a", sender=nothing, state="SUCCESS")
        assert 'ingroeibloei_task_seconds_count{outcome="SUCCESS",task="tests.nothing"} 1.0' in self.figures()

    def test_a_portal_that_another_one_started_counts_in_its_own_place(self, tmp_path: Path) -> None:
        """Else it would empty the other one's, when it starts."""
        asked = "import os, django; django.setup(); print(os.environ['PROMETHEUS_MULTIPROC_DIR'])"
        environment = os.environ | {
            "INGROEIBLOEI_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "ingroeibloei.settings",
        }
        command = [sys.executable, "-c", asked]
        said = subprocess.run(command, env=environment, cwd=portal.BASE_DIR, capture_output=True, text=True, check=True)
        assert said.stdout.strip() == str(tmp_path / "metrics")

    def test_past_a_proxy_nobody_reads_them_without_a_token(self, settings: Any) -> None:
        assert Client().get(FIGURES, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
        assert Client(REMOTE_ADDR="10.0.0.7").get(FIGURES).status_code == 404
        settings.METRICS_TOKEN = "a-long-token-0123456789"
        self.figures(authorization="Bearer a-long-token-0123456789")
        for shown in ("", "Bearer ", "Bearer a-long-token-012345678", "a-long-token-0123456789", "Bearer é"):
            assert Client().get(FIGURES, headers={"Authorization": shown}).status_code == 404


@shared_task(name="tests.nothing")
def nothing() -> None:
    """A task to be counted."""


class TestSignsOfLife:
    @pytest.fixture(autouse=True)
    def nobody_heard(self) -> Iterator[None]:
        cache.clear()
        pulses.forget()
        yield
        pulses.forget()

    def test_who_was_never_heard_is_silent(self) -> None:
        assert pulses.silent_seconds(pulses.BEAT) is None
        assert pulses.is_silent(None)
        pulses.note(pulses.BEAT)
        assert not pulses.is_silent(pulses.silent_seconds(pulses.BEAT))
        assert pulses.is_silent(pulses.silent_seconds(pulses.WORKER))

    def test_a_cache_that_is_away_stops_nobody(self, settings: Any) -> None:
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        }
        pulses.note(pulses.BEAT)
        assert pulses.silent_seconds(pulses.BEAT) is None


class TestLogs:
    def line(self, *words: Any, error: bool = False) -> dict[str, str]:
        record = logging.LogRecord("messaging", logging.INFO, __file__, 1, words[0], words[1:], None)
        if error:
            try:
                raise OSError("cannot reach moeder@post.example")
            except OSError:
                record.exc_info = sys.exc_info()
        RedactTokens().filter(record)
        Activity().filter(record)
        found: dict[str, str] = json.loads(JsonFormatter().format(record))
        return found

    def test_a_line_is_one_object_with_the_id_of_its_request(self) -> None:
        with of_a_request() as name:
            found = self.line("three left to %s", "moeder@post.example")
        assert found["request"] == name
        assert found["message"] == "three left to …"
        assert set(found) == {"at", "level", "logger", "message", "request"}
        assert "request" not in self.line("outside")

    def test_a_line_says_how_far_from_utc_its_hour_is(self) -> None:
        moment = datetime.fromisoformat(self.line("an hour that comes twice")["at"])
        assert moment.utcoffset() is not None
        assert abs((datetime.now(UTC) - moment).total_seconds()) < 60

    def test_an_error_says_where_and_of_nobody(self) -> None:
        found = self.line("it went\nwrong at /b/geheim/", error=True)
        assert "OSError: cannot reach …" in found["error"]
        assert "test_watching.py" in found["error"]
        assert found["message"] == "it went\\nwrong at /b/…/"

    def test_the_web_servers_own_lines_are_as_careful(self, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
        monkeypatch.setenv("LOG_FORMAT", "json")
        WebLogger(Config()).error("no answer to moeder@post.example")
        (line,) = [line for line in capfd.readouterr().err.splitlines() if "no answer" in line]
        assert json.loads(line)["message"] == "no answer to …"

    def test_a_line_of_a_task_has_its_id(self) -> None:
        seen: list[dict[str, str]] = []

        @shared_task(name="tests.logs")
        def logs() -> None:
            seen.append(self.line("working"))

        result = logs.apply()
        assert seen[0]["task"] == result.id

    def test_the_answer_tells_the_id_and_it_is_our_own(self) -> None:
        first = Client().get(reverse("live"), headers={"X-Request-ID": "moeder"})
        second = Client().get(reverse("live"))
        assert len(first.headers["X-Request-ID"]) == 16
        assert first.headers["X-Request-ID"] not in ("moeder", second.headers["X-Request-ID"])
        assert request_id() == ""

    def test_the_line_of_a_page_that_was_refused_has_the_id_too(self, caplog: pytest.LogCaptureFixture) -> None:
        answer = Client().get("/nergens/")
        (record,) = [one for one in caplog.records if one.name == "django.request"]
        assert Activity().filter(record)
        assert record.__dict__["request"] == answer.headers["X-Request-ID"]

    def test_a_line_for_each_request_names_its_route(self, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
        settings.LOG_REQUESTS = True
        with caplog.at_level(logging.INFO, logger="ingroeibloei.requests"):
            Client().get("/b/geheim-teken/")
        (record,) = [one for one in caplog.records if one.name == "ingroeibloei.requests"]
        assert "geheim" not in record.getMessage()
        assert record.getMessage().startswith("GET ")


def test_only_an_administrator_of_everything_sees_the_page(cast: Cast) -> None:
    page = cast.client("admin").get(reverse("operations"))
    assert page.status_code == 200
    assert "Beheer" in page.content.decode()
    assert cast.client("head").get(reverse("operations")).status_code == 403
