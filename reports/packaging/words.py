"""Words of the field in a package: labels of kinds, purposes and outcomes, and phrases about growing."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.packaging.reading import Entry
from reports.packaging.textshelf import TextShelf
from reports.render.booklet import ICONS
from schools.languages import MASTER
from schools.models import Term
from schools.texts import Part
from schools.texts.own import TermKind

#: The group to which a portal may add words: pages offer all that are in it. Other codes are part of the program.
_OPEN_GROUP = "growth_phrases"


class WordShelf(TextShelf):
    name, code, icon = "vocabulary", "word", "message-square-text"
    label = gettext_lazy("Words of the field")
    kind = TermKind()
    facts = {"icon": gettext_lazy("icon")}

    def key(self, row: Any) -> str:
        return f"{row.group}/{row.code}"

    def facts_of(self, row: Any) -> dict[str, Any]:
        return {"icon": row.icon}

    def parts_of(self, entry: Entry) -> list[Part]:
        return self.kind.parts(Term(group=entry["key"].partition("/")[0]))

    def refused(self, entry: Entry, *, is_here: bool) -> str:
        if not entry["texts"][MASTER].get("label"):
            return _("Its Dutch is empty.")
        if is_here or entry["key"].startswith(f"{_OPEN_GROUP}/"):
            return ""
        return _("This portal has no place for this word.")

    def adapted(self, entries: list[Entry]) -> list[Entry]:
        return [{**entry, "icon": entry["icon"] if _is_drawn(entry["icon"]) else ""} for entry in entries]

    def save(self, entry: Entry, row: Any | None) -> Term:
        group, _slash, code = entry["key"].partition("/")
        term = row or Term(group=group, code=code, position=_after_last(group))
        term.icon = entry["icon"]
        term.save()
        return term


def _is_drawn(icon: str) -> bool:
    return (ICONS / f"{icon}.svg").is_file()


def _after_last(group: str) -> int:
    return (Term.objects.filter(group=group).aggregate(last=Max("position"))["last"] or 0) + 1
