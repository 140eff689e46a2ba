"""A notice by text message at the phone of two people: a second fact comes before any name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from ingroeibloei import stores
from messaging.models import Answer, Delivery, Notice, Thread
from parents.models import FollowUp, FollowUpKind
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, page_url, sent
from tests.messaging.rendered import mail_for, sms_for
from tests.parents.frame import text_of


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart; text messages can be sent."""
    settings.SMS_DRIVER = "record"
    settings.CACHES = {"default": stores.cache("", tmp_path)}


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return sent(cast)


@pytest.fixture
def mother(cast: Cast, notice: Notice) -> Delivery:
    """By e-mail, to her own address."""
    return delivery_to(notice, cast, "mother")


@pytest.fixture
def grandfather(cast: Cast, notice: Notice) -> Delivery:
    """By text message, to the phone that he shares with the mother."""
    return delivery_to(notice, cast, "grandfather")


def test_no_name_before_the_second_fact(client: Client, grandfather: Delivery) -> None:
    answer = client.get(page_url(grandfather), follow=True)
    assert answer.redirect_chain == [(page_url(grandfather, "token_second_fact"), 303)]
    assert "De Kersenboom" in text_of(answer)
    for word in ("Simran", "Baldev", "Singh", "Lotte", "ਮੁਲਾਕਾਤ"):
        assert word not in text_of(answer)


def test_no_button_either(client: Client, grandfather: Delivery) -> None:
    for name in ("token_answer", "token_read", "token_not_understood", "token_question"):
        client.post(page_url(grandfather, name), {"answer": "yes", "text": "?"})
    grandfather.refresh_from_db()
    assert grandfather.opened_at is None
    assert not Answer.objects.exists()
    assert not Thread.objects.exists()


def prove(client: Client, delivery: Delivery, day: int) -> Any:
    return client.post(page_url(delivery, "token_second_fact"), {"day": day, "month": 3})


def test_the_birthday_of_the_child_opens_this_notice_only(cast: Cast, client: Client, grandfather: Delivery) -> None:
    assert prove(client, grandfather, 14).headers["Location"] == page_url(grandfather)
    assert "Simran" in text_of(client.get(page_url(grandfather)))
    other = delivery_to(sent(cast), cast, "grandfather")
    assert client.get(page_url(other)).status_code == 303
    assert Client().get(page_url(grandfather)).status_code == 303


def test_the_phone_goes_back_to_the_others(client: Client, grandfather: Delivery) -> None:
    """The others tap the same message in the same browser."""
    prove(client, grandfather, 14)
    for minutes, status in ((119, 200), (121, 303)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            assert client.get(page_url(grandfather)).status_code == status


def test_five_wrong_birthdays_close_it_for_an_hour(client: Client, grandfather: Delivery) -> None:
    for _attempt in range(5):
        assert prove(client, grandfather, 15).status_code == 200
    assert prove(client, grandfather, 14).status_code == 200
    assert client.get(page_url(grandfather)).status_code == 303


def test_a_year_of_birthdays_is_not_tried_in_some_days(cast: Cast, client: Client, grandfather: Delivery) -> None:
    """Five an hour, or five by each of many links, would be all of them before a link ends."""
    others = [delivery_to(sent(cast), cast, "grandfather") for _notice in range(3)]
    for link in (grandfather, *others[:2]):
        for _attempt in range(5):
            assert prove(client, link, 15).status_code == 200
    assert prove(client, others[2], 14).status_code == 200, "the right one neither"


def test_who_is_signed_in_needs_no_second_fact(cast: Cast, grandfather: Delivery) -> None:
    assert cast.guardian_client("grandfather").get(page_url(grandfather)).status_code == 200
    assert cast.guardian_client("mother").get(page_url(grandfather)).status_code == 303


def test_what_is_sent_there_names_no_child(grandfather: Delivery, mother: Delivery) -> None:
    assert "Simran" not in sms_for(grandfather)
    assert "Simran" not in mail_for(mother).subject


def test_this_is_not_for_me_tells_the_school_once(cast: Cast, client: Client, grandfather: Delivery) -> None:
    for _tap in range(2):
        client.post(page_url(grandfather, "token_not_me"))
    follow_up = FollowUp.objects.get(kind=FollowUpKind.CONTACT_DATA)
    assert follow_up.guardian == cast.guardians["grandfather"]
    assert follow_up.owner == cast.staff["teacher_3b"]


def test_at_the_other_school_it_is_not_a_task_of_a_stranger(cast: Cast, client: Client, mother: Delivery) -> None:
    """Her son is at a school of the other network, of which the sender sees nothing."""
    client.post(page_url(mother, "token_not_me"))
    owners = dict(FollowUp.objects.filter(kind=FollowUpKind.CONTACT_DATA).values_list("school__name", "owner"))
    assert owners == {
        cast.schools["kersenboom"].name: cast.staff["teacher_3b"].pk,
        cast.schools["bloesem"].name: cast.staff["teacher_go"].pk,
    }
