"""How parents are spoken to in the other languages: in one polite form, and cheaply in a text message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ingroeibloei import catalogs
from messaging import formats
from messaging.schoolwords import terms_in
from messaging.segments import sms_segments
from schools.languages import INTERFACE_CODES

#: Where the words of text messages stand.
IN_TEXT_MESSAGES = (
    "messaging/announcements.py",
    "messaging/codes.py",
    "messaging/formats.py",
    "messaging/services/reminding.py",
    "messaging/services/talkchanges.py",
    "messaging/services/telling.py",
    "messaging/services/tellinggatherings.py",
    "messaging/talkwords.py",
    "parents/gatheringwords.py",
    "templates/sms/",
)
#: Forms of address beside the one of the language: "you" to one person in Arabic and Polish, a capital inside a
#: sentence where the language otherwise writes none.
OTHER_FORMS = {
    "ar": r"لديك\b|طفلك\b|رابطك\b|\bاتصل\b|\bأنشئ\b|\bاختر\b|\bيمكنك\b|\bلك\b|ستصلك\b|عائلتك\b",
    "bg": r"[^.?!:„] (Ви|Вас|Вие|Ваш\w*)\b",
    "ru": r"[^.?!:«] (Вы|Вас|Вам|Ваш\w*)\b",
    "uk": r"[^.?!:«] (Ви|Вас|Вам|Ваш\w*)\b",
    "pl": r"\b(Masz|Ciebie|Cię|Ci|Twoj\w+|Twój|Możesz|\w+ujesz|otrzymasz)\b",
    "ro": r"\b(Fă|Pune|Deschide|Oprește|Schimbă|Retrage)\b",
}
#: Other words, or other spellings, for what the rest of the language calls by one word: family and parents, school,
#: link, phone, this site, first and last name (a clan's, in Punjabi); and a mark of gender that no voice reads well.
OTHER_WORDS = {
    "ar": r"الأسرة|البوابة|نظر في|ًا",
    "bg": r"връзката за",
    "fa": r"پیوند|پورتال",
    "fr": r"\w\(n?e\)",
    "pa": r"ਨਾਮ\b|ਗੋਤ\b|ਵੇਖ|ਖਾਲੀ|ਫੋਟੋ|ਪੋਰਟਲ",
    "ps": r"برېښنالیک|اوونۍ|پورټل|لوستلی ش",
    "ro": r"\w\([ăa]\)",
    "so": r"(?<!-)\bdugsi(?!ga sare)|taleefan|weydd|kaddib|kulamad|\bxiriirka wadahadalka",
    "tr": r"ebeveyn(?!lik)",
    "uk": r"дивився",
}
CONTENT = (
    ("messaging", "notice_templates.json"),
    ("schools", "vocabulary.json"),
    ("schools", "welcome.json"),
)


def texts(code: str, places: tuple[str, ...] = ()) -> list[str]:
    """What parents read in a language, or only what stands in some places."""
    entries = [entry for entry in polib.pofile(str(catalogs.path_of(code))) if catalogs.is_for_parents(entry)]
    chosen = [
        entry for entry in entries if not places or any(place.startswith(places) for place, _line in entry.occurrences)
    ]
    return [text for entry in chosen for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]


def messages(code: str) -> dict[str, str]:
    """What stands for each English text that parents can meet."""
    return {
        entry.msgid: entry.msgstr
        for entry in polib.pofile(str(catalogs.path_of(code)))
        if catalogs.is_for_parents(entry)
    }


@pytest.mark.parametrize("code", sorted(OTHER_FORMS))
def test_one_polite_form(code: str) -> None:
    assert [text for text in texts(code) if re.search(OTHER_FORMS[code], text)] == []


def written(code: str, rows: Any) -> Iterator[str]:
    """Every text of a file of content in this language, wherever it stands: below its code."""
    if isinstance(rows, dict):
        for key, row in rows.items():
            if key == code:
                yield from row.values() if isinstance(row, dict) else [row]
            else:
                yield from written(code, row)
    elif isinstance(rows, list):
        for row in rows:
            yield from written(code, row)


@pytest.mark.parametrize("code", sorted(OTHER_WORDS))
def test_one_word_for_one_thing(code: str) -> None:
    files = [Path(settings.BASE_DIR) / app / "content" / name for app, name in CONTENT]
    content = [text for path in files for text in written(code, json.loads(path.read_text(encoding="utf-8")))]
    assert len(content) > 200
    found = re.compile(OTHER_WORDS[code], re.IGNORECASE)
    assert [text for text in (*texts(code), *content) if found.search(text)] == []


@pytest.mark.parametrize("code", [code for code in INTERFACE_CODES if code != "nl"])
def test_a_machine_is_given_the_words_of_the_pages(code: str) -> None:
    """A child's enrolment and a sign-up share their Dutch word, and a text about a CLB says what one is."""
    said = {msgid: text for msgid, text in messages("nl").items() if text.lower() not in ("inschrijving", "clb")}
    theirs, given = messages(code), terms_in(code)
    pairs = [(theirs[msgid], given[dutch.lower()]) for msgid, dutch in said.items() if dutch.lower() in given]
    assert len(pairs) >= 5
    assert [pair for pair in pairs if pair[0].lower() != pair[1].lower()] == []


@pytest.mark.parametrize("code", ["nl", "fr", "en", "so"])
def test_a_text_message_costs_no_more_for_a_curl_or_a_hard_space(code: str) -> None:
    """One ’ makes a message of 160 letters one of 70: these languages write their messages without."""
    found = texts(code, IN_TEXT_MESSAGES)
    assert len(found) > 20
    assert [text for text in found if sms_segments(text).encoding != "GSM-7"] == []


@pytest.mark.parametrize("code", INTERFACE_CODES)
def test_a_reminder_of_a_talk_fits_in_two_messages(code: str) -> None:
    """With a usual school, room and link, in every script."""
    words = {"school": "De Linde", "day": formats.long_day(date(2027, 3, 8), code, with_year=False), "hour": "15:30"}
    facts = {name: formats.isolated(value, code) for name, value in words.items()}
    with translation.override(code):
        said = formats.reminder(_("You have a talk with %(school)s on %(day)s at %(hour)s.") % facts, code)
        place = _("Place: %(place)s.") % {"place": formats.isolated("lokaal 3B", code)}
    link = "https://ingroeienbloei.be/ouders/gesprekken/"
    assert sms_segments(f"{said} {place} {link}").segments <= 2


def test_what_a_page_of_parents_is_built_from_speaks_their_language() -> None:
    """A part that is called the staff's alone keeps its Dutch on a page in Arabic."""
    folders = [place for place in catalogs.FOR_PARENTS if place.startswith("templates/") and "components" not in place]
    roots = [Path(settings.BASE_DIR) / place for place in folders]
    files = [path for root in roots for path in ([root] if root.suffix else root.rglob("*.html"))]
    used = {name for path in files for name in re.findall(r'{% component "(\w+)"', path.read_text(encoding="utf-8"))}
    assert {"link_button", "notice_banner"} <= used
    assert sorted(name for name in used if f"templates/components/{name}.html" in catalogs.FOR_STAFF_ONLY) == []
