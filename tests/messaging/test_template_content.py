"""The notice templates that come with the portal: complete, equal and safe in every language."""

import json
import re
import string
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from messaging.models.templates import MEASUREMENT
from messaging.segments import sms_segments
from schools.languages import INTERFACE_CODES, language

FILE = Path(__file__).resolve().parents[2] / "messaging" / "content" / "notice_templates.json"
CONTENT = json.loads(FILE.read_text(encoding="utf-8"))
TEMPLATES = {template["slug"]: template for template in CONTENT["templates"]}

FIELDS = ("title", "subject", "sms", "body", "what", "when", "where", "bring", "answer")
MAY_BE_EMPTY = {"where", "bring"}
#: Characters; a slot stands beside its picture and must be read at a glance.
LONGEST = {"title": 80, "subject": 80, "what": 200, "when": 100, "where": 100, "bring": 200, "answer": 200}
SMS_VARIABLES = {"school", "date", "time"}
#: Long values of the three variables, and a link as the portal appends it after a blank.
SMS_VALUES = {"school": "Vrije basisschool De Boomgaard", "date": "donderdag 23 september", "time": "15.30"}
LINK = " https://" + "x" * 32
SCRIPT_NAMES = {"Arab": "ARABIC", "Guru": "GURMUKHI", "Cyrl": "CYRILLIC", "Latn": "LATIN"}
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FORBIDDEN_FORMATS = {
    "an ISO date": re.compile(r"\d{4}-\d{1,2}-\d{1,2}"),
    "a date in figures": re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}/\d{1,2}"),
    "a 12-hour clock": re.compile(r"\b\d{1,2}([.:]\d{2})?\s*[ap]\.?m\b|\b[AP]M\b", re.IGNORECASE),
}

EVERY_TEMPLATE = pytest.mark.parametrize("slug", TEMPLATES)
EVERY_LANGUAGE = pytest.mark.parametrize("code", INTERFACE_CODES)


@cache
def placeholders(text: str) -> tuple[str, ...]:
    """The variables in a text, sorted and with repetitions; a stray brace raises ``ValueError``."""
    return tuple(sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None))


def words_of(text: str) -> str:
    """The letters of a text without its variables and without abbreviations that stay Latin."""
    return "".join(letter for letter in re.sub(r"\{\w+\}|\bCLB\b|\bMDO\b|\bSMS\b", "", text) if letter.isalpha())


def text_of(slug: str, code: str) -> dict[str, str]:
    return TEMPLATES[slug]["texts"][code]


def texts_of(slug: str) -> list[tuple[str, dict[str, str]]]:
    """A template in each language of the interface."""
    return [(code, text_of(slug, code)) for code in INTERFACE_CODES]


def test_the_collection_is_whole_and_says_that_it_is_a_draft():
    assert len(TEMPLATES) == len(CONTENT["templates"]) == 18
    assert CONTENT["licence"] == "CC0-1.0"
    assert "not reviewed by native speakers" in CONTENT["status"]


@EVERY_TEMPLATE
def test_a_template_says_how_it_is_used(slug):
    template = TEMPLATES[slug]
    assert template["kind"] in {"ACTIE", "INFO", "DRINGEND"}
    assert template["translation_reason"] in {"INTEGRATION", "HEALTH_SAFETY", "SERVICE_ACCESS", "WELCOME"}
    assert template["answer_scope"] in {"FAMILY", "GUARDIAN"}
    assert template["confidential"] is (slug in {"school-bill-help", "illness-certificate"})
    assert template["purpose"]
    assert len(set(template["variables"])) == len(template["variables"])


@EVERY_TEMPLATE
def test_every_field_is_there_in_every_language(slug):
    for code, text in texts_of(slug):
        assert tuple(sorted(text)) == tuple(sorted(FIELDS)), code
        for field, value in text.items():
            assert value == unicodedata.normalize("NFC", value).strip(), (code, field)
            assert value or field in MAY_BE_EMPTY, (code, field)
            assert bool(value) is bool(text_of(slug, "nl")[field]), f"{field} is empty in {code} or in Dutch only"
            assert len(value) <= LONGEST.get(field, len(value)), (code, field)


