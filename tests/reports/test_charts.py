"""Charts: safe and readable SVG, a sentence for who cannot see it, and the same content for the report."""

import json
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import Chart, Kind, Series, describe, sparkline, svg, table
from reports.charts.canvas import spread_out, ticks
from reports.charts.model import top
from reports.disclosure import Hidden, Reason, Shown
from reports.render.page import chart_of as chart_of_block
from reports.wording import rates_drawn

KINDS: list[Kind] = ["bars", "hbars", "lines", "dumbbell", "ladder"]
REACH = Chart(
    kind="lines",
    title="Reach by month",
    x=["sep", "oct", "nov"],
    series=[Series("Dutch", [30, 48, 75], "sky"), Series("other", [None, 12.5, 50])],
    unit="%",
    max=100,
)


def chart_of(kind: Kind, **changes: object) -> Chart:
    number = {"dumbbell": 2, "ladder": 1}.get(kind, 2)
    return replace(REACH, kind=kind, series=REACH.series[:number], **changes)  # type: ignore[arg-type]


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314 (our own drawing)


def texts(drawing: str) -> list[str]:
    return [entry.text or "" for entry in parsed(drawing).iter("text")]


@pytest.fixture(autouse=True)
def in_english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_an_image_with_a_name_and_a_description(kind: Kind) -> None:
    root = parsed(svg(chart_of(kind)))
    named = {entry.get("id"): entry.text for entry in root if entry.tag in ("title", "desc")}

    assert root.get("role") == "img"
    assert root.get("viewBox", "").startswith("0 0 640 ")
    assert [named[name] for name in root.get("aria-labelledby", "").split()] == [
        "Reach by month",
        describe(chart_of(kind)),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_needs_inline_style_or_lets_markup_in(kind: Kind) -> None:
    evil = '<script>alert("1")</script>&'
    chart = chart_of(kind, title=evil, x=[evil] * 3, unit=evil)
    chart = replace(chart, series=[replace(one, label=evil) for one in chart.series])

    drawing = svg(chart)

    assert "<script" not in drawing
    assert all("style" not in entry.attrib and entry.tag != "style" for entry in parsed(drawing).iter())
    assert parsed(drawing)[0].text == evil


@pytest.mark.parametrize("kind", KINDS)
def test_categories_and_values_stay_text(kind: Kind) -> None:
    found = texts(svg(chart_of(kind)))

    assert {"sep", "oct", "nov"} <= set(found)
    assert any(text.startswith("75\u00a0%") for text in found)


def test_series_are_named_at_their_end_not_in_a_legend() -> None:
    assert {"Dutch", "other"} <= set(texts(svg(REACH)))
    assert "75\u00a0% Dutch" not in texts(svg(chart_of("hbars")))
    assert "30\u00a0% Dutch" in texts(svg(chart_of("hbars")))


def test_a_hidden_value_is_a_gap_with_its_mark_and_the_line_breaks_there() -> None:
    broken = replace(REACH, series=[Series("Dutch", [30, None, 75])])

    assert texts(svg(broken)).count("<5") == 1
    assert len(list(parsed(svg(broken)).iter("polyline"))) == 2
    assert "–" in texts(svg(replace(broken, gap="–")))


def test_the_time_axis_keeps_its_direction_and_the_words_get_theirs() -> None:
    root = parsed(svg(REACH, "rtl"))
    places = {entry.text: (float(entry.get("x", 0)), entry.get("direction")) for entry in root.iter("text")}

    assert root.get("direction") == "ltr"
    assert places["sep"][0] < places["oct"][0] < places["nov"][0]
    assert places["sep"][1] == "rtl"
    assert places["75\u00a0%"][1] is None


def test_each_rung_of_the_ladder_begins_where_the_one_before_ended() -> None:
    ladder = Chart("ladder", "How it arrived", ["mail", "sms", "letter"], [Series("families", [30, 15, 5])])
    bars = [entry for entry in parsed(svg(ladder)).iter("rect") if entry.get("class") == "plot-bar"]
    ends = [(float(bar.get("x", 0)), float(bar.get("x", 0)) + float(bar.get("width", 0))) for bar in bars]

    assert [start for start, _ in ends[1:]] == pytest.approx([end for _, end in ends[:-1]], abs=0.2)
    assert [ends[0][0], ends[-1][1]] == pytest.approx([8, 544], abs=0.2)


def test_the_description_tells_the_change_the_extremes_and_what_is_hidden() -> None:
    assert describe(REACH) == (
        "Dutch: from 30\u00a0% (sep) to 75\u00a0% (nov); lowest 30\u00a0% (sep), highest 75\u00a0% (nov). "
        "other: from 12.5\u00a0% (oct) to 50\u00a0% (nov); lowest 12.5\u00a0% (oct), highest 50\u00a0% (nov). "
        "1 value is not shown."
    )
    assert describe(chart_of("dumbbell")).startswith("sep: from 30\u00a0% (Dutch) to <5 (other).")
    assert describe(chart_of("ladder")) == "Dutch, step by step: sep 30\u00a0%, oct 48\u00a0%, nov 75\u00a0%."
    assert describe(chart_of("bars")).startswith("Dutch: highest 75\u00a0% (nov), lowest 30\u00a0% (sep).")
    assert describe(replace(REACH, alt="What I say.")) == "What I say."


def test_one_shown_value_is_told_plainly_and_none_only_counted() -> None:
    assert (
        describe(replace(REACH, series=[Series("a", [None, 7, None])])) == "a: 7\u00a0% (oct). 2 values are not shown."
    )
    assert describe(replace(REACH, series=[Series("a", [None] * 3)])) == "3 values are not shown."


def test_the_table_beside_it_has_the_same_figures() -> None:
    assert table(REACH).head == ("", "Dutch", "other")
    assert table(REACH).rows[:2] == (("sep", "30\u00a0%", "<5"), ("oct", "48\u00a0%", "12.5\u00a0%"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rate_carries_the_decimals_that_the_tables_say(kind: Kind) -> None:
    reached = rates_drawn("reached", [Shown(66, 100), Shown(66, 99), Hidden(Reason.PRIMARY)])
    beside = rates_drawn("spoken with", [Shown(33, 100), Shown(0, 0), Shown(50, 100)])
    chart = replace(chart_of(kind), series=[reached, beside][: len(chart_of(kind).series)])
    kept = chart_of_block(json.loads(json.dumps(chart.as_content())))
    for one in (chart, kept):
        assert [row[1] for row in table(one).rows] == ["66.0\u00a0%", "67\u00a0%", "<5"]
        assert "66.0\u00a0%" in describe(one)
        assert any("66.0\u00a0%" in text for text in texts(svg(one)))
        assert "100\u00a0%" in texts(svg(one)) or kind == "ladder", "the axis counts in whole per cents"


def test_the_report_gets_the_chart_as_json() -> None:
    content = json.loads(json.dumps(REACH.as_content("fr")))

    assert content["series"][1] == {"label": "other", "values": [None, 12.5, 50], "tone": "leaf"}
    assert (content["kind"], content["max"], content["language"]) == ("lines", 100, "fr")
    assert content["alt"] == describe(REACH)


@pytest.mark.parametrize(
    "changes",
    [
        {"x": []}, {"series": []}, {"x": ["sep"]}, {"kind": "ladder"}, {"max": 0},
        {"series": [Series("a", [1, -1, 2])]}, {"series": [Series("a", [1, float("inf"), 2])]},
        {"series": [Series("a", [1, 1, 2], words=["1"])]},
    ],
)  # fmt: skip
def test_a_chart_that_cannot_be_drawn_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"A (chart|ladder|series)"):
        replace(REACH, **changes)  # type: ignore[arg-type]


def test_a_sparkline_is_decoration_and_breaks_at_gaps() -> None:
    root = parsed(sparkline([1, 2, None, 4, 4], "sky"))

    assert root.get("aria-hidden") == "true"
    assert len(list(root.iter("polyline"))) == 2
    assert root[0].get("class") == "tone-sky"
    assert list(parsed(sparkline([None, None])).iter("circle")) == []


VALUES = st.one_of(st.none(), st.integers(0, 30_000), st.floats(0, 200, allow_subnormal=False))


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=14))
def test_no_mark_leaves_the_paper(kind: Kind, values: list[tuple[float | None, float | None]]) -> None:
    series = [Series(name, column) for name, column in zip("ab", zip(*values, strict=True), strict=True)]
    chart = Chart(kind, "t", [str(place) for place in range(len(values))], series[: 1 if kind == "ladder" else 2])
    root = parsed(svg(chart))
    height = float(root.get("viewBox", "").split()[3])

    for entry in root.iter():
        for across, down in (("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2")):
            assert 0 <= float(entry.get(across, 0)) <= 640
            assert 0 <= float(entry.get(down, 0)) <= height


