"""What a package and this portal have in common: one shelf for each file, which says what is new, the same or other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.packaging.reading import Entry
from schools.models import User


class State(models.TextChoices):
    """How an entry of a package stands to what this portal has."""

    NEW = "NEW", _("new")
    DIFFERENT = "DIFFERENT", _("different here")
    SAME = "SAME", _("the same")
    UNUSABLE = "UNUSABLE", _("not usable here")


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that says something else here; ``language`` is empty for what is no text."""

    label: str
    language: str
    own: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Item:
    """An entry beside what this portal has. ``differences`` are, of a new one, its Dutch words; ``why`` says of an
    unusable one what stands in its way, ``notes`` what of an entry is left out or told; ``was_kept``: ours stayed
    already beside the same words of an earlier package."""

    shelf: str
    key: str
    title: str
    state: State
    differences: tuple[Difference, ...] = ()
    why: str = ""
    notes: tuple[str, ...] = ()
    was_kept: bool = False

    @property
    def code(self) -> str:
        """What the command calls it."""
        return f"{self.shelf}:{self.key}"


class Shelf(ABC):
    """One file of a package: written from this portal, compared with it, and put into it."""

    #: The file, as ``reading.FILES`` names it.
    name: str
    #: What one of its entries is called, on pages and by the command.
    code: str
    label: Any
    icon: str

    @abstractmethod
    def exported(self) -> list[Entry]:
        """What this portal has, in a fixed order."""

    @abstractmethod
    def compared(self, entries: Iterable[Entry]) -> list[Item]:
        """Each entry of a package beside what is here; the number of queries does not grow with them."""

    def install(self, entries: list[Entry], by: User) -> None:  # noqa: B027 - some only compare
        """Put chosen entries, new ones and those that replace ours, into the tables. Within a transaction."""


def by_key(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry["key"]: entry for entry in entries}


def listed(value: Any) -> str:
    """A fact of an entry in words, for somebody who compares."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {listed(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def chosen(value: Any, choices: Iterable[tuple[str, Any]]) -> str:
    """The same of a fact that is one of some choices: as pages call it, or as it stands where none is called so."""
    return str(dict(choices).get(value, listed(value)))
