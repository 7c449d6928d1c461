"""The real control plane over a real database, with real keys and tokens."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from gatelodge.crypto.key_set import PrivateKey, generate_private_key, new_signing_key
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.passwords import HashParameters, Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.workers import Workers
from gatelodge.graph.routes import graph_routes
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import ApplicationId, ClientId, DirectoryId
from gatelodge.model.signing_key import Algorithm
from gatelodge.operations.founding import ADMINISTRATOR_ROLES
from gatelodge.outbound import Outbound
from gatelodge.randomness import SeededRandomness
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from tests.world.clock import MovableClock
from tests.world.makers import TENANT, a_directory, an_application

ORIGIN = "https://id.example"
OTHER_TENANT = DirectoryId("99999999-9999-4999-8999-999999999999")
GRAPH = "https://graph.microsoft.com"
USER_FLOW_ROLES = ("IdentityUserFlow.ReadWrite.All",)
CALLERS: dict[str, tuple[str, ...]] = {
    "admin": tuple(each for each in ADMINISTRATOR_ROLES if each != "Directory.ReadWrite.All"),
    "reader": ("IdentityUserFlow.Read.All",),
    "nobody": (),
}


@dataclass(slots=True, kw_only=True)
class Plane:
    """A running control plane: ask it with `request`, or look behind it with `database`."""

    database: Database
    keyring: Keyring
    sealer: Sealer
    clock: MovableClock
    client: httpx.AsyncClient
    passwords: Passwords
    applications: dict[str, Application] = field(default_factory=dict)

    async def claims(self, who: str = "admin", **changes: Any) -> dict[str, Any]:
        """Return the claims of an application's token."""
        application = self.applications[who]
        now = int(self.clock().timestamp())
        directory_id = application.directory_id
        claims = {
            "iss": f"{ORIGIN}/{directory_id}/v2.0",
            "aud": GRAPH,
            "tid": directory_id,
            "appid": application.app_id,
            "azp": application.app_id,
            "oid": application.id,
            "sub": application.id,
            "roles": list(CALLERS.get(who, CALLERS["admin"])),
            "idtyp": "app",
            "ver": "2.0",
            "uti": "x",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
        }
        return {name: each for name, each in (claims | changes).items() if each is not None}

    async def sign(self, claims: dict[str, Any], tenant: DirectoryId = TENANT) -> str:
        """Sign claims with a directory's own keys."""
        return (await self.keyring.of(tenant)).sign(claims)

    async def token(self, who: str = "admin", **changes: Any) -> str:
        """Return a token; changed claims may be removed by None."""
        tenant = self.applications[who].directory_id
        return await self.sign(await self.claims(who, **changes), tenant)

    async def delegated(self, account: Account, scp: str, **changes: Any) -> str:
        """Return a token of a user who signed in at the admin's application."""
        return await self.token(
            "admin", idtyp=None, roles=None, scp=scp, oid=account.id, sub=account.id, **changes
        )

    async def request(
        self, method: str, path: str, *, who: str | None = "admin", **arguments: Any
    ) -> httpx.Response:
        """Ask as one of the callers, or as nobody at all when `who` is None."""
        headers = dict(arguments.pop("headers", {}))
        if who is not None:
            headers.setdefault("Authorization", f"Bearer {await self.token(who)}")
        return await self.client.request(method, path, headers=headers, **arguments)

    async def create(self, name: str, kind: str = "signUpOrSignIn", version: float = 3) -> Any:
        """Create a user flow and return it."""
        body = {"id": name, "userFlowType": kind, "userFlowTypeVersion": version}
        answer = await self.request("POST", "/beta/identity/userFlows", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@cache
def _private_key(_: DirectoryId) -> PrivateKey:
    return generate_private_key(Algorithm.RS256)


async def _found(plane: Plane, directory: Directory, callers: dict[str, Application]) -> None:
    randomness = SeededRandomness(len(callers))
    key = new_signing_key(
        _private_key(directory.id),
        directory_id=directory.id,
        sealer=plane.sealer,
        randomness=randomness,
        now=plane.clock(),
        active_at=plane.clock(),
    )

    async def work(stores: Any) -> None:
        await stores.directories.add(directory)
        await stores.signing_keys.add(key)
        for application in callers.values():
            await stores.applications.add(application)

    await plane.database.write(directory.id, work)
    plane.applications |= callers


@pytest.fixture
async def plane(database_url: str) -> AsyncIterator[Plane]:
    """Give the test a control plane with two tenants and callers of every kind."""
    database = await open_database(database_url)
    clock, randomness = MovableClock(), SeededRandomness(5)
    sealer = Sealer(bytes(32), randomness)
    workers = Workers(2, waiting=20, name="hash")
    passwords = Passwords(HashParameters(memory_kib=64, passes=1), workers, randomness)
    keyring = Keyring(
        load=lambda directory_id: database.read(directory_id).signing_keys.every(),
        version=lambda: database.configuration_version,
        sealer=sealer,
        clock=clock,
    )
    app = Starlette(
        routes=graph_routes(
            database=database,
            keyring=keyring,
            passwords=passwords,
            sealer=sealer,
            clock=clock,
            randomness=randomness,
            origin=ORIGIN,
            outbound=Outbound(is_development=False),
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        found = Plane(
            database=database,
            keyring=keyring,
            sealer=sealer,
            clock=clock,
            client=client,
            passwords=passwords,
        )
        callers = {who: an_application(index + 1) for index, who in enumerate(CALLERS)}
        await _found(found, a_directory(), callers)
        other = a_directory(id=OTHER_TENANT, domain="other.example")
        stranger = an_application(
            50,
            directory_id=OTHER_TENANT,
            id=ApplicationId("50505050-0000-4000-8000-000000000050"),
            app_id=ClientId("50505050-0000-4000-8000-000000000051"),
        )
        await _found(found, other, {"stranger": stranger})
        yield found
    workers.close()
    await database.close()
