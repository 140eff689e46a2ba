"""Names of languages, for who reads them."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from schools import languages


def name_of_language(code: str) -> str:
    """In the reader's language where that is one of staff; else as those call it who speak it, for no catalog of ours
    has the name of each language in each other."""
    entry = languages.language(code)
    reader = languages.language(get_language() or languages.MASTER)
    return gettext(entry.name) if reader.code in languages.STAFF_CODES else entry.own_name
