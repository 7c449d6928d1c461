"""Clients of the dynamic plan: they register themselves, with the token the suite is given."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from gatelodge.model.directory import Switches
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.stores import Stores
from tests.protocol.conformance.strict import Client, Variant
from tests.world.house import House
from tests.world.relying_party import RelyingParty

HOME = "https://suite.example/test/a/gatelodge/callback"
CODE = Variant("code", "query")
Register: TypeAlias = Callable[..., Client]


def switch(house: House, **on: bool) -> None:
    async def work(stores: Stores) -> None:
        directory = await stores.directories.require(DirectoryId(house.facts["tenant_id"]))
        await stores.directories.save(replace(directory, switches=Switches(**on)))

    house.stores(work)


def initial_token(house: House) -> str:
    """Return what the suite is given as its initial access token."""
    admin = house.facts["admin"]
    form = {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        **admin,
    }
    answer = house.client.post(f"/{house.facts['tenant_id']}/oauth2/v2.0/token", data=form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def refused(house: House, **metadata: Any) -> str:
    url = Client(house, CODE, RelyingParty(house)).metadata["registration_endpoint"]
    answer = house.client.post(
        url,
        json={"redirect_uris": [HOME], **metadata},
        headers={"Authorization": f"Bearer {initial_token(house)}"},
    )
    assert answer.status_code == 400
    return str(answer.json()["error"])
