"""A draft saves itself while it is written: whole or not at all, once, and never over somebody's newer words."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Notice, NoticeStatus
from messaging.models.notices import AudienceKind
from messaging.services import publish_notice
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import COMPOSE, draft, filled_in, template
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
BY_ITSELF = {"X-Autosave": "1"}


@pytest.fixture(autouse=True)
def _templates(cast: Cast) -> None:
    template()


def save(browser: Client, address: str, typed: dict[str, Any]) -> Any:
    return browser.post(address, typed, headers=BY_ITSELF)


def on_a_page(cast: Cast, **more: Any) -> dict[str, Any]:
    return filled_in(cast, page=str(uuid4()), revision="0") | more


def test_the_first_save_makes_the_draft_and_later_ones_change_it(cast: Cast) -> None:
    browser, typed = cast.client("teacher_3b"), on_a_page(cast, place="", time="")
    first = save(browser, COMPOSE, typed).json()
    notice = Notice.objects.get()
    assert first["url"] == reverse("notice_edit", args=[notice.pk])
    assert first["message"]
    second = save(browser, first["url"], typed | {"place": "lokaal 12", "revision": first["revision"]}).json()
    notice.refresh_from_db()
    assert (notice.values["place"], notice.values.get("time", "")) == ("lokaal 12", "")
    assert second["revision"] == notice.revision == first["revision"] + 1
    assert Notice.objects.count() == 1


def test_an_answer_that_was_lost_on_the_way_makes_no_second_draft(cast: Cast) -> None:
    browser, typed = cast.client("teacher_3b"), on_a_page(cast)
    save(browser, COMPOSE, typed)
    again = save(browser, COMPOSE, typed | {"place": "lokaal 9"})
    assert again.status_code == 200
    by_button = browser.post(COMPOSE, typed | {"place": "lokaal 10"})
    assert by_button.status_code == 302
    assert Notice.objects.get().values["place"] == "lokaal 10"


def test_what_is_missing_may_come_later_but_nothing_wrong_is_kept(cast: Cast) -> None:
    browser, typed = cast.client("teacher_3b"), on_a_page(cast)
    address = save(browser, COMPOSE, typed).json()["url"]
    wrong = save(browser, address, typed | {"date": "2001-01-01", "place": "elders"})
    assert wrong.status_code == 422
    assert wrong.json()["message"]
    notice = Notice.objects.get()
    assert (notice.values["place"], notice.revision) == ("lokaal 12", 0), "all of it or nothing"


def test_without_knowing_for_whom_there_is_nothing_to_keep(cast: Cast) -> None:
    answer = save(cast.client("head"), COMPOSE, on_a_page(cast, audience=""))
    assert (answer.status_code, Notice.objects.count()) == (422, 0)


def test_a_notice_about_one_child_never_becomes_one_to_the_class(cast: Cast) -> None:
    address = "/school/berichten/nieuw/absence-please-call/"
    typed = on_a_page(cast, kind="DRINGEND", urgent_reason="Niemand weet het.", answer_by="")
    assert save(cast.client("teacher_3b"), address, typed).status_code == 200
    notice = Notice.objects.get()
    assert (notice.audience, notice.notice_pupils.count()) == (AudienceKind.PUPILS, 0)


def test_two_windows_do_not_overwrite_each_other(cast: Cast) -> None:
    notice, browser = draft(cast), cast.client("teacher_3b")
    address = reverse("notice_edit", args=[notice.pk])
    one, two = on_a_page(cast), on_a_page(cast)
    assert save(browser, address, one | {"place": "venster een"}).status_code == 200
    refused = save(browser, address, two | {"place": "venster twee"})
    assert refused.status_code == 409
    assert refused.json()["message"]
    page = browser.post(address, two | {"place": "venster twee"})
    assert page.status_code == 422
    assert "venster twee" in page.content.decode(), "nothing typed is lost"
    notice.refresh_from_db()
    assert notice.values["place"] == "venster een"
    shown = page.context["form"]["revision"].value()
    assert browser.post(address, two | {"place": "venster twee", "revision": shown}).status_code == 302
    notice.refresh_from_db()
    assert notice.values["place"] == "venster twee"


def test_a_page_goes_on_saving_over_its_own_words(cast: Cast) -> None:
    """The answer to a save may be lost: the page then still names the revision before it."""
    notice, browser, typed = draft(cast), cast.client("teacher_3b"), on_a_page(cast)
    address = reverse("notice_edit", args=[notice.pk])
    assert save(browser, address, typed | {"place": "een"}).status_code == 200
    assert save(browser, address, typed | {"place": "twee"}).status_code == 200


def test_nobody_saves_into_a_draft_of_somebody_else(cast: Cast) -> None:
    typed = on_a_page(cast)
    mine = save(cast.client("teacher_3b"), COMPOSE, typed).json()["url"]
    assert save(cast.client("head"), mine, typed | {"place": "elders"}).status_code == 404
    theirs = save(cast.client("head"), COMPOSE, typed | {"page": str(uuid4())})
    assert theirs.status_code == 200
    assert Notice.objects.filter(author=cast.staff["teacher_3b"]).count() == 1


def test_a_notice_that_was_sent_meanwhile_is_not_saved(cast: Cast) -> None:
    notice = draft(cast)
    publish_notice(notice=notice, by=notice.author)
    address = reverse("notice_edit", args=[notice.pk])
    assert save(cast.client("teacher_3b"), address, on_a_page(cast)).status_code == 404


@pytest.mark.parametrize("by_itself", [True, False])
def test_back_from_what_was_sent_the_page_says_so(cast: Cast, by_itself: bool) -> None:
    """The browser's way back leads to the page on which it was begun, with its words."""
    browser, typed = cast.client("teacher_3b"), on_a_page(cast)
    browser.post(COMPOSE, typed)
    notice = Notice.objects.get()
    publish_notice(notice=notice, by=notice.author)
    again = save(browser, COMPOSE, typed) if by_itself else browser.post(COMPOSE, typed)
    assert again.status_code == (409 if by_itself else 422)
    assert "Dit bericht is al verzonden." in (again.json()["message"] if by_itself else again.content.decode())
    assert Notice.objects.get().status == NoticeStatus.PUBLISHED


def test_a_draft_is_thrown_away_by_its_author_alone(cast: Cast) -> None:
    notice = draft(cast)
    address = reverse("notice_discard", args=[notice.pk])
    assert cast.client("head").post(address).status_code == 404
    cast.client("teacher_3b").post(address)
    assert not Notice.objects.exists()
    assert AuditEntry.objects.filter(verb="discarded", target_id=notice.pk).exists()


def test_before_a_draft_goes_the_page_says_what_goes_with_it(cast: Cast) -> None:
    page = text_of(cast.client("teacher_3b").get(reverse("notice_edit", args=[draft(cast).pk])))
    said = page.index("Dit kan niet ongedaan gemaakt worden.")
    assert said < page.rindex("Dit ontwerp weggooien")


def test_what_was_sent_is_not_thrown_away(cast: Cast) -> None:
    notice = draft(cast)
    publish_notice(notice=notice, by=notice.author)
    assert cast.client("teacher_3b").post(reverse("notice_discard", args=[notice.pk])).status_code == 302
    assert Notice.objects.filter(pk=notice.pk).exists()
