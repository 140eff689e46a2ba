"""What every portal brings along itself: the words around the cards, checklists and questionnaires.

They are in a package so that it is whole for who reads it elsewhere. Here they are compared: who gets other words than
the own ones sees both, and they come with an update of the portal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from reports.accessibility import THEMES
from reports.measuring.questions import PARENTS
from reports.measuring.statements import TEAM
from reports.packaging.reading import Entry
from reports.packaging.shelves import Difference, Item, Shelf, State, by_key, listed
from reports.playbook import CARD_LANGUAGES, introduction
from schools.languages import INTERFACE_CODES, MASTER, STAFF_CODES


class FixedShelf(Shelf):
    """A shelf that is compared and not installed."""

    def compared(self, entries: Iterable[Entry]) -> list[Item]:
        here = by_key(self.exported())
        return [self._item(entry, here.get(entry["key"])) for entry in entries]

    def _item(self, entry: Entry, own: Entry | None) -> Item:
        key, title = entry["key"], self.title(entry)
        found = tuple(_other_words(entry, own)) if own else ()
        if own and not found:
            return Item(self.code, key, title, State.SAME)
        why = _("This comes with the portal itself, so it changes with its updates only.")
        return Item(self.code, key, title, State.UNUSABLE, found, why=why)

    def title(self, entry: Entry) -> str:
        words = entry["texts"][MASTER]
        return str(words.get("title") or words.get("text") or entry["key"])[:120]


class GuideShelf(FixedShelf):
    """How to use the draaiboek, why it works, where to begin, privacy, looking back."""

    name, code, icon = "guide", "guide", "book-open"
    label = gettext_lazy("The words around the cards")

    def exported(self) -> list[Entry]:
        texts = {code: dict(_chapters(introduction(code))) for code in CARD_LANGUAGES}
        return [
            {"key": key, "texts": {code: found[key] for code, found in texts.items() if key in found}}
            for key in sorted(texts[MASTER])
        ]


class ChecklistShelf(FixedShelf):
    """The accessibility scan, and what parents and teams are asked."""

    name, code, icon = "checklists", "point", "list-checks"
    label = gettext_lazy("Checklists and questionnaires")

    def exported(self) -> list[Entry]:
        found: dict[str, dict[str, Any]] = {}
        for language in INTERFACE_CODES:
            with override(language):
                for key, words in _points(language):
                    found.setdefault(key, {})[language] = {"text": words}
        return [{"key": key, "texts": texts} for key, texts in sorted(found.items())]


def _chapters(texts: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for name in ("title", "how_to_use", "evaluate"):
        yield name, {"text": texts[name]}
    for name in ("start", "privacy_page"):
        yield name, {"lines": texts[name]}
    for place, principle in enumerate(texts["why"], start=1):
        yield f"why-{place}", {"title": principle["title"], "text": principle["text"]}


def _points(language: str) -> Iterable[tuple[str, str]]:
    """Points in the active language; parents are asked in all, schools in those of their staff."""
    if language in STAFF_CODES:
        yield from ((f"accessibility/{point.key}", point.words) for theme in THEMES for point in theme.points)
        yield from ((f"questionnaire-team/{one.key}", str(one.words)) for one in TEAM)
    yield from ((f"questionnaire-parents/{one.key}", str(one.words)) for one in PARENTS)


def _other_words(entry: Entry, own: Entry) -> Iterable[Difference]:
    for code, parts in entry["texts"].items():
        here = own["texts"].get(code, {})
        for name, words in parts.items():
            if here.get(name) != words:
                yield Difference(name, code, listed(here.get(name, "")), listed(words))
