"""Inline drawings: Lucide's icons and our own pictograms, read once from the static files and set into the page.

They are inlined rather than linked so that a page needs no second request and takes the colour of its text.
"""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "static" / "ingroeibloei"
Kind = Literal["icons", "pictograms"]

#: Drawings that point along the line of reading and turn round in a right-to-left page.
DIRECTIONAL = frozenset(
    {
        "arrow-left",
        "arrow-right",
        "arrow-up-right",
        "book-open",
        "chevron-left",
        "chevron-right",
        "external-link",
        "forward",
        "list",
        "list-checks",
        "list-todo",
        "log-in",
        "log-out",
        "message-square-text",
        "other-day",
        "reply",
        "send",
        "trending-down",
        "trending-up",
        "undo-2",
        "volume-2",
    }
)


class UnknownDrawingError(LookupError):
    """A template asks for an icon or pictogram that is not in the set."""


@cache
def names(kind: Kind) -> tuple[str, ...]:
    """All drawings of a set, in alphabetical order."""
    return tuple(sorted(path.stem for path in (FOLDER / kind).glob("*.svg")))


@cache
def _inner(kind: Kind, name: str) -> SafeString:
    """What stands between ``<svg>`` and ``</svg>``, on one line."""
    if name not in names(kind):
        raise UnknownDrawingError(f"There is no drawing “{name}” in {kind}.")
    text = (FOLDER / kind / f"{name}.svg").read_text(encoding="utf-8")
    inner = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split(">", 1)[1].rsplit("</svg>", 1)[0]
    return mark_safe(re.sub(r">\s+<", "><", re.sub(r"\s+", " ", inner)).strip())  # noqa: S308 our own files


def drawing(kind: Kind, name: str, extra_class: str = "", alt: str = "") -> SafeString:
    """The drawing as inline SVG, hidden from screen readers where a word stands beside it, or with ``alt`` where not.

    An unknown name is an error while developing and testing; a reader in production gets the word alone.
    """
    try:
        inner = _inner(kind, name)
    except UnknownDrawingError:
        if settings.DEBUG or getattr(settings, "TESTING", False):
            raise
        log.exception("unknown drawing")
        return mark_safe("")
    return _drawn(kind, name, extra_class, alt, inner)


@lru_cache(maxsize=4096)
def _drawn(kind: Kind, name: str, extra_class: str, alt: str, inner: SafeString) -> SafeString:
    """A list has the same few in every row."""
    base, size = ("icon", 24) if kind == "icons" else ("pictogram", 48)
    classes = " ".join(filter(None, (base, "icon-flip" if name in DIRECTIONAL else "", extra_class)))
    seen = format_html('role="img" aria-label="{}"', alt) if alt else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" {} focusable="false">{}</svg>', classes, size, size, seen, inner
    )
