"""The languages families speak and read: one table, the only source of script, direction and fallbacks.

Directions come from the script, never from Django's ``LANG_INFO`` (which calls Azerbaijani right-to-left and does
not know Pashto). Dari is stored as ``prs``; its interface and texts are the Persian ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schools.partnerlanguages import PARTNERS

RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr"})
MASTER = "nl"


@dataclass(frozen=True, slots=True)
class Language:
    """One language as the portal stores it.

    ``interface`` is the Django code of the catalog that serves it; ``text`` the code under which notice texts are
    kept; ``html_lang`` the BCP 47 tag for ``lang=``. A ``spoken_only`` language has no page or text of its own.
    """

    code: str
    own_name: str
    name: str
    script: str
    interface: str
    text: str
    html_lang: str
    spoken_only: bool = False

    @property
    def direction(self) -> str:
        return "rtl" if self.script in RIGHT_TO_LEFT_SCRIPTS else "ltr"

    @property
    def has_pages(self) -> bool:
        """Whether the pages around a text speak it too: else they are Dutch, and only texts are in it."""
        return not self.spoken_only and (self.code == MASTER or self.interface != MASTER)


def _written(code: str, own_name: str, name: str, script: str = "Latn", *, html_lang: str = "") -> Language:
    return Language(code, own_name, name, script, code, code, html_lang or code)


_WRITTEN = (
    _written("nl", "Nederlands", "Dutch", html_lang="nl-BE"),
    _written("fr", "Français", "French", html_lang="fr-BE"),
    _written("en", "English", "English"),
    _written("tr", "Türkçe", "Turkish"),
    _written("ar", "العربية", "Arabic", "Arab"),
    _written("pa", "ਪੰਜਾਬੀ", "Punjabi", "Guru", html_lang="pa-Guru"),
    _written("pl", "Polski", "Polish"),
    _written("bg", "Български", "Bulgarian", "Cyrl"),
    _written("ro", "Română", "Romanian"),
    _written("uk", "Українська", "Ukrainian", "Cyrl"),
    _written("ru", "Русский", "Russian", "Cyrl"),
    _written("ps", "پښتو", "Pashto", "Arab"),
    _written("fa", "فارسی", "Persian", "Arab"),
    _written("so", "Soomaali", "Somali"),
)
_OTHERS = (
    Language("prs", "دری", "Dari", "Arab", "fa", "fa", "fa-AF"),
    Language("rom", "Romani", "Romani", "Latn", "nl", "nl", "rom", spoken_only=True),
    Language("rif", "Tarifit", "Tarifit (Tamazight)", "Latn", "nl", "nl", "rif", spoken_only=True),
    Language("shi", "Tashelhit", "Tashelhit (Tamazight)", "Latn", "nl", "nl", "shi", spoken_only=True),
)

LANGUAGES: dict[str, Language] = {entry.code: entry for entry in (*_WRITTEN, *_OTHERS)}
INTERFACE_CODES: tuple[str, ...] = tuple(entry.code for entry in _WRITTEN)
#: Languages of contact, those of partners at the end (``add_partners``).
CONTACT_CODES: list[str] = list(LANGUAGES)
STAFF_CODES: tuple[str, ...] = ("nl", "fr", "en")

_columns: list[str] = list(INTERFACE_CODES)

#: What a family may say about its home language without naming one (domain 6.5).
UNKNOWN_LANGUAGE = ""
PREFERS_NOT_TO_SAY = "-"


def language(code: str) -> Language:
    """The language stored as ``code``; an unknown or empty code reads as Dutch, the master."""
    found = LANGUAGES.get(code) or LANGUAGES.get(code.split("-")[0])
    return found or LANGUAGES[MASTER]


def add_partners(codes: Iterable[str], with_columns: Iterable[str] = ()) -> None:
    """Let these languages of the partners' table be contact languages too, and ``with_columns`` those of reference
    texts. Called by the settings, before anything else reads this table. Raises KeyError for a code nobody knows."""
    for code in codes:
        if code not in LANGUAGES:
            LANGUAGES[code] = _partner(code, *PARTNERS[code])
            CONTACT_CODES.append(code)
    for code in with_columns:
        if code not in _columns:
            _columns.append(LANGUAGES[code].code)


def _partner(code: str, own_name: str, name: str, script: str) -> Language:
    return Language(code, own_name, name, script, MASTER, code, code)


def text_codes() -> tuple[str, ...]:
    """Languages in which reference texts have columns: those of the pages, then those a command added."""
    return tuple(_columns)


def frame_of(code: str) -> Language:
    """The language that the page around a text in ``code`` speaks: itself, or Dutch where only texts are in it."""
    found = language(code)
    return found if found.has_pages else LANGUAGES[MASTER]


def direction(code: str) -> str:
    """``"rtl"`` or ``"ltr"`` for content in this language."""
    return language(code).direction


def written_choices() -> list[tuple[str, str]]:
    """Those that are not only spoken, in their own names."""
    return [(entry.code, entry.own_name) for entry in LANGUAGES.values() if not entry.spoken_only]


def contact_choices() -> list[tuple[str, str]]:
    """All languages in their own names, for a form in which a guardian chooses."""
    return [(entry.code, entry.own_name) for entry in LANGUAGES.values()]


def foreign_choices() -> list[tuple[str, str]]:
    """All but the school's Dutch, for a form that asks who brings it into another language."""
    return [(entry.code, entry.own_name) for entry in LANGUAGES.values() if entry.code != MASTER]
