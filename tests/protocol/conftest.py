"""One world for each test, on SQLite and on PostgreSQL, with real keys."""

from collections.abc import AsyncIterator

import pytest

from gatelodge.crypto.key_set import PrivateKey, generate_private_key
from gatelodge.model.signing_key import Algorithm
from gatelodge.storage.opening import open_database
from tests.protocol.world import World


@pytest.fixture(scope="session")
def private_key() -> PrivateKey:
    """Make the RSA key of all worlds once: it takes a while."""
    return generate_private_key(Algorithm.RS256)


@pytest.fixture
async def world(database_url: str, private_key: PrivateKey) -> AsyncIterator[World]:
    """Give the test a planted directory of its own."""
    database = await open_database(database_url)
    world = World(database, private_key)
    await world.plant()
    try:
        yield world
    finally:
        await world.http.aclose()
        await database.close()
