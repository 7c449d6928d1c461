"""What a successful sign-in sends to the application, in every mode and of every type.

OAuth 2.0 Multiple Response Types, OAuth 2.0 Form Post Response Mode, OIDC Core §3.1.2.5–3.3.2.11.
"""

import base64
import json
from dataclasses import replace

import pytest

from gatelodge.model.identifier import ApplicationId
from gatelodge.storage.stores import Stores
from tests.world.browser import Arrived, Browser, Shown, arrival, arrived_at, page
from tests.world.furnished import HOME, OpenVisit, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty, left_half

MODES = pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
STATES = pytest.mark.parametrize(
    "state",
    [
        "plain",
        "%26%3D%25 &=%+",
        '"><script>alert(1)</script>',
        "javascript:alert(1)",
        "ünï 日本 😀",
        "a\r\nSet-Cookie: x=y",
        "#?/\\;,'",
        "s" * 2000,
    ],
)


@MODES
@STATES
def test_the_state_comes_back_letter_by_letter(
    house: House, visitor: Browser, mode: str, state: str
) -> None:
    party = RelyingParty(house)
    arrived = signed_in(visitor, party, response_mode=mode, state=state)
    assert arrived.parameters["state"] == state
    refused = arrival(visitor.open(party.link(response_mode=mode, state=state, max_age="x")))
    assert refused.parameters["state"] == state


@pytest.mark.parametrize(
    ("response_type", "default"),
    [("code", "?"), ("id_token", "#"), ("code id_token", "#"), ("id_token code", "#")],
)
def test_a_response_type_has_its_own_mode(
    house: House, visitor: Browser, response_type: str, default: str
) -> None:
    arrived = signed_in(visitor, RelyingParty(house), response_type=response_type)
    assert arrived.url.partition(default)[0] == RelyingParty(house).redirect_uri
    wanted = set(response_type.split()) | {"state", "iss"}
    assert set(arrived.parameters) == wanted


@MODES
def test_a_code_is_redeemed_whatever_the_mode(house: House, visitor: Browser, mode: str) -> None:
    party = RelyingParty(house)
    claims = party.claims(signed_in(visitor, party, response_mode=mode))
    assert claims["nonce"] == party.nonce
    assert claims["sub"] == house.facts["users"][0]["object_id"]


@pytest.mark.parametrize("mode", ["fragment", "form_post"])
@pytest.mark.parametrize("response_type", ["id_token", "code id_token"])
def test_an_id_token_in_the_front_channel_is_bound_to_its_answer(
    house: House, visitor: Browser, mode: str, response_type: str
) -> None:
    party = RelyingParty(house)
    arrived = signed_in(
        visitor, party, response_type=response_type, response_mode=mode, scope="openid"
    )
    claims = party.verified(arrived.parameters["id_token"])
    assert claims["nonce"] == party.nonce
    assert "at_hash" not in claims
    if "code" in arrived.parameters:
        assert claims["c_hash"] == left_half(arrived.code)
        redeemed = party.claims(arrived)
        assert (redeemed["sub"], redeemed["auth_time"]) == (claims["sub"], claims["auth_time"])
    else:
        assert "c_hash" not in claims


def test_an_access_token_in_the_front_channel_is_for_those_who_may(
    house: House, visitor: Browser
) -> None:
    party = RelyingParty(house, name="implicit")
    arrived = signed_in(visitor, party, response_type="id_token token")
    claims = party.verified(arrived.parameters["id_token"])
    assert claims["at_hash"] == left_half(arrived.parameters["access_token"])
    assert arrived.parameters["token_type"] == "Bearer"
    assert arrived.parameters["expires_in"] == "3600"
    assert "code" not in arrived.parameters
    assert "refresh_token" not in arrived.parameters


