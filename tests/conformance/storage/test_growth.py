"""What is asked of users costs the same however many there are: counted in work, not in time."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import asyncpg
import pytest

from gatelodge.graph.filter_text import parse_filter
from gatelodge.graph.model.users import USER
from gatelodge.model.query import Order, Slice
from gatelodge.storage.database import Database
from gatelodge.storage.lists import ACCOUNTS
from gatelodge.storage.postgresql import PostgresqlConnection
from gatelodge.storage.sqlite import SqliteConnection
from gatelodge.storage.stores import Stores
from tests.world.crowd import fill, user
from tests.world.databases import keep
from tests.world.makers import DOMAIN, TENANT, a_directory

FEW, MANY = 300, 6000
PAGE = 10
MIDDLE = user(FEW // 2)
MAIL, NAME = str(MIDDLE.mail), MIDDLE.display_name
AFTER_NAME = (NAME.casefold(), MIDDLE.id)
BY_NAME = (Order("display_name"),)

Ask = Callable[[Stores], Awaitable[object]]


def _page(where: str = "", **part: Any) -> Ask:
    asked = Slice(limit=PAGE, where=parse_filter(where, USER) if where else None, **part)
    return lambda stores: ACCOUNTS.page(stores, asked)


def _count(where: str) -> Ask:
    return lambda stores: ACCOUNTS.count(stores, parse_filter(where, USER))


_IDENTITY = f"identities/any(c:c/issuerAssignedId eq '{MAIL}' and c/issuer eq '{DOMAIN}')"
QUESTIONS: Mapping[str, Ask] = {
    "the first page": _page(),
    "a page in the middle": _page(after=(MIDDLE.id,)),
    "by name": _page(order=BY_NAME, after=AFTER_NAME),
    "by name, backwards": _page(order=(Order("display_name", True),), after=AFTER_NAME),
    "the newest": _page(order=(Order("created_at", is_descending=True),)),
    "a name that begins so": _page("startswith(displayName,'person')"),
    "names that begin so, in the middle": _page("startswith(displayName,'per')", after=AFTER_NAME),
    "names that begin so, backwards": _page(
        "startswith(displayName,'person')",
        order=(Order("display_name", is_descending=True),),
        after=AFTER_NAME,
    ),
    "a mail address": _page(f"mail eq '{MAIL}'"),
    "one of two mail addresses": _page(f"mail in ('{MAIL}','nobody@example.com')"),
    "a mail address or a name": _page(f"mail eq '{MAIL}' or displayName eq '{NAME}'"),
    "a principal name": _page(f"userPrincipalName eq '{MIDDLE.user_principal_name}'"),
    "an identity": _page(_IDENTITY),
    "an identity or a mail address": _page(f"{_IDENTITY} or mail eq '{MAIL}'"),
    "one of two ids": _page(f"id in ('{MIDDLE.id}','{user(1).id}')"),
    "not made before": _page("createdDateTime ge 2000-01-01T00:00:00Z"),
    "how many have a mail address": _count(f"mail eq '{MAIL}'"),
    "how many names begin so": _count(f"startswith(displayName,'{NAME}')"),
    "the sign-in": lambda stores: stores.accounts.by_sign_in_name(DOMAIN, MAIL),
}
"""The questions; what they ask of the tables has an answer of the same size in either directory."""

UNBOUNDED = ("givenName eq 'nobody'", "endswith(mail,'nobody')")
"""Attributes no index has: if these cost the same too, nothing is measured."""


class _Spied:
    """The driver of PostgreSQL, which keeps what it was told."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.told: list[tuple[str, tuple[Any, ...]]] = []

    async def fetch(self, text: str, *arguments: Any) -> Any:
        self.told.append((text, arguments))
        return await self._raw.fetch(text, *arguments)

    async def fetchrow(self, text: str, *arguments: Any) -> Any:
        self.told.append((text, arguments))
        return await self._raw.fetchrow(text, *arguments)


async def _steps(stores: Stores, ask: Ask) -> int:
    """Return how many steps SQLite's machine takes for an answer."""
    raw = cast("SqliteConnection", stores.connection).raw
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    raw.set_progress_handler(step, 1)
    await ask(stores)
    raw.set_progress_handler(None, 0)
    return taken