@given(st.floats(1, 1e7))
def test_the_axis_has_at_most_five_steps_and_holds_every_value(highest: float) -> None:
    chart = Chart("bars", "t", ["a"], [Series("s", [highest])])

    assert top(chart) >= highest
    assert 2 <= len(ticks(chart)) <= 7


@given(st.lists(st.floats(0, 250), min_size=1, max_size=6))
def test_labels_are_kept_apart_in_their_order(wanted: list[float]) -> None:
    placed = spread_out(wanted, 36, 0, 250)
    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True))]

    assert ordered == sorted(ordered)
    assert all(second - first > 35.9 for first, second in pairwise(ordered))


def test_no_step_between_rungs_is_drawn_over_a_name() -> None:
    ladder = Chart("ladder", "How it arrived", ["mail", "sms", "letter"], [Series("families", [30, 15, 5])])
    drawn = [entry.get("class") for entry in parsed(svg(ladder)).iter()]
    last_step = max(place for place, kind in enumerate(drawn) if kind == "plot-step")
    assert last_step < drawn.index("plot-label")


@pytest.mark.parametrize("kind", ["lines", "bars"])
def test_a_long_name_beside_the_plot_stays_inside_the_drawing(kind: Kind) -> None:
    """What juts out of a drawing is cut off on paper and runs out of its card on a phone."""
    name = "Telefonisch of schriftelijk"
    root = parsed(svg(Chart(kind, "t", ["sep", "oct"], [Series(name, [1, 2]), Series("Thuis", [3, 4])])))
    width = float(root.get("viewBox", "").split()[2])
    (label,) = [entry for entry in root.iter("text") if entry.text == name]
    assert width - float(label.get("x", 0)) >= 8 * len(name)
