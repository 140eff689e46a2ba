"""Two web servers behind nginx and two workers, on PostgreSQL through a pooler and Redis, are started anew while people
read and answer and mails leave: nobody is refused, and no message is lost or left twice."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from messaging.models import Delivery
from messaging.tokens import make_token
from tests.faults.conftest import StartWorker
from tests.faults.front import Nginx, PgBouncer, Visitors, WebBehind, running
from tests.faults.processes import PATIENCE_SECONDS, wait_until
from tests.faults.servers import folder
from tests.faults.town import published_to
from tests.faults.verdict import all_ended, judge_mails
from tests.messaging.sinks import MailSink
from tests.services import Postgres

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.slow, pytest.mark.full]
FIRST, MAILS, VISITORS = 50, 80, 4


def test_nobody_is_refused_and_nothing_is_lost(
    database: Postgres, start_worker: StartWorker, sink: MailSink, tmp_path: Path
) -> None:
    sink.pause = 0.1
    published_to(mails=FIRST)
    token = make_token(Delivery.objects.order_by("-pk")[0])
    paths = [("GET", f"/b/{token}/"), ("POST", f"/b/{token}/gelezen/"), ("GET", "/draaiboek/"), ("GET", "/ouders/")]
    with ExitStack() as stack:
        home = stack.enter_context(folder())
        pooler = PgBouncer(home, database.home, str(connection.settings_dict["NAME"]))
        stack.enter_context(running(pooler))
        through = {"DATABASE_URL": pooler.url(), "DATABASE_POOLED": "1"}
        webs = [WebBehind(tmp_path, through) for _ in range(2)]
        for web in webs:
            stack.callback(web.close)
        nginx = Nginx(home, [web.port for web in webs])
        stack.enter_context(running(nginx))
        workers = [start_worker(**through) for _ in range(2)]
        visitors = Visitors(nginx.port, paths, VISITORS)
        stack.callback(visitors.stop)
        visitors.wait_for(40)
        for web in webs:
            for change in (web.reload, web.restart):
                change()
                visitors.wait_for(10)
                web.is_back()
        for worker in workers:
            published_to(mails=MAILS)
            already = len(sink.raw)
            wait_until(lambda already=already: len(sink.raw) > already, "The first of these mails")  # type: ignore[misc]
            assert not all_ended(), "workers end while there is work"
            worker.end(PATIENCE_SECONDS)  # what it has in hand leaves first
            start_worker(**through)
            visitors.wait_for(20)
        visitors.stop()
        wait_until(all_ended, "The end of everything")
        assert {status for _method, status in visitors.answers} <= {200, 302, 303}, visitors.answers
        assert visitors.answers["POST", 303] > 20
        assert visitors.answers["GET", 200] > 50
        log = (nginx.home / "portal.log").read_text()
        assert token not in log
        assert len(log.splitlines()) == visitors.answers.total()
    judge_mails(sink, twice=0)
