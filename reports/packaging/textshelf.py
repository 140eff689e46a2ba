"""Shelves of texts that exist in many languages: method cards, templates of notices, words of the field.

Only languages that are whole, without fault and of the present Dutch leave the house. What comes in is compared part by
part; a language that says something a reader would meet wrong is left out, and said.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from reports.packaging.reading import Entry
from reports.packaging.shelves import Difference, Item, Shelf, State, by_key, listed
from schools.languages import LANGUAGES, MASTER
from schools.models import User
from schools.services import take_over
from schools.texts import LanguageStanding, Part, Standing, TextKind, standings
from schools.texts.kinds import Words, tidy
from schools.texts.own import unmarked
from schools.texts.standing import Shown, faults, faults_of_dutch


class TextShelf(Shelf):
    """``facts`` are what an entry says besides its texts: name in the package → what it is called on pages."""

    kind: TextKind
    facts: ClassVar[Mapping[str, Any]]

    def key(self, row: Any) -> str:
        return str(row.slug)

    @abstractmethod
    def facts_of(self, row: Any) -> dict[str, Any]:
        """The facts of a row here, as a package says them."""

    @abstractmethod
    def parts_of(self, entry: Entry) -> list[Part]:
        """The parts that the texts of an entry have."""

    @abstractmethod
    def save(self, entry: Entry, row: Any | None) -> Any:
        """Keep the facts of an entry, in a new row where there is none; the texts follow."""

    def refused(self, entry: Entry, *, is_here: bool) -> str:
        """Why this portal cannot use an entry at all; mostly empty."""
        return ""

    def adapted(self, entries: list[Entry]) -> list[Entry]:
        """The entries without what this portal does not know."""
        return entries

    def said(self, name: str, fact: Any) -> str:
        """A fact in words, for somebody who compares."""
        return listed(fact)

    def notes(self, entry: Entry) -> list[str]:
        return []

    def finish(self, entries: Iterable[Entry]) -> None:
        """What can be kept only once all rows are there."""

    def rows(self) -> Iterable[Any]:
        return self.kind.rows()

    def exported(self) -> list[Entry]:
        found = standings(self.kind, self.rows())
        entries = [
            {
                "key": self.key(one.row),
                **self.facts_of(one.row),
                "texts": {
                    code: _as_json(one.parts, entry.words) for code, entry in one.languages.items() if _leaves(entry)
                },
            }
            for one in found
        ]
        return sorted(entries, key=lambda entry: str(entry["key"]))

    def compared(self, entries: Iterable[Entry]) -> list[Item]:
        here = {self.key(one.row): one for one in standings(self.kind, self.rows())}
        adapted = by_key(self.adapted(list(entries)))
        return [self._item(entry, adapted[entry["key"]], here.get(entry["key"])) for entry in entries]

    def _item(self, entry: Entry, adapted: Entry, own: Standing | None) -> Item:
        title = self.kind.title(own.row) if own else self._title(entry)
        parts = self.parts_of(entry)
        theirs, left_out = _usable(parts, entry, self.kind.languages)
        why = self.refused(entry, is_here=own is not None) or ("" if MASTER in theirs else left_out[0])
        if why:
            return Item(self.code, entry["key"], title, State.UNUSABLE, why=why)
        notes = (*left_out, *self.notes(entry))
        if own is None:
            said = (Difference(str(part.label), MASTER, "", theirs[MASTER][part.name]) for part in parts)
            told = tuple(one for one in said if one.theirs)
            return Item(self.code, entry["key"], title, State.NEW, told, notes=notes)
        found = (*self._other_facts(adapted, own), *_other_words(parts, theirs, own))
        return Item(self.code, entry["key"], title, State.DIFFERENT if found else State.SAME, found, notes=notes)

    def _title(self, entry: Entry) -> str:
        words = entry["texts"][MASTER]
        return unmarked(str(words.get("title") or words.get("label") or entry["key"]))

    def _other_facts(self, entry: Entry, own: Standing) -> Iterable[Difference]:
        here = self.facts_of(own.row)
        for name, label in self.facts.items():
            if here[name] != entry[name]:
                yield Difference(str(label), "", self.said(name, here[name]), self.said(name, entry[name]))

    def install(self, entries: list[Entry], by: User) -> None:
        rows = {self.key(row): row for row in self.rows()}
        wanted = self.adapted(entries)
        for entry in wanted:
            row = self.save(entry, rows.get(entry["key"]))
            theirs, _left_out = _usable(self.parts_of(entry), entry, self.kind.languages)
            take_over(kind=self.kind, pk=row.pk, texts=theirs, by=by)
        self.finish(wanted)


def _leaves(entry: LanguageStanding) -> bool:
    is_whole = entry.state not in (Shown.MISSING, Shown.STALE) and not entry.faults
    return entry.language == MASTER or is_whole


def _as_json(parts: Iterable[Part], words: Words) -> dict[str, Any]:
    """Parts that say something; lists entry by entry."""
    return {
        part.name: words[part.name].split("\n") if part.is_list else words[part.name]
        for part in parts
        if words.get(part.name)
    }


def _words(parts: Iterable[Part], texts: Mapping[str, Any]) -> Words:
    """The same the other way; what is not said is empty."""
    found = {}
    for part in parts:
        value = texts.get(part.name, "")
        found[part.name] = tidy("\n".join(value) if isinstance(value, list) else value, part)
    return found


def _usable(parts: list[Part], entry: Entry, languages: Collection[str]) -> tuple[dict[str, Words], list[str]]:
    """The languages of an entry that can be kept here, the Dutch first, and a sentence for each that cannot."""
    found = {code: _words(parts, texts) for code, texts in entry["texts"].items()}
    dutch, kept, left_out = found.pop(MASTER), {}, []
    if wrong := [*_too_long(parts, dutch), *(fault.words for fault in faults_of_dutch(parts, dutch))]:
        return {}, [" ".join(wrong)]
    kept[MASTER] = dutch
    for code, words in sorted(found.items()):
        if code not in languages:
            left_out.append(_("%(language)s is left out: this portal keeps no texts in it.") % {"language": code})
            continue
        if wrong := [*_too_long(parts, words), *(fault.words for fault in faults(parts, words, dutch))]:
            names = {"language": LANGUAGES[code].own_name, "why": " ".join(wrong)}
            left_out.append(_("%(language)s is left out: %(why)s") % names)
            continue
        kept[code] = words
    return kept, left_out


def _too_long(parts: Iterable[Part], words: Words) -> Iterable[str]:
    for part in parts:
        if len(words[part.name]) > part.longest:
            yield _("%(part)s is longer than %(most)d characters.") % {"part": part.label, "most": part.longest}


def _other_words(parts: list[Part], theirs: Mapping[str, Words], own: Standing) -> Iterable[Difference]:
    """Parts of which the package says something else. Parts that only one of both knows are among them."""
    for code, words in theirs.items():
        here = own.languages[code].words if code in own.languages else {}
        for part in parts:
            mine = tidy(here.get(part.name, ""), part)
            if mine != words[part.name]:
                yield Difference(str(part.label), code, mine, words[part.name])
