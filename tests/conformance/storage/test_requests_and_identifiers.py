"""Pushed requests, waiting devices and identifiers: each counts once, on both databases."""

from datetime import timedelta
from typing import Any

from gatelodge.model.authorization import GrantedScope
from gatelodge.model.device_request import DeviceRequest
from gatelodge.model.identifier import ClientId, GrantId, UserFlowId
from gatelodge.model.pushed_request import PushedRequest
from gatelodge.storage.database import Database
from tests.conformance.storage.test_single_use import all_at_once
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory

CLIENT = ClientId("client-1")
GRANT = GrantId("grant-1")
END = BEGINNING + timedelta(minutes=15)


def a_pushed_request(**changes: Any) -> PushedRequest:
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": "pushed-1",
        "client_id": CLIENT,
        "parameters": {"scope": "openid"},
        "expires_at": END,
    }
    return PushedRequest(**{**values, **changes})


def a_device_request(**changes: Any) -> DeviceRequest:
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": "device-1",
        "user_code": "code-1",
        "client_id": CLIENT,
        "user_flow_id": UserFlowId("B2C_1_SuSi"),
        "scope": GrantedScope(requested="openid"),
        "created_at": BEGINNING,
        "expires_at": END,
    }
    return DeviceRequest(**{**values, **changes})


async def plant(database: Database, *values: Any) -> None:
    await keep(database, a_directory())

    async def work(stores: Any) -> None:
        for each in values:
            store = (
                stores.pushed_requests
                if isinstance(each, PushedRequest)
                else stores.device_requests
            )
            await store.add(each)

    await database.write(TENANT, work)


async def test_an_identifier_is_used_once_however_many_try(database: Database) -> None:
    await plant(database)
    won = await all_at_once(
        database, lambda stores, _: stores.used_identifiers.use("identifier-1", END)
    )
    assert won == [True]


async def test_a_pushed_request_is_taken_once_by_its_client_in_time(database: Database) -> None:
    await plant(database, a_pushed_request(), a_pushed_request(id="pushed-2"))

    async def take(name: str, client: str, **later: int) -> PushedRequest | None:
        now = BEGINNING + timedelta(**later)
        return await database.write(
            TENANT, lambda stores: stores.pushed_requests.take(name, ClientId(client), now)
        )

    assert await take("pushed-1", "another") is None
    assert await take("pushed-2", CLIENT, minutes=15) is None
    won = await all_at_once(
        database,
        lambda stores, _: stores.pushed_requests.take("pushed-1", CLIENT, BEGINNING),
    )
    assert won == [a_pushed_request()]


async def test_one_person_approves_a_device_and_it_redeems_once(database: Database) -> None:
    await plant(database, a_device_request())
    early = await all_at_once(
        database, lambda stores, _: stores.device_requests.redeem("device-1", BEGINNING)
    )
    assert early == []
    won = await all_at_once(
        database,
        lambda stores, number: stores.device_requests.approve(
            "device-1", GrantId(f"grant-{number}"), BEGINNING
        ),
    )
    assert won == [True]
    assert not await all_at_once(
        database, lambda stores, _: stores.device_requests.refuse("device-1", BEGINNING)
    )
    redeemed = await all_at_once(
        database, lambda stores, _: stores.device_requests.redeem("device-1", BEGINNING)
    )
    assert redeemed == [True]


async def test_a_device_that_was_refused_or_is_too_old_is_not_approved(
    database: Database,
) -> None:
    await plant(database, a_device_request(), a_device_request(id="device-2", user_code="code-2"))

    async def approve(name: str, now: Any = BEGINNING) -> bool:
        return await database.write(
            TENANT, lambda stores: stores.device_requests.approve(name, GRANT, now)
        )

    assert await database.write(
        TENANT, lambda stores: stores.device_requests.refuse("device-1", BEGINNING)
    )
    assert not await approve("device-1")
    assert not await approve("device-2", END)
    assert await approve("device-2")
    found = await database.read(TENANT).device_requests.by_user_code("code-2")
    assert found is not None
    assert found.grant_id == GRANT