@EVERY_TEMPLATE
def test_every_answer_has_a_label_in_every_language(slug):
    answers = TEMPLATES[slug]["answers"]
    assert len({answer["key"] for answer in answers}) == len(answers)
    # One leads to a questionnaire instead.
    assert len(answers) >= (0 if slug == MEASUREMENT else 2)
    for answer in answers:
        assert tuple(answer["labels"]) == INTERFACE_CODES
        assert all(answer["labels"].values())


@EVERY_TEMPLATE
def test_a_notice_takes_one_answer_so_its_text_asks_for_one(slug):
    """A face for each sentence can be given in the questionnaire of a measurement only."""
    for_each = {"nl": "bij elke", "fr": "pour chaque", "en": "for each"}
    found = [code for code, words in for_each.items() if any(words in text for text in text_of(slug, code).values())]
    assert found == (list(for_each) if slug == MEASUREMENT else [])


def test_a_visit_at_home_takes_as_long_as_its_card_tells_the_teacher():
    methods = json.loads((FILE.parents[2] / "schools" / "content" / "methods.json").read_text(encoding="utf-8"))
    minutes = next(card["duration_min"] for card in methods["methods"] if card["slug"] == "home-visit")
    for code, text in texts_of("home-visit"):
        assert re.findall(r"\d+", text["body"]) == re.findall(r"\d+", text["answer"]) == [str(minutes)], code


@EVERY_TEMPLATE
def test_a_translation_uses_the_same_variables_as_the_dutch(slug):
    for code, text in texts_of(slug):
        for field, value in text.items():
            assert set(placeholders(value)) <= set(TEMPLATES[slug]["variables"]), (code, field)
            assert placeholders(value) == placeholders(text_of(slug, "nl")[field]), (code, field)


@EVERY_TEMPLATE
def test_a_translation_has_as_many_lines_as_the_dutch(slug):
    for code, text in texts_of(slug):
        assert text["body"].count("\n") == text_of(slug, "nl")["body"].count("\n"), code
        assert not any("\n" in text[field] for field in FIELDS if field != "body"), code


@EVERY_TEMPLATE
def test_dates_and_hours_come_from_variables(slug):
    for code, text in texts_of(slug):
        for field, value in text.items():
            for name, pattern in FORBIDDEN_FORMATS.items():
                assert not pattern.search(value), f"{field} holds {name} in {code}"


@EVERY_TEMPLATE
def test_a_text_is_written_in_its_own_script(slug):
    for code, text in texts_of(slug):
        wanted = SCRIPT_NAMES[language(code).script]
        letters = words_of(" ".join(text.values()))
        own = sum(unicodedata.name(letter).startswith(wanted) for letter in letters)
        assert own > 0.6 * len(letters), code


@EVERY_TEMPLATE
def test_no_text_carries_invisible_direction_marks(slug):
    assert [code for code, text in texts_of(slug) if BIDI_CONTROLS.search("".join(text.values()))] == []


@EVERY_TEMPLATE
def test_subject_and_text_message_name_no_child(slug):
    for code, text in texts_of(slug):
        assert placeholders(text["subject"]) == (), code
        assert set(placeholders(text["sms"])) <= SMS_VARIABLES, code


@EVERY_TEMPLATE
def test_a_text_message_with_its_link_costs_two_messages_at_most(slug):
    for code, text in texts_of(slug):
        sms = text["sms"]
        cost = sms_segments(sms.format(**SMS_VALUES) + LINK)
        assert cost.segments <= 2, (code, cost)
        assert "://" not in sms, code
        assert unicodedata.category(sms[-1])[0] in "LM", f"{code}: the link follows a word, not a punctuation mark"


@EVERY_TEMPLATE
def test_a_text_message_without_special_letters_stays_in_the_cheap_alphabet(slug):
    for code in ("nl", "fr", "en", "so"):
        sms = text_of(slug, code)["sms"].format(**SMS_VALUES) + LINK
        assert sms_segments(sms).encoding == "GSM-7", code


@EVERY_LANGUAGE
def test_a_confidential_notice_shows_nothing_outside_the_page(code):
    bill, illness = text_of("school-bill-help", code), text_of("illness-certificate", code)
    for field in ("subject", "sms"):
        assert bill[field] == illness[field], "two confidential notices look alike from outside"
        assert bill[field] != bill["title"]


@EVERY_LANGUAGE
def test_the_urgent_title_leaves_the_word_urgent_to_the_code(code):
    title = text_of("urgent-early-closing", code)["title"]
    assert ":" not in title
    assert title[0] == title[0].upper()
