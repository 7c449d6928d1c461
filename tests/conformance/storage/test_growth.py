"""What is asked of users costs the same however many there are: counted in work, not in time."""

from collections.abc import Mapping
from typing import Any

import pytest

from gatelodge.graph.filter_text import parse_filter
from gatelodge.graph.model.users import USER
from gatelodge.model.query import Order, Slice
from gatelodge.storage.database import Database
from gatelodge.storage.lists import ACCOUNTS
from tests.world.crowd import fill, user
from tests.world.databases import keep
from tests.world.makers import DOMAIN, TENANT, a_directory
from tests.world.work import Ask, work_of

FEW, MANY = 300, 6000
PAGE = 10
MIDDLE = user(FEW // 2)
MAIL, NAME = str(MIDDLE.mail), MIDDLE.display_name
AFTER_NAME = (NAME.casefold(), MIDDLE.id)
BY_NAME = (Order("display_name"),)


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


async def test_the_work_for_an_answer_does_not_grow(database: Database, database_url: str) -> None:
    await keep(database, a_directory())
    work: dict[str, list[int]] = {}
    asked = {**QUESTIONS, **{each: _page(each) for each in UNBOUNDED}}
    for before, size in ((0, FEW), (FEW, MANY)):
        await fill(database, database_url, before, size)
        for name, ask in asked.items():
            work.setdefault(name, []).append(await work_of(database, database_url, ask))
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
