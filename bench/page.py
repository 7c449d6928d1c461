"""Write the figures of a run into the page about performance, as ratios wherever there are two."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.report import table

PAGE = Path(__file__).parents[1] / "docs/explanation/performance.md"
FIGURES = Path(__file__).parent / "figures.json"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Figures = Mapping[str, Any]


def written(page: str, figures: Figures) -> str:
    """Return the page with what was measured in its place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n" + "\n".join(_section(figures)).strip() + f"\n\n{END}{after}"


def _section(figures: Figures) -> Iterator[str]:
    main = figures["sqlite"]
    yield from (f"- {name}: {value}" for name, value in main["conditions"].items())
    yield from ("", *_limits(main), "", *_operations(main), "")
    for name, start in main["starts"].items():
        yield f"- {name}: ready after {start['ready_s']:.1f} s, idle {start['idle_mb']:.0f} MB"
    yield ""
    if any(each["peers"] for each in main["operations"].values()):
        yield from ("### Beside other programs", "", _PEERS, "", *_peers(main), "")
    if "postgresql" in figures:
        other = figures["postgresql"]
        yield from ("### On PostgreSQL", "", _postgresql(main, other), "")
        yield from (*_beside(main, other), "")
    if "growth" in figures:
        yield from ("### As a directory grows", "", _GROWTH, "", *_growth(figures["growth"]))


_PEERS = (
    "How many times our CPU time the other program needs for the same, in turns of one run: above 1"
    " ours costs less. What each keeps and how is said above; ours makes every commit durable."
)
_GROWTH = (
    "Steps of SQLite's machine, and blocks PostgreSQL touches by its plan for any values, for one"
    " answer: neither depends on how busy the machine is. The last column is how many times as"
    " long the largest directory takes as one of a thousand."
)


def _limits(main: Figures) -> list[str]:
    rows = [
        (name, f"{each['per_second']:,.0f}", f"{each['cpu_ms']:.3f}")
        for name, each in main["limits"].items()
    ]
    return table(("limit on the server's cores", "per second", "CPU ms"), rows)


def _operations(main: Figures) -> list[str]:
    bare = main["operations"]["bare answer"]["cpu_ms"]
    rows = [
        (
            name,
            f"{each['cpu_ms']:.3f}",
            f"{each['cpu_ms'] / bare:.0f} ×",
            each.get("limit", "–"),
            f"{each['share_inside_limit']:.0%}" if "limit" in each else "–",
            f"{each['per_second']:,.0f}",
        )
        for name, each in main["operations"].items()
    ]
    heads = ("operation", "CPU ms", "a bare answer", "limit", "its part of the CPU", "per second")
    return table(heads, rows)


def _peers(main: Figures) -> list[str]:
    compared = {name: each["peers"] for name, each in main["operations"].items() if each["peers"]}
    names = list(dict.fromkeys(peer for peers in compared.values() for peer in peers))
    rows = [
        (name, *(_times(peers[each]) if each in peers else "–" for each in names))
        for name, peers in compared.items()
    ]
    return table(("operation", *names), rows)


def _times(peer: Figures) -> str:
    return f"{1 / peer['ratio']['cpu_ms']:.1f} ×"


def _postgresql(main: Figures, other: Figures) -> str:
    both = [f"{each['limits']['commit']['cpu_ms']:.3f}" for each in (main, other)]
    return (
        "CPU time of our process over PostgreSQL, compared with SQLite, in a run of its own; what"
        f" PostgreSQL's processes use is not in it. One commit by the bare driver: {both[1]} ms"
        f" against {both[0]}."
    )


def _beside(main: Figures, other: Figures) -> list[str]:
    rows = [
        (name, f"{each['cpu_ms']:.3f}", f"{each['cpu_ms'] / here['cpu_ms']:.1f} ×")
        for name, each in other["operations"].items()
        if (here := main["operations"].get(name)) is not None
    ]
    return table(("operation", "CPU ms", "SQLite"), rows)


def _growth(growth: Figures) -> Iterator[str]:
    sizes: Sequence[int] = growth["sizes"]
    for kind, questions in growth["found"].items():
        heads = (kind, *(f"{size:,} users" for size in sizes), "time")
        rows = [
            (
                name,
                *(f"{each['work']:,}" for each in costs),
                f"{costs[-1]['time_us'] / costs[1]['time_us']:.1f} ×",
            )
            for name, costs in questions.items()
        ]
        yield from (*table(heads, rows), "")


def main() -> None:
    """Keep the figures of the runs given, and write the page from all that are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("sqlite", "postgresql", "growth"):
        parser.add_argument(f"--{name}", type=Path, help="what that run wrote with --json")
    given = {name: path for name, path in vars(parser.parse_args()).items() if path is not None}
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    figures |= {name: json.loads(path.read_text()) for name, path in given.items()}
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(written(PAGE.read_text(), figures))


if __name__ == "__main__":
    main()
