"""How each language of a reference text stands against its Dutch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.languages import MASTER
from schools.models import Wording, WordingState
from schools.texts.kinds import Part, TextKind, Words, hash_of, placeholders


class Shown(models.TextChoices):
    """What those who maintain a text see of one language, the worst first."""

    MISSING = "MISSING", gettext_lazy("incomplete")
    STALE = "STALE", gettext_lazy("older than the Dutch")
    MACHINE = "MACHINE", gettext_lazy("machine translation, not read by a native speaker")
    DRAFT = "DRAFT", gettext_lazy("draft, not read by a native speaker")
    REVIEWED = "REVIEWED", gettext_lazy("read by a native speaker")
    MASTER = "MASTER", gettext_lazy("the Dutch original")


#: Tone and icon of the badge of each state.
LOOKS = {
    Shown.MISSING: ("brick", "circle-x"),
    Shown.STALE: ("sun", "triangle-alert"),
    Shown.MACHINE: ("sun", "languages"),
    Shown.DRAFT: ("plain", "file-pen"),
    Shown.REVIEWED: ("leaf", "circle-check"),
    Shown.MASTER: ("sky", "check"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a translation that a reader would meet: ``part`` is the name of the part, ``words`` a sentence."""

    part: str
    words: str


@dataclass(frozen=True, slots=True)
class LanguageStanding:
    """One language of a text. ``version`` is the hash of its words: who saves names it, so that nobody writes over what
    he has not seen."""

    language: str
    words: Words
    state: Shown
    faults: tuple[Fault, ...]
    record: Wording | None
    is_stale: bool

    @property
    def version(self) -> str:
        return hash_of(self.words)

    @property
    def tone(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]


@dataclass(frozen=True, slots=True)
class Standing:
    """A text with all its languages, the Dutch first."""

    kind: TextKind
    row: Any
    parts: list[Part]
    languages: dict[str, LanguageStanding]

    @property
    def title(self) -> str:
        return self.kind.title(self.row)

    @property
    def group(self) -> str:
        return self.kind.group(self.row)

    @property
    def master(self) -> LanguageStanding:
        return self.languages[MASTER]

    def codes(self, state: Shown) -> list[str]:
        return [code for code, entry in self.languages.items() if entry.state == state]

    @property
    def stale(self) -> list[str]:
        return [code for code, entry in self.languages.items() if entry.is_stale]


def standings(kind: TextKind, rows: Iterable[Any]) -> list[Standing]:
    """All languages of some texts of one kind; one query for what is known of them."""
    found = list(rows)
    records: dict[int, dict[str, Wording]] = defaultdict(dict)
    known = Wording.objects.filter(kind=kind.code, row_id__in=[row.pk for row in found])
    for record in known.select_related("edited_by", "reviewed_by"):
        records[record.row_id][record.language] = record
    return [_standing(kind, row, records[row.pk]) for row in found]


def standing_of(kind: TextKind, row: Any) -> Standing:
    return standings(kind, [row])[0]


def _standing(kind: TextKind, row: Any, records: dict[str, Wording]) -> Standing:
    parts, dutch = kind.parts(row), kind.read(row, MASTER)
    dutch_hash = hash_of(dutch) if records else ""
    entries = {}
    for code in kind.languages:
        words, record = kind.read(row, code), records.get(code)
        entries[code] = _language(code, parts, words, dutch, record, dutch_hash)
    return Standing(kind, row, parts, entries)


def _language(
    code: str, parts: list[Part], words: Words, dutch: Words, record: Wording | None, dutch_hash: str
) -> LanguageStanding:
    if code == MASTER:
        return LanguageStanding(code, words, Shown.MASTER, tuple(faults_of_dutch(parts, words)), record, is_stale=False)
    is_stale = record is not None and record.source_hash != dutch_hash
    state = _state(words, dutch, record, is_stale=is_stale)
    return LanguageStanding(code, words, state, tuple(faults(parts, words, dutch)), record, is_stale)


def _state(words: Words, dutch: Words, record: Wording | None, *, is_stale: bool) -> Shown:
    if any(text and not words[name] for name, text in dutch.items()):
        return Shown.MISSING
    if is_stale:
        return Shown.STALE
    if record is None or record.words_hash != hash_of(words):
        return Shown.DRAFT
    return Shown(WordingState(record.state).value)


def faults(parts: Iterable[Part], words: Words, dutch: Words) -> Iterator[Fault]:
    """What is wrong with a translation: parts that are not there, other placeholders or entries than the Dutch."""
    for part in parts:
        own, source = words[part.name], dutch[part.name]
        if source and not own:
            yield Fault(part.name, _("Not translated yet."))
            continue
        lost, added = _differences(placeholders(source), placeholders(own))
        if lost:
            yield Fault(part.name, _("Missing: %(names)s.") % {"names": _in_braces(lost)})
        if added:
            yield Fault(part.name, _("Not in the Dutch: %(names)s.") % {"names": _in_braces(added)})
        if part.is_list and own.count("\n") != source.count("\n"):
            yield Fault(
                part.name,
                _("The Dutch has %(dutch)s lines, this has %(own)s: one line for each of the Dutch.")
                % {"dutch": source.count("\n") + 1, "own": own.count("\n") + 1},
            )


def faults_of_dutch(parts: Iterable[Part], words: Words) -> Iterator[Fault]:
    """Placeholders in the Dutch that nobody fills in."""
    for part in parts:
        unknown = sorted({name for name in placeholders(words[part.name]) if name not in part.allowed})
        if unknown:
            yield Fault(part.name, _("Nobody fills this in: %(names)s.") % {"names": _in_braces(unknown)})


def _differences(wanted: list[str], found: list[str]) -> tuple[list[str], list[str]]:
    """Placeholders that were lost and that were added."""
    lost, added = list(wanted), []
    for name in found:
        if name in lost:
            lost.remove(name)
        else:
            added.append(name)
    return lost, added


def _in_braces(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
