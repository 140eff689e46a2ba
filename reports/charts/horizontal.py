"""Charts with one row per category: the name above its bar, so that long names of schools and languages stay whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString

from reports.charts.canvas import BOTTOM, RIGHT, TOP, WIDTH, element, frame, ticks, words
from reports.charts.model import Chart, Series, figure, on_axis, top

START, END = 8, WIDTH - RIGHT
NAME, THICK, BETWEEN, ROW_GAP = 20, 18, 4, 12


def bars_along(chart: Chart, direction: str) -> SafeString:
    """Bars from left to right, one per series; the first row names the series."""
    pitch = NAME + len(chart.series) * (THICK + BETWEEN) + ROW_GAP
    shapes = [*_grid(chart, pitch, direction), *_names(chart, pitch, direction)]
    for number, series in enumerate(chart.series):
        bars: list[SafeString] = []
        for row in range(len(chart.x)):
            y = TOP + pitch * row + NAME + number * (THICK + BETWEEN)
            label = series.label if row == 0 and len(chart.series) > 1 else ""
            bars += _bar(chart, series, row, y, label=label, direction=direction)
        shapes.append(element("g", *bars, class_=f"plot-series tone-{series.tone}"))
    return frame(chart, _height(chart, pitch), *shapes)


def rungs(chart: Chart, direction: str) -> SafeString:
    """The ladder: each bar begins where the one before ended, so that together they climb to all families."""
    pitch = NAME + THICK + ROW_GAP + 4
    (series,) = chart.series
    shapes: list[SafeString] = []
    climbed = 0.0
    for row, value in enumerate(series.values):
        y = TOP + pitch * row + NAME
        shapes.append(_track(y))
        shapes += _bar(chart, series, row, y, begin=climbed)
        climbed += value or 0
        if row + 1 < len(chart.x):
            shapes.append(_step(_across(chart, climbed), y + THICK, y + pitch))
    drawn = element("g", *shapes, class_=f"plot-series tone-{series.tone}")
    shapes = [*_unit(chart, direction), drawn, *_names(chart, pitch, direction)]  # the names keep clear of the steps
    return frame(chart, _height(chart, pitch) - BOTTOM, *shapes)


def dumbbells(chart: Chart, direction: str) -> SafeString:
    """Two dots per row, before and after, and the way between them; the first row names the two."""
    pitch = NAME + 24 + ROW_GAP
    shapes = [*_grid(chart, pitch, direction), *_names(chart, pitch, direction)]
    for row in range(len(chart.x)):
        shapes += _dumbbell(chart, row, TOP + pitch * row + NAME + 12, direction)
    return frame(chart, _height(chart, pitch), *shapes)


def _dumbbell(chart: Chart, row: int, y: float, direction: str) -> Iterator[SafeString]:
    before, after = (one.values[row] for one in chart.series)
    if before is not None and after is not None:
        yield element(
            "line", x1=_across(chart, before), y1=y, x2=_across(chart, after), y2=y,
            class_="plot-way", stroke="currentColor", stroke_width=4, stroke_linecap="round",
        )  # fmt: skip
    forward = before is None or after is None or before <= after
    for series, leftmost in zip(chart.series, (forward, not forward), strict=True):
        yield element("g", *_end(chart, series, row, y, leftmost, direction), class_=f"tone-{series.tone}")


def _end(chart: Chart, series: Series, row: int, y: float, leftmost: bool, direction: str) -> Iterator[SafeString]:
    """One dot with its value outside the pair; near the left edge the value goes above, under the name."""
    value = series.values[row]
    text = figure(series, row, chart) + (f" {series.label}" if row == 0 else "")
    text_direction = direction if row == 0 else "ltr"
    if value is None:
        yield words(text, START if leftmost else END, y + 5, kind="gap", anchor="start", direction=text_direction)
        return
    x = _across(chart, value)
    yield element("circle", cx=x, cy=y, r=7, class_="plot-dot", fill="currentColor")
    outside = leftmost and x > START + 14 + 8 * len(text)
    place = x - 14 if outside else x + 14
    lift = 5.0 if outside or not leftmost else -10.0
    yield words(text, place, y + lift, kind="value", anchor="end" if outside else "start", direction=text_direction)


def _bar(
    chart: Chart, series: Series, row: int, y: float, *, begin: float = 0, label: str = "", direction: str = "ltr"
) -> Iterator[SafeString]:
    """A bar with its value at the end; the name of the series behind it where ``label`` gives one."""
    value = series.values[row]
    x = _across(chart, begin)
    end = _across(chart, begin + (value or 0))
    if value is not None:
        width = max(end - x, 1.0)
        yield element("rect", x=x, y=y, width=width, height=THICK, rx=3, class_="plot-bar", fill="currentColor")
    text = " ".join(filter(None, (figure(series, row, chart), label)))
    kind = "gap" if value is None else "value"
    yield words(text, end + 8, y + THICK - 4, kind=kind, direction=direction if label else "ltr")


def _track(y: float) -> SafeString:
    return element("rect", x=START, y=y, width=END - START, height=THICK, rx=3, class_="plot-track", fill="none")


def _step(x: float, y1: float, y2: float) -> SafeString:
    return element("line", x1=x, y1=y1, x2=x, y2=y2, class_="plot-step", stroke="currentColor")


def _names(chart: Chart, pitch: float, direction: str) -> list[SafeString]:
    return [
        words(name, START, TOP + pitch * row + NAME - 6, kind="label", direction=direction)
        for row, name in enumerate(chart.x)
    ]


def _grid(chart: Chart, pitch: float, direction: str) -> list[SafeString]:
    """Vertical lines through all rows, their values below; zero needs no line, the bars begin there."""
    bottom = TOP + pitch * len(chart.x)
    shapes = _unit(chart, direction)
    for value in ticks(chart):
        x = _across(chart, value)
        if value:
            shapes.append(element("line", x1=x, y1=TOP, x2=x, y2=bottom, class_="plot-grid", stroke="currentColor"))
        shapes.append(words(on_axis(value, chart), x, bottom + 18, kind="tick", anchor="middle" if value else "start"))
    return shapes


def _unit(chart: Chart, direction: str) -> list[SafeString]:
    if not chart.unit or chart.unit == "%":
        return []
    return [words(chart.unit, START, 12, kind="unit", direction=direction)]


def _across(chart: Chart, value: float) -> float:
    return START + (END - START) * min(value / top(chart), 1.0)


def _height(chart: Chart, pitch: float) -> float:
    return TOP + pitch * len(chart.x) + BOTTOM
