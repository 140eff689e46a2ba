"""The table of languages and what Django makes of it, with the traps of each language that Django does not know."""

from __future__ import annotations

import django.conf.locale
import pytest
from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from schools import languages
from schools.languages import INTERFACE_CODES, LANGUAGES, MASTER
from schools.pagelanguage import from_browser
from schools.partnerlanguages import PARTNERS

#: What domain 4.1 says, written down a second time.
RIGHT_TO_LEFT = {"ar", "ps", "fa", "prs"}
LEFT_TO_RIGHT = {"nl", "fr", "en", "tr", "pa", "pl", "bg", "ro", "uk", "ru", "so", "rom", "rif", "shi"}
DIRECTIONS = dict.fromkeys(sorted(LEFT_TO_RIGHT), "ltr") | dict.fromkeys(sorted(RIGHT_TO_LEFT), "rtl")
OWN_NAMES = {
    "nl": "Nederlands",
    "fr": "Français",
    "en": "English",
    "tr": "Türkçe",
    "ar": "العربية",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "bg": "Български",
    "ro": "Română",
    "uk": "Українська",
    "ru": "Русский",
    "ps": "پښتو",
    "fa": "فارسی",
    "prs": "دری",
    "so": "Soomaali",
}
FLAGS = range(0x1F1E6, 0x1F200)


def asking(accepts: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"accept-language": accepts})


@pytest.mark.parametrize("code", DIRECTIONS)
def test_direction_is_said_once_and_heard_everywhere(code: str) -> None:
    assert set(DIRECTIONS) == set(LANGUAGES)
    right_to_left = DIRECTIONS[code] == "rtl"
    assert languages.direction(code) == DIRECTIONS[code]
    assert translation.get_language_info(code)["bidi"] is right_to_left
    assert (code in settings.LANGUAGES_BIDI) is right_to_left
    with translation.override(code):
        assert translation.get_language_bidi() is right_to_left


@pytest.mark.parametrize("code", OWN_NAMES)
def test_a_language_has_its_own_name_and_no_flag(code: str) -> None:
    info = translation.get_language_info(code)
    assert info["name_local"] == LANGUAGES[code].own_name == OWN_NAMES[code]
    shown = Template("{% get_language_info for code as one %}{{ one.name_local }}{{ one.bidi }}")
    assert shown.render(Context({"code": code})) == f"{OWN_NAMES[code]}{DIRECTIONS[code] == 'rtl'}"
    assert not [letter for letter in info["name_local"] if ord(letter) in FLAGS]


@pytest.mark.parametrize("code", INTERFACE_CODES)
def test_every_interface_language_is_offered_and_activated(code: str) -> None:
    assert (code, LANGUAGES[code].own_name) in settings.LANGUAGES
    assert translation.get_supported_language_variant(code, strict=True) == code
    with translation.override(code):
        assert translation.get_language() == code


def test_dari_is_stored_apart_and_served_by_persian() -> None:
    dari = languages.language("prs")
    assert (dari.interface, dari.text, dari.html_lang, dari.direction) == ("fa", "fa", "fa-AF", "rtl")


def test_azerbaijani_is_latin_whatever_django_says() -> None:
    assert django.conf.locale.LANG_INFO["az"]["bidi"] is True, "the trap is still there"
    assert PARTNERS["az"][2] not in languages.RIGHT_TO_LEFT_SCRIPTS


def test_punjabi_is_gurmukhi_and_left_to_right() -> None:
    assert LANGUAGES["pa"].html_lang == "pa-Guru"
    assert LANGUAGES["pa"].direction == "ltr"


@pytest.mark.parametrize("code", ["", "xx", "tlh-Latn"])
def test_what_nobody_knows_reads_as_dutch(code: str) -> None:
    assert languages.language(code).code == MASTER


@pytest.mark.parametrize(
    ("accepts", "code"),
    [
        ("pa-IN,en;q=0.8", "pa"),
        ("ps-AF", "ps"),
        ("so", "so"),
        ("fa-AF,fa;q=0.9", "prs"),
        ("ar-MA,fr;q=0.8", "ar"),
        ("rom,ro;q=0.8", "ro"),
        ("ti,en;q=0.5", "en"),
        ("xx", ""),
        ("", ""),
        (";;;,,q=", ""),
    ],
)
def test_the_browser_is_heard(accepts: str, code: str) -> None:
    assert from_browser(asking(accepts)) == code
