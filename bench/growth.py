"""Measure what a page of users and looking one up cost as the directory grows."""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import uvloop

from bench.report import table
from gatelodge.graph.filter_text import parse_filter
from gatelodge.graph.model.users import USER
from gatelodge.graph.search_text import parse_search
from gatelodge.model.query import Order, Slice
from gatelodge.storage.lists import ACCOUNTS
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from tests.world.crowd import fill, user
from tests.world.databases import keep
from tests.world.makers import DOMAIN, TENANT, a_directory
from tests.world.postgres import running_cluster
from tests.world.work import Ask, work_of

SIZES = (10, 10**3, 10**5, 10**6)
ROUNDS = 25
PAGE = 100


def questions(size: int) -> dict[str, Ask]:
    """Return what is asked of a directory of so many users."""
    middle = user(size // 2)
    mail, name = str(middle.mail), middle.display_name
    after_name = (name.casefold(), middle.id)
    by_name, newest = (Order("display_name"),), (Order("created_at", is_descending=True),)
    identity = f"identities/any(c:c/issuerAssignedId eq '{mail}' and c/issuer eq '{DOMAIN}')"
    return {
        "first page of 100": _page(),
        "page in the middle": _page(after=(middle.id,)),
        "by name, page in the middle": _page(order=by_name, after=after_name),
        "newest first": _page(order=newest),
        "displayName begins with": _page("startswith(displayName,'person')"),
        "the same, page in the middle": _page("startswith(displayName,'pe')", after=after_name),
        "mail equals": _page(f"mail eq '{mail}'"),
        "mail in": _page(f"mail in ('{mail}','nobody')"),
        "principal name equals": _page(f"userPrincipalName eq '{middle.user_principal_name}'"),
        "identities/any": _page(identity),
        "identities/any or mail": _page(f"{identity} or mail eq '{mail}'"),
        "read by sign-in name": lambda stores: stores.accounts.by_sign_in_name(DOMAIN, mail),
        "count": lambda stores: ACCOUNTS.count(stores, None),
        "search for a word": _found(Slice(limit=PAGE, where=parse_search(f'"{name}"', USER))),
    }


def _page(
    text: str = "", *, order: tuple[Order, ...] = (), after: tuple[str, ...] | None = None
) -> Ask:
    where = parse_filter(text, USER) if text else None
    return _found(Slice(limit=PAGE, where=where, order=order, after=after))


def _found(part: Slice) -> Ask:
    return lambda stores: ACCOUNTS.page(stores, part)


async def cost_us(stores: Stores, ask: Ask) -> float:
    """Return the median time of an answer."""
    await ask(stores)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask(stores)
        times.append(time.perf_counter() - began)
    return median(times) * 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a question costs: its time, and the steps or blocks it takes."""

    time_us: float
    work: int


async def measure(url: str, sizes: Sequence[int]) -> dict[str, list[Cost]]:
    """Return the cost of every question at every size."""
    await migrate(url)
    found: dict[str, list[Cost]] = {}
    database = await open_database(url)
    await keep(database, a_directory())
    before = 0
    for size in sizes:
        await fill(database, url, before, size)
        before = size
        for name, ask in questions(size).items():
            spent_us = await cost_us(database.read(TENANT), ask)
            cost = Cost(spent_us, await work_of(database, url, ask))
            found.setdefault(name, []).append(cost)
    await database.close()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What every question costs in directories of every size, by database."""

    sizes: Sequence[int]
    found: dict[str, dict[str, list[Cost]]]

    def lines(self) -> list[str]:
        """Return a table for each database: work at every size, and how time has grown."""
        said: list[str] = []
        for kind, questions in self.found.items():
            heads = (f"{kind}, {_WORK[kind]}", *(f"{size:,}" for size in self.sizes), "time")
            rows = [
                (name, *(f"{each.work:,}" for each in costs), f"{_grown(costs):.1f} ×")
                for name, costs in questions.items()
            ]
            said += ["", *table(heads, rows)]
        return said


def _grown(costs: Sequence[Cost]) -> float:
    """Return how many times as long the largest directory takes as the second smallest.

    The smallest has no whole page.
    """
    return costs[-1].time_us / costs[1].time_us


_WORK = {"SQLite": "steps of its machine", "PostgreSQL": "blocks touched"}


def main() -> None:
    """Measure both databases and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave the million users out")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--json", type=Path, help="where to keep the figures")
    asked = parser.parse_args()
    sizes = SIZES[:-1] if asked.quick else SIZES
    grown = Growth(sizes=sizes, found={})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatelodge-growth-")))
        grown.found["SQLite"] = uvloop.run(measure(f"sqlite:///{folder / 'growth.db'}", sizes))
        if not asked.sqlite_only:
            cluster = stack.enter_context(running_cluster())
            url = cluster.url(cluster.create())
            grown.found["PostgreSQL"] = asyncio.run(measure(url, sizes))
    print("\n".join(grown.lines()))
    if asked.json is not None:
        asked.json.write_text(json.dumps(asdict(grown), indent=2) + "\n")


if __name__ == "__main__":
    main()
