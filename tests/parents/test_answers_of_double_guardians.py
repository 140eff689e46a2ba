"""A parent who stood twice and answered one notice twice answered as one person: the last answer counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from messaging.models import Answer, Delivery, Notice
from messaging.services import give_answer, publish_notice
from messaging.services.answering import take_strip_back
from parents.doubles import doubled
from schools import clock
from schools.models import AuditEntry
from tests import factories as make
from tests.parents.frame import text_of
from tests.parents.test_double_guardians import Twice, address, browser, twice

__all__ = ["twice"]
pytestmark = pytest.mark.django_db


def both_answer(twice: Twice, *keys: str) -> Notice:
    """The first row answers, then the second, each by its own delivery; the author saw both."""
    notice = make.make_notice(twice.room)
    publish_notice(notice=notice, by=notice.author)
    Delivery.objects.update(status="SENT", due_at=None)
    for number, (guardian, key) in enumerate(zip((twice.first, twice.second), keys, strict=True)):
        at = clock.now() - timedelta(hours=2 - number)
        give_answer(delivery=Delivery.objects.get(guardian=guardian), key=key, at=at)
    Answer.objects.update(seen_by_author_at=clock.now())
    return notice


@pytest.mark.parametrize(("keys", "counts"), [(("yes", "other_day"), "other_day"), (("other_day", "yes"), "yes")])
def test_both_rows_answered_one_notice_and_the_last_answer_counts(
    twice: Twice, keys: tuple[str, str], counts: str
) -> None:
    notice = both_answer(twice, *keys)
    assert doubled(twice.first, twice.second, twice.school).why_not == []
    assert "telt het laatste antwoord" in text_of(browser(twice).get(address(twice)))
    twice.join()
    answer = Answer.objects.get()
    assert (answer.key, answer.guardian, answer.changed) == (counts, twice.first, 1)
    assert answer.seen_by_author_at is None, "who sent it hears that it counts otherwise than it was read"
    kept = AuditEntry.objects.filter(verb="answered", target_id=notice.pk).order_by("pk")
    assert [entry.detail["key"] for entry in kept] == list(keys), "what was said before stays in the access log"


def test_the_same_answer_of_both_rows_is_no_news(twice: Twice) -> None:
    both_answer(twice, "yes", "yes")
    twice.join()
    answer = Answer.objects.get()
    assert (answer.key, answer.changed) == ("yes", 0)
    assert answer.seen_by_author_at is not None


def test_a_strip_of_the_one_row_taken_back_leaves_the_answer_of_the_other(twice: Twice) -> None:
    both_answer(twice, "yes", "yes")
    give_answer(delivery=Delivery.objects.get(guardian=twice.second), key="other_day", entered_by=twice.head)
    twice.join()
    assert Answer.objects.get().key == "other_day"
    take_strip_back(Answer.objects.all())
    answer = Answer.objects.get()
    assert (answer.key, answer.entered_by, answer.guardian) == ("yes", None, twice.first)
