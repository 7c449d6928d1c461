"""Measure what a page of users and looking one up cost as the directory grows."""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import uvloop
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from gatelodge.graph.filter_text import parse_filter
from gatelodge.graph.model.users import USER
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.identifier import AccountId
from gatelodge.model.query import Order, Slice
from gatelodge.storage.accounts import ADD_NAME, Accounts
from gatelodge.storage.database import Database
from gatelodge.storage.lists import ACCOUNTS
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from gatelodge.storage.statement import compile_query
from tests.world.makers import TENANT, a_directory, an_account
from tests.world.postgres import running_cluster

SIZES = (10**3, 10**4, 10**5)
LARGEST = 10**6
ROUNDS = 25
PAGE = 100
_CHUNK = 20_000

Ask = Callable[[], Awaitable[object]]


def user(number: int) -> Account:
    """Return the user of a number: ids and names are spread, as they are in life."""
    spread = number * 2_654_435_761 % 2**32
    name = f"user{number}@example.com"
    return an_account(
        id=AccountId(f"{spread:08x}-0000-4000-8000-{number:012x}"),
        display_name=f"Person {spread:010d}",
        mail=name,
        user_principal_name=f"{spread:010d}@acme.example",
        created_at=an_account().created_at + timedelta(seconds=number),
        identities=(
            SignInName(
                sign_in_type=SignInType.EMAIL_ADDRESS,
                issuer="acme.example",
                issuer_assigned_id=name,
            ),
        ),
    )


def rows(first: int, last: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the parameters of both statements that add a user."""
    for number in range(first, last):
        account = user(number)
        [name] = account.identities
        given = {
            "directory_id": TENANT,
            "issuer": name.issuer,
            "key": name.key,
            "sign_in_type": name.sign_in_type,
            "issuer_assigned_id": name.issuer_assigned_id,
            "account_id": account.id,
            "position": 0,
        }
        yield Accounts.record.parameters(account), given


async def fill(url: str, first: int, last: int) -> None:
    """Add users by the statements the program uses, in large transactions."""
    is_sqlite = url.startswith("sqlite:")
    dialect = (
        sqlite.dialect(paramstyle="qmark") if is_sqlite else asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
    )
    account, name = (compile_query(each, dialect) for each in (Accounts.record.insert, ADD_NAME))
    for begin in range(first, last, _CHUNK):
        given = list(rows(begin, min(begin + _CHUNK, last)))
        accounts = [account.arguments(each) for each, _ in given]
        names = [name.arguments(each) for _, each in given]
        if is_sqlite:
            with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
                file.executemany(account.text, accounts)
                file.executemany(name.text, names)
            continue
        connection = await asyncpg.connect(url)
        async with connection.transaction():
            await connection.executemany(account.text, accounts)
            await connection.executemany(name.text, names)
        await connection.close()
    if not is_sqlite:
        connection = await asyncpg.connect(url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


def questions(database: Database, size: int) -> dict[str, Ask]:
    """Return what is asked of a directory of so many users."""
    stores, middle = database.read(TENANT), user(size // 2)
    mail = str(middle.mail)
    by_name, newest = (Order("display_name"),), (Order("created_at", is_descending=True),)

    def page(part: Slice) -> Ask:
        return lambda: ACCOUNTS.page(stores, part)

    def asking(text: str) -> Ask:
        return page(Slice(limit=PAGE, where=parse_filter(text, USER)))

    return {
        "first page of 100": page(Slice(limit=PAGE)),
        "page in the middle": page(Slice(limit=PAGE, after=(middle.id,))),
        "by name, page in the middle": page(
            Slice(limit=PAGE, order=by_name, after=(middle.display_name.casefold(), middle.id))
        ),
        "newest first": page(Slice(limit=PAGE, order=newest)),
        "displayName begins with": asking("startswith(displayName,'person')"),
        "mail equals": asking(f"mail eq '{mail}'"),
        "principal name equals": asking(f"userPrincipalName eq '{middle.user_principal_name}'"),
        "identities/any": asking(
            f"identities/any(c:c/issuerAssignedId eq '{mail}' and c/issuer eq 'acme.example')"
        ),
        "read by sign-in name": lambda: stores.accounts.by_sign_in_name("acme.example", mail),
    }


async def cost_us(ask: Ask) -> float:
    """Return the median time of an answer."""
    await ask()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask()
        times.append(time.perf_counter() - began)
    return median(times) * 1_000_000


async def measure(url: str, sizes: tuple[int, ...]) -> dict[str, list[float]]:
    """Return the time of every question at every size."""
    await migrate(url)
    found: dict[str, list[float]] = {}
    database = await open_database(url)
    await database.write(TENANT, lambda stores: stores.directories.add(a_directory()))
    before = 0
    for size in sizes:
        await fill(url, before, size)
        before = size
        for name, ask in questions(database, size).items():
            found.setdefault(name, []).append(await cost_us(ask))
    await database.close()
    return found


def show(kind: str, sizes: tuple[int, ...], found: dict[str, list[float]]) -> None:
    """Print a table: the last column says how much dearer the largest directory is."""
    print(f"\n{kind}, µs" + " " * 20 + "".join(f"{size:>12,}" for size in sizes) + "   growth")
    for name, times in found.items():
        figures = "".join(f"{each:12.0f}" for each in times)
        print(f"{name:<{len(kind) + 24}}{figures}{times[-1] / times[0]:8.1f}×")


def main() -> None:
    """Measure both databases and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true", help="go on to a million users")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    asked = parser.parse_args()
    sizes = (*SIZES, LARGEST) if asked.million else SIZES
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatelodge-growth-")))
        show("SQLite", sizes, uvloop.run(measure(f"sqlite:///{folder / 'growth.db'}", sizes)))
        if not asked.sqlite_only:
            cluster = stack.enter_context(running_cluster())
            url = cluster.url(cluster.create())
            show("PostgreSQL", sizes, asyncio.run(measure(url, sizes)))


if __name__ == "__main__":
    main()
