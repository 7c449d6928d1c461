"""What ends on one node is over on the other: two programs on one PostgreSQL database."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from joserfc import jws

from gatelodge.model.signing_key import Algorithm
from gatelodge.operations.key_rotation import OVERLAP
from tests.journeys.test_settings import a_name, sign_up
from tests.protocol.test_keys import later, rotate
from tests.world.browser import Arrived, Browser, arrival
from tests.world.furnished import configure
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


def read_keys_again(house: House) -> None:
    """Let a node read its keys again, as each does once a minute and when it is configured."""
    configure(house, "signIn")


def key_ids(house: House) -> set[str]:
    keys = house.client.get(f"{RelyingParty(house).provider}/discovery/v2.0/keys").json()["keys"]
    return {each["kid"] for each in keys}


def key_of(token: str) -> str:
    return str(jws.extract_compact(token.encode()).headers()["kid"])


def test_a_key_that_is_rotated_on_one_node_is_published_and_then_used_on_the_other(
    nodes: tuple[House, House],
) -> None:
    first, second = nodes
    party, there = RelyingParty(first), RelyingParty(second)
    browser = Browser(first.new_client())
    sign_up(first, browser, f"{a_name()}@people.example")
    old = party.tokens(arrival(browser.open(party.link())))
    before = key_ids(second)
    rotate(first, algorithm=Algorithm.RS256)
    read_keys_again(second)
    assert before < key_ids(second) == key_ids(first)
    later(first, OVERLAP)
    read_keys_again(second)
    again = there.refresh(old["refresh_token"]).json()
    assert key_of(again["id_token"]) in key_ids(second) - before
    assert party.verified(again["id_token"])
