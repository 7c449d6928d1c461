"""A house with applications of every kind beside the seeded ones, and people to visit it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from gatelodge.model.application import Application, GrantKind, PermissionGrant
from gatelodge.model.identifier import ClientId, DirectoryId
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage import tables
from gatelodge.storage.statement import Query
from gatelodge.storage.stores import Stores
from tests.world.browser import Arrived, Browser, arrival, page
from tests.world.clock import BEGINNING
from tests.world.databases import KINDS
from tests.world.house import House
from tests.world.makers import a_scope, an_application
from tests.world.postgres import Cluster
from tests.world.relying_party import RelyingParty

HOME = "https://app.example/cb"
OTHER_HOME = "https://app.example/other"
OWN_SCHEME = "com.example.app:/callback"
OpenVisit = Callable[[], Browser]


def further_applications(house: House) -> Iterator[Application]:
    """Yield applications by which rules about registration are told."""
    directory_id = DirectoryId(house.facts["tenant_id"])
    kinds: dict[str, dict[str, Any]] = {
        "one": {"web_redirect_uris": (HOME,)},
        "two": {"web_redirect_uris": (HOME, OTHER_HOME), "web_logout_url": f"{HOME}/out"},
        "none": {},
        "off": {"web_redirect_uris": (HOME,), "is_enabled": False},
        "own-scheme": {"public_client_redirect_uris": (OWN_SCHEME,)},
        "query": {"web_redirect_uris": (f"{HOME}?tenant=a",)},
        "no-front-channel": {
            "web_redirect_uris": (HOME,),
            "is_id_token_issuance_enabled": False,
        },
        "implicit": {"web_redirect_uris": (HOME,), "is_access_token_issuance_enabled": True},
        "other-api": {
            "identifier_uris": ("https://other.example/api",),
            "oauth2_permission_scopes": (a_scope("look"), a_scope("old", is_enabled=False)),
        },
    }
    secrets = house.stores(
        lambda stores: stores.applications.by_app_id(house.facts["apps"]["web"]["client_id"])
    )
    assert secrets is not None
    for number, (name, more) in enumerate(kinds.items(), 1):
        confidential = (
            {} if name == "own-scheme" else {"password_credentials": secrets.password_credentials}
        )
        yield an_application(
            number, directory_id=directory_id, display_name=name, **confidential, **more
        )


def furnish(house: House) -> None:
    """Register the further applications and describe them like the seeded ones."""
    found = list(further_applications(house))
    api = ClientId(house.facts["apps"]["api"]["client_id"])
    secret = house.facts["apps"]["web"]["client_secret"]

    async def work(stores: Stores) -> None:
        for each in found:
            await stores.applications.add(each)
            await stores.permission_grants.add(
                PermissionGrant(
                    directory_id=each.directory_id,
                    app_id=each.app_id,
                    resource_app_id=api,
                    kind=GrantKind.SCOPE,
                    value="read",
                )
            )

    house.stores(work)
    for each in found:
        house.facts["apps"][each.display_name] = {
            "client_id": each.app_id,
            "redirect_uris": [uri for _, uri in each.redirect_uris] or [HOME],
            **({"client_secret": secret} if each.is_confidential else {}),
        }


@contextmanager
def _furnished(url: str) -> Iterator[House]:
    house = House(url)
    furnish(house)
    yield house
    house.close()


_EMPTY_LOG = Query(delete(tables.audit_event))


@pytest.fixture(scope="session")
def sqlite_house(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Build one house on SQLite for all tests of this process."""
    path = tmp_path_factory.mktemp("house") / "gatelodge.db"
    shutil.copyfile(migrated_file, path)
    with _furnished(f"sqlite:///{path}") as house:
        yield house


@pytest.fixture(scope="session")
def postgresql_house(postgresql_cluster: Cluster, migrated_template: str) -> Iterator[House]:
    """Build one house on PostgreSQL for all tests of this process."""
    name = postgresql_cluster.create(template=migrated_template)
    with _furnished(postgresql_cluster.url(name)) as house:
        yield house


@pytest.fixture(params=KINDS)
def furnished_house(request: pytest.FixtureRequest) -> House:
    """Return the house on either database: both stand until the last test."""
    house: House = request.getfixturevalue(f"{request.param}_house")
    return house


async def _forget(stores: Stores) -> None:
    await stores.messages.clear()
    await stores.connection.run(_EMPTY_LOG)


@pytest.fixture
def house(furnished_house: House) -> Iterator[House]:
    """Return the house with its clock where it began, no mail and an empty log.

    Nothing may go wrong inside.
    """
    furnished_house.clock.now = BEGINNING
    furnished_house.stores(_forget)
    yield furnished_house
    assert furnished_house.failures() == []


@pytest.fixture
def visit(house: House) -> OpenVisit:
    """Open as many browsers as a test needs."""
    return lambda: Browser(house.new_client())


@pytest.fixture
def visitor(visit: OpenVisit) -> Browser:
    """Open one browser."""
    return visit()


def configure(house: House, flow: str, **changes: Any) -> UserFlow:
    """Configure a user flow differently; return what it was."""
    flow_id = house.facts["user_flows"][flow]

    async def work(stores: Stores) -> UserFlow:
        before = await stores.user_flows.require(flow_id)
        await stores.user_flows.save(replace(before, **changes))
        return before

    return house.stores(work)


def signed_in(browser: Browser, party: RelyingParty, **changes: str | None) -> Arrived:
    """Sign the first seeded person in."""
    user = party.installation.facts["users"][0]
    shown = page(browser.open(party.link(**changes)))
    return arrival(browser.press(shown, "next", email=user["email"], password=user["password"]))
