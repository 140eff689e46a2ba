"""Charts as accessible SVG, drawn on the server: labels at the marks, no legend, gaps where values are hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.safestring import SafeString

from reports.charts.canvas import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    element,
    frame,
    runs,
    spread_out,
    ticks,
    words,
)
from reports.charts.horizontal import bars_along, dumbbells, rungs
from reports.charts.model import Chart, Series, Tone, figure, on_axis, top

PLOT_RIGHT, PLOT_BOTTOM = WIDTH - RIGHT, HEIGHT - BOTTOM
#: How wide a letter of a name is at most, on average, in the fonts of screens and of paper.
LETTER = 8.25
MOST_TICK_LABELS = 12
SPARK_WIDTH, SPARK_HEIGHT = 120, 32


def svg(chart: Chart, direction: str = "ltr") -> SafeString:
    """The chart as an inline SVG; ``direction`` is the reader's and turns the texts, never the axes."""
    return DRAWN_BY[chart.kind](chart, direction)


def sparkline(values: Sequence[float | None], tone: Tone = "leaf") -> SafeString:
    """A line without axes for beside a figure; decoration, as the figure and its table say the same."""
    shown = [value for value in values if value is not None]
    low, high = min(shown, default=0), max(shown, default=1)
    across = (SPARK_WIDTH - 8) / max(len(values) - 1, 1)

    def point(place: int, value: float) -> tuple[float, float]:
        return 4 + across * place, SPARK_HEIGHT - 4 - (value - low) / ((high - low) or 1) * (SPARK_HEIGHT - 8)

    strokes = [_stroke([point(*step) for step in run], 2.0) for run in runs(values)]
    last = [point(*run[-1]) for run in list(runs(values))[-1:]]
    dots = [element("circle", cx=x, cy=y, r=3, class_="plot-dot", fill="currentColor") for x, y in last]
    return element(
        "svg",
        element("g", *strokes, *dots, class_=f"tone-{tone}"),
        viewBox=f"0 0 {SPARK_WIDTH} {SPARK_HEIGHT}",
        preserveAspectRatio="xMinYMid meet",  # it begins under the figure, however wide the card is
        class_="sparkline",
        aria_hidden="true",
        focusable="false",
    )


def _lines(chart: Chart, direction: str) -> SafeString:
    def across(place: int) -> float:
        return LEFT + 8 + (PLOT_RIGHT - LEFT - 16) * place / max(len(chart.x) - 1, 1)

    shapes = _grid(chart, direction)
    shapes += _categories(chart, across, direction)
    shapes += [_line(chart, one, across) for one in chart.series]
    shapes += _end_labels(chart, direction)
    return frame(chart, HEIGHT, *shapes, width=_wide_enough(chart))


def _line(chart: Chart, series: Series, across: Callable[[int], float]) -> SafeString:
    """One line with a break at each hidden value, its dots, and its first value."""
    shapes: list[SafeString] = []
    for run in runs(series.values):
        points = [(across(place), _height(chart, value)) for place, value in run]
        shapes.append(_stroke(points, 2.5))
        shapes += [element("circle", cx=x, cy=y, r=3.5, class_="plot-dot", fill="currentColor") for x, y in points]
    gaps = [across(place) for place, value in enumerate(series.values) if value is None]
    row = PLOT_BOTTOM - 8 - 14 * list(chart.series).index(series)
    shapes += [words(chart.gap, x, row, kind="gap", anchor="middle") for x in gaps]
    shapes += _first_value(chart, series, across(0))
    return element("g", *shapes, class_=f"plot-series tone-{series.tone}")


def _first_value(chart: Chart, series: Series, x: float) -> list[SafeString]:
    """The value a line begins with, on the side the line leaves free, unless another line begins close by there."""
    first, *later = series.values
    if first is None or not later:
        return []
    y = _height(chart, first)
    following = next((value for value in later if value is not None), first)
    below = following > first and y + 24 < PLOT_BOTTOM
    others = [_height(chart, one.values[0]) for one in chart.series if one is not series and one.values[0] is not None]
    if any(0 <= (other - y if below else y - other) < 32 for other in others):
        below = not below
    return [words(figure(series, 0, chart), x - 4, y + (20.0 if below else -10.0), kind="value")]


