"""A file leaves only through the doors of its notice: the link, the parents' pages, the staff's; and harms nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.files import store
from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from messaging.models import Attachment, Delivery, DeliveryEvent, Notice
from messaging.services import attach_file, publish_notice
from messaging.tokens import make_token
from parents.models import Guardianship
from schools import clock
from tests.cast import Cast
from tests.messaging.leaflets import picture
from tests.messaging.notices_for_pages import delivery_to, draft
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

LEAFLET = b"%PDF-1.7\n" + b"Het menu van mei. " * 500


@pytest.fixture(autouse=True)
def own_places(settings: Any, tmp_path: Path) -> None:
    """Files and limits for each test apart; text messages can be sent."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }


def with_file(notice: Notice, content: bytes = LEAFLET, kind: Kind = Kind.PDF, **other: Any) -> Attachment:
    fields = {"title": "Het menu van mei", "language": "nl"} | other
    return attach_file(notice=notice, by=notice.author, file=CheckedFile(kind, content), **fields)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """Sent to 3B, with the menu."""
    notice = draft(cast)
    with_file(notice)
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


@pytest.fixture
def menu(notice: Notice) -> Attachment:
    return notice.attachments.get()


@pytest.fixture
def father(cast: Cast, notice: Notice) -> Delivery:
    return delivery_to(notice, cast, "separated_father")


def by_link(delivery: Delivery, attachment: Attachment) -> str:
    return reverse("token_file", args=[make_token(delivery), attachment.pk])


def signed_in(delivery: Delivery, attachment: Attachment) -> str:
    return reverse("portal_file", args=[delivery.pk, attachment.pk])


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def status(browser: Client, url: str) -> int:
    """What somebody meets who asks for a file; reading it to its end closes it."""
    answer = browser.get(url)
    body(answer)
    return answer.status_code


