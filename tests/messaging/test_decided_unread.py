"""What somebody says to have read is what stood on the page: other words that came meanwhile are read first."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from messaging.models import Notice, NoticeText, TextState
from messaging.services import decide_request, write_translation
from parents.models import DataRequest, OwnVersion
from tests.cast import Cast
from tests.messaging.datarequests import ask
from tests.messaging.notices_for_pages import draft

pytestmark = pytest.mark.django_db

ASKED, MORE = "Mijn nummer is fout.", "En de nota van maart klopt niet."


@pytest.fixture
def request_of_mother(cast: Cast) -> DataRequest:
    return asks(cast, ASKED)


def asks(cast: Cast, words: str) -> DataRequest:
    return ask(cast, "RECTIFY", "mother", words=words)


def test_words_that_a_parent_adds_are_not_decided_unread(cast: Cast, request_of_mother: DataRequest) -> None:
    head, url = cast.client("head"), reverse("data_request", args=[request_of_mother.pk])
    stood = head.get(url).context["form"]["asked"].value()
    decision = {"decision": "GRANTED", "reason": "In orde.", "asked": stood}
    asks(cast, MORE)
    page = head.post(url, decision)
    assert page.status_code == 422
    assert "De ouder vroeg intussen nog iets. Lees het hierboven en beslis dan." in page.content.decode()
    assert MORE in page.content.decode()
    request_of_mother.refresh_from_db()
    assert request_of_mother.decided_at is None
    again = decision | {"asked": page.context["form"]["asked"].value()}
    assert head.post(url, again).status_code == 302, "read, it is decided"
    assert OwnVersion.objects.get().text == f"{ASKED}\n\n{MORE}"


def test_nor_in_the_moment_of_deciding(cast: Cast, request_of_mother: DataRequest) -> None:
    asks(cast, MORE)
    with pytest.raises(ValidationError, match="intussen nog iets"):
        decide_request(request=request_of_mother, by=cast.staff["head"], decision="REFUSED", reason="Neen.")
    assert DataRequest.objects.get().decided_at is None


def test_who_decides_what_a_colleague_decided_reads_that_it_is_not_theirs(
    cast: Cast, request_of_mother: DataRequest
) -> None:
    head, office, url = cast.client("head"), cast.client("office"), reverse("data_request", args=[request_of_mother.pk])
    typed = {"decision": "REFUSED", "reason": "Neen.", "asked": head.get(url).context["form"]["asked"].value()}
    head.post(url, typed | {"decision": "GRANTED", "reason": "In orde."})
    page = office.post(url, typed, follow=True)
    assert [str(one) for one in page.context["messages"]] == ["Iemand besliste dit al."]
    request_of_mother.refresh_from_db()
    assert (request_of_mother.decision, request_of_mother.decided_by) == ("GRANTED", cast.staff["head"])
    head.get(url)
    again = head.post(url, typed, follow=True)
    assert [str(one) for one in again.context["messages"]] == [], "an own second press says nothing of somebody"


@pytest.mark.parametrize("act", ["reviewed", "seen"])
def test_a_translation_that_was_written_anew_is_not_the_one_that_was_read(cast: Cast, act: str) -> None:
    notice: Notice = draft(cast)
    texts = NoticeText.objects.filter(notice=notice, language="pa")
    texts.update(origin="MACHINE", state=TextState.MACHINE, back={"title": "Kom praten", "body": "Kom praten."})
    address, teacher = reverse("notice_translation", args=[notice.pk, "pa"]), cast.client("teacher_3b")
    page = teacher.get(address).content.decode()
    said = texts.get().said
    assert f'name="said" value="{said}"' in page
    texts.update(title="ਹੋਰ", back={"title": "Iets anders", "body": "Iets anders."})
    answer = teacher.post(address, {"act": act, "said": said}, follow=True)
    assert "Deze vertaling is intussen veranderd. Lees ze nog eens." in answer.content.decode()
    row = texts.get()
    assert (row.reviewed_at, row.back_seen_at) == (None, None)
    teacher.post(address, {"act": act, "said": row.said})
    row = texts.get()
    assert row.reviewed_at or row.back_seen_at


def test_what_is_saved_once_more_without_a_change_is_the_same(cast: Cast) -> None:
    notice = draft(cast)
    before = NoticeText.objects.get(notice=notice, language="pa")
    words = {"title": before.title, "body": before.body, "sms": before.sms, "subject": before.subject}
    write_translation(notice=notice, language="pa", text=words | {"slots": before.slots}, author=notice.author)
    assert NoticeText.objects.get(notice=notice, language="pa").said == before.said
