"""One tap closes what was promised; a wrong tap is put back, by whoever could tap."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parents.models import FollowUp, FollowUpStatus
from parents.services import put_back_follow_up
from schools import clock
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def promised(cast: Cast) -> FollowUp:
    """In the talk at the gate."""
    row = FollowUp.objects.get()
    row.contact_moment = cast.moments["gate"]
    row.save(update_fields=["contact_moment"])
    return row


def tap(cast: Cast, promised: FollowUp, who: str, **more: str) -> str:
    answer = cast.client(who).post(reverse("follow_up_done", args=[promised.pk]), more, follow=True)
    return answer.content.decode() if answer.status_code == 200 else ""


@pytest.mark.parametrize(("act", "status"), [("", "DONE"), ("drop", "DROPPED")])
def test_a_wrong_tap_is_put_back_on_the_page_of_the_talk(cast: Cast, promised: FollowUp, act: str, status: str) -> None:
    said = tap(cast, promised, "teacher_3b", act=act)
    assert "Vergist? Zet het terug op de pagina van het gesprek." in said
    assert FollowUp.objects.get(pk=promised.pk).status == status
    talk = cast.client("teacher_3b").get(reverse("contact_detail", args=[cast.moments["gate"].pk])).content.decode()
    assert "Terugzetten" in talk
    assert "Het staat weer open." in tap(cast, promised, "teacher_3b", act="back")
    row = FollowUp.objects.get(pk=promised.pk)
    assert (row.status, row.done_on) == (FollowUpStatus.OPEN, None)


def test_who_does_not_see_it_puts_nothing_back(cast: Cast, promised: FollowUp) -> None:
    FollowUp.objects.filter(pk=promised.pk).update(status=FollowUpStatus.DONE, done_on=clock.today())
    assert tap(cast, promised, "teacher_1a", act="back") == ""
    assert FollowUp.objects.get(pk=promised.pk).status == FollowUpStatus.DONE


def test_what_went_with_a_talk_taken_back_and_what_was_decided_elsewhere_stays_closed(
    cast: Cast, promised: FollowUp
) -> None:
    FollowUp.objects.filter(pk=promised.pk).update(status=FollowUpStatus.DROPPED, kind="CONTACT_DATA")
    assert not put_back_follow_up(follow_up=promised, by=cast.staff["teacher_3b"])
    FollowUp.objects.filter(pk=promised.pk).update(kind="PROMISE")
    type(cast.moments["gate"]).objects.filter(pk=cast.moments["gate"].pk).update(
        withdrawn_at=clock.now(), withdrawn_because="Verkeerd kind."
    )
    assert not put_back_follow_up(follow_up=promised, by=cast.staff["teacher_3b"])
