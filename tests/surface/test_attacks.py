"""Hostile words in every field, foreign numbers in every form: nothing runs, nothing leaks, nothing moves."""

from __future__ import annotations

import csv
import email
import email.policy
import io
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from messaging import printfiles
from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.mime import mail_bytes
from messaging.models import Notice, NoticeText, ThreadPost
from messaging.services import create_notice, print_letters, publish_notice
from messaging.tokens import make_token
from parents.models import ContactMoment, FollowUp, Guardian
from reports.models import BudgetLine, ChapterDraft, DataBreach, DiaryNote, ReportChapter, ScanAction, ScanAnswer
from schools import clock
from schools.models import Method, Pupil, School, SchoolClass, User
from schools.spreadsheet import as_csv
from tests.cast import staff_browser
from tests.messaging.rendered import mail_for, sms_for
from tests.surface.routes import STAFF
from tests.surface.rows import Rows

pytestmark = pytest.mark.django_db

OVERRIDE = "\u202e"
#: Breaks out of attributes and elements, asks template engines to count, turns the line around.
HOSTILE = "\"'><x-evil onerror=a()>{{7|add:35}}{%x%}${6*7}" + OVERRIDE
LONG = HOSTILE + "<script>x()</script><img src=x onerror=a()><a href='javascript:a()'>y</a>[z](javascript:a())"
TYPST = '#eval("40+2") #panic() $x$ *vet* @ref <label> \\ '


