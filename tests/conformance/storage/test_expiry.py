"""Sweeping takes what has expired, to the microsecond, and nothing else."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Database
from tests.world.clock import BEGINNING
from tests.world.databases import keep, store_of
from tests.world.makers import TENANT, a_directory, an_account, numbered
from tests.world.traces import (
    LATER,
    a_failed_source,
    a_grant,
    a_lockout,
    a_proof,
    a_refresh_token,
    a_session,
    an_authorization_code,
    an_interaction,
    sent_codes,
)

MICROSECOND = timedelta(microseconds=1)
OTHER = DirectoryId(numbered(99))

SWEPT: dict[str, tuple[Callable[..., Any], str]] = {
    "interaction": (an_interaction, "expires_at"),
    "session": (a_session, "expires_at"),
    "code": (an_authorization_code, "expires_at"),
    "refresh token": (a_refresh_token, "expires_at"),
    "proof": (a_proof, "created_at"),
    "grant": (lambda id, **changes: a_grant(f"{id}-of-itself", **changes), "created_at"),
    "lockout": (a_lockout, "last_failure_at"),
    "failed source": (a_failed_source, "window_began_at"),
    "sent codes": (sent_codes, "window_began_at"),
}


async def sweep(database: Database, value: Any, before: datetime) -> int:
    return await database.write(TENANT, lambda stores: store_of(stores, value).sweep(before))


@pytest.mark.parametrize(("make", "attribute"), SWEPT.values(), ids=SWEPT)
async def test_the_boundary_itself_is_kept(
    database: Database, make: Callable[..., Any], attribute: str
) -> None:
    early = make("early", **{attribute: LATER - MICROSECOND})
    exact = make("exact", **{attribute: LATER})
    late = make("late", **{attribute: LATER + MICROSECOND})
    foundation = [a_directory(), an_account(), a_grant(created_at=LATER + MICROSECOND)]
    await keep(database, *foundation, early, exact, late)
    assert await sweep(database, early, LATER) == 1
    store = store_of(database.read(TENANT), early)
    key = store.record.key[0]
    found = [await store.get(getattr(each, key)) for each in (early, exact, late)]
    assert found == [None, exact, late]
    assert await sweep(database, early, LATER) == 0


async def test_a_grant_stays_as_long_as_something_hangs_from_it(database: Database) -> None:
    await keep(
        database,
        a_directory(),
        an_account(),
        *(a_grant(f"grant-{number}") for number in (1, 2, 3)),
        an_authorization_code(),
        a_refresh_token(grant_id="grant-2"),
    )
    assert await sweep(database, a_grant(), LATER) == 1
    grants = database.read(TENANT).grants
    assert [await grants.get(f"grant-{number}") is not None for number in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


async def test_sweeping_leaves_other_directories_alone(database: Database) -> None:
    await keep(database, a_directory(), an_interaction())
    theirs = an_interaction(directory_id=OTHER)
    other = a_directory(id=OTHER, domain="other.example")
    await keep(database, other, theirs, directory_id=OTHER)
    assert await sweep(database, theirs, LATER + MICROSECOND) == 1
    assert await database.read(OTHER).interactions.get("interaction-1") == theirs


async def test_sweeping_while_others_read_and_write_loses_nothing(database: Database) -> None:
    old = [an_interaction(f"old-{number}", expires_at=BEGINNING) for number in range(200)]
    new = [an_interaction(f"new-{number}") for number in range(50)]
    await keep(database, a_directory(), *old)
    stores = database.read(TENANT)
    answers = await asyncio.gather(
        *(keep(database, each) for each in new[:25]),
        *(stores.interactions.get(each.id) for each in old),
        sweep(database, old[0], LATER),
        *(stores.interactions.get(each.id) for each in old),
        *(keep(database, each) for each in new[25:]),
    )
    assert 200 in answers
    read = [each for each in answers if each is not None and each != 200]
    assert all(each in old for each in read)
    assert [await stores.interactions.get(each.id) for each in new] == new
    assert [await stores.interactions.get(each.id) for each in old] == [None] * 200


async def test_a_session_is_touched_ended_and_ended_with_all_others(database: Database) -> None:
    other = an_account(8)
    await keep(
        database,
        a_directory(),
        an_account(),
        other,
        *(a_session(f"session-{number}") for number in (1, 2, 3)),
        a_session("session-4", account_id=other.id),
    )
    sessions = database.read(TENANT).sessions
    until = LATER + timedelta(days=1)
    await database.write(
        TENANT,
        lambda it: it.sessions.touch("session-1", used_at=LATER, expires_at=until, is_kept=True),
    )
    assert await sessions.get("session-1") == a_session(
        last_used_at=LATER, expires_at=until, is_kept=True
    )
    for _ in range(2):
        await database.write(TENANT, lambda it: it.sessions.end("session-1"))
    ended = await database.write(TENANT, lambda it: it.sessions.end_all_of(an_account().id))
    assert ended == 2
    assert await sessions.get("session-4") is not None
