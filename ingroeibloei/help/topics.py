"""The tasks that the help explains, as ``help.json`` says them. Dutch only: so are the words of the buttons it names.

Words between double stars are those of a button, field or heading, as they stand in the Dutch catalog; ``…`` stands for
what the portal fills in. A picture is named after its page in ``tests/browser/pages.py``; ``python -m tests.screenshots
help`` takes them all anew from the demo's town, and so does ``make screenshots``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CONTENT = Path(__file__).resolve().parent / "help.json"
#: Where the pictures are among the static files.
PICTURES = "ingroeibloei/help"
_LABEL = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text in parts: every second one is a label of the portal."""

    parts: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return self.parts[1::2]

    @property
    def marked(self) -> list[tuple[str, bool]]:
        """Each part, and whether it is a label."""
        return [(part, bool(place % 2)) for place, part in enumerate(self.parts) if part]

    def __str__(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, perhaps with the picture of a page."""

    text: Sentence
    picture: str = ""
    alt: str = ""

    @property
    def file(self) -> str:
        return f"{PICTURES}/{self.picture}.webp"


@dataclass(frozen=True, slots=True)
class Topic:
    """A task: whose it is, on which pages (by route) its help is offered, its steps and what is good to know."""

    slug: str
    title: str
    lead: str
    roles: frozenset[str]
    routes: tuple[str, ...]
    steps: tuple[Step, ...]
    know: tuple[Sentence, ...]

    @property
    def sentences(self) -> list[Sentence]:
        return [*(step.text for step in self.steps), *self.know]


@cache
def topics() -> dict[str, Topic]:
    """All of them by their name in the address, in the order of the file."""
    rows = json.loads(CONTENT.read_text(encoding="utf-8"))["topics"]
    return {
        row["slug"]: Topic(
            row["slug"], row["title"], row["lead"], frozenset(row["roles"]), tuple(row["routes"]),
            tuple(Step(_sentence(step["text"]), step.get("picture", ""), step.get("alt", "")) for step in row["steps"]),
            tuple(_sentence(text) for text in row["know"]),
        )
        for row in rows
    }  # fmt: skip


@cache
def _by_route() -> dict[str, Topic]:
    return {route: topic for topic in topics().values() for route in topic.routes}


def topic_of(route: str, roles: Iterable[str]) -> Topic | None:
    """The help of a page for a reader with these roles, if it has one."""
    topic = _by_route().get(route)
    return topic if topic is not None and topic.roles & {*roles} else None


def for_roles(roles: Iterable[str]) -> tuple[list[Topic], list[Topic]]:
    """The tasks of a reader with these roles, and those of colleagues."""
    own = {*roles}
    all_of_them = topics().values()
    return [row for row in all_of_them if row.roles & own], [row for row in all_of_them if not row.roles & own]


def _sentence(text: str) -> Sentence:
    return Sentence(tuple(_LABEL.split(text)))