async def _blocks(stores: Stores, ask: Ask, url: str) -> int:
    """Return how many blocks PostgreSQL touches for an answer, by the plan for any values.

    The plan for the values at hand is better or the same; which one a connection takes is up to
    PostgreSQL.
    """
    connection = await asyncpg.connect(url, statement_cache_size=0)
    spied = cast("Any", _Spied(connection))
    spying = PostgresqlConnection(spied, {}, may_write=False)
    await ask(Stores(spying, stores.directory_id, stores.own_hosts))
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    touched = 0
    for number, (text, arguments) in enumerate(spied.told):
        await connection.execute(f"PREPARE asked_{number} AS {text}")
        given = ", ".join(str(each) if isinstance(each, int) else f"'{each}'" for each in arguments)
        told = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked_{number} ({given})"
        )
        [plan] = json.loads(told)
        touched += plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    await connection.close()
    return touched


async def _work(database: Database, ask: Ask, url: str) -> int:
    stores = database.read(TENANT)
    await ask(stores)
    return await (_steps(stores, ask) if url.startswith("sqlite:") else _blocks(stores, ask, url))


async def test_the_work_for_an_answer_does_not_grow(database: Database, database_url: str) -> None:
    await keep(database, a_directory())
    work: dict[str, list[int]] = {}
    asked = {**QUESTIONS, **{each: _page(each) for each in UNBOUNDED}}
    for before, size in ((0, FEW), (FEW, MANY)):
        await fill(database, database_url, before, size)
        for name, ask in asked.items():
            work.setdefault(name, []).append(await _work(database, ask, database_url))
    grown = {name: times for name, times in work.items() if times[1] > times[0] * 1.3 + 6}
    assert set(grown) == set(UNBOUNDED), grown


async def test_the_database_copies_users_as_the_program_writes_them(
    database: Database, database_url: str
) -> None:
    await keep(database, a_directory())
    await fill(database, database_url, 0, 5)
    accounts = database.read(TENANT).accounts
    for number in range(5):
        expected = user(number)
        assert await accounts.get(expected.id) == expected
        [name] = expected.identities
        assert await accounts.by_sign_in_name(name.issuer, name.key) == expected


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (f"mail in ('{user(1).mail}','{user(2).mail}','nobody')", {1, 2}),
        (f"mail in ('{user(1).mail}',null)", {1}),
        (f"mail eq '{user(1).mail}' or displayName eq '{user(3).display_name}'", {1, 3}),
        (f"not(mail eq '{user(1).mail}' or mail eq '{user(2).mail}')", {0, 3, 4}),
        (f"mail eq '{user(1).mail}' or accountEnabled eq false", {1}),
        (f"(mail eq '{user(1).mail}' or mail eq '{user(2).mail}') and mail ne 'x'", {1, 2}),
        (
            f"identities/any(c:c/issuerAssignedId eq '{user(4).mail}')"
            f" or identities/any(c:c/issuerAssignedId eq 'x') or id eq '{user(0).id}'",
            {0, 4},
        ),
        (f"createdDateTime gt {user(2).created_at:%Y-%m-%dT%H:%M:%S.%fZ}", {3, 4}),
        (f"createdDateTime le {user(1).created_at:%Y-%m-%dT%H:%M:%S.%fZ}", {0, 1}),
        ("startswith(userPrincipalName,'6')", {1}),
    ],
)
@pytest.mark.parametrize("is_descending", [None, False, True])
async def test_every_way_finds_what_is_asked_for_once_page_by_page(
    database: Database, database_url: str, where: str, numbers: set[int], is_descending: bool | None
) -> None:
    await keep(database, a_directory())
    await fill(database, database_url, 0, 5)
    stores = database.read(TENANT)
    order = () if is_descending is None else (Order("created_at", is_descending),)
    part = Slice(limit=1, where=parse_filter(where, USER), order=order)
    assert await ACCOUNTS.count(stores, part.where) == len(numbers)
    found, end = [], None
    for _ in range(len(numbers)):
        page = await ACCOUNTS.page(stores, Slice(limit=1, where=part.where, order=order, after=end))
        found += [each.id for each in page.values]
        end = page.end
    assert end is None
    assert sorted(found) == sorted(user(each).id for each in numbers)
    if is_descending is not None:
        assert found == [user(each).id for each in sorted(numbers, reverse=is_descending)]
