"""What comes twice or at the same moment does no harm: tasks, beats, senders, planning (sending.md, 11 to 13)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import connection

from ingroeibloei.management.commands.run import CELERY_OPTIONS
from ingroeibloei.processes import Program, end_all
from messaging import outbox
from messaging.models import Delivery, Notice
from messaging.models.notices import NoticeStatus
from messaging.services import publish_notice
from tests import factories as make
from tests.faults.conftest import StartWorker
from tests.faults.processes import PATIENCE_SECONDS, same_database, wait_until
from tests.faults.town import draft_to, fill, published_to
from tests.faults.verdict import all_ended, judge_mails, judge_texts
from tests.messaging.sinks import Gateway, MailSink

CHUNK, GUARDIANS, KILLS = 20, 1_200, 5
PLAN = f"import django; django.setup(); from django.conf import settings; settings.FAN_OUT_CHUNK = {CHUNK}; \
from messaging import outbox; outbox.plan_unfinished()"

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Do these at the same moment, each with a connection of its own; returns what went wrong."""
    together, failed = threading.Barrier(len(acts)), list[Exception]()

    def do(act: Callable[[], object]) -> None:
        try:
            together.wait(timeout=30)
            act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS)
    return failed


def test_each_task_ten_times_and_four_drains_at_once(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway
) -> None:
    start_worker()
    wait_until(lambda: published_once() and all_ended(), "The first mail of the worker")
    published_to(mails=150, phones=150)
    ten_times()
    assert at_once(outbox.deliver_due, outbox.deliver_due) == []
    wait_until(all_ended, "The end of everything", ring=ten_times)
    judge_mails(sink, twice=0)
    judge_texts(gateway)


def ten_times() -> None:
    for _ in range(10):
        outbox.ring()


def published_once() -> bool:
    return Notice.objects.exists() or bool(published_to(mails=1))


def test_two_beats_ring_and_nothing_comes_twice(
    start_worker: StartWorker, sink: MailSink, gateway: Gateway, tmp_path: Path
) -> None:
    published_to(mails=100, phones=100)
    start_worker()
    beat = [sys.executable, "-m", "celery", *CELERY_OPTIONS, "beat", "--pidfile="]
    environment = os.environ | same_database()
    beats = [Program(f"beat {n}", [*beat, "--schedule", str(tmp_path / f"beat{n}")], environment) for n in range(2)]
    try:
        for program in beats:
            program.start()
        wait_until(all_ended, "What two beats ring for", ring=lambda: None)
    finally:
        end_all(beats)
    judge_mails(sink, twice=0)
    judge_texts(gateway)


def test_two_people_send_the_same_notice_at_the_same_moment_twenty_times() -> None:
    first = draft_to(mails=12)
    drafts = [first] + [again(first) for _ in range(19)]
    for notice in drafts:
        refused = at_once(*[lambda notice=notice: publish_notice(notice=notice, by=first.author)] * 2)
        assert [type(error) for error in refused] == [ValidationError]
    assert Delivery.objects.count() == 20 * 12
    assert Delivery.objects.values("notice_id", "guardian_id").distinct().count() == 20 * 12


def again(notice: Notice) -> Notice:
    return make.make_notice(notice.school_class, notice.author)


def test_planning_that_is_killed_between_chunks_five_times_leaves_nobody_out(settings: Any) -> None:
    settings.FAN_OUT_IN_REQUEST = 1
    notice = draft_to()
    assert notice.school_class is not None
    fill(notice.school_class, mails=GUARDIANS)
    publish_notice(notice=notice, by=notice.author)
    assert Delivery.objects.count() == 0, "only the decision is made in the request"
    for killed in range(KILLS):
        planner = planning_process()
        while Delivery.objects.count() < (killed + 1) * GUARDIANS // (KILLS + 2):
            assert planner.poll() is None, "it is killed in the middle"
            time.sleep(0.001)
        planner.send_signal(signal.SIGKILL)
        planner.wait()
        notice.refresh_from_db()
        assert notice.status == NoticeStatus.PUBLISHING
        assert Delivery.objects.count() % CHUNK == 0, "a chunk is there as a whole or not at all"
    assert planning_process().wait(PATIENCE_SECONDS) == 0
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.PUBLISHED
    assert Delivery.objects.count() == Delivery.objects.values("guardian_id").distinct().count() == GUARDIANS


def planning_process() -> subprocess.Popen[bytes]:
    environment = os.environ | same_database() | {"DJANGO_SETTINGS_MODULE": "ingroeibloei.settings"}
    return subprocess.Popen([sys.executable, "-c", PLAN], env=environment, cwd=django_settings.BASE_DIR)
