"""The table people read and the JSON machines keep."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.arithmetic import Bound, Ratio, Round, share_inside_limit, share_of_limit
from bench.operations import Operation
from bench.target import Start

_HEADS = ("operation", "in flight", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU ms")
_PEER_HEADS = ("operation", "peer", "our CPU ms", "its CPU ms", "its CPU for ours", "per s")
_LIMIT_HEADS = ("limit", "reached", "of its CPU")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the peer did in the same turns, and how ours compares."""

    figures: Round
    ratio: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The medians of one operation."""

    operation: Operation
    in_flight: int
    figures: Round
    peers: dict[str, Beside] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything one run found. `conditions` is what the figures would mean nothing without."""

    conditions: dict[str, Any]
    limits: dict[str, Bound]
    measured: Sequence[Measured]
    starts: dict[str, Start]

    def lines(self) -> list[str]:
        """Return the report as text."""
        found = [f"{name}: {value}" for name, value in self.conditions.items()]
        found += ["", *table(("limit", "per s", "CPU ms"), self._limit_rows())]
        found += [
            "",
            *table((*_HEADS, *_LIMIT_HEADS), [self._row(each) for each in self.measured]),
        ]
        if beside := [row for each in self.measured for row in self._beside(each)]:
            found += ["", *table(_PEER_HEADS, beside)]
        if (outside := self.outside_hash_ms()) is not None:
            found += [
                "",
                f"full sign-in outside the hash: {outside:.2f} CPU ms, signatures included",
            ]
        for name, start in self.starts.items():
            found.append(f"{name}: ready after {start.ready_s:.2f} s, idle {start.idle_mb:.0f} MB")
        return found

    def outside_hash_ms(self) -> float | None:
        """Return what a sign-in costs beside its hash: measured with a hash that costs nothing."""
        return next(
            (each.figures.cpu_ms for each in self.measured if each.operation.has_trivial_hash), None
        )

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "conditions": self.conditions,
            "limits": {name: asdict(each) for name, each in self.limits.items()},
            "operations": {
                each.operation.name: {
                    "in_flight": each.in_flight,
                    **asdict(each.figures),
                    **self._shares(each),
                    "peers": {name: asdict(peer) for name, peer in each.peers.items()},
                }
                for each in self.measured
            },
            "starts": {name: asdict(each) for name, each in self.starts.items()},
        }

    def _limit_rows(self) -> list[tuple[str, ...]]:
        return [
            (name, f"{each.per_second:,.0f}", f"{each.cpu_ms:.3f}")
            for name, each in self.limits.items()
        ]

    def _shares(self, each: Measured) -> dict[str, Any]:
        operation = each.operation
        if operation.limit is None:
            return {}
        limit = self.limits[operation.limit]
        return {
            "limit": f"{operation.uses} × {operation.limit}",
            "share_of_limit": share_of_limit(each.figures, limit, operation.uses),
            "share_inside_limit": share_inside_limit(each.figures, limit, operation.uses),
        }

    def _beside(self, each: Measured) -> Iterator[tuple[str, ...]]:
        for name, peer in each.peers.items():
            yield (
                each.operation.name,
                name,
                f"{each.figures.cpu_ms:.3f}",
                f"{peer.figures.cpu_ms:.3f}",
                f"{1 / peer.ratio.cpu_ms:.1f} ×",
                f"{peer.ratio.per_second:.1f} ×",
            )

    def _row(self, each: Measured) -> tuple[str, ...]:
        figures, shares = each.figures, self._shares(each)
        return (
            each.operation.name,
            str(each.in_flight),
            f"{figures.per_second:,.0f}",
            f"{figures.p50_ms:.2f}",
            f"{figures.p95_ms:.2f}",
            f"{figures.p99_ms:.2f}",
            f"{figures.cpu_ms:.3f}",
            str(shares.get("limit", "")),
            f"{shares['share_of_limit']:.0%}" if shares else "",
            f"{shares['share_inside_limit']:.0%}" if shares else "",
        )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as people read it."""
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join((first, *others)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return [line(heads), rule, *(line(row) for row in rows)]
