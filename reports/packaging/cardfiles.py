"""Files of cards in a package: opened before they are believed, the same when they came from here, and put on cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from messaging.files.checking import CheckedFile, checked
from messaging.files.limits import Refusal, Refused
from reports.cardfiles import KINDS, WHY_REFUSED, as_content
from reports.filing import put_on_card
from reports.models import CardFile
from reports.models.cardfiles import CARD_FILE_BYTES
from reports.packaging.reading import Entry
from schools.models import Method

#: Seconds for which it is remembered that a file was refused, or not: who looks at a package reloads its page.
_REMEMBERED = 86_400
Told = dict[str, Any]


def told_of(row: CardFile) -> Told:
    """A file of a card as a package tells of it."""
    return {name: value for name, value in as_content(row).items() if name != "code"}


class Carried:
    """The files that a package carries, by their checksums."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def adapted(self, entry: Entry, here: Iterable[CardFile]) -> list[Told]:
        """The files of a card as they would be kept: without those that are refused, and what is on the card already as
        it is there. A package that knows no files leaves those of the card."""
        if "files" not in entry:
            return [told_of(row) for row in here]
        known = {mark: told_of(row) for row in here for mark in (row.brought_sha256, row.kept.sha256)}
        usable = [one for one in entry["files"] if one["sha256"] in known or not self._why(one)]
        found = {}
        for one in usable:
            own = known.get(one["sha256"])
            same = {name: own[name] for name in ("kind", "bytes", "sha256")} if own else {}
            found[{**one, **same}["sha256"]] = {**one, **same}
        return list(found.values())

    def notes(self, entry: Entry) -> list[str]:
        """Which files come along, and a sentence for each that is refused."""
        found = [(one["title"], self._why(one)) for one in entry.get("files", ())]
        usable = ", ".join(title for title, why in found if not why)
        words = _("The file “%(title)s” is left out: %(why)s")
        refused = [words % {"title": title, "why": WHY_REFUSED[Refusal(why)]} for title, why in found if why]
        return [_("Files: %(titles)s.") % {"titles": usable}, *refused] if usable else refused

    def put(self, card: Method, wanted: Iterable[Told], here: Iterable[CardFile]) -> None:
        """Let a card carry these files and no others, each opened and cleaned once more. Within a transaction."""
        wanted = list(wanted)
        marks = {one["sha256"] for one in wanted}
        kept = {row.kept.sha256: row for row in here}
        CardFile.objects.filter(pk__in=[row.pk for mark, row in kept.items() if mark not in marks]).delete()
        there = {mark for mark in kept if mark in marks}
        for one in wanted:
            mark, named = one["sha256"], {"title": one["title"], "language": one["language"]}
            if mark in kept:
                CardFile.objects.filter(pk=kept[mark].pk).update(**named)
                continue
            try:
                file = self._opened(one)
            except Refused as refused:
                raise ValidationError(WHY_REFUSED[refused.reason]) from refused
            if file.sha256 not in there:
                there.add(file.sha256)
                put_on_card(method=card, file=file, by=None, brought_sha256=mark, **named)

    def _why(self, told: Told) -> str:
        """Why a file is refused, as a word; empty when it is not."""
        key = f"card-file-{told['kind']}-{told['sha256']}"
        why: str | None = None
        with suppress(Exception):  # of a cache that is away: each is opened anew
            why = cache.get(key)
        if why is None:
            try:
                self._opened(told)
                why = ""
            except Refused as refused:
                why = refused.reason.value
            with suppress(Exception):
                cache.set(key, why, _REMEMBERED)
        return why

    def _opened(self, told: Told) -> CheckedFile:
        """Raises Refused, also when it is of another kind than it says."""
        file = checked(self._files[told["sha256"]], KINDS, CARD_FILE_BYTES)
        if file.kind != told["kind"]:
            raise Refused(Refusal.UNKNOWN)
        return file
