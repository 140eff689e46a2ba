"""Words of files for what the portal knows: year groups, languages, reading, authority, states."""

from __future__ import annotations

import re
from functools import lru_cache

from schools import languages
from schools.models import Level
from schools.roster.headers import plain

#: CEDS codes of OneRoster; Flemish primary schools have no name for more of them.
_GRADES = {"it": Level.K0, "pr": Level.K1, "pk": Level.K2, "tk": Level.K3, "kg": Level.K3}
_NURSERY = re.compile(
    r"(?:k|kleuter|kleuterklas|kleuterjaar|kl|ok)([0-3])[a-z]{0,2}|([0-3])(?:e|de|ste)?(?:k|kl|kleuter)[a-z]*"
)
_PRIMARY = re.compile(
    r"(?:l|lager|leerjaar|lo|lj)?0?([1-6])[a-z]{0,2}|([1-6])(?:e|de|ste)?(?:l|leerjaar|lj|lager)[a-z]{0,8}"
)
_RECEPTION = frozenset(("instap", "instapklas", "peuters", "peuterklas", "onthaalklas", "k0"))

_DUTCH = {
    "nl": "nederlands vlaams flemish néerlandais nld dut",
    "fr": "frans fra fre",
    "en": "engels anglais eng",
    "tr": "turks turc tur",
    "ar": "arabisch arabe ara marokkaansarabisch",
    "pa": "punjabi panjabi pandjabi pan",
    "pl": "pools polonais pol",
    "bg": "bulgaars bulgare bul",
    "ro": "roemeens roumain ron rum",
    "uk": "oekraïens oekraiens ukrainien ukr",
    "ru": "russisch russe rus",
    "ps": "pasjtoe pashtu pasjto pus",
    "fa": "perzisch farsi persan fas per",
    "so": "somalisch somali som",
    "prs": "dari",
    "rom": "romani romanes rom",
    "rif": "tarifit riffijns riffijnsberbers",
    "shi": "tashelhit tasjelhiet",
}
_SILENT = frozenset(
    ["wenstnietantwoorden", "wenstniettezeggen", "lievernietzeggen", "zegtlieverniet", "geenantwoord", "prefernottosay"]
)
_UNKNOWN = frozenset(("onbekend", "unknown", "inconnu", "nietgekend", "und", "zxx"))
_READING = {
    "TEXT": "text tekst leest ja yes kanlezen lezen",
    "EASY_TEXT": "easytext easy eenvoudig eenvoudigetekst pictogrammen picto moeilijk beperkt laaggeletterd beetje",
    "ORAL_ONLY": "oralonly oral mondeling nee no neen leestniet kannietlezen analfabeet bellen spreken",
}
_AUTHORITY = {
    "JOINT": "joint gezamenlijk gezamenlijkgezag coouder coouderschap gezagscoouderschap beide gedeeld",
    "SOLE": "sole exclusief exclusiefgezag alleen uitsluitend",
    "INFORMATION_ONLY": "informationonly informatie informatierecht enkelinformatie enkelinformatierecht",
    "NONE": "none geen geengezag ontzet ontzetting",
}
_GONE = frozenset(
    ("tobedeleted", "inactive", "inactief", "uitgeschreven", "geschrapt", "verwijderd", "nietactief", "stopgezet")
)
_HERE = frozenset(("active", "actief", "ingeschreven", "gerealiseerd", "true", "1", "ja", "yes", ""))


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {plain(word): code for code, words in table.items() for word in words.split()}


_READING_WORDS, _AUTHORITY_WORDS = _by_word(_READING), _by_word(_AUTHORITY)


@lru_cache(maxsize=512)
def read_level(text: str) -> str:
    """A year group by its code or the name of a class (``"1A"``, ``"K2"``, ``"3e leerjaar"``); "" when it is none."""
    word = plain(text)
    if word in _GRADES:
        return _GRADES[word].value
    if word in _RECEPTION:
        return Level.K0.value
    if found := _NURSERY.fullmatch(word):
        return f"K{found[1] or found[2]}"
    if found := _PRIMARY.fullmatch(word):
        return f"L{found[1] or found[2]}"
    return ""


@lru_cache(maxsize=512)
def read_language(text: str) -> str | None:
    """A code of ``schools.languages``, "" for unknown, "-" for who prefers not to say; None when nobody knows it."""
    word = plain(text)
    if text == languages.PREFERS_NOT_TO_SAY or word in _SILENT:
        return languages.PREFERS_NOT_TO_SAY
    return "" if word in _UNKNOWN else _languages().get(word)


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    known = _by_word(_DUTCH)
    for entry in languages.LANGUAGES.values():
        for word in (entry.code, entry.name, entry.own_name, entry.html_lang):
            known[plain(word)] = entry.code
    return known


def read_reading(text: str) -> str | None:
    """A code of ``parents.models.ReadingMode``, "" for unknown and for who prefers not to say; None when nobody knows
    the word."""
    word = plain(text)
    if text == languages.PREFERS_NOT_TO_SAY or word in _SILENT or word in _UNKNOWN:
        return ""
    return _READING_WORDS.get(word)


def read_authority(text: str) -> str | None:
    return _AUTHORITY_WORDS.get(plain(text))


def is_gone(text: str) -> bool | None:
    """Whether this state ends an enrolment; None when the word is not known."""
    word = plain(text)
    return True if word in _GONE else False if word in _HERE else None
