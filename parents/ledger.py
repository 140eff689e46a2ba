"""The ledger of erased people: keyed hashes with which they are known again, in the database and in a file beside it.

A database that is restored from a backup does not know what was erased later; the file does. What stands in it says
nothing to who does not hold settings.ERASURE_KEY: no name, number or address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from parents.models import ContactPoint, Erased, Guardian
from schools import clock
from schools.models import Pupil

Mark = tuple[str, str]


def digest(*words: object) -> str:
    """The keyed hash of words, each kept apart from the next."""
    text = json.dumps([str(word) for word in words], ensure_ascii=False)
    return hmac.new(settings.ERASURE_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def marks_of_guardian(guardian: Guardian, values: Iterable[str] = ()) -> list[Mark]:
    """By the row with its name, by the source, and by the name with each contact value: one of them is enough."""
    kind = str(Erased.Kind.GUARDIAN)
    found = [(kind, digest("row", guardian.pk, guardian.first_name, guardian.last_name))]
    if guardian.source_id:
        found.append((kind, digest("source", guardian.source_system, guardian.source_id)))
    return [*found, *((str(Erased.Kind.POINT), digest("name", guardian.full_name, value)) for value in values)]


def marks_of_pupil(pupil: Pupil) -> list[Mark]:
    kind = str(Erased.Kind.PUPIL)
    found = [(kind, digest("row", pupil.pk, pupil.first_name, pupil.last_name))]
    if pupil.source_id:
        found.append((kind, digest("source", pupil.source_system, pupil.source_id)))
    return found


def write_down(marks: Iterable[Mark]) -> None:
    """Note who was erased, in the database and, once that is certain, in the file."""
    rows = [Erased(kind=kind, digest=value, at=clock.now()) for kind, value in marks]
    Erased.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(copy_out)


def copy_out() -> int:
    """Add to the file what the database knows and the file does not; returns how many lines."""
    known = set(_lines())
    new = [mark for mark in Erased.objects.order_by("pk").values_list("kind", "digest") if mark not in known]
    if new:
        path = Path(settings.ERASED_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("".join(f"{kind} {value}\n" for kind, value in new))
    return len(new)


def copy_in() -> int:
    """Tell the database what the file knows: after a backup was restored. Returns how many marks were new."""
    known = set(Erased.objects.values_list("kind", "digest"))
    new = [mark for mark in _lines() if mark not in known]
    rows = [Erased(kind=kind, digest=value, at=clock.now()) for kind, value in new]
    Erased.objects.bulk_create(rows, ignore_conflicts=True)
    return len(new)


def _lines() -> Iterator[Mark]:
    path = Path(settings.ERASED_FILE)
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        kind, _space, value = line.partition(" ")
        if kind in Erased.Kind.values and value:
            yield kind, value


@dataclass(frozen=True, slots=True)
class ErasedPeople:
    """The erased of one kind, to ask for many at once; ``names`` are marks of names with a contact value."""

    digests: frozenset[str]
    names: frozenset[str] = frozenset()

    def holds(self, source_system: str, source_id: str) -> bool:
        """Whether an import brings somebody back."""
        return bool(self.digests and source_id) and digest("source", source_system, source_id) in self.digests

    def holds_name(self, full_name: str, values: Iterable[str]) -> bool:
        """The same for a list that numbers its people anew."""
        return bool(self.names) and any(digest("name", full_name, value) in self.names for value in values)


def erased_guardians() -> ErasedPeople:
    """For whoever reads rosters; two queries."""
    return ErasedPeople(_digests(Erased.Kind.GUARDIAN), _digests(Erased.Kind.POINT))


def erased_pupils() -> ErasedPeople:
    return ErasedPeople(_digests(Erased.Kind.PUPIL))


def _digests(kind: str) -> frozenset[str]:
    return frozenset(Erased.objects.filter(kind=kind).values_list("digest", flat=True))


def guardians_come_back() -> list[Guardian]:
    """Guardians in the database who were erased before."""
    marks = set(Erased.objects.values_list("kind", "digest"))
    if not marks:
        return []
    values: dict[int, list[str]] = {}
    points = ContactPoint.objects.exclude(value="").values_list("uses__guardian_id", "value")
    for guardian_id, value in points:
        values.setdefault(guardian_id, []).append(value)
    named = Guardian.objects.exclude(first_name="", last_name="", source_id="")
    return [
        guardian
        for guardian in named.iterator(chunk_size=2000)
        if marks.intersection(marks_of_guardian(guardian, values.get(guardian.pk, ())))
    ]


def pupils_come_back() -> list[Pupil]:
    marks = set(Erased.objects.filter(kind=Erased.Kind.PUPIL).values_list("kind", "digest"))
    if not marks:
        return []
    named = Pupil.objects.exclude(first_name="", last_name="", source_id="")
    return [pupil for pupil in named.iterator(chunk_size=2000) if marks.intersection(marks_of_pupil(pupil))]