class Dangers(HTMLParser):
    """What of the hostile words became part of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "x-evil" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            is_address = name in {"href", "src", "action", "formaction"}
            if name.startswith("on") or "x-evil" in name or (is_address and "javascript:" in (value or "").lower()):
                self.found.append(f"<{tag} {name}={value}>")


@pytest.fixture
def hostile(rows: Rows) -> Rows:
    """Everybody and everything has a hostile name; every line that people write is hostile."""
    Pupil.objects.update(first_name=HOSTILE, last_name=HOSTILE)
    Guardian.objects.update(first_name=HOSTILE, last_name=HOSTILE)
    for room in SchoolClass.objects.all():
        SchoolClass.objects.filter(pk=room.pk).update(name=f"<x-evil>{room.pk}")
    School.objects.update(name=HOSTILE)
    User.objects.update(full_name=HOSTILE)
    ContactMoment.objects.update(note=LONG, agreement=LONG)
    FollowUp.objects.update(what=LONG)
    ThreadPost.objects.update(text=LONG)
    Method.objects.update(title=HOSTILE)
    ReportChapter.objects.update(text=LONG)
    typed = {"edition": 1, "text": LONG, "written_by": rows.cast.staff["joint"], "saved_at": clock.now()}
    ChapterDraft.objects.create(chapter=rows.report.chapters.get(number=1), **typed)
    DiaryNote.objects.filter(pk=rows.diary_note.pk).update(text=LONG)
    DataBreach.objects.filter(pk=rows.breach.pk).update(what=LONG, measures=LONG)
    BudgetLine.objects.update(name=HOSTILE[:80])
    ScanAction.objects.update(what=LONG[:160])
    ScanAnswer.objects.update(remark=LONG[:200])
    return rows


#: What is downloaded is no page: nothing in it is ever read as HTML.
FILES = frozenset(
    {
        "breach_csv",
        "class_list_file",
        "clb_file_csv",
        "clb_pupil_csv",
        "clb_pupil_pdf",
        "conference_host_file",
        "conference_hour_file",
        "data_request_export",
        "interpreter_sheet_csv",
        "letter_batch_pdf",
        "notice_export",
        "notice_file",
        "notice_recording",
        "processing_register_csv",
        "report_summary_pdf",
        "report_tables",
        "report_word",
        "report_workbook",
        "budget_csv",
        "budget_workbook",
        "hours_csv",
        "hours_workbook",
        "translation_log_csv",
        "template_recording",
    }
)


def pages_for(rows: Rows, key: str) -> list[str]:
    return [
        reverse(name, args=route.arguments(rows)) + route.query(rows)
        for name, route in STAFF.items()
        if route.method == "get" and key in route.rows and name not in FILES
    ]


@pytest.mark.parametrize(
    "key", ["joint", *(pytest.param(key, marks=pytest.mark.full) for key in ("teacher_3b", "head"))]
)
def test_hostile_words_stay_words_on_the_staffs_pages(hostile: Rows, key: str) -> None:
    client, dangers, met = hostile.cast.client(key), {}, 0
    for url in [*pages_for(hostile, key), f"{reverse('family_list')}?{urlencode({'q': LONG})}"]:
        text = client.get(url).content.decode()
        met += "&lt;x-evil" in text
        assert "onerror=a()&gt;42" not in text, url
        if found := Dangers(text).found:
            dangers[url] = found
    assert dangers == {}
    assert met > 3, "the hostile words were hardly met"


def test_and_on_the_parents_pages(hostile: Rows) -> None:
    delivery = hostile.delivery_to("separated_father")
    parent = hostile.cast.guardian_client("separated_father")
    urls = ["/ouders/", reverse("portal_choices"), reverse("portal_child", args=[hostile.cast.pupils["yusuf"].pk])]
    for url in [*urls, reverse("portal_notice", args=[delivery.pk])]:
        assert Dangers(parent.get(url).content.decode()).found == [], url
    by_link = [reverse(name, args=[make_token(delivery)]) for name in ("token_notice", "token_choices")]
    for url in (*by_link, reverse("playbook")):
        assert Dangers(Client().get(url).content.decode()).found == [], url
    asked = Client().get(f"{reverse('guardian_sign_in')}?{urlencode({'volgende': LONG, 'taal': LONG})}")
    assert Dangers(asked.content.decode()).found == []


@pytest.fixture
def hostile_notice(rows: Rows) -> Notice:
    """A notice with hostile variables to hostile names, planned."""
    Pupil.objects.update(first_name=HOSTILE + TYPST[:20])
    assert rows.notice.template is not None
    notice = create_notice(
        author=rows.cast.staff["teacher_3b"],
        template=rows.notice.template,
        school=rows.cast.schools["kersenboom"],
        school_class=rows.cast.classes["3b"],
        values={
            "teacher": f"{HOSTILE}{{child}}{{place}}",
            "date": "2027-02-11",
            "time": "16:00",
            "place": f"{TYPST}\r\nBcc: x@elders.example\x00",
            "phone": "<script>a()</script>",
        },
    )
    publish_notice(notice=notice, by=notice.author)
    return notice


def test_hostile_words_stay_words_in_mails_and_text_messages(hostile_notice: Notice) -> None:
    for delivery in hostile_notice.deliveries.all():
        mail, sms = mail_for(delivery), sms_for(delivery)
        assert Dangers(mail.html).found == []
        assert "\n" not in mail.subject
        assert "\r" not in mail.subject
        for text in (mail.html, mail.text, mail.subject, str(sms)):
            assert OVERRIDE not in text
            assert "\x00" not in text
        assert "\nBcc:" not in mail.text
        assert "\n" not in str(sms)


def test_hostile_words_stay_words_in_stored_texts(hostile_notice: Notice) -> None:
    for text in NoticeText.objects.filter(notice=hostile_notice):
        assert "{place}" not in text.body
        assert OVERRIDE not in text.body


def test_hostile_words_stay_words_on_paper(hostile_notice: Notice) -> None:
    batch = print_letters(notice=hostile_notice, by=hostile_notice.author)
    document = pypdfium2.PdfDocument(printfiles.read(batch.file))
    words = " ".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    document.close()
    assert "#eval" in words
    assert "#panic()" in words
    assert "*vet*" in words
    assert OVERRIDE not in words


def as_mail(**facts: Any) -> bytes:
    outgoing = Outgoing(number=1, round=1, **facts)
    return mail_bytes(outgoing, host_name="portaal.example", sender_name="School", sender="school@portaal.example")


BREAKS = [
    "x\r\nBcc: thief@elders.example",
    "x\nBcc: thief@elders.example",
    "x\rBcc: t@e.example",
    "x\x00y",
    "x\u2028Bcc: t",
]


@pytest.mark.parametrize(
    "words", [*BREAKS, "=?utf-8?q?x=0D=0ABcc:_thief@elders.example?=", "naam <thief@elders.example>, y"]
)
def test_no_header_is_smuggled_into_a_mail(words: str) -> None:
    made = as_mail(address="a@thuis.example", text=words, subject=words, html=words, sender_name=words)
    read = email.message_from_bytes(made, policy=email.policy.default)
    assert read["Bcc"] is None
    assert read["To"] == "a@thuis.example"
    assert [place.addr_spec for place in read["From"].addresses] == ["school@portaal.example"]
    assert len(read.get_all("Subject", [])) == 1


@pytest.mark.parametrize("field", ["address", "reply_to", "html_lang", "unsubscribe_url"])
@pytest.mark.parametrize("words", BREAKS[:3])
def test_a_header_that_breaks_is_not_sent(field: str, words: str) -> None:
    facts: dict[str, Any] = {"address": "a@thuis.example", "text": "x", "subject": "x", field: words}
    with pytest.raises(ChannelError):
        as_mail(**facts)


@pytest.mark.parametrize(
    "address", ["a@b.example, c@d.example", "a@b.example\nRCPT TO:<c@d.example>", "<a@b.example>", "a b@c.d"]
)
def test_a_mail_has_one_recipient(address: str) -> None:
    with pytest.raises(ChannelError):
        as_mail(address=address, text="x")


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1+1", "\u22121+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1+1", '=HYPERLINK("x")'],
)
def test_a_figures_file_computes_nothing(cell: str) -> None:
    made = as_csv(["kop", cell], [[cell, 1], ["x;y", cell]], cell)
    for line in csv.reader(io.StringIO(made.removeprefix("\ufeff")), delimiter=";"):
        for value in line:
            assert value.strip()[:1] not in {"=", "+", "-", "@", "\uff1d"}, value


def test_the_indicators_file_names_its_maker_harmlessly(rows: Rows) -> None:
    User.objects.filter(pk=rows.cast.staff["joint"].pk).update(full_name='=HYPERLINK("http://elders.example")')
    joint = User.objects.get(pk=rows.cast.staff["joint"].pk)
    answer = staff_browser(joint).get(reverse("indicator_detail", args=["I01"]), {"csv": "1"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for line in csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff")), delimiter=";"):
        assert not [cell for cell in line if cell.startswith(("=", "+", "@"))]
