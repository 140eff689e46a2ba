"""A page of a draft that lay open, or a second tap, when the notice waits or left: it leads to where one reads so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.models import Notice, NoticeStatus
from messaging.services import publish_notice, schedule_notice
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft

pytestmark = pytest.mark.django_db
WAITS = "Dit bericht wacht op zijn uur"
SENT = "Dit bericht is al verzonden"


def due_later(cast: Cast) -> Notice:
    notice = draft(cast)
    notice.send_at = clock.now() + timedelta(hours=3)
    notice.save(update_fields=["send_at"])
    return notice


def test_the_button_that_lets_it_leave_later_may_be_tapped_twice(cast: Cast) -> None:
    notice, teacher = due_later(cast), cast.client("teacher_3b")
    for _tap in range(2):
        answer = teacher.post(reverse("notice_schedule", args=[notice.pk]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("notice_check", args=[notice.pk])
        assert answer.status_code == 200
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.SCHEDULED
    assert WAITS in answer.content.decode()


@pytest.mark.parametrize("name", ["notice_edit", "notice_words", "notice_files", "notice_recordings", "notice_trial"])
@pytest.mark.parametrize("words", [WAITS, SENT])
def test_what_lay_open_says_that_it_left(cast: Cast, name: str, words: str) -> None:
    notice = due_later(cast)
    (schedule_notice if words == WAITS else publish_notice)(notice=notice, by=notice.author)
    answer = cast.client("teacher_3b").post(reverse(name, args=[notice.pk]), {"body": "Ander woord"}, follow=True)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    for colleague in ("head", "teacher_1a"):
        assert cast.client(colleague).post(reverse(name, args=[notice.pk])).status_code == 404


@pytest.mark.parametrize("header", ["X-Autosave", "HX-Request"])
def test_what_a_page_asks_by_itself_is_not_told_of_another_page(cast: Cast, header: str) -> None:
    notice = due_later(cast)
    publish_notice(notice=notice, by=notice.author)
    there = reverse("notice_edit", args=[notice.pk])
    assert cast.client("teacher_3b").post(there, {}, headers={header: "true"}).status_code == 404
