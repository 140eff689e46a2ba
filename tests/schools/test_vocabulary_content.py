"""The words of the field: every entry has a code, an icon of our set and a label in every language."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from schools.languages import INTERFACE_CODES, language

ROOT = Path(__file__).resolve().parents[2]
CONTENT = json.loads((ROOT / "schools" / "content" / "vocabulary.json").read_text(encoding="utf-8"))
GROUPS = CONTENT["groups"]
ENTRIES = [(group, entry["key"]) for group, entries in GROUPS.items() for entry in entries]
ICONS = ROOT / "ingroeibloei" / "static" / "ingroeibloei" / "icons"
SCRIPT_NAMES = {"Arab": "ARABIC", "Guru": "GURMUKHI", "Cyrl": "CYRILLIC", "Latn": "LATIN"}
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_LABEL = 160

CODES = {
    "contact_kind": "INTAKE INFO_EVENING CONFERENCE HOME_VISIT GATE_TALK COFFEE_MOMENT PHONE VIDEO MESSAGE MDO "
    "ORIENTATION WORKSHOP READING PARTICIPATION REFERRAL CLB_TALK CRISIS",
    "contact_purpose": "WELCOME PRAISE INFORMATION INVITATION PROGRESS QUESTION CONCERN CARE ORIENTATION PRACTICAL "
    "AGREEMENT",
    "contact_outcome": "REACHED_AGREED REACHED_FOLLOW_UP NOT_REACHED DECLINED RESCHEDULED REFERRED",
    "contact_initiative": "FAMILY TEACHER SCHOOL PROJECT_WORKER CLB PARTNER",
    "channel": "EMAIL SMS LETTER CALL IN_PERSON",
    "interpreter_mode": "ON_SITE PHONE VIDEO MEDIATOR ADULT_ACQUAINTANCE CHILD NONE",
    "tone": "POSITIVE NEUTRAL CONCERN",
    "not_reached_reason": "BOUNCED UNKNOWN_NUMBER NO_CONTACT_POINT NO_ANSWER OPTED_OUT OUTCOME_UNKNOWN",
    "agreement_kind": "SCHOOL_ACTION FAMILY_ACTION TOGETHER NEXT_TALK OUTSIDE_HELP",
}


def entry_of(group: str, key: str) -> dict:
    return next(entry for entry in GROUPS[group] if entry["key"] == key)


def test_the_labels_say_that_they_are_drafts():
    assert CONTENT["licence"] == "CC0-1.0"
    assert "not reviewed by native speakers" in CONTENT["status"]


def test_every_group_is_there():
    assert set(GROUPS) == {*CODES, "contact_topic", "growth_phrases", "method_theme"}


@pytest.mark.parametrize("group", CODES)
def test_a_group_has_exactly_the_codes_of_the_field(group):
    assert sorted(entry["code"] for entry in GROUPS[group]) == sorted(CODES[group].split())


@pytest.mark.parametrize("group", GROUPS)
def test_keys_and_codes_occur_once_in_a_group(group):
    entries = GROUPS[group]
    assert len({entry["key"] for entry in entries}) == len({entry["code"] for entry in entries}) == len(entries)
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", entry["code"]) for entry in entries)


def test_health_is_no_topic_of_a_contact():
    assert "health" not in {entry["key"] for entry in GROUPS["contact_topic"]}


def test_an_entry_has_an_icon_of_our_set():
    icons = {entry_of(*one)["icon"] for one in ENTRIES}
    assert [icon for icon in icons if not (ICONS / f"{icon}.svg").is_file()] == []


def test_an_entry_has_a_label_in_every_language():
    for group, key in ENTRIES:
        labels = entry_of(group, key)["labels"]
        assert tuple(labels) == INTERFACE_CODES, (group, key)
        for code, label in labels.items():
            assert label == unicodedata.normalize("NFC", label).strip(), (group, key, code)
            assert 0 < len(label) <= LONGEST_LABEL, (group, key, code)
            assert not BIDI_CONTROLS.search(label), (group, key, code)


def test_a_label_is_written_in_its_own_script():
    labels = [item for one in ENTRIES for item in entry_of(*one)["labels"].items()]
    for code, label in labels:
        letters = [letter for letter in re.sub(r"\{\w+\}|\(?\b[A-Z]{3}\b\)?", "", label) if letter.isalpha()]
        own = [unicodedata.name(letter).startswith(SCRIPT_NAMES[language(code).script]) for letter in letters]
        assert not own or sum(own) > 0.6 * len(own), (code, label)


def test_fourteen_growth_phrases_speak_about_one_child():
    phrases = GROUPS["growth_phrases"]
    assert len(phrases) == 14
    for phrase in phrases:
        assert all(re.findall(r"\{(\w*)\}", label) == ["child"] for label in phrase["labels"].values()), phrase["key"]


def test_no_two_labels_of_a_group_read_the_same():
    for group, entries in GROUPS.items():
        for code in INTERFACE_CODES:
            labels = [entry["labels"][code].casefold() for entry in entries]
            assert len(set(labels)) == len(labels), (group, code)
