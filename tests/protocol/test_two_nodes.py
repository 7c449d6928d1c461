"""What ends on one node is over on the other: two programs on one PostgreSQL database."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.journeys.test_settings import a_name, sign_up
from tests.world.browser import Arrived, Browser
from tests.world.house import House
from tests.world.postgres import Cluster
from tests.world.relying_party import RelyingParty


@pytest.fixture(scope="module")
def nodes(postgresql_cluster: Cluster, migrated_template: str) -> Iterator[tuple[House, House]]:
    url = postgresql_cluster.url(postgresql_cluster.create(template=migrated_template))
    first = House(url)
    second = House(url, neighbour=first)
    yield first, second
    second.close()
    first.close()


def administer(house: House, method: str, path: str, **json: Any) -> httpx.Response:
    """Call the Graph API of a node."""
    token = house.client.post(
        f"/{house.facts['tenant_id']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            **house.facts["admin"],
            "scope": "https://graph.microsoft.com/.default",
        },
    ).json()["access_token"]
    answer = house.client.request(
        method, f"/beta{path}", json=json or None, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.is_success, answer.text
    return answer


@pytest.mark.parametrize(
    ("method", "action", "body"),
    [
        ("POST", "/revokeSignInSessions", {}),
        ("PATCH", "", {"accountEnabled": False}),
        ("PATCH", "", {"passwordProfile": {"password": "Velvet-Compass-29"}}),
        ("DELETE", "", {}),
    ],
    ids=["revoked", "disabled", "new password", "deleted"],
)
def test_a_session_and_its_tokens_end_on_every_node_at_once(
    nodes: tuple[House, House], method: str, action: str, body: dict[str, Any]
) -> None:
    first, second = nodes
    browser = Browser(first.new_client())
    subject = sign_up(first, browser, f"{a_name()}@people.example")["oid"]
    party, there = RelyingParty(first), RelyingParty(second)
    elsewhere = Browser(second.new_client())
    elsewhere.client.cookies = browser.client.cookies
    arrived = elsewhere.open(there.link())
    assert isinstance(arrived, Arrived)
    tokens = there.tokens(arrived)
    assert isinstance(browser.open(party.link()), Arrived)
    administer(second, method, f"/users/{subject}{action}", **body)
    assert not isinstance(browser.open(party.link()), Arrived)
    assert party.refresh(tokens["refresh_token"]).status_code == 400
    userinfo = first.client.get(
        f"{party.provider}/openid/v2.0/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
    )
    assert userinfo.status_code == 401
