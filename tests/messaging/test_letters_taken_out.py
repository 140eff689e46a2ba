"""A letter lies printed and must not be given: the parent may not be told any more, or the notice was stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.models import Delivery, DeliveryStatus, LetterBatch
from messaging.services import give_letters
from messaging.tasks import climb_ladders
from schools import clock
from tests.cast import Cast
from tests.messaging.test_letters_given import batch, letter_to, lose, status_of
from tests.parents.frame import text_of

__all__ = ["batch"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("why", ["no right any more", "only kept", "objected"])
def test_who_gives_reads_it_and_gives_the_others(cast: Cast, batch: LetterBatch, why: str) -> None:
    lose(cast.guardians["separated_father"], why)
    browser, mine = cast.client("teacher_3b"), letter_to(cast, "separated_father")
    page = browser.get(reverse("letter_batch", args=[batch.pk])).content.decode()
    assert "Haal 1 brief uit de stapel" in page
    assert f"nr. {mine.position} (" in page
    assert f'id="letter-{mine.pk}"' not in page, "it is not ticked to be given"
    facts = {"on": clock.today().isoformat(), "how": "child"}
    browser.post(reverse("letter_batch_given", args=[batch.pk]), facts)
    assert status_of(cast, "separated_father") == DeliveryStatus.CANCELLED
    assert letter_to(cast, "separated_father").given_on is None
    assert status_of(cast, "mother") == DeliveryStatus.DELIVERED
    assert "Haal 1 brief" in browser.get(reverse("letter_batch", args=[batch.pk])).content.decode(), "and still"


def test_the_sweep_takes_it_out_and_no_strip_is_asked_of_it(cast: Cast, batch: LetterBatch) -> None:
    mine = letter_to(cast, "separated_father")
    strips = reverse("letter_strips", args=[batch.pk])
    assert f'id="strip-{mine.pk}"' in cast.client("teacher_3b").get(strips).content.decode()
    lose(cast.guardians["separated_father"], "no right any more")
    climb_ladders()
    assert status_of(cast, "separated_father") == DeliveryStatus.CANCELLED
    assert f'id="strip-{mine.pk}"' not in cast.client("teacher_3b").get(strips).content.decode()
    assert status_of(cast, "mother") == DeliveryStatus.SENT


def test_only_it_ticked_on_an_older_page_says_why(cast: Cast, batch: LetterBatch) -> None:
    lose(cast.guardians["separated_father"], "no right any more")
    ticked = [letter_to(cast, "separated_father").pk]
    facts = {"on": clock.today().isoformat(), "how": "child", "is_choice": "on", "letter": ticked}
    page = cast.client("teacher_3b").post(reverse("letter_batch_given", args=[batch.pk]), facts, follow=True)
    assert "mogen niet meer meegegeven worden" in page.content.decode()
    assert letter_to(cast, "separated_father").given_on is None


def test_what_was_given_stays_given(cast: Cast, batch: LetterBatch) -> None:
    give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today())
    lose(cast.guardians["separated_father"], "no right any more")
    climb_ladders()
    assert status_of(cast, "separated_father") == DeliveryStatus.DELIVERED
    page = cast.client("teacher_3b").get(reverse("letter_batch", args=[batch.pk])).content.decode()
    assert "uit de stapel" not in page


def test_one_that_lay_for_weeks_was_given_and_nobody_noted_it(cast: Cast, batch: LetterBatch) -> None:
    Delivery.objects.update(sent_at=clock.now() - timedelta(days=15))
    lose(cast.guardians["separated_father"], "no right any more")
    climb_ladders()
    assert status_of(cast, "separated_father") == DeliveryStatus.SENT


def test_a_notice_that_was_stopped_takes_its_printed_letters_along(cast: Cast, batch: LetterBatch) -> None:
    """They lie in the classroom: who would give them along reads that they are to stay here."""
    browser, notice = cast.client("teacher_3b"), batch.notice
    assert notice is not None
    only = [letter_to(cast, "mother").pk]
    give_letters(batch=batch, by=cast.staff["teacher_3b"], on=clock.today(), only=only)
    page = text_of(browser.get(reverse("notice_detail", args=[notice.pk])))
    assert "kunnen worden tegengehouden. Al vertrokken: 1;" in page
    browser.post(reverse("notice_cancel", args=[notice.pk]))
    assert status_of(cast, "mother") == DeliveryStatus.DELIVERED
    assert status_of(cast, "grandfather") == DeliveryStatus.CANCELLED
    assert "Haal 3 brieven uit de stapel" in text_of(browser.get(reverse("letter_batch", args=[batch.pk])))


def test_as_long_as_all_of_them_lie_there_it_goes_back_to_a_draft(cast: Cast, batch: LetterBatch) -> None:
    notice = batch.notice
    assert notice is not None
    cast.client("teacher_3b").post(reverse("notice_undo", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.status == "CANCELLED"
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.CANCELLED}
