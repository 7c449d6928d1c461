"""Measure the server beside the limits of this machine, in one run."""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvloop

from bench.arithmetic import median_bound, median_round, ratio_of
from bench.limits import Limits
from bench.load import Clients
from bench.machine import machine
from bench.operations import OPERATIONS, Operation
from bench.peer import Peer
from bench.peers.keycloak import keycloak
from bench.peers.oidc_provider import oidc_provider
from bench.report import Beside, Measured, Report
from bench.target import Start, only_on, served, start_of
from bench.turns import Found, Turns, peers_of
from gatelodge.crypto.passwords import HashParameters

_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_TRIVIAL = ("--memory-kib", "8", "--passes", "1")


def main() -> None:
    """Measure, print the table, and write JSON where asked to."""
    asked = _arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatelodge-bench-")))
        report = _measure(asked, folder, stack)
    print("\n".join(report.lines()))
    if asked.json is not None:
        asked.json.write_text(json.dumps(report.as_json(), indent=2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds: a first look")
    parser.add_argument("--rounds", type=int, help="how often each operation has its turn")
    parser.add_argument("--seconds", type=float, help="how long a turn is")
    parser.add_argument("--in-flight", type=int, default=16, help="clients of each operation")
    parser.add_argument("--cores", type=int, help="cores of the server; all but one unless said")
    parser.add_argument("--inline", action="store_true", help="sign on the loop, not in threads")
    parser.add_argument("--only", action="append", help="measure the operations that begin so")
    parser.add_argument("--database", help="an empty PostgreSQL database, as a URL")
    parser.add_argument("--postgresql", action="store_true", help="start a private PostgreSQL")
    parser.add_argument("--json", type=Path, help="where to keep the figures")
    parser.add_argument("--profile", type=Path, help="where to write a cProfile of the server")
    parser.add_argument("--no-peer", action="store_true", help="leave other programs out")
    parser.add_argument(
        "--keycloak", type=Path, help="where its distribution is unpacked and built"
    )
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (2 if asked.quick else 5)
    asked.seconds = asked.seconds or (1.0 if asked.quick else 4.0)
    return asked


def _measure(asked: argparse.Namespace, folder: Path, stack: ExitStack) -> Report:
    every = sorted(os.sched_getaffinity(0))
    cores = every[: asked.cores or max(len(every) - 1, 1)]
    rest = every[len(cores) :] or every
    databases = stack.enter_context(_databases(asked))
    chosen = [each for each in OPERATIONS if _is_chosen(each, asked.only)]
    words = _words(asked, databases[0])
    first = stack.enter_context(served(folder / "first", cores, *words))
    targets = {False: first}
    if any(each.has_trivial_hash for each in chosen):
        words = (*_words(asked, databases[1], is_profiled=False), *_TRIVIAL)
        targets[True] = stack.enter_context(served(folder / "second", cores, *words))
    peers = _peers(asked, cores, stack)
    parameters = HashParameters()
    turns = Turns(
        clients=[
            Clients(
                each, targets[each.has_trivial_hash], each.in_flight(asked.in_flight, len(cores))
            )
            for each in chosen
        ],
        peers={each.name: peers_of(chosen, each, asked.in_flight, len(cores)) for each in peers},
        limits=Limits(parameters, cores, folder, databases[0]).by_name,
        seconds=asked.seconds,
        rounds=asked.rounds,
    )
    loads = [os.getloadavg()[0]]
    with only_on(rest):
        found = uvloop.run(turns.take())
    loads.append(os.getloadavg()[0])
    conditions = _conditions(asked, parameters, cores, rest)
    conditions["machine"] = f"{machine()}; its load was {loads[0]:.1f} before, {loads[1]:.1f} after"
    conditions |= {each.name: each.conditions for each in peers}
    return Report(
        conditions=conditions,
        limits={name: median_bound(each) for name, each in found.bounds.items()},
        measured=[_measured(each, found) for each in turns.clients],
        starts={} if asked.only else _starts(folder, cores),
    )


def _measured(clients: Clients, found: Found) -> Measured:
    name = clients.operation.name
    ours = found.ours[name]
    return Measured(
        operation=clients.operation,
        in_flight=clients.in_flight,
        figures=median_round(ours),
        peers={
            peer: Beside(median_round(rounds[name]), ratio_of(ours, rounds[name]))
            for peer, rounds in found.theirs.items()
            if name in rounds
        },
    )


def _peers(asked: argparse.Namespace, cores: Sequence[int], stack: ExitStack) -> list[Peer]:
    if asked.no_peer:
        return []
    started = (oidc_provider(cores), keycloak(asked.keycloak, cores))
    found = [stack.enter_context(each) for each in started]
    return [each for each in found if each is not None]


def _is_chosen(operation: Operation, names: Sequence[str] | None) -> bool:
    return not names or any(operation.name.startswith(name) for name in names)


def _words(
    asked: argparse.Namespace, database: str | None, *, is_profiled: bool = True
) -> tuple[str, ...]:
    words: tuple[str, ...] = ()
    if database is not None:
        words += ("--database", database)
    if asked.inline:
        words += ("--processes", "2")
    if asked.profile is not None and is_profiled:
        words += ("--profile", str(asked.profile))
    return words


@contextmanager
def _databases(asked: argparse.Namespace) -> Iterator[tuple[str | None, str | None]]:
    """Give each of the two servers a database; None is SQLite in a directory of its own."""
    if not asked.postgresql:
        yield asked.database, None
        return
    from tests.world import postgres

    # The tests' cluster forgets what it was told when it falls: here every commit counts.
    postgres.SETTINGS.update(_DURABLE)
    with postgres.running_cluster() as cluster:
        yield cluster.url(cluster.create()), cluster.url(cluster.create())


def _starts(folder: Path, cores: Sequence[int]) -> dict[str, Start]:
    return {
        "first start": start_of(folder / "start", cores),
        "second start": start_of(folder / "start", cores),
    }


def _conditions(
    asked: argparse.Namespace, parameters: HashParameters, cores: Sequence[int], rest: Sequence[int]
) -> dict[str, object]:
    database = "PostgreSQL" if asked.postgresql or asked.database else "SQLite"
    return {
        "hash": f"argon2id m={parameters.memory_kib} KiB "
        f"t={parameters.passes} p={parameters.lanes}",
        "signature": "RS256, 2048 bits",
        "database": f"{database}, every commit durable",
        "server": f"one process on {len(cores)} core(s), "
        f"signing {'in threads' if len(cores) > 1 and not asked.inline else 'on the loop'}",
        "load": f"closed loop on {len(rest)} core(s), plain HTTP on loopback",
        "rounds": f"medians of {asked.rounds} alternating rounds of {asked.seconds:g} s",
    }


if __name__ == "__main__":
    main()