def test_client_info_tells_users_and_user_flows_apart(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    arrived = signed_in(visitor, party, client_info="1")
    assert list(arrived.parameters) == ["state", "client_info", "code", "iss"]
    text = arrived.parameters["client_info"]
    told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    flow = house.facts["user_flows"]["signUpOrSignIn"].lower()
    assert told == {
        "uid": f"{house.facts['users'][0]['object_id']}-{flow}",
        "utid": house.facts["tenant_id"],
    }


def test_without_state_there_is_none(house: House, visitor: Browser) -> None:
    assert set(signed_in(visitor, RelyingParty(house), state=None).parameters) == {"code", "iss"}


def test_a_redirect_uri_keeps_its_own_query(house: House, visitor: Browser) -> None:
    arrived = signed_in(visitor, RelyingParty(house, name="query"))
    assert arrived.url.startswith(f"{HOME}?tenant=a&state=")
    assert arrived.parameters["tenant"] == "a"


class TestTheLastStep:
    @staticmethod
    def last(house: House, browser: Browser, **changes: str | None) -> tuple[Shown, dict[str, str]]:
        shown = page(browser.open(RelyingParty(house).link(**changes)))
        user = house.facts["users"][0]
        return shown, {"email": user["email"], "password": user["password"]}

    @pytest.mark.parametrize("mode", ["query", "fragment"])
    def test_a_password_is_answered_with_see_other(
        self, house: House, visitor: Browser, mode: str
    ) -> None:
        shown, known = self.last(house, visitor, response_mode=mode)
        answer = visitor.send(shown, "next", **known)
        assert answer.status_code == 303
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert known["password"] not in answer.headers["location"]
        assert arrived_at(answer.headers["location"]).code

    def test_the_page_that_posts_names_where_it_may_post_to(
        self, house: House, visitor: Browser
    ) -> None:
        state = '"><script>alert(1)</script>'
        shown, known = self.last(house, visitor, response_mode="form_post", state=state)
        answer = visitor.send(shown, "next", **known)
        policy = answer.headers["content-security-policy"]
        assert answer.status_code == 200
        assert "form-action 'self' http://localhost:3000;" in policy
        assert "script-src 'nonce-" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "<script>alert" not in answer.text
        assert answer.headers["cache-control"] == "no-store"

    def test_every_page_before_it_may_end_at_the_application(
        self, house: House, visitor: Browser
    ) -> None:
        shown, _ = self.last(house, visitor)
        policy = shown.response.headers["content-security-policy"]
        assert "form-action 'self' http://localhost:3000;" in policy

    def test_the_session_comes_with_the_answer_and_not_before(
        self, house: House, visitor: Browser
    ) -> None:
        shown, known = self.last(house, visitor)
        name = f"__Host-gatelodge-session-{house.facts['tenant_id']}"
        assert name not in visitor.client.cookies
        visitor.send(shown, "next", **known)
        assert name in visitor.client.cookies


class TestMeanwhile:
    """What changed between the request and its answer counts as it is at the answer."""

    @staticmethod
    def change(house: House, name: str, **changes: object) -> None:
        async def work(stores: Stores) -> None:
            client_id = house.facts["apps"][name]["client_id"]
            found = await stores.applications.by_app_id(client_id)
            assert found is not None
            await stores.applications.save(replace(found, **changes))  # type: ignore[arg-type]

        house.stores(work)

    @pytest.mark.parametrize(
        ("changes", "back", "code"),
        [
            ({"is_enabled": False}, {"is_enabled": True}, "AADB2C90092"),
            (
                {"web_redirect_uris": ("https://app.example/moved",)},
                {"web_redirect_uris": (HOME,)},
                "AADB2C90006",
            ),
        ],
    )
    @pytest.mark.parametrize("button", ["next", "forgotPassword"])
    def test_an_application_that_lost_its_standing_gets_no_answer(
        self,
        house: House,
        visitor: Browser,
        changes: dict[str, object],
        back: dict[str, object],
        code: str,
        button: str,
    ) -> None:
        party = RelyingParty(house, "signIn", "one")
        shown = page(visitor.open(party.link()))
        user = house.facts["users"][0]
        self.change(house, "one", **changes)
        try:
            known = {"email": user["email"], "password": user["password"]}
            answer = visitor.press(shown, button, **(known if button == "next" else {}))
        finally:
            self.change(house, "one", **back)
        assert code in page(answer).text

    def test_one_that_is_deleted_gets_no_answer(self, house: House, visit: OpenVisit) -> None:
        party = RelyingParty(house, "signIn", "query")
        visitor = visit()
        shown = page(visitor.open(party.link()))
        user = house.facts["users"][0]
        removed = house.stores(
            lambda stores: stores.applications.by_app_id(party.facts["client_id"])
        )
        assert removed is not None

        async def remove(stores: Stores) -> None:
            await stores.applications.remove(ApplicationId(removed.id))

        async def restore(stores: Stores) -> None:
            await stores.applications.add(replace(removed, revision=0))

        house.stores(remove)
        try:
            answer = visitor.press(shown, "next", email=user["email"], password=user["password"])
        finally:
            house.stores(restore)
        assert "AADB2C90018" in page(answer).text


def test_a_code_belongs_to_one_answer(house: House, visit: OpenVisit) -> None:
    party = RelyingParty(house)
    visitor = visit()
    first = signed_in(visitor, party)
    second = arrival(visitor.open(party.link()))
    assert isinstance(second, Arrived)
    assert first.code != second.code
    assert party.redeem(first).status_code == 200
    assert party.redeem(second).status_code == 200
    assert party.redeem(first).status_code == 400
