"""The whole program in this process: real routes, real database, a clock the test moves."""

import asyncio
import threading
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
from starlette.types import ASGIApp

from gatelodge.app.mounting import build_app
from gatelodge.app.world import World, build_world
from gatelodge.crypto.passwords import HashParameters
from gatelodge.development.chance import ReplaceableRandomness
from gatelodge.development.description import describe
from gatelodge.development.planting import Planting
from gatelodge.development.seed import derive_seed
from gatelodge.model.identifier import DirectoryId
from gatelodge.outbound import Outbound
from gatelodge.randomness import SystemRandomness
from gatelodge.storage.database import Database, Work
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from tests.world.clock import MovableClock

ORIGIN = "https://login.acme.example:8443"
_NOWHERE = Path("nowhere")
CHEAP = HashParameters(memory_kib=64, passes=1)
T = TypeVar("T")


class House:
    """A seeded tenant behind the routes of the product; everything runs on a loop of its own.

    With a neighbour it is a second node on the same database.
    """

    def __init__(
        self,
        database_url: str,
        neighbour: "House | None" = None,
        outbound: Outbound | None = None,
    ) -> None:
        self.origin = ORIGIN
        self.database_url = database_url
        self.clock: MovableClock = MovableClock() if neighbour is None else neighbour.clock
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._clients: list[httpx.Client] = []
        self._failed: list[str] = []
        self._outbound = outbound
        self.database: Database = self.run(open_database(database_url))
        self.world = self.run(self._build())
        self.app: ASGIApp = build_app(self.world, hosts=frozenset())
        self.facts: dict[str, Any] = (
            self.run(self._plant()) if neighbour is None else neighbour.facts
        )
        self.client = self.new_client()

    async def _build(self) -> World:
        return build_world(
            origin=ORIGIN,
            is_development=False,
            database=self.database,
            clock=self.clock,
            randomness=SystemRandomness(),
            master_key=b"k" * 32,
            hash_parameters=CHEAP,
            outbound=self._outbound,
        )

    async def _plant(self) -> dict[str, Any]:
        seed = derive_seed("house")
        await Planting(
            database=self.database,
            seed=seed,
            origin=ORIGIN,
            sealer=self.world.sealer,
            passwords=self.world.passwords,
            clock=self.clock,
            randomness=ReplaceableRandomness(SystemRandomness()),
            is_repeatable=False,
        ).begin()
        return dict(describe(seed, origin=ORIGIN, ca_file=_NOWHERE))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on the program's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def new_client(self, origin: str = ORIGIN) -> httpx.Client:
        """Return another client, with cookies of its own."""
        client = httpx.Client(base_url=origin, transport=_Door(self))
        self._clients.append(client)
        return client

    def stores(self, work: Work[T]) -> T:
        """Run `work` in a transaction of the tenant."""
        return self.run(self.database.write(DirectoryId(self.facts["tenant_id"]), work))

    @property
    def world_stores(self) -> Stores:
        """Return the tenant's stores for reading."""
        return self.database.read(DirectoryId(self.facts["tenant_id"]))

    async def forget_sent_codes(self) -> None:
        """Let every address be sent codes again."""

        async def work(stores: Stores) -> None:
            await stores.sent_codes.sweep(self.clock() + timedelta(days=1))
            await stores.lockouts.sweep(self.clock() + timedelta(days=1))
            await stores.failed_sources.sweep(self.clock() + timedelta(days=1))

        await self.database.write(DirectoryId(self.facts["tenant_id"]), work)

    def note_failure(self, what: str) -> None:
        """Note an answer that says that something went wrong."""
        self._failed.append(what)

    def failures(self) -> list[str]:
        """Return what went wrong inside since this was asked last."""
        found, self._failed[:] = list(self._failed), []
        return found

    def code_for(self, address: str) -> str:
        """Return the code of the newest message to an address."""
        sent = [
            each for each in self.run(self.world_stores.messages.latest()) if each.to == address
        ]
        return str(sent[0].code)

    def close(self) -> None:
        """Close every door, and then the house."""
        for each in self._clients:
            each.close()
        self.run(self.database.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class _Door(httpx.BaseTransport):
    """Carries requests of ordinary clients to the program."""

    def __init__(self, house: House) -> None:
        self._house = house

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._house.run(self._ask(request))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        # Time goes on, or messages would have no order.
        self._house.clock.move(milliseconds=1)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._house.app, raise_app_exceptions=False)
        ) as inside:
            answer = await inside.send(
                httpx.Request(request.method, request.url, headers=request.headers, content=body)
            )
        if answer.status_code >= 500:
            self._house.note_failure(f"{request.method} {request.url.path}: {answer.text}")
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
