"""A parent who stood twice becomes one: whose wish holds, and a number that stood twice is one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from messaging.models import Delivery
from messaging.services import publish_notice
from parents.models import ContactPoint, Guardian
from parents.services.wishes import choose_digest, choose_reading
from schools import clock
from tests import factories as make
from tests.parents.test_double_guardians import LONG_AGO, Twice, twice

__all__ = ["twice"]
pytestmark = pytest.mark.django_db


def told_by_the_list(one: Guardian, **fields: Any) -> None:
    Guardian.objects.filter(pk=one.pk).update(**fields)


class TestWishes:
    def test_the_parent_s_own_last_word_holds_against_what_a_list_said(self, twice: Twice) -> None:
        told_by_the_list(twice.first, reading_mode="ORAL_ONLY", preferred_channel="CALL")
        choose_reading(guardian=twice.second, reading_mode="TEXT", preferred_channel="EMAIL")
        kept = twice.join()
        assert kept == twice.first
        assert (kept.reading_mode, kept.preferred_channel) == ("TEXT", "EMAIL")

    @pytest.mark.parametrize("last", ["first", "second"])
    def test_of_two_own_words_the_later_one(self, twice: Twice, last: str) -> None:
        words = {"first": ("EASY_TEXT", "SMS"), "second": ("ORAL_ONLY", "CALL")}
        for name in sorted(words, key=lambda name: name == last):
            mode, channel = words[name]
            choose_reading(guardian=getattr(twice, name), reading_mode=mode, preferred_channel=channel)
        kept = twice.join()
        assert (kept.reading_mode, kept.preferred_channel) == words[last]

    @pytest.mark.parametrize(("first", "second"), [(None, 800), (900, 800)])
    def test_a_word_that_the_access_log_no_longer_knows_holds(
        self, twice: Twice, first: int | None, second: int
    ) -> None:
        """So many days ago."""
        said = [None if days is None else clock.today() - timedelta(days=days) for days in (first, second)]
        told_by_the_list(twice.first, reading_mode="ORAL_ONLY", reading_confirmed_on=said[0])
        told_by_the_list(twice.second, reading_mode="TEXT", reading_confirmed_on=said[1])
        kept = twice.join()
        assert (kept.reading_mode, kept.reading_confirmed_on) == ("TEXT", said[1])

    def test_without_a_word_nobody_is_left_out(self, twice: Twice) -> None:
        told_by_the_list(twice.first, reading_mode="EASY_TEXT")
        told_by_the_list(twice.second, reading_mode="ORAL_ONLY", preferred_channel="CALL")
        kept = twice.join()
        assert (kept.reading_mode, kept.preferred_channel) == ("ORAL_ONLY", "CALL")

    @pytest.mark.parametrize("wants", [True, False])
    def test_the_weekly_mail_is_what_was_chosen_last(self, twice: Twice, wants: bool) -> None:
        choose_digest(guardian=twice.first, wants_digest=not wants)
        choose_digest(guardian=twice.second, wants_digest=wants)
        assert twice.join().wants_digest is wants

    def test_one_weekly_mail_that_was_asked_for_stays(self, twice: Twice) -> None:
        choose_digest(guardian=twice.second, wants_digest=True)
        assert twice.join().wants_digest


class TestOneNumber:
    def second_row(self, twice: Twice, **fields: Any) -> ContactPoint:
        point = ContactPoint.objects.create(kind="PHONE", value="+32470001111", valid_from=LONG_AGO, **fields)
        point.uses.create(guardian=twice.second)
        return point

    def numbers(self, one: Guardian) -> list[ContactPoint]:
        return list(ContactPoint.objects.filter(uses__guardian=one, value="+32470001111"))

    def test_is_one_row_with_all_that_went_to_it(self, twice: Twice) -> None:
        again = self.second_row(twice)
        notice = make.make_notice(twice.room)
        publish_notice(notice=notice, by=notice.author)
        Delivery.objects.filter(guardian=twice.second).update(status="SENT", due_at=None, contact_point=again)
        Delivery.objects.filter(guardian=twice.first).update(status="SENT", due_at=None)
        kept = twice.join()
        (point,) = self.numbers(kept)
        assert point.verified_on is not None, "the one that was confirmed"
        assert not ContactPoint.objects.filter(pk=again.pk).exists()
        assert Delivery.objects.filter(contact_point=point, guardian=kept).exists()

    def test_that_others_use_stays_the_one_that_others_use(self, twice: Twice) -> None:
        shared = self.second_row(twice, is_shared=True)
        shared.uses.create(guardian=make.make_guardian([twice.pupil]))
        kept = twice.join()
        assert self.numbers(kept) == [shared], "there others read along"
