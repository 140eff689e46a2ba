"""A notice as a mail program receives it: read with Python's own parser from what came over the socket."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from django.test import Client
from django.utils import translation

from messaging import outbox
from messaging.formats import NO_BREAK
from messaging.models import Delivery, Notice, OptOut
from messaging.models.texts import SLOTS
from messaging.noticepage import SLOT_LABELS
from messaging.services import publish_notice
from messaging.tokens import delivery_named
from schools.languages import language
from schools.roster.contacts import written_phone
from tests import factories as make
from tests.messaging.sinks import MailSink

pytestmark = pytest.mark.django_db

TITLES = {
    "nl": "Uitnodiging voor het oudercontact",
    "ar": "دعوة إلى لقاء في المدرسة",
    "pa": "ਸਕੂਲ ਵਿੱਚ ਮੁਲਾਕਾਤ ਲਈ ਸੱਦਾ",
}


def arrived(sink: MailSink, code: str, slug: str = "parent-meeting-invitation") -> tuple[EmailMessage, Notice]:
    school_class = make.make_class()
    make.make_family(school_class, languages=[code], emails=["ouder@post.example"], children=["Noor"])
    notice = make.make_notice(school_class, slug=slug)
    publish_notice(notice=notice, by=notice.author)
    outbox.deliver_due()
    (mail,) = sink.messages()
    return mail, notice


class Blocks(HTMLParser):
    """The words of each element that states its language, with that language and direction."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, tuple[str, str]]] = []
        self.words: dict[tuple[str, str], str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        inherited = self.open[-1][1] if self.open else ("", "")
        stated = (facts.get("lang") or inherited[0], facts.get("dir") or inherited[1])
        if tag not in ("meta", "br", "img", "hr", "link"):
            self.open.append((tag, stated))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open:
            where = self.open[-1][1]
            self.words[where] = self.words.get(where, "") + data


def words_of(mail: EmailMessage) -> list[EmailMessage]:
    """The text and the HTML."""
    return [part for part in mail.walk() if part.get_content_maintype() == "text"]


@pytest.mark.parametrize("code", ["nl", "ar", "pa"])
def test_each_reader_gets_text_and_html_in_the_own_language_and_direction(sink: MailSink, code: str) -> None:
    mail, notice = arrived(sink, code)
    entry = language(code)
    assert mail.defects == []
    assert mail.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["text/plain", "multipart/related"], "the best comes last"
    assert [part.defects for part in mail.iter_parts()] == [[], []]
    assert {part.get_content_charset() for part in words_of(mail)} == {"utf-8"}
    assert mail["Content-Language"] == entry.html_lang
    own = notice.texts.get(language=code).title
    dutch = notice.texts.get(language="nl").title
    text, html = (part.get_content() for part in words_of(mail))
    blocks = Blocks(html)
    assert own in blocks.words[(entry.html_lang, entry.direction)]
    if code != "nl":
        assert dutch in blocks.words[("nl-BE", "ltr")], "the original stands below, as Dutch and left to right"
        assert text.index(own) < text.index(dutch)
    assert "Noor" in text
    assert "Noor" in html
    head, _, body = sink.raw[0][1].partition(b"\r\n\r\n")
    assert max(len(line) for line in head.split(b"\r\n")) < 998
    assert max(len(line) for line in body.split(b"\r\n")) <= 76


@pytest.mark.parametrize("code", ["nl", "ar", "pa"])
def test_each_slot_has_its_pictogram_in_the_mail_and_a_word_in_the_readers_language(sink: MailSink, code: str) -> None:
    mail, notice = arrived(sink, code)
    related = list(mail.iter_parts())[1]
    html, *pictures = related.iter_parts()
    filled = [key for key in SLOTS if notice.texts.get(language=code).slots[key]]
    shown = dict(re.findall(r'<img src="cid:([^"]+)"[^>]* alt="([^"]+)"', html.get_content()))
    with translation.override(code):
        assert list(shown.values()) == [str(SLOT_LABELS[key]) for key in filled]
    assert [part["Content-ID"] for part in pictures] == [f"<{name}>" for name in shown]
    for part in pictures:
        assert part.get_content_type() == "image/png"
        assert part["Content-Disposition"] == "inline"
        assert part.get_content().startswith(b"\x89PNG")
    assert sum(len(part.get_content()) for part in pictures) < 6_000
    assert "http" not in "".join(shown), "nothing is fetched that would tell who reads"


@pytest.mark.parametrize("code", ["nl", "ar", "pa"])
def test_one_click_stops_mails(sink: MailSink, client: Client, code: str) -> None:
    mail, _ = arrived(sink, code)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (url,) = re.findall(r"<(https?://\S+)>", mail["List-Unsubscribe"])
    path = "/" + url.split("/", 3)[3]
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert not OptOut.objects.exists(), "a scanner that follows links changes nothing"
    answer = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert OptOut.objects.get().channel == "EMAIL"


@pytest.mark.parametrize("code", ["nl", "ar", "pa"])
def test_a_confidential_notice_says_nothing_but_that_there_is_one(sink: MailSink, code: str) -> None:
    mail, notice = arrived(sink, code, slug="school-bill-help")
    everything = sink.raw[0][1].decode() + "".join(part.get_content() for part in mail.iter_parts())
    for text in notice.texts.all():
        for words in (text.title, text.body, text.sms, *text.slots.values()):
            assert words not in everything or not words
    assert "Noor" not in everything
    assert notice.school.name in everything
    _, html = mail.iter_parts()
    entry = language(code)
    assert Blocks(html.get_content()).words[(entry.html_lang, entry.direction)].strip()


def test_the_schools_number_breaks_over_no_line(sink: MailSink) -> None:
    mail, notice = arrived(sink, "nl")
    number = written_phone(notice.school.phone)
    assert " " in number
    _text, html = words_of(mail)
    assert f"<bdi>{number.replace(' ', NO_BREAK)}</bdi>" in html.get_content()


def test_a_mail_sent_again_has_the_same_signed_name(sink: MailSink) -> None:
    mail, _ = arrived(sink, "nl")
    delivery = Delivery.objects.get()
    assert delivery_named(mail["Message-ID"]) == delivery.pk
    sink.raw.clear()
    Delivery.objects.update(status="QUEUED", due_at=delivery.created_at)
    outbox.deliver_due()
    (again,) = sink.messages()
    assert again["Message-ID"] == mail["Message-ID"]


def test_a_server_that_reports_is_told_the_name_and_asked_for_headers_only(
    sink: MailSink, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 3461: what a family was told does not travel back to a mailbox that others read."""
    asked: list[str] = []

    async def announce(
        self: MailSink, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    for command in ("smtp_MAIL", "smtp_RCPT"):
        plain = getattr(SMTP, command)

        async def with_options(server: SMTP, words: str, plain: Any = plain) -> None:
            asked.append(words)
            await plain(server, words.partition("> ")[0] + ">")

        monkeypatch.setattr(SMTP, command, with_options)
    monkeypatch.setattr(MailSink, "handle_EHLO", announce)
    settings.BOUNCE_ADDRESS = "uitbak@school.example"
    mail, _ = arrived(sink, "nl")
    name = mail["Message-ID"].strip("<>").split("@")[0]
    assert asked[0].startswith("FROM:<uitbak@school.example>")
    assert f"ENVID={name} RET=HDRS" in asked[0]
    assert asked[1] == "TO:<ouder@post.example> NOTIFY=FAILURE"
