"""A directory of very many users, whom the database itself copies from a few of the program's."""

import sqlite3
from datetime import timedelta

import asyncpg

from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.identifier import AccountId
from gatelodge.storage import tables
from gatelodge.storage.database import Database
from tests.world.databases import keep
from tests.world.makers import DOMAIN, an_account

# Without a divisor in common with the number of places: everybody gets a place of their own, and
# neighbours in time are none in ids and names.
_STEP, _PLACES = 61_803_399, 8


def user(number: int) -> Account:
    """Return the user of a number: ids and names are spread, as they are in life."""
    place, name = f"{number * _STEP % 10**_PLACES:08d}", f"user{number:012d}@example.com"
    return an_account(
        id=AccountId(f"{place}-0000-4000-8000-{number:012d}"),
        display_name=f"Person {place}",
        mail=name,
        user_principal_name=f"{place}@{DOMAIN}",
        created_at=an_account().created_at + timedelta(seconds=number),
        identities=(
            SignInName(
                sign_in_type=SignInType.EMAIL_ADDRESS, issuer=DOMAIN, issuer_assigned_id=name
            ),
        ),
    )


def _padded(number: str, digits: int) -> str:
    return f"substr(CAST({10**digits} + {number} AS TEXT), 2)"


def _copies(first: int, last: int) -> tuple[str, str]:
    """Return the statements that add `first <= number < last` as copies of user 0."""
    place, number = _padded(f"(number * {_STEP} % {10**_PLACES})", _PLACES), _padded("number", 12)
    name, model = f"'user' || {number} || '@example.com'", user(0)
    changed = {
        "id": f"{place} || '-0000-4000-8000-' || {number}",
        "display_name": f"'Person ' || {place}",
        "display_name_key": f"'person ' || {place}",
        "mail": name,
        "mail_key": name,
        "user_principal_name": f"{place} || '@{DOMAIN}'",
        "user_principal_name_key": f"{place} || '@{DOMAIN}'",
        "created_at": "created_at + number * 1000000",
        "identities": f"replace(identities, '{model.mail}', {name})",
    }
    numbers = (
        f"WITH RECURSIVE numbers(number) AS (SELECT CAST({first} AS BIGINT)"  # noqa: S608 - ours
        f" UNION ALL SELECT number + 1 FROM numbers WHERE number < {last - 1})"
    )
    columns = [each.name for each in tables.account.columns]
    accounts = (
        f"INSERT INTO account ({', '.join(columns)}) {numbers}"  # noqa: S608
        f" SELECT {', '.join(changed.get(each, each) for each in columns)}"
        f" FROM numbers CROSS JOIN account WHERE id = '{model.id}'"
    )
    names = (
        "INSERT INTO sign_in_name (directory_id, issuer, key, sign_in_type, account_id)"  # noqa: S608
        f" {numbers} SELECT directory_id, issuer, {name}, sign_in_type, {changed['id']}"
        f" FROM numbers CROSS JOIN sign_in_name WHERE key = '{model.mail}'"
    )
    return accounts, names


async def fill(database: Database, url: str, first: int, last: int) -> None:
    """Add the users `first <= number < last` to a directory; user 0 comes before all others."""
    if first == 0:
        await keep(database, user(0))
        first = 1
    if first >= last:
        return
    statements = _copies(first, last)
    if url.startswith("sqlite:"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            for each in statements:
                file.execute(each)
        return
    connection = await asyncpg.connect(url)
    for each in (*statements, "VACUUM ANALYZE account, sign_in_name"):
        await connection.execute(each)
    await connection.close()
