"""What is kept in memory is what is stored, except for a stated moment on a shared database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.cache import STALENESS_S, ConfigurationCache
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, a_user_flow, an_account

FLOW = a_user_flow()


class Reading:
    """A cache of user flows that counts how often it asks the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cache: ConfigurationCache[str, UserFlow] = ConfigurationCache(database)
        self.loads = 0

    async def get(self) -> UserFlow | None:
        return await self.cache.get(FLOW.id, self._load)

    async def _load(self) -> UserFlow | None:
        self.loads += 1
        return await self.database.read(TENANT).user_flows.get(FLOW.id)


@pytest.fixture
async def reading(database: Database) -> Reading:
    await keep(database, a_directory())
    return Reading(database)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[object]:
    """Return a function that moves what the loop says the time is."""
    moved = [0.0]

    def move(seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if not moved[0]:
            began = loop.time

            class Later:
                def time(self) -> float:
                    return began() + moved[0]

            monkeypatch.setattr("gatelodge.storage.cache.asyncio.get_running_loop", Later)
        moved[0] += seconds

    return move  # type: ignore[return-value]


async def test_what_is_not_there_is_never_remembered(reading: Reading) -> None:
    assert await reading.get() is None
    await keep(reading.database, FLOW)
    assert await reading.get() == FLOW


async def test_what_is_there_is_asked_once(reading: Reading) -> None:
    await keep(reading.database, FLOW)
    assert [await reading.get() for _ in range(5)] == [FLOW] * 5
    assert reading.loads == 1
    await keep(reading.database, an_account())
    assert await reading.get() == FLOW
    assert reading.loads == 1


async def test_what_this_process_wrote_is_seen_at_once(reading: Reading) -> None:
    await keep(reading.database, FLOW)
    await reading.get()
    changed = replace(FLOW, default_language_tag="fr")
    await reading.database.write(TENANT, lambda stores: stores.user_flows.save(changed))
    assert await reading.get() == replace(changed, revision=1)
    await reading.database.write(TENANT, lambda stores: stores.user_flows.remove(FLOW.id))
    assert await reading.get() is None


async def test_what_another_node_wrote_is_seen_after_the_stated_moment(
    reading: Reading, database_url: str, later: object
) -> None:
    await keep(reading.database, FLOW)
    await reading.get()
    later(STALENESS_S - 0.5)  # type: ignore[operator]
    assert await reading.get() == FLOW
    loads = reading.loads
    later(0.5)  # type: ignore[operator]
    await reading.get()
    assert reading.loads - loads == (1 if reading.database.is_shared else 0)
    if reading.database.is_shared:
        other = await open_database(database_url)
        changed = replace(FLOW, default_language_tag="fr")
        await other.write(TENANT, lambda stores: stores.user_flows.save(changed))
        await other.close()
        later(STALENESS_S)  # type: ignore[operator]
        assert await reading.get() == replace(changed, revision=1)
