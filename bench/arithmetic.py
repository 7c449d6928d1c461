"""From single measurements to figures: percentiles, medians and ratios."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one operation did in one round, or the median of several."""

    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What the machine can do at most: how often, and at what cost in CPU time each."""

    per_second: float
    cpu_ms: float


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of all values do not exceed."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1]


def round_of(latencies_s: Sequence[float], elapsed_s: float, cpu_s: float) -> Round:
    """Return the figures of one round; `cpu_s` is what the server used in all."""
    count = len(latencies_s)
    return Round(
        per_second=count / elapsed_s,
        p50_ms=percentile(latencies_s, 50) * 1000,
        p95_ms=percentile(latencies_s, 95) * 1000,
        p99_ms=percentile(latencies_s, 99) * 1000,
        cpu_ms=cpu_s / count * 1000,
    )


def bound_of(count: int, elapsed_s: float, cpu_s: float) -> Bound:
    """Return the figures of a limit that was reached `count` times."""
    return Bound(per_second=count / elapsed_s, cpu_ms=cpu_s / count * 1000)


def median_round(rounds: Sequence[Round]) -> Round:
    """Return the median of each figure by itself."""
    return Round(**_medians(rounds, Round))


def median_bound(bounds: Sequence[Bound]) -> Bound:
    """Return the median of each figure by itself."""
    return Bound(**_medians(bounds, Bound))


def _medians(found: Sequence[Round] | Sequence[Bound], kind: type) -> dict[str, float]:
    return {
        each.name: median(getattr(one, each.name) for one in found)
        for each in fields(kind)  # a dataclass of numbers only
    }


def share_of_limit(figures: Round, limit: Bound, uses: int) -> float:
    """Return which part of the limit was reached by operations that each meet it `uses` times."""
    return figures.per_second * uses / limit.per_second


def share_inside_limit(figures: Round, limit: Bound, uses: int) -> float:
    """Return which part of the operation's CPU time the limit itself costs."""
    return limit.cpu_ms * uses / figures.cpu_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How two that took turns compare: the median of the ratios of each turn."""

    per_second: float
    cpu_ms: float


def ratio_of(ours: Sequence[Round], theirs: Sequence[Round]) -> Ratio:
    """Return how many times as often ours is done, and what part of their CPU time it needs."""
    pairs = list(zip(ours, theirs, strict=True))
    return Ratio(
        per_second=median(one.per_second / other.per_second for one, other in pairs),
        cpu_ms=median(one.cpu_ms / other.cpu_ms for one, other in pairs),
    )


def alternating(names: Sequence[str], rounds: int) -> list[str]:
    """Return A B A B …: what is compared runs in turns, so that a slow minute hits both."""
    return list(names) * rounds
