"""The paper charts are drawn on: escaped SVG elements, text in either direction, scales and ticks.

No inline style (strict CSP): classes carry colour, presentation attributes what must hold without a stylesheet.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal

from django.utils.safestring import SafeString

from reports.charts.model import Chart, describe, tick_step, top

Anchor = Literal["start", "middle", "end"]
WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 48, 96, 24, 40
MIRRORED: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}


def element(name: str, *children: str, **attributes: object) -> SafeString:
    """An SVG element; ``class_`` is the class, underscores in other names become hyphens. Children are escaped."""
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"' for key, value in attributes.items())
    return SafeString(f"<{name}{pairs}>{''.join(map(_escaped, children))}</{name}>")


def _escaped(value: object) -> str:
    """What is markup already stays; a page of charts has thousands, for which ``format_html`` is slow."""
    return value if isinstance(value, SafeString) else escape(str(_short(value)))


def words(text: str, x: float, y: float, *, kind: str, anchor: Anchor = "start", direction: str = "ltr") -> SafeString:
    """A text whose place is meant left to right; a right-to-left text keeps its place and gets its own direction."""
    rtl = direction == "rtl"
    place = {"text_anchor": MIRRORED[anchor] if rtl else anchor} | ({"direction": "rtl"} if rtl else {})
    return element("text", text, x=x, y=y, class_=f"plot-{kind}", font_size=SIZES.get(kind, 13), **place)


SIZES = {"value": 14, "label": 14, "tick": 12, "gap": 12, "unit": 12}


def frame(chart: Chart, height: float, *shapes: str, width: float = WIDTH) -> SafeString:
    """The drawing with its name and description; the direction inside is fixed, because time runs to the right."""
    name = f"plot-{zlib.crc32(repr(chart).encode()):08x}"
    return element(
        "svg",
        element("title", chart.title, id=f"{name}-title"),
        element("desc", describe(chart), id=f"{name}-desc"),
        *shapes,
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        role="img",
        class_=f"plot plot-{chart.kind}",
        direction="ltr",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family="inherit",
        fill="currentColor",
    )


def ticks(chart: Chart) -> list[float]:
    """The values of the grid lines, zero and the end of the axis among them."""
    highest = top(chart)
    step = tick_step(highest)
    return [step * number for number in range(int(highest / step) + 1)]


def spread_out(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, in their order, at least ``apart`` and as far as possible between the ends."""
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    placed = dict(zip(order, _pushed([wanted[number] for number in order], apart, low, high), strict=True))
    return [placed[number] for number in range(len(wanted))]


def _pushed(ordered: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    places: list[float] = []
    for place in ordered:
        places.append(max(place, places[-1] + apart if places else low))
    limit = high
    for number in range(len(places) - 1, -1, -1):
        places[number] = min(places[number], limit)
        limit = places[number] - apart
    return places


def runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The unbroken stretches of shown values, as (place, value)."""
    current: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is None:
            if current:
                yield current
            current = []
        else:
            current.append((place, value))
    if current:
        yield current


def _short(value: object) -> object:
    """Coordinates with one decimal at most: smaller pages, and the same text on every machine."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
