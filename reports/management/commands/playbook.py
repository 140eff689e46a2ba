from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.models import PlaybookEdition
from reports.packaging import Item, PackageError, State, bring_package, compare, install, read
from reports.packaging.archive import PACKAGE
from schools.models import Assignment, Role, User


class Command(BaseCommand):
    help = "The draaiboek as a package: export the newest edition, or install that of another portal."

    def add_arguments(self, parser: CommandParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        export = doing.add_parser("export", help="write the package of the newest frozen edition")
        export.add_argument("file", type=Path)
        taking = doing.add_parser("install", help="take a package over: what is new comes in, nothing is overwritten")
        taking.add_argument("file", type=Path)
        taking.add_argument("--dry-run", action="store_true", help="only say what is new, the same and different")
        taking.add_argument("--take", action="append", default=[], metavar="CODE", help="of a difference take theirs")
        taking.add_argument("--keep", action="append", default=[], metavar="CODE", help="of a difference keep ours")
        others = taking.add_mutually_exclusive_group()
        others.add_argument("--take-all", action="store_true", help="of all others that nobody decided take theirs")
        others.add_argument("--keep-all", action="store_true", help="of all others that nobody decided keep ours")
        taking.add_argument("--as", dest="email", default="", help="the administrator or joint worker who installs")

    def handle(self, *_arguments: Any, doing: str, file: Path, **options: Any) -> None:
        if doing == "export":
            self._export(file)
        else:
            self._install(file, options)

    def _export(self, file: Path) -> None:
        edition = PlaybookEdition.objects.defer("content").first()
        if edition is None:
            raise CommandError("There is no edition yet: freeze one first, with manage.py freeze_playbook.")
        content = bytes(edition.package)
        if file.exists() and file.read_bytes() != content:
            raise CommandError(f"{file} exists already and is something else.")
        file.write_bytes(content)
        self.stdout.write(f"Edition {edition.number} is in {file}, checksum {edition.package_checksum}.")

    def _install(self, file: Path, options: dict[str, Any]) -> None:
        content = _content_of(file)
        by = _installer(options["email"], is_needed=not options["dry_run"])
        try:
            package = read(content)
        except PackageError as error:
            raise CommandError(str(error)) from error
        items = compare(package, by)
        self._show(items)
        if options["dry_run"] or by is None:
            return
        chosen = _chosen(items, options)
        try:
            outcome = install(row=bring_package(content=content, by=by), chosen=chosen, by=by)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"New: {outcome.added}. Replaced: {outcome.replaced}. Ours kept: {outcome.kept}.")

    def _show(self, items: list[Item]) -> None:
        numbers = Counter(item.state for item in items)
        self.stdout.write(", ".join(f"{numbers[state]} {state.name.lower()}" for state in State) + ".")
        for item in items:
            if item.state != State.SAME:
                self.stdout.write(f"{item.state.name.lower():9} {item.code}  {item.title}")
            kept = "Ours stayed before, beside the same words: it stays without --take." if item.was_kept else ""
            for line in (item.why, kept, *item.notes):
                if line:
                    self.stdout.write(f"          {line}")
            for one in item.differences if item.state != State.NEW else ():
                place = f"{one.language} " if one.language else ""
                self.stdout.write(f"          {place}{one.label}: {one.own!r} here, {one.theirs!r} in the package")


def _content_of(file: Path) -> bytes:
    if not file.is_file():
        raise CommandError(f"There is no file {file}.")
    with file.open("rb") as source:
        return source.read(PACKAGE + 1)


def _installer(email: str, *, is_needed: bool) -> User | None:
    """Who installs: the one named, else the only administrator."""
    administrators = Assignment.objects.current().filter(role=Role.ADMIN, school=None)
    people = (
        User.objects.filter(email=email.lower()) if email else User.objects.filter(pk__in=administrators.values("user"))
    )
    found = list(people[:2])
    if len(found) == 1:
        return found[0]
    if is_needed:
        raise CommandError("Say who installs, an administrator or joint worker: --as ADDRESS.")
    return None


def _chosen(items: list[Item], options: dict[str, Any]) -> set[str]:
    """What is new, and of the differences what was said; each of them has to be said."""
    different = {item.code for item in items if item.state == State.DIFFERENT}
    take, keep = set(options["take"]), set(options["keep"])
    if unknown := (take | keep) - {item.code for item in items}:
        raise CommandError(f"Not in this package: {', '.join(sorted(unknown))}.")
    if take & keep:
        raise CommandError(f"Take or keep, not both: {', '.join(sorted(take & keep))}.")
    undecided = different - take - keep - {item.code for item in items if item.was_kept}
    if undecided and not (options["take_all"] or options["keep_all"]):
        raise CommandError(
            f"Nothing is installed: {len(undecided)} differences are not decided. Say --take CODE or --keep CODE for "
            "each, or --take-all or --keep-all for all others."
        )
    new = {item.code for item in items if item.state == State.NEW} - keep
    return new | (take & different) | (undecided if options["take_all"] else set())
