"""Steps of the year planner in a package: new ones come in, those of the portal itself are compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import PlannerStep
from reports.packaging.reading import Entry
from reports.packaging.shelves import Difference, Item, Shelf, State, by_key, chosen, listed
from reports.planner.lines import PAGES
from reports.planner.loading import add_steps, steps_as_content
from reports.playbook import CARD_LANGUAGES
from schools.languages import MASTER
from schools.models import Role, User

FACTS = {
    "month": gettext_lazy("month"),
    "day": gettext_lazy("day"),
    "moves": gettext_lazy("when there is no class that day"),
    "role": gettext_lazy("role"),
    "cards": gettext_lazy("cards that bring it along"),
    "page": gettext_lazy("page on which it is done"),
    "lead": gettext_lazy("school days of notice"),
    "templates": gettext_lazy("templates of notices"),
    "from_round": gettext_lazy("school days from the parents’ evening"),
}

_CHOICES = {"moves": PlannerStep.Moves.choices, "role": Role.choices, "page": [*PAGES.items()]}


class PlannerShelf(Shelf):
    """A step of an unknown card waits for that card, and an unknown page is no link: both may come in later.

    An update of the portal writes its own steps anew, so that words of others for them would not last.
    """

    name, code, icon = "planner", "step", "calendar-days"
    label = gettext_lazy("Year planner")

    def exported(self) -> list[Entry]:
        return sorted((_entry(step) for step in steps_as_content()), key=lambda entry: str(entry["key"]))

    def compared(self, entries: Iterable[Entry]) -> list[Item]:
        here = by_key(self.exported())
        own = set(PlannerStep.objects.filter(origin="").values_list("key", flat=True))
        return [self._item(entry, here.get(entry["key"]), is_own=entry["key"] in own) for entry in entries]

    def _item(self, entry: Entry, here: Entry | None, *, is_own: bool) -> Item:
        key, words = entry["key"], entry["texts"][MASTER].get("text", "")
        title = words[:120] or key
        found = tuple(_differences(entry, here))
        if not words:
            return Item(self.code, key, title, State.UNUSABLE, why=_("Its Dutch is empty."))
        if here and not found:
            return Item(self.code, key, title, State.SAME)
        if is_own:
            why = _("This comes with the portal itself, so it changes with its updates only.")
            return Item(self.code, key, title, State.UNUSABLE, found, why=why)
        return Item(self.code, key, title, State.DIFFERENT if here else State.NEW, found)

    def install(self, entries: list[Entry], by: User) -> None:
        add_steps([{**entry, "words": _words(entry)} for entry in entries])


def _said(name: str, fact: Any) -> str:
    return "" if fact is None else chosen(fact, _CHOICES[name]) if name in _CHOICES else listed(fact)


def _entry(step: dict[str, Any]) -> Entry:
    texts = {code: {"text": words} for code, words in step["words"].items()}
    return {"key": step["key"], **{name: step[name] for name in FACTS}, "texts": texts}


def _words(entry: Entry) -> dict[str, str]:
    """In the languages of the cards; a step speaks no other."""
    return {code: entry["texts"][code]["text"] for code in CARD_LANGUAGES if entry["texts"].get(code, {}).get("text")}


def _differences(entry: Entry, here: Entry | None) -> Iterable[Difference]:
    for name, label in FACTS.items():
        theirs = entry.get(name)
        if (here is None and theirs is not None) or (here is not None and name in entry and here[name] != theirs):
            yield Difference(str(label), "", _said(name, here[name]) if here else "", _said(name, theirs))
    own = _words(here) if here else {}
    for code, words in _words(entry).items():
        if own.get(code) != words:
            yield Difference(_("words"), code, own.get(code, ""), words)
