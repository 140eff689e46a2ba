"""Who has to decide which colleagues go on hears of it once, in August; what was decided is not kept for ever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from ingroeibloei import retention
from schools import clock
from schools.models import PostDecision, ReviewReminder, SchoolYear
from schools.services.postreview import Decision, decide_posts
from schools.tasks import remind_who_decides
from tests.cast import Cast
from tests.schools.posts import coming, on, post_of, town_before_september

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return town_before_september()


def test_who_has_to_decide_hears_of_it_once_from_15_august(cast: Cast, settings: Any) -> None:
    first = coming().starts_on
    with on(first - timedelta(days=18)):
        assert remind_who_decides() == 0
    with on(first - timedelta(days=17)):
        assert remind_who_decides() == 5
        assert remind_who_decides() == 0
    message = next(one for one in mail.outbox if one.to == [cast.staff["head"].email])
    assert reverse("post_review") in message.body
    assert "4 opdrachten" in message.body
    assert not any(user.full_name in message.body for user in cast.staff.values() if user != cast.staff["head"])
    assert settings.CELERY_BEAT_SCHEDULE["remind of next year's posts"]["task"] == remind_who_decides.name


def test_killed_after_the_mail_left_what_comes_twice_is_one_mail(cast: Cast) -> None:
    with on(coming().starts_on - timedelta(days=5)):
        remind_who_decides()
        ReviewReminder.objects.all().delete()  # nothing was written down
        remind_who_decides()
    names = {(message.to[0], message.message()["Message-ID"]) for message in mail.outbox}
    assert (len(mail.outbox), len(names)) == (10, 5), "a mail program shows one"


def test_for_whom_nothing_waits_hears_nothing(cast: Cast) -> None:
    decision = Decision(post=post_of(cast, "clb_vclb"), kind=PostDecision.Kind.ENDED)
    decide_posts(decisions=[decision], year=coming(), by=cast.staff["director_vclb"])
    with on(coming().starts_on - timedelta(days=5)):
        remind_who_decides()
    assert cast.staff["director_vclb"].email not in [address for message in mail.outbox for address in message.to]


def test_a_mail_server_that_is_away_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise OSError("away")

    with on(coming().starts_on - timedelta(days=5)):
        with monkeypatch.context() as away:
            away.setattr("django.core.mail.EmailMessage.send", refuse)
            assert remind_who_decides() == 0
        assert not ReviewReminder.objects.exists()
        assert remind_who_decides() == 5


def test_the_list_of_colleagues_says_that_posts_wait(cast: Cast) -> None:
    with on(coming().starts_on - timedelta(days=5)):
        words = cast.client("head").get(reverse("staff_list")).content.decode()
    assert "4 opdrachten wachten" in words


def test_old_decisions_and_reminders_go(cast: Cast) -> None:
    old = SchoolYear.objects.create(starts_on=date(2015, 9, 1), ends_on=date(2016, 6, 30))
    for year in (old, coming()):
        PostDecision.objects.create(
            post=post_of(cast, "care"),
            year=year,
            kind=PostDecision.Kind.ENDED,
            decided_by=cast.staff["head"],
            decided_at=clock.now(),
        )
        ReviewReminder.objects.create(user=cast.staff["head"], year=year, sent_at=clock.now())
    retention.run(dry_run=False)
    assert PostDecision.objects.get().year == coming()
    assert ReviewReminder.objects.get().year == coming()
