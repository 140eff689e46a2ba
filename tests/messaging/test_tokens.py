"""A link or a short code cannot be guessed, made from another one, or used from everywhere all day."""

from __future__ import annotations

import string
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.models import Channel, Delivery
from messaging.tokens import delivery_of, delivery_of_short_code, make_token, short_code, token_for
from schools import clock
from schools.limits import Limit
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent

LETTERS = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def delivery(cast: Cast) -> Delivery:
    return delivery_to(sent(cast), cast, "mother")


def test_every_letter_of_a_token_counts(delivery: Delivery) -> None:
    token = make_token(delivery)
    assert delivery_of(token) == delivery
    for place, letter in enumerate(token):
        other = LETTERS[(LETTERS.index(letter) + 1) % len(LETTERS)]
        assert delivery_of(token[:place] + other + token[place + 1 :]) is None, place


def test_a_token_tells_nothing_about_the_next(delivery: Delivery) -> None:
    signatures = {token_for(number, version)[:16] for number in range(1, 200) for version in (1, 2)}
    assert len(signatures) == 199 * 2
    signature = make_token(delivery)[:16]
    assert delivery_of(signature + token_for(delivery.pk + 1, 1)[16:]) is None
    assert all(len(signature) == 16 for signature in signatures), "16 letters of 6 bits: 96 bits to guess"


def test_it_hangs_on_a_key_of_its_own(delivery: Delivery, settings: Any) -> None:
    token = make_token(delivery)
    settings.SECRET_KEY = "another one"
    assert delivery_of(token) == delivery
    settings.NOTICE_LINK_KEY = "another one"
    assert delivery_of(token) is None


def test_it_opens_nothing_once_it_is_old(delivery: Delivery, settings: Any) -> None:
    made = clock.now() - timedelta(days=settings.NOTICE_LINK_DAYS)
    Delivery.objects.update(created_at=made + timedelta(minutes=1))
    assert delivery_of(make_token(delivery)) == delivery
    Delivery.objects.update(created_at=made)
    assert delivery_of(make_token(delivery)) is None


def test_only_a_letter_has_a_short_code(delivery: Delivery) -> None:
    assert delivery.channel != Channel.LETTER
    assert delivery_of_short_code(short_code(delivery)) is None


class TestShortCode:
    @pytest.fixture
    def letter(self, delivery: Delivery, settings: Any, tmp_path: Any) -> Delivery:
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
        }
        Delivery.objects.filter(pk=delivery.pk).update(channel=Channel.LETTER, contact_point=None)
        delivery.refresh_from_db()
        return delivery

    def test_a_new_version_ends_it(self, letter: Delivery) -> None:
        code = short_code(letter)
        assert delivery_of_short_code(code) == letter
        Delivery.objects.filter(pk=letter.pk).update(token_version=2)
        assert delivery_of_short_code(code) is None

    @pytest.mark.parametrize("figures", [0x0660, 0x06F0, 0x0A66], ids=["arabic", "persian", "gurmukhi"])
    def test_it_is_read_in_the_figures_and_dashes_of_any_keyboard(self, letter: Delivery, figures: int) -> None:
        typed = (
            short_code(letter)
            .lower()
            .translate({48 + figure: figures + figure for figure in range(10)})
            .replace("-", "\u2013")
        )
        assert delivery_of_short_code(f"\u200e {typed}\u200e") == letter

    def test_one_code_is_not_typed_all_day_from_everywhere(self, letter: Delivery) -> None:
        def typed(number: int) -> int:
            client = Client(REMOTE_ADDR=f"192.0.2.{number}")
            return client.post(reverse("letter_code"), {"code": short_code(letter)}).status_code

        assert [typed(number) for number in range(22)] == [303] * 20 + [200] * 2

    def test_what_was_tried_is_remembered_for_its_whole_hour(self, letter: Delivery) -> None:
        """A cache of files keeps what it counts up for five minutes, unless it is told otherwise."""
        hourly = Limit("codes of a test", 1, 3600)
        assert hourly.spend("somebody")
        with time_machine.travel(clock.now() + timedelta(minutes=6)):
            assert not hourly.spend("somebody")
