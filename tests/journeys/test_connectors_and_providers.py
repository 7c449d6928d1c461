"""API connectors on the way of somebody a provider sent: before and after the page."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import pytest

from gatelodge.model.api_connector import ApiConnector
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.user_flow import ConnectedApis
from gatelodge.outbound import Answer, Outbound
from gatelodge.storage.stores import Stores
from tests.journeys.federation_world import (
    account_from,
    come_from,
    offer,
    people_provider,
    signed_up,
    somebody,
)
from tests.world.browser import Browser, arrival, page
from tests.world.clock import BEGINNING
from tests.world.furnished import configure, furnish
from tests.world.hook import CONTINUE, Authority, Hook, Reply, serving
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import ISSUER, Upstream, new_upstream

FLOW = "signUpOrSignIn"


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays(Upstream):
    """Providers live in this process; everybody else is really reached."""

    real: Outbound

    async def send(self, method: str, url: str, **more: Any) -> Answer:
        """Answer for providers, and let others answer for themselves."""
        if url.startswith(ISSUER):
            # Not super(): a dataclass with slots is made twice, and this names the first.
            return await Upstream.send(self, method, url, **more)
        return await self.real.send(method, url, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What these tests walk through."""

    house: House
    hook: Hook
    upstream: Upstream
    party: RelyingParty

    def visitor(self) -> Browser:
        """Open a browser."""
        return Browser(self.house.new_client())

    def connect(self, **points: str) -> None:
        """Ask at these points and no others."""
        offer(self.house, people_provider(self.house), flow=FLOW)
        configure(self.house, FLOW, api_connectors=ConnectedApis(**points))


@pytest.fixture(scope="module")
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    path = tmp_path_factory.mktemp("house") / "gatelodge.db"
    shutil.copyfile(request.getfixturevalue("migrated_file"), path)
    authority = Authority(tmp_path_factory.mktemp("authority"))
    real = Outbound(
        is_development=False,
        allowed=(ip_network("127.0.0.0/8"),),
        authorities=authority.path,
    )
    upstream = BothWays(state=new_upstream(BEGINNING.timestamp).state, real=real)
    house = House(f"sqlite:///{path}", outbound=upstream)
    furnish(house)
    with serving(authority.server_context()) as hook:
        connector = ApiConnector(
            directory_id=DirectoryId(house.facts["tenant_id"]),
            id="hook",
            display_name="Hook",
            target_url=hook.url,
        )

        async def add(stores: Stores) -> None:
            await stores.api_connectors.add(connector)

        house.stores(add)
        yield Town(house=house, hook=hook, upstream=upstream, party=RelyingParty(house, FLOW))
    house.close()


@pytest.fixture(autouse=True)
def fresh(town: Town) -> None:
    town.house.clock.now = BEGINNING
    town.hook.will(Reply())


def test_the_connector_is_told_who_came_and_fills_in_the_page(town: Town) -> None:
    town.connect(post_federation_signup="hook")
    town.hook.will(Reply(body={**CONTINUE, "displayName": "Known Here", "email": "x@evil.example"}))
    person = somebody()
    shown = page(come_from(town.visitor(), town.party, town.upstream, person))
    [told] = town.hook.told
    assert told.body["step"] == "PostFederationSignup"
    assert told.body["email"] == person["email"]
    assert told.body["identities"] == [
        {"signInType": "federated", "issuer": ISSUER, "issuerAssignedId": person["sub"]}
    ]
    assert "objectId" not in told.body
    assert shown.value_of("displayName") == "Known Here"
    assert shown.value_of("email") == person["email"]
    assert account_from(town.house, person["sub"]) is None


def test_who_is_known_is_not_asked_about_again(town: Town) -> None:
    town.connect(post_federation_signup="hook")
    person = somebody()
    signed_up(town.visitor(), town.party, town.upstream, person)
    assert len(town.hook.told) == 1
    arrival(come_from(town.visitor(), town.party, town.upstream, person))
    assert len(town.hook.told) == 1


@pytest.mark.parametrize(
    ("reply", "ending"),
    [
        (Reply(body={"action": "ShowBlockPage", "userMessage": "Not from there."}), "page"),
        (
            Reply(
                status=400,
                body={"action": "ValidationError", "status": 400, "userMessage": "No."},
            ),
            "AADB2C90261",
        ),
        (Reply(status=500), "AADB2C90075"),
    ],
)
def test_who_is_forbidden_gets_no_account(town: Town, reply: Reply, ending: str) -> None:
    town.connect(post_federation_signup="hook")
    town.hook.will(reply)
    person = somebody()
    end = come_from(town.visitor(), town.party, town.upstream, person)
    if ending == "page":
        assert "Not from there." in page(end).text
    else:
        assert arrival(end).error_code == ending
    assert account_from(town.house, person["sub"]) is None


def test_an_answer_on_the_page_can_be_refused_and_corrected(town: Town) -> None:
    town.connect(post_attribute_collection="hook")
    refusal = {"action": "ValidationError", "status": 400, "userMessage": "Another name, please."}
    town.hook.will(Reply(status=400, body=refusal), Reply())
    browser, person = town.visitor(), somebody()
    shown = page(come_from(browser, town.party, town.upstream, person))
    shown = page(browser.press(shown, "continue", displayName="Bad"))
    assert "Another name, please." in shown.text
    assert shown.value_of("displayName") == "Bad"
    arrival(browser.press(shown, "continue", displayName="Good"))
    assert [each.body["displayName"] for each in town.hook.told] == ["Bad", "Good"]
    assert town.hook.told[0].body["identities"][0]["signInType"] == "federated"
    found = account_from(town.house, person["sub"])
    assert found is not None
    assert found.display_name == "Good"
