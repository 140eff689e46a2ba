"""The words with which parents stop text messages and get them again, in every language of the portal; case, accents
and spaces are free.

Only a message that says nothing else counts: "Stop de bus om 8 uur?" is a question.
"""

from __future__ import annotations

import unicodedata

STOP_WORDS: dict[str, tuple[str, ...]] = {
    "nl": ("stop", "stoppen", "stop sms", "afmelden", "uitschrijven"),
    "fr": ("stop", "arrêt", "arrêter", "arrêtez", "désabonner"),
    "en": ("stop", "stop all", "unsubscribe", "end", "quit"),
    "tr": ("dur", "durdur", "dur artık", "iptal", "son"),
    "ar": ("قف", "توقف", "إيقاف", "أوقف", "الغاء"),
    "pa": ("ਬੰਦ", "ਬੰਦ ਕਰੋ", "ਰੁਕੋ", "ਰੋਕੋ"),
    "pl": ("stop", "zatrzymaj", "koniec", "rezygnuję"),
    "bg": ("стоп", "спри", "спрете", "отказ"),
    "ro": ("stop", "opriți", "oprește", "renunț"),
    "uk": ("стоп", "зупинити", "зупиніть", "відмова"),
    "ru": ("стоп", "остановить", "остановите", "отказ"),
    "ps": ("بس", "بند", "ودرېږه", "ودروئ"),
    "fa": ("توقف", "لغو", "ایست", "قطع"),
    "so": ("jooji", "joogso", "jooji farriimaha", "jooji fariimaha", "istaag"),
}
START_WORDS: dict[str, tuple[str, ...]] = {
    "nl": ("start", "starten", "start sms"),
    "fr": ("start", "reprendre", "recommencer"),
    "en": ("start", "start all", "unstop", "resume"),
    "tr": ("başla", "başlat", "devam"),
    "ar": ("ابدأ", "استئناف", "تشغيل"),
    "pa": ("ਸ਼ੁਰੂ", "ਸ਼ੁਰੂ ਕਰੋ", "ਚਾਲੂ"),
    "pl": ("start", "wznów"),
    "bg": ("старт", "започни"),
    "ro": ("start", "începe", "reia"),
    "uk": ("старт", "почати", "відновити"),
    "ru": ("старт", "начать", "возобновить"),
    "ps": ("پیل", "پیل کړئ", "شروع"),
    "fa": ("شروع", "آغاز"),
    "so": ("bilow", "billow", "bilaab"),
}
#: Letters that keyboards of Arabic script mix up.
_SAME_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ـ": None, "ı": "i"})
_LONGEST = 40
#: Accents and vowel points have a class of their own above this; the signs of Gurmukhi belong to the word.
_FIRST_ACCENT = 20


def is_stop(text: str) -> bool:
    """Whether the message says stop and nothing else."""
    return len(text) <= _LONGEST and _plain(text) in _STOP


def is_start(text: str) -> bool:
    """Whether the message says start and nothing else."""
    return len(text) <= _LONGEST and _plain(text) in _START


def _plain(text: str) -> str:
    """Without case, accents, vowel points, marks of direction, punctuation and doubled spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SAME_LETTER)
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", folded).translate(_SAME_LETTER):
        kind = unicodedata.category(letter)
        if kind == "Cf" or unicodedata.combining(letter) >= _FIRST_ACCENT:
            continue
        kept.append(letter if kind[0] in "LMN" else " ")
    return " ".join("".join(kept).split())


_STOP = frozenset(_plain(word) for words in STOP_WORDS.values() for word in words)
_START = frozenset(_plain(word) for words in START_WORDS.values() for word in words)
