"""In which language each guardian gets a notice, and what kind of text that is, in SQL.

The own language where the notice has a text that may be sent; else what the sender chose for that language: the Dutch,
or another language that the guardian reads (the one they named, then the one that their family speaks at home).
"""

from __future__ import annotations

from collections.abc import Collection

from messaging.models import LanguageChoice, Notice, TextKind
from messaging.sendable import choice_for, kind_of, sendable_texts
from schools import clock
from schools.languages import LANGUAGES, MASTER


def language_sql(notice: Notice, languages: Collection[str], guardian: str = "g") -> str:
    """The language of a guardian's text. ``languages`` have a text that may be sent; ``guardian`` is the alias of
    the guardians' table."""
    own = [
        f"WHEN '{code}' THEN '{entry.text}'"
        for code, entry in LANGUAGES.items()
        if entry.text in languages and not entry.spoken_only
    ]
    others = [
        f"WHEN '{code}' THEN {_nearest(languages, guardian)}"
        for code, entry in LANGUAGES.items()
        if entry.text not in languages and choice_for(notice, entry.text) == LanguageChoice.OTHER
    ]
    if not own and not others:
        return f"'{MASTER}'"
    return f"CASE {guardian}.contact_language {' '.join([*own, *others])} ELSE '{MASTER}' END"


def _nearest(languages: Collection[str], guardian: str) -> str:
    """The other language they named, the language of their home, or Dutch."""
    today = clock.today().isoformat()
    home = f"""(SELECT MIN({_text_of("home.home_language", languages)}) FROM parents_guardianship t
      JOIN parents_familymembership m ON m.pupil_id = t.pupil_id JOIN parents_family home ON home.id = m.family_id
      WHERE t.guardian_id = {guardian}.id AND (t.ends_on IS NULL OR t.ends_on >= '{today}')
        AND (m.ends_on IS NULL OR m.ends_on >= '{today}'))"""  # noqa: S608 - names of ours and a date
    return f"COALESCE({_text_of(f'{guardian}.second_language', languages)}, {home}, '{MASTER}')"


def _text_of(column: str, languages: Collection[str]) -> str:
    cases = [
        f"WHEN '{code}' THEN '{entry.text}'"
        for code, entry in LANGUAGES.items()
        if entry.text in languages and entry.text != MASTER and not entry.spoken_only
    ]
    return f"CASE {column} {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"


def text_kind_sql(notice: Notice) -> str:
    """The kind of text (TextKind) of a row with ``language`` and ``contact_language``."""
    texts = sendable_texts(notice.texts.all(), notice)
    dutch = ", ".join(f"'{code}'" for code, entry in LANGUAGES.items() if entry.text == MASTER)
    kinds = [f"WHEN '{code}' THEN '{kind_of(text)}'" for code, text in texts.items() if code in LANGUAGES]
    known = [case for case in kinds if not case.startswith(f"WHEN '{MASTER}'")]
    master = f"CASE WHEN contact_language IN ({dutch}) THEN '{TextKind.MASTER}' ELSE '{TextKind.FALLBACK}' END"
    others = f"CASE language {' '.join(known)} ELSE '' END" if known else "''"
    return f"CASE WHEN language = '{MASTER}' THEN {master} ELSE {others} END"