def _bars(chart: Chart, direction: str) -> SafeString:
    band = (PLOT_RIGHT - LEFT) / len(chart.x)
    width = min(56.0, (band - 16) / len(chart.series) - 4)

    def middle(place: int) -> float:
        return LEFT + band * (place + 0.5)

    shapes = _grid(chart, direction) + _categories(chart, middle, direction)
    for beside, series in enumerate(chart.series):
        shift = (beside - (len(chart.series) - 1) / 2) * (width + 4)
        bars = [_bar(chart, series, place, middle(place) + shift, width) for place in range(len(chart.x))]
        shapes.append(element("g", *bars, class_=f"plot-series tone-{series.tone}"))
    if len(chart.series) > 1:
        shapes += _end_labels(chart, direction, with_values=False)
    return frame(chart, HEIGHT, *shapes, width=_wide_enough(chart))


def _bar(chart: Chart, series: Series, place: int, middle: float, width: float) -> SafeString:
    value = series.values[place]
    if value is None:
        return words(chart.gap, middle, PLOT_BOTTOM - 8, kind="gap", anchor="middle")
    y = _height(chart, value)
    bar = element(
        "rect", x=middle - width / 2, y=y, width=width, height=PLOT_BOTTOM - y, rx=3,
        class_="plot-bar", fill="currentColor",
    )  # fmt: skip
    return element("g", bar, words(figure(series, place, chart), middle, y - 7, kind="value", anchor="middle"))


def _grid(chart: Chart, direction: str) -> list[SafeString]:
    """Horizontal lines with their values at the left, and the unit above them."""
    shapes = []
    for value in ticks(chart):
        y = _height(chart, value)
        kind = "grid" if value else "axis"
        shapes.append(_rule(LEFT, y, PLOT_RIGHT, y, kind))
        shapes.append(words(on_axis(value, chart), LEFT - 8, y + 4, kind="tick", anchor="end"))
    if chart.unit and chart.unit != "%":
        shapes.append(words(chart.unit, 4, 12, kind="unit", direction=direction))
    return shapes


def _categories(chart: Chart, across: Callable[[int], float], direction: str) -> list[SafeString]:
    every = -(-len(chart.x) // MOST_TICK_LABELS)
    return [
        words(name, across(place), PLOT_BOTTOM + 20, kind="tick", anchor="middle", direction=direction)
        for place, name in enumerate(chart.x)
        if place % every == 0
    ]


def _end_labels(chart: Chart, direction: str, *, with_values: bool = True) -> list[SafeString]:
    """Name (and last shown value) of each series at its end, kept apart where the ends are close."""
    ends = [(one, [place for place, value in enumerate(one.values) if value is not None]) for one in chart.series]
    labelled = [(one, places[-1]) for one, places in ends if places]
    apart = 36.0 if with_values else 20.0
    heights = [_height(chart, one.values[place] or 0) for one, place in labelled]
    shapes = []
    for (one, place), y in zip(labelled, spread_out(heights, apart, TOP + 4, PLOT_BOTTOM - 8), strict=True):
        x = PLOT_RIGHT + 6.0
        texts = [words(one.label, x, y + (18 if with_values else 5), kind="label", direction=direction)]
        if with_values:
            texts.append(words(figure(one, place, chart), x, y + 3, kind="value"))
        shapes.append(element("g", *texts, class_=f"tone-{one.tone}"))
    return shapes


def _wide_enough(chart: Chart) -> float:
    """So wide that the longest name beside the plot stays whole: on paper and on a phone what juts out is cut off."""
    longest = max(len(one.label) for one in chart.series)
    return max(WIDTH, PLOT_RIGHT + 6 + LETTER * longest)


def _height(chart: Chart, value: float) -> float:
    return PLOT_BOTTOM - (PLOT_BOTTOM - TOP) * min(value / top(chart), 1.0)


def _stroke(points: Sequence[tuple[float, float]], width: float) -> SafeString:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return element(
        "polyline", points=path, class_="plot-line", fill="none", stroke="currentColor", stroke_width=width,
        stroke_linejoin="round", stroke_linecap="round",
    )  # fmt: skip


def _rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> SafeString:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=f"plot-{kind}", stroke="currentColor")


DRAWN_BY: dict[str, Callable[[Chart, str], SafeString]] = {
    "lines": _lines,
    "bars": _bars,
    "hbars": bars_along,
    "dumbbell": dumbbells,
    "ladder": rungs,
}
