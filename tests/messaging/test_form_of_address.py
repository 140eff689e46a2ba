"""Dutch says ``u`` to parents, everywhere: the notice templates do, and a page that says ``je`` beside them is another
voice (domain.md §4, checklist of a notice)."""

from __future__ import annotations

import re

import polib

from ingroeibloei import catalogs

#: Where colleagues are spoken to.
TO_COLLEAGUES = (
    "templates/home.html",
    "templates/403.html",
    "templates/messaging/parents/_staff_bar.html",
    "templates/reports/",
)
FAMILIAR = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)


def to_parents() -> list[polib.POEntry]:
    catalog = polib.pofile(str(catalogs.path_of("nl")))
    return [
        entry
        for entry in catalog
        if catalogs.is_for_parents(entry)
        and not any(place.startswith(TO_COLLEAGUES) for place, _line in entry.occurrences)
    ]


def test_parents_are_spoken_to_with_respect_on_every_page() -> None:
    entries = to_parents()
    assert len(entries) > 200
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in texts if FAMILIAR.search(text)] == []
