"""A package is taken over: compared with what is here, then installed as it was looked at, or not at all."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reports.cardversions import keep_versions
from reports.models import PlaybookPackage
from reports.models.playbook import may_install
from reports.packaging.contents import shelves
from reports.packaging.reading import Package, read
from reports.packaging.shelves import Item, State, by_key
from reports.packaging.targets import joint_project
from reports.sealing import canonical, checksum
from schools import audit, clock
from schools.models import User

#: What of an entry is told of the schools that use it: another one with each edition, and nothing to decide about.
_TOLD_OF_USE = frozenset({"status", "author_status", "evidence"})


class ComparisonChangedError(Exception):
    """Something here changed since the package was looked at: its reader sees it anew before anything is installed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many entries came new, replaced ours, and were left because ours stays."""

    added: int
    replaced: int
    kept: int


@transaction.atomic
def bring_package(*, content: bytes, by: User) -> PlaybookPackage:
    """Keep a package that can be read, to look at it. The same file is kept once. Raises PackageError."""
    package = read(content)
    row, is_new = PlaybookPackage.objects.get_or_create(
        checksum=package.checksum,
        defaults={"edition": package.edition, "content": content, "brought_at": clock.now(), "brought_by": by},
    )
    if is_new:
        audit.record(actor=by, verb="brought in a package", target=row, edition=package.edition)
    return row


def compare(package: Package, by: User | None) -> list[Item]:
    """Every entry beside what is here, as it stands for ``by``; the number of queries does not grow with them."""
    found = shelves(joint_project(by), files=package.files)
    items = [item for shelf in found for item in shelf.compared(package.contents[shelf.name])]
    said, kept = _said(package), _kept_before()
    return [
        replace(item, was_kept=item.state == State.DIFFERENT and said[item.code] in kept[item.code]) for item in items
    ]


def _said(package: Package) -> dict[str, str]:
    """What each entry of a package says, as a checksum, by ``Item.code``."""
    return {
        f"{shelf.code}:{key}": checksum({name: value for name, value in entry.items() if name not in _TOLD_OF_USE})
        for shelf in shelves(None)
        for key, entry in by_key(package.contents[shelf.name]).items()
    }


def _kept_before() -> Mapping[str, Set[str]]:
    """What earlier packages said where ours stayed."""
    found: dict[str, set[str]] = defaultdict(set)
    for kept in PlaybookPackage.objects.exclude(kept={}).values_list("kept", flat=True):
        for code, said in kept.items():
            found[code].add(said)
    return found


def _forget_kept(taken: Mapping[str, str]) -> None:
    """Whoever takes words beside which ours stayed before decided anew: later they are asked about again."""
    for row in PlaybookPackage.objects.exclude(kept={}).only("kept"):
        left = {code: one for code, one in row.kept.items() if taken.get(code) != one}
        if left != row.kept:
            row.kept = left
            row.save(update_fields=["kept"])


def fingerprint(items: Iterable[Item]) -> str:
    """What somebody saw who compared: other words here or there make another one."""
    seen = [asdict(replace(item, was_kept=False)) for item in items]
    return hashlib.sha256(canonical(seen)).hexdigest()


def install(*, row: PlaybookPackage, chosen: Collection[str], by: User, seen: str | None = None) -> Outcome:
    """Take over the chosen entries (``Item.code``) that are new or different; everything else stays as it is.

    All of them or none. What was installed already is the same and changes nothing. ``seen`` is the fingerprint of what
    was looked at: raises ComparisonChangedError when it is another one now. Raises ValidationError for who may not, and
    for more files of cards than a draaiboek takes.
    """
    if not may_install(by):
        raise ValidationError(_("Only the administrator and the joint worker install a draaiboek."))
    with transaction.atomic():
        locked = PlaybookPackage.objects.select_for_update(of=("self",)).get(pk=row.pk)
        package = read(bytes(locked.content))
        items = compare(package, by)
        if seen is not None and fingerprint(items) != seen:
            raise ComparisonChangedError
        return _install(locked, package, items, frozenset(chosen), by)


def _install(
    row: PlaybookPackage, package: Package, items: Sequence[Item], chosen: frozenset[str], by: User
) -> Outcome:
    states = {item.code: item.state for item in items}
    taken = {code for code, state in states.items() if code in chosen and state in (State.NEW, State.DIFFERENT)}
    added = sum(states[code] == State.NEW for code in taken)
    outcome = Outcome(added, len(taken) - added, _number(states, State.DIFFERENT) - len(taken) + added)
    said = _said(package)
    stays = {code: said[code] for code, state in states.items() if state == State.DIFFERENT and code not in taken}
    _forget_kept({code: said[code] for code in taken})
    row.kept = {code: one for code, one in row.kept.items() if code not in taken} | stays
    row.save(update_fields=["kept"])
    if not taken:
        return outcome
    keep_versions()  # what was written here since the night comes back from them
    for shelf in shelves(joint_project(by), files=package.files):
        entries = [entry for entry in package.contents[shelf.name] if f"{shelf.code}:{entry['key']}" in taken]
        shelf.install(entries, by)
    keep_versions()
    row.installed_at, row.installed_by = clock.now(), by
    row.added, row.replaced = row.added + outcome.added, row.replaced + outcome.replaced
    row.save(update_fields=["installed_at", "installed_by", "added", "replaced"])
    audit.record(
        actor=by,
        verb="installed a package",
        target=row,
        added=outcome.added,
        replaced=outcome.replaced,
        kept=outcome.kept,
    )
    return outcome


def _number(states: dict[str, State], wanted: State) -> int:
    return sum(state == wanted for state in states.values())
