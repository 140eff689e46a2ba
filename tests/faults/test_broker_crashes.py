"""Redis that forgets, dies, comes back and is not there at all: nothing is lost with it (sending.md, fault 8)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import redis
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from messaging.models import Delivery
from messaging.tokens import make_token
from tests.cast import staff_browser
from tests.faults.conftest import StartWeb, StartWorker
from tests.faults.processes import wait_until
from tests.faults.servers import redis_of_its_own, ring_at
from tests.faults.town import draft_to, published_to
from tests.faults.verdict import all_ended, judge_mails, judge_texts
from tests.messaging.sinks import Gateway, MailSink
from tests.services import Redis

pytestmark = [pytest.mark.fault, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broker() -> Iterator[Redis]:
    with redis_of_its_own() as server:
        yield server


def test_flushed_killed_and_started_again_in_the_middle(
    broker: Redis, start_worker: StartWorker, sink: MailSink, gateway: Gateway
) -> None:
    sink.pause = 0.005
    published_to(mails=400, phones=200)
    start_worker(REDIS_URL=broker.url())
    ring = partial(ring_at, broker)
    for arrived, fault in ((50, "flush"), (150, "kill"), (250, "flush"), (350, "kill")):
        wait_until(lambda arrived=arrived: len(sink.raw) >= arrived, f"The arrival of {arrived} mails", ring=ring)  # type: ignore[misc]
        assert not all_ended(), "in the middle"
        if fault == "flush":
            redis.Redis.from_url(broker.url()).flushall()
        else:
            broker.kill()
            broker.start()
    wait_until(all_ended, "The end of everything", ring=ring)
    published_to(mails=20)
    wait_until(all_ended, "What is sent afterwards", ring=ring)
    judge_mails(sink, twice=0)
    judge_texts(gateway)


def test_a_notice_is_sent_while_it_is_away_and_leaves_when_it_is_back(
    broker: Redis, start_worker: StartWorker, start_web: StartWeb, sink: MailSink
) -> None:
    notice = draft_to(mails=20)
    TOTP.activate(notice.author, generate_totp_secret())
    session = staff_browser(notice.author).session.session_key or ""
    web = start_web(REDIS_URL=broker.url())
    start_worker(REDIS_URL=broker.url())
    broker.kill()
    assert web.ask(reverse("notice_publish", args=[notice.pk]), post=True, session=session) == 302
    assert Delivery.objects.count() == 20
    assert web.ask(reverse("notice_detail", args=[notice.pk]), session=session) == 200
    token = make_token(Delivery.objects.earliest("pk"))
    assert web.ask(reverse("token_notice", args=[token])) == 200
    assert web.ask(reverse("token_read", args=[token]), post=True) == 303
    assert not sink.raw
    broker.start()
    wait_until(all_ended, "The end of everything", ring=partial(ring_at, broker))
    judge_mails(sink, twice=0)
