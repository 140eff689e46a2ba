"""A notice of a colleague who works for the school no more: the head stops it or puts it right, else nobody could."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.models import Delivery, DeliveryStatus, Notice, NoticeStatus
from schools import clock
from schools.models import Assignment, User
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent

pytestmark = pytest.mark.django_db


def leaves(author: User, how: str) -> None:
    if how == "post":
        Assignment.objects.filter(user=author).update(ends_on=clock.today() - timedelta(days=1))
    else:
        User.objects.filter(pk=author.pk).update(is_active=False)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """Half of it left."""
    made = sent(cast)
    left = delivery_to(made, cast, "separated_father")
    Delivery.objects.filter(pk=left.pk).update(status=DeliveryStatus.SENT, due_at=None)
    return made


@pytest.mark.parametrize("how", ["post", "account"])
def test_the_head_stops_what_has_not_left(cast: Cast, notice: Notice, how: str) -> None:
    head, stop = cast.client("head"), reverse("notice_cancel", args=[notice.pk])
    page = reverse("notice_detail", args=[notice.pk])
    assert stop not in head.get(page).content.decode(), "its author is here"
    leaves(notice.author, how)
    for other in ("teacher_1a", "care", "head_go"):
        assert cast.client(other).post(stop).status_code == 404
    assert stop in head.get(page).content.decode()
    assert head.post(stop).status_code == 302
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.CANCELLED
    assert notice.deliveries.filter(status=DeliveryStatus.CANCELLED).count() == 3


def test_the_head_writes_what_replaces_it(cast: Cast, notice: Notice) -> None:
    head, correct = cast.client("head"), reverse("notice_correct", args=[notice.pk])
    assert head.post(correct).status_code == 404
    leaves(notice.author, "post")
    draft_page = head.post(correct)
    draft = Notice.objects.get(corrects=notice)
    assert draft_page.headers["Location"] == reverse("notice_edit", args=[draft.pk])
    assert draft.author == cast.staff["head"]