class TestTheAnswer:
    def test_a_document_is_saved_under_a_name_that_says_nothing(self, father: Delivery, menu: Attachment) -> None:
        answer = Client(headers={"accept-encoding": "gzip"}).get(by_link(father, menu))
        assert body(answer) == LEAFLET
        headers = answer.headers
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Disposition"] == f'attachment; filename="bijlage-{menu.pk}.pdf"'
        assert headers["Content-Length"] == str(len(LEAFLET))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Content-Encoding" not in headers
        assert not answer.cookies

    def test_a_picture_is_shown(self, cast: Cast) -> None:
        notice = draft(cast)
        drawing = with_file(notice, picture("PNG"), Kind.PNG, language="")
        answer = cast.client("teacher_3b").get(reverse("notice_file", args=[notice.pk, drawing.pk]))
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline; ")
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_head_range_and_a_copy_in_hand_do_no_harm(self, father: Delivery, menu: Attachment) -> None:
        url, browser = by_link(father, menu), Client()
        head = browser.head(url)
        assert (head.status_code, body(head), head.headers["Content-Length"]) == (200, b"", str(len(LEAFLET)))
        part = browser.get(url, headers={"range": "bytes=0-3"})
        assert (part.status_code, body(part)) == (200, LEAFLET)
        same = browser.get(url, headers={"if-none-match": head.headers["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert browser.post(url).status_code == 405

    def test_opening_a_file_counts_for_nothing(self, father: Delivery, menu: Attachment) -> None:
        """Link scanners open files too."""
        before = DeliveryEvent.objects.count()
        body(Client().get(by_link(father, menu)))
        father.refresh_from_db()
        assert father.opened_at is None
        assert DeliveryEvent.objects.count() == before

    def test_a_file_that_is_lost_is_not_there(self, father: Delivery, menu: Attachment) -> None:
        store.remove([menu.file])
        assert status(Client(), by_link(father, menu)) == 404

    def test_nothing_else_serves_the_folder(self, menu: Attachment) -> None:
        for url in (f"/media/attachments/{menu.file}", f"/static/{menu.file}", f"/attachments/{menu.file}"):
            assert Client().get(url).status_code == 404


class TestByLink:
    def test_the_page_shows_what_comes_along_in_the_parents_language(self, father: Delivery, menu: Attachment) -> None:
        page = Client().get(reverse("token_notice", args=[make_token(father)]))
        assert by_link(father, menu) in page.content.decode()
        assert "Het menu van mei" in text_of(page)
        line = page.context["attachments"][0]
        assert line.size == "9\u00a0kB"
        assert line.note, "the father reads Arabic, the file is in Dutch"
        dutch = Client().get(reverse("token_notice", args=[make_token(father)]), {"taal": "nl"})
        assert dutch.context["attachments"][0].note == ""

    def test_a_file_of_another_notice_is_not_behind_it(self, cast: Cast, father: Delivery) -> None:
        other = draft(cast)
        assert status(Client(), by_link(father, with_file(other, b"%PDF-1.7 ander"))) == 404
        assert status(Client(), by_link(father, Attachment(pk=10**18))) == 404

    def test_nor_one_of_another_school(self, cast: Cast, father: Delivery) -> None:
        theirs = draft(cast, author="teacher_go", room="go2")
        foreign = with_file(theirs)
        publish_notice(notice=theirs, by=theirs.author)
        assert status(Client(), by_link(father, foreign)) == 404
        mother = delivery_to(theirs, cast, "mother")
        assert status(Client(), by_link(mother, foreign)) == 200

    def test_a_wrong_an_old_and_a_revoked_link_open_nothing(
        self, father: Delivery, menu: Attachment, settings: Any
    ) -> None:
        url, browser = by_link(father, menu), Client()
        assert status(browser, url.replace(make_token(father), make_token(father)[::-1])) == 404
        Delivery.objects.filter(pk=father.pk).update(token_version=father.token_version + 1)
        assert status(browser, url) == 404
        Delivery.objects.filter(pk=father.pk).update(
            token_version=father.token_version, created_at=clock.now() - timedelta(days=settings.NOTICE_LINK_DAYS + 1)
        )
        assert status(browser, url) == 404

    def test_a_parent_who_may_no_longer_be_informed_opens_nothing(self, father: Delivery, menu: Attachment) -> None:
        Guardianship.objects.filter(guardian=father.guardian).update(information_right=False)
        assert status(Client(), by_link(father, menu)) == 404

    def test_on_a_shared_phone_the_question_comes_first(self, cast: Cast, notice: Notice, menu: Attachment) -> None:
        shared = delivery_to(notice, cast, "grandfather")
        answer = Client().get(by_link(shared, menu))
        assert answer.headers["Location"] == reverse("token_second_fact", args=[make_token(shared)])
        assert "Het menu" not in text_of(Client().get(answer.headers["Location"]))

    def test_three_files_cost_no_more_queries_than_one(self, cast: Cast, father: Delivery) -> None:
        def queries(delivery: Delivery) -> int:
            url = reverse("token_notice", args=[make_token(delivery)])
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(url).status_code == 200
            return len(captured)

        many = draft(cast)
        for number in range(3):
            with_file(many, b"%PDF-1.7 " + bytes([65 + number]))
        publish_notice(notice=many, by=many.author)
        assert queries(delivery_to(many, cast, "separated_father")) == queries(father)


class TestSignedIn:
    def test_a_parent_opens_the_files_of_own_notices(self, cast: Cast, father: Delivery, menu: Attachment) -> None:
        browser = cast.guardian_client("separated_father")
        page = browser.get(reverse("portal_notice", args=[father.pk]))
        assert signed_in(father, menu) in page.content.decode()
        assert body(browser.get(signed_in(father, menu))) == LEAFLET

    @pytest.mark.parametrize("key", ["separated_mother", "dutch_mother", "mother"])
    def test_and_not_those_of_anybody_else(self, cast: Cast, father: Delivery, menu: Attachment, key: str) -> None:
        """Not even the other parent by this delivery: each has an own one."""
        assert status(cast.guardian_client(key), signed_in(father, menu)) == 404

    def test_a_file_of_another_notice_is_not_there(self, cast: Cast, father: Delivery) -> None:
        other = with_file(draft(cast), b"%PDF-1.7 ander")
        assert status(cast.guardian_client("separated_father"), signed_in(father, other)) == 404


class TestStaff:
    @pytest.mark.parametrize(
        ("key", "expected"),
        [("teacher_3b", 200), ("head", 200), ("joint", 200), ("teacher_1a", 404), ("teacher_go", 404), ("office", 403)],
    )
    def test_who_may_see_the_notice_may_open_its_files(
        self, cast: Cast, notice: Notice, menu: Attachment, key: str, expected: int
    ) -> None:
        assert status(cast.client(key), reverse("notice_file", args=[notice.pk, menu.pk])) == expected

    def test_a_draft_and_its_files_are_its_authors(self, cast: Cast) -> None:
        notice = draft(cast)
        url = reverse("notice_file", args=[notice.pk, with_file(notice).pk])
        assert status(cast.client("teacher_3b"), url) == 200
        assert status(cast.client("head"), url) == 404

    def test_a_number_of_another_notice_opens_nothing(self, cast: Cast, notice: Notice, menu: Attachment) -> None:
        theirs = draft(cast, author="teacher_go", room="go2")
        foreign = with_file(theirs)
        browser = cast.client("teacher_3b")
        assert status(browser, reverse("notice_file", args=[notice.pk, foreign.pk])) == 404
        assert status(browser, reverse("notice_file", args=[theirs.pk, foreign.pk])) == 404
        assert browser.post(reverse("notice_file_remove", args=[draft(cast).pk, menu.pk])).status_code == 404
        assert theirs.attachments.exists()

    def test_the_page_of_a_sent_notice_names_them(self, cast: Cast, notice: Notice, menu: Attachment) -> None:
        page = cast.client("head").get(reverse("notice_detail", args=[notice.pk]))
        assert reverse("notice_file", args=[notice.pk, menu.pk]) in page.content.decode()
