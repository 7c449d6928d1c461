import pytest

from bench.arithmetic import (
    Bound,
    Round,
    alternating,
    bound_of,
    median_bound,
    median_round,
    percentile,
    ratio_of,
    round_of,
    share_inside_limit,
    share_of_limit,
)
from bench.operations import OPERATIONS
from bench.report import Measured, Report


def a_round(*, per_second: float = 1.0, cpu_ms: float = 1.0) -> Round:
    return Round(per_second=per_second, p50_ms=1, p95_ms=1, p99_ms=1, cpu_ms=cpu_ms)


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (1, 1), (50, 50), (95, 95), (99, 99), (100, 100)]
)
def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed(
    percent: float, expected: float
) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == expected


def test_of_few_values_a_high_percentile_is_the_largest() -> None:
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_a_round_counts_per_second_and_shares_the_processor_time_out() -> None:
    found = round_of([0.010, 0.020, 0.030, 0.040], elapsed_s=0.5, cpu_s=0.0625)
    assert found == Round(per_second=8.0, p50_ms=20.0, p95_ms=40.0, p99_ms=40.0, cpu_ms=15.625)


def test_a_bound_counts_per_second_and_shares_the_processor_time_out() -> None:
    assert bound_of(50, elapsed_s=2.0, cpu_s=1.0) == Bound(per_second=25.0, cpu_ms=20.0)


def test_the_median_is_taken_of_each_figure_by_itself() -> None:
    rounds = [a_round(per_second=n, cpu_ms=c) for n, c in ((10, 3), (30, 1), (20, 2))]
    assert median_round(rounds) == a_round(per_second=20, cpu_ms=2)
    bounds = [Bound(per_second=n, cpu_ms=c) for n, c in ((1, 9), (2, 7))]
    assert median_bound(bounds) == Bound(per_second=1.5, cpu_ms=8)


def test_two_signatures_for_each_operation_halve_how_often_the_limit_allows_it() -> None:
    limit = Bound(per_second=1000, cpu_ms=1)
    figures = a_round(per_second=350, cpu_ms=4)
    assert share_of_limit(figures, limit, 2) == 0.7
    assert share_inside_limit(figures, limit, 2) == 0.5


def test_operations_take_turns() -> None:
    assert alternating(["a", "b"], 3) == ["a", "b", "a", "b", "a", "b"]


def test_a_report_sets_an_operation_beside_its_limit() -> None:
    credentials = next(each for each in OPERATIONS if each.name == "client credentials")
    report = Report(
        conditions={"hash": "argon2id m=8 KiB t=1 p=1"},
        limits={"RS256": Bound(per_second=1000, cpu_ms=1)},
        measured=[
            Measured(
                operation=credentials, in_flight=3, figures=a_round(per_second=700, cpu_ms=1.25)
            )
        ],
        starts={},
    )
    text = "\n".join(report.lines())
    row = next(line for line in report.lines() if line.startswith("| client credentials"))
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        *("client credentials", "3", "700", "1.00", "1.00", "1.00", "1.250"),
        *("1 × RS256", "70%", "80%"),
    ]
    assert "m=8 KiB t=1 p=1" in text
    assert report.as_json()["operations"]["client credentials"]["share_of_limit"] == 0.7


def test_two_programs_are_compared_turn_by_turn() -> None:
    # One slow turn hits both: the ratio of their medians would be told by which one it hit harder.
    ours = [a_round(cpu_ms=1, per_second=30), a_round(cpu_ms=8), a_round(cpu_ms=3)]
    theirs = [a_round(cpu_ms=2, per_second=10), a_round(cpu_ms=20), a_round(cpu_ms=4)]
    found = ratio_of(ours, theirs)
    assert found.cpu_ms == 0.5
    assert found.per_second == 1
    with pytest.raises(ValueError, match="zip"):
        ratio_of(ours, theirs[:2])
