"""The arithmetic of the figures: rounding, percentage points, intervals and quantiles."""

import math
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics import (
    format_points,
    format_rate,
    format_ratio,
    median,
    points_between,
    quantile,
    rate,
    rate_decimals,
    ratio,
    rounded,
    spread,
    wilson_interval,
)


def test_the_worked_example_reads_as_the_domain_paper_prints_it() -> None:
    assert [format_rate(*share) for share in ((26, 40), (18, 24), (7, 14), (22, 24), (12, 14))] == [
        "65", "75", "50", "92", "86",
    ]  # fmt: skip


def test_the_gap_and_its_change_come_from_unrounded_values() -> None:
    before = points_between((7, 14), (18, 24))
    after = points_between((12, 14), (22, 24))

    assert before == 25
    assert after is not None
    assert format_points(after) == "+6"
    assert format_points(after, 1, decimal_mark=".") == "+6.0"
    assert format_points(after - before) == "−19"


def test_the_ratio_of_the_two_groups_has_two_decimals() -> None:
    assert format_ratio(ratio(rate(7, 14), rate(18, 24)), decimal_mark=",") == "0,67"
    assert format_ratio(ratio(Fraction(7, 26), Fraction(14, 40)), decimal_mark=",") == "0,77"


def test_one_decimal_from_a_hundred_on() -> None:
    assert format_rate(49, 99, decimal_mark=",") == "49"
    assert format_rate(220, 240, decimal_mark=",") == "91,7"
    assert (rate_decimals(99, 500), rate_decimals(100, 500)) == (0, 1)


def test_halves_go_up_where_binary_floats_would_go_down() -> None:
    assert format_rate(1, 8, decimal_mark=",") == "13"
    assert format_rate(201, 2000, decimal_mark=".") == "10.1"
    assert format_points(Fraction(-1, 2)) == "−1"


def test_a_difference_that_rounds_to_zero_has_no_sign() -> None:
    assert [format_points(Fraction(part, 10)) for part in (-4, 0, 4)] == ["0", "0", "0"]


def test_without_a_denominator_there_is_no_figure() -> None:
    assert (format_rate(0, 0), format_points(points_between((0, 0), (1, 2))), format_ratio(None)) == ("–", "–", "–")
    assert ratio(Fraction(1), Fraction(0)) is None


@pytest.mark.parametrize("share", [(-1, 3), (4, 3)])
def test_more_than_all_or_less_than_none_is_refused(share: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a share"):
        rate(*share)


def test_wilson_gives_the_published_values() -> None:
    low, high = wilson_interval(26, 40)

    assert (round(low, 3), round(high, 3)) == (0.495, 0.779)
    assert wilson_interval(0, 0) == (0.0, 1.0)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_wilson_holds_the_share_and_stays_between_none_and_all(n: int, more: int) -> None:
    low, high = wilson_interval(n, n + more)

    assert 0 <= low <= n / (n + more) <= high <= 1
    assert wilson_interval(n + more, n + more).high == 1


@given(st.integers(0, 400), st.integers(1, 400))
def test_rounding_is_never_further_than_half_a_step(n: int, more: int) -> None:
    share = rate(n, n + more)

    assert share is not None
    assert abs(Fraction(rounded(share, 1)) - share) <= Fraction(1, 20)


@given(st.lists(st.integers(0, 60), min_size=1))
def test_the_median_is_the_usual_one_and_the_quartiles_surround_it(values: list[int]) -> None:
    found = spread(values)

    assert found is not None
    assert found.median == median(values) == statistics.median(values)
    assert min(values) <= found.first_quartile <= found.median <= found.third_quartile <= found.ninetieth


@given(st.lists(st.integers(0, 60), min_size=1), st.integers(1, 99))
def test_a_quantile_leaves_the_right_share_on_both_sides(values: list[int], percent: int) -> None:
    cut = quantile(values, percent)

    assert cut is not None
    assert sum(value <= cut for value in values) * 100 >= percent * len(values)
    assert sum(value >= cut for value in values) * 100 >= (100 - percent) * len(values)


def test_an_open_question_counts_as_longer_than_any() -> None:
    days = [1, 2, 2, 3, math.inf]

    assert (median(days), quantile(days, 90)) == (2, math.inf)
    assert (median([]), spread([])) == (None, None)


def test_the_hundredth_percentile_is_refused() -> None:
    with pytest.raises(ValueError, match="between 1 and 99"):
        quantile([1], 100)
