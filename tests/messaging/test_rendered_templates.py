"""Every notice template in every language by every way: nothing left open, right direction and script, not too long."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from html.parser import HTMLParser

import pypdfium2
import pytest

from messaging import formats
from messaging.channels.letter import print_content
from messaging.content import FILE
from messaging.letters import preview_sheet, print_run
from messaging.models import Notice, NoticeText
from messaging.previews import text_message
from messaging.rendering import preview, preview_mail
from messaging.segments import sms_segments
from schools.languages import INTERFACE_CODES, MASTER, language
from schools.typeset import typeset
from tests import factories as make

pytestmark = pytest.mark.django_db

SLUGS = [entry["slug"] for entry in json.loads(FILE.read_text(encoding="utf-8"))["templates"]]
SCRIPTS = {"Arab": "ARABIC", "Guru": "GURMUKHI", "Cyrl": "CYRILLIC", "Latn": "LATIN"}
#: Values that keep their own letters in any language, and words that stay Latin.
LATIN_VALUES = re.compile(r"https?://\S+|\bCLB\b|\bMDO\b|\bSMS\b|\u2068[^\u2069]*\u2069|<bdi>[^<]*</bdi>")
#: What must never reach a parent: an open variable, the sign of a missing value, the marks of a mail's skeleton.
OPEN = re.compile("[{}]|…|[\ue000-\uf8ff]")


class Words(HTMLParser):
    """The visible words of a part, and the directions and languages that it declares."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.directions: set[str] = set()
        self.languages: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.directions |= {given["dir"]} if given.get("dir") else set()  # type: ignore[arg-type]
        self.languages |= {given["lang"]} if given.get("lang") else set()  # type: ignore[arg-type]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(params=SLUGS)
def notice(request: pytest.FixtureRequest) -> Notice:
    """To one family with a child called Noor, from one template with every value filled in."""
    room = make.make_class()
    make.make_family(room, children=["Noor"])
    return make.make_notice(room, slug=request.param)


def share_of_script(text: str, code: str) -> float:
    """How much of the letters is of the language's script, names and values aside."""
    letters = [letter for letter in LATIN_VALUES.sub(" ", text) if letter.isalpha()]
    wanted = SCRIPTS[language(code).script]
    return sum(unicodedata.name(letter, "").startswith(wanted) for letter in letters) / max(1, len(letters))


def test_the_page(notice: Notice) -> None:
    for code in INTERFACE_CODES:
        page, entry = preview(notice, code), language(code)
        assert page.text.language == entry
        assert page.direction == entry.direction
        assert (page.dutch is None) is (code == MASTER)
        parts = [page.title, page.body, *(slot.text for slot in page.slots), *(row.label for row in page.answers)]
        for part in parts:
            assert not OPEN.search(part), (code, part)
        assert share_of_script(" ".join(parts), code) > 0.55, code
        assert [slot.key for slot in page.slots] == [slot.key for slot in preview(notice, MASTER).slots]
        assert all(len(slot.text) <= 300 for slot in page.slots)
        assert all(slot.label for slot in page.slots)


def test_the_mail(notice: Notice) -> None:
    for code in INTERFACE_CODES:
        mail, entry = preview_mail(notice, code), language(code)
        html = Words(mail.html)
        assert (mail.html_lang, mail.direction) == (entry.html_lang, entry.direction)
        assert entry.direction in html.directions
        assert entry.html_lang in html.languages
        assert mail.subject.startswith(("ACTIE: ", "INFO: ", "DRINGEND: "))
        assert "Noor" not in mail.subject
        assert len(mail.subject) <= 130
        for part in (mail.subject, mail.text.replace("/b/…/", ""), " ".join(html.words).replace("/b/…/", "")):
            assert not OPEN.search(part), (code, part)
        if code != MASTER:
            assert "nl-BE" in html.languages, "the Dutch stands in it"


def test_the_text_message(notice: Notice) -> None:
    for text in NoticeText.objects.filter(notice=notice):
        for is_shared in (False, True):
            words = text_message(notice, text, is_shared=is_shared)
            assert not OPEN.search(words), words
            assert "Noor" not in words
            assert sms_segments(words).segments <= 2, words
            assert words.count("https://") + words.count("http://") == 1
            if language(text.language).script != "Latn":
                assert sms_segments(words).encoding == "UCS-2"


def test_the_letter(notice: Notice) -> None:
    notice.answer_by = date(2083, 2, 5)
    if notice.template and "deadline" not in notice.template.variables:
        notice.values.pop("deadline")
    letters = []
    for code in INTERFACE_CODES:
        letter, entry = preview_sheet(notice, code), language(code)
        letters.append(letter)
        assert (letter.language, letter.direction) == (entry.code, entry.direction)
        sides = [letter.dutch, *([letter.own] if letter.own else [])]
        assert len(sides) == (1 if code == MASTER else 2)
        for side in sides:
            parts = [side.title, side.opening, side.body, *(text for _key, _label, text in side.slots)]
            assert not any(OPEN.search(part) for part in parts), (code, parts)
        if letter.own:
            own = " ".join([letter.own.title, letter.own.body, *(text for _key, _label, text in letter.own.slots)])
            assert share_of_script(own, code) > 0.55, code
            assert len(letter.own.slots) == len(letter.dutch.slots)
        for side in sides:
            key, spoken = ("nl", MASTER) if side is letter.dutch else ("own", code)
            day = formats.long_day(notice.answer_by, spoken)
            said = [letter.last_day.get(key, ""), side.opening, side.body, *(text for _key, _label, text in side.slots)]
            assert any(day in part for part in said), (code, said)
    run = print_run(notice.school, INTERFACE_CODES, "Alle talen")
    sheets = pypdfium2.PdfDocument(typeset("letter", print_content(run, letters)))
    backs = [sheets[page].get_textpage().get_text_range().strip() for page in range(1, len(sheets), 2)]
    assert (len(sheets), set(backs)) == (2 * len(letters) - 1, {""}), "the strip is cut from the sheet it belongs to"


def test_every_language_has_its_text(notice: Notice) -> None:
    texts = {text.language for text in NoticeText.objects.filter(notice=notice)}
    assert texts == set(INTERFACE_CODES)
