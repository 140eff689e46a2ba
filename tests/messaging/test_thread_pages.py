from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Thread
from messaging.services import ask_question
from parents.models import ContactKind, ContactMoment
from schools import clock
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def asked(cast: Cast, text: str = "ਕੀ ਦੁਭਾਸ਼ੀਆ ਆ ਸਕਦਾ ਹੈ?") -> Thread:
    """Simran's mother asks something in Punjabi."""
    return ask_question(
        guardian=cast.guardians["mother"], pupil=cast.pupils["simran"], notice=None, text=text, language="pa"
    )


def test_a_reply_reaches_the_family_and_counts_as_a_contact(cast: Cast) -> None:
    thread = asked(cast)
    browser = cast.client("teacher_3b")
    page = browser.get(reverse("thread_detail", args=[thread.pk])).content.decode()
    assert 'lang="pa-Guru"' in page
    assert "ਦੁਭਾਸ਼ੀਆ" in page
    answer = browser.post(reverse("thread_detail", args=[thread.pk]), {"text": "Ja, er komt een tolk."})
    assert answer.status_code == 302
    thread.refresh_from_db()
    assert thread.first_reply_on == clock.today()
    moment = ContactMoment.objects.latest("pk")
    assert (moment.kind, thread.contact_moment_id) == (ContactKind.MESSAGE, moment.pk)


def test_reading_changes_nothing(cast: Cast) -> None:
    thread = asked(cast)
    before = ContactMoment.objects.count()
    browser = cast.client("teacher_3b")
    browser.get(reverse("thread_list"))
    browser.get(reverse("thread_detail", args=[thread.pk]))
    thread.refresh_from_db()
    assert thread.first_reply_at is None
    assert (thread.posts.count(), ContactMoment.objects.count()) == (1, before)


def test_an_empty_reply_is_not_sent(cast: Cast) -> None:
    thread = asked(cast)
    answer = cast.client("teacher_3b").post(reverse("thread_detail", args=[thread.pk]), {"text": "  "})
    assert answer.status_code == 422
    assert thread.posts.count() == 1


def test_questions_that_wait_come_first_with_the_oldest_on_top(cast: Cast) -> None:
    old, new, done = asked(cast), asked(cast), asked(cast)
    Thread.objects.filter(pk=old.pk).update(asked_on=clock.today() - timedelta(days=30))
    Thread.objects.filter(pk=done.pk).update(first_reply_at=clock.now(), first_reply_on=clock.today())
    rows = cast.client("teacher_3b").get(reverse("thread_list")).context["rows"]
    assert [row["thread"].pk for row in rows] == [old.pk, new.pk, done.pk]
    assert rows[0]["days"] > 0
    assert rows[2]["days"] is None


@pytest.mark.parametrize("person", ["teacher_1a", "head_go", "teacher_go", "clb_go"])
def test_somebody_elses_question_is_not_found(cast: Cast, person: str) -> None:
    thread = asked(cast)
    browser = cast.client(person)
    assert browser.get(reverse("thread_detail", args=[thread.pk])).status_code == 404
    assert browser.post(reverse("thread_detail", args=[thread.pk]), {"text": "Ja"}).status_code == 404
    assert browser.get(reverse("thread_list")).context["rows"] == []


@pytest.mark.parametrize("person", ["office", "coordinator", "partner"])
def test_other_roles_are_refused(cast: Cast, person: str) -> None:
    assert cast.client(person).get(reverse("thread_list")).status_code == 403


def test_the_list_asks_the_same_number_of_queries_for_more_rows(cast: Cast) -> None:
    browser = cast.client("teacher_3b")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(reverse("thread_list")).status_code == 200
        return len(seen)

    for _number in range(2):
        asked(cast)
    queries()
    few = queries()
    for _number in range(10):
        asked(cast)
    assert queries() == few
