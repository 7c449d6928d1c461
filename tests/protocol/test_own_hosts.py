"""Hosts of a directory's own: everything about it is said there, and nothing about any other."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gatelodge.app.mounting import build_app
from gatelodge.crypto.digest import from_base64url
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.own_host import OwnHost, OwnHosts
from gatelodge.model.user_flow import (
    AuthenticationMethod,
    OneTimeCodeConfiguration,
    PasskeyConfiguration,
)
from gatelodge.oidc.back_channel import BackChannel
from gatelodge.oidc.provider import Providers
from gatelodge.storage.stores import Stores
from tests.protocol.told import strict
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import configure
from tests.world.house import ORIGIN, House
from tests.world.makers import a_directory
from tests.world.relying_party import VERIFIER, RelyingParty

OWN = "https://sign-in.acme.example:8443"
OTHERS = "https://sign-in.other.example"
OTHER = DirectoryId("2222bbbb-bbbb-4bbb-8bbb-22222222bbbb")
METADATA = "v2.0/.well-known/openid-configuration"


@pytest.fixture
def house(sqlite_house: House) -> Iterator[House]:
    """Return the house with a host for its directory and one for somebody else's."""
    sqlite_house.database.own_hosts = OwnHosts(
        [
            OwnHost(name="sign-in.acme.example", origin=OWN, directory="acme.example"),
            OwnHost(name="sign-in.other.example", origin=OTHERS, directory=OTHER),
        ]
    )
    yield sqlite_house
    sqlite_house.database.own_hosts = OwnHosts()
    assert sqlite_house.failures() == []


@pytest.fixture
def at_home(house: House) -> Browser:
    """Open a browser at the directory's own host."""
    return Browser(house.new_client(OWN))


@pytest.fixture
def party(house: House) -> RelyingParty:
    return RelyingParty(house)


def sign_in(browser: Browser, party: RelyingParty, **changes: str | None) -> Arrived:
    user = party.installation.facts["users"][0]
    shown = page(browser.open(party.link(**changes)))
    return arrival(browser.press(shown, "next", email=user["email"], password=user["password"]))


def redeem(browser: Browser, party: RelyingParty, arrived: Arrived) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": party.client_id,
        "client_secret": party.facts["client_secret"],
        "code": arrived.code,
        "redirect_uri": party.redirect_uri,
        "code_verifier": VERIFIER,
    }
    return browser.client.post(f"{party.provider}/oauth2/v2.0/token", data=form)


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(from_base64url(token.split(".")[1]))
    return found


def test_issuer_and_endpoints_follow_the_host(at_home: Browser, party: RelyingParty) -> None:
    own = at_home.client.get(f"{party.provider}/{METADATA}").json()
    shared = party.installation.client.get(f"{party.provider}/{METADATA}").json()
    tenant = party.installation.facts["tenant_id"]
    assert own["issuer"] == f"{OWN}/{tenant}/v2.0/"
    assert own == json.loads(
        json.dumps({n: v for n, v in shared.items() if n != "registration_endpoint"}).replace(
            ORIGIN, OWN
        )
    )
    assert shared["issuer"] == f"{ORIGIN}/{tenant}/v2.0/"


def test_tokens_and_sessions_belong_to_the_host(
    house: House, at_home: Browser, party: RelyingParty
) -> None:
    arrived = sign_in(at_home, party)
    issuer = f"{OWN}/{house.facts['tenant_id']}/v2.0/"
    assert arrived.parameters["iss"] == issuer
    tokens = redeem(at_home, party, arrived).json()
    assert claims_of(tokens["id_token"])["iss"] == issuer
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    userinfo = f"{party.provider}/openid/v2.0/userinfo"
    assert at_home.client.get(userinfo, headers=bearer).status_code == 200
    assert house.client.get(userinfo, headers=bearer).status_code == 401
    assert "code" in arrival(at_home.open(party.link(prompt="none"))).parameters
    assert not [each for each in at_home.client.cookies.jar if each.domain_specified]
    elsewhere = Browser(house.new_client())
    elsewhere.client.cookies = at_home.client.cookies
    refused = arrival(elsewhere.open(party.link(prompt="none")))
    assert refused.parameters["error"] in {"login_required", "interaction_required"}


def test_a_hint_of_another_host_neither_signs_out_nor_names_anybody(
    house: House, at_home: Browser
) -> None:
    party = RelyingParty(house)
    elsewhere = Browser(house.new_client())
    hint = str(party.tokens(sign_in(elsewhere, party))["id_token"])
    shown = page(at_home.open(f"{party.provider}/oauth2/v2.0/logout", id_token_hint=hint))
    assert "AADB2C90238" in shown.text
    with strict(house):
        refused = arrival(at_home.open(party.link(id_token_hint=hint)))
    assert refused.error_code == "AADB2C90232"


@pytest.mark.parametrize(
    "path",
    [
        "/other.example/B2C_1_SuSi/v2.0/.well-known/openid-configuration",
        f"/{OTHER}/v2.0/.well-known/openid-configuration",
        "/beta/identity/userFlows",
        "/v1.0/$metadata",
        "/openapi.json",
        "/docs",
        "/metrics",
        "/metadata/endpoints",
        "/common/discovery/instance",
        "/_dev",
        "/",
    ],
)
def test_neither_others_nor_the_control_plane_are_there(
    house: House, at_home: Browser, path: str
) -> None:
    async def plant(stores: Stores) -> None:
        if await stores.directories.find(OTHER) is None:
            await stores.directories.add(a_directory(id=OTHER, domain="other.example"))

    house.run(house.database.write(OTHER, plant))
    assert at_home.client.get(path).status_code == 404


def test_a_directory_is_not_found_at_somebody_elses_host(house: House, party: RelyingParty) -> None:
    others = house.new_client(OTHERS)
    assert others.get(f"{party.provider}/{METADATA}").status_code == 404
    assert others.get(party.link()).status_code == 404
    look = f"/branding/{house.facts['tenant_id']}"
    style = re.search(rf'{look}/[^"]+', house.client.get(party.link()).text)
    if style is not None:
        assert house.client.get(style.group()).status_code == 200
        assert others.get(style.group()).status_code == 404


def test_no_token_for_the_control_plane_is_issued_there(house: House, at_home: Browser) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": house.facts["admin"]["client_id"],
        "client_secret": house.facts["admin"]["client_secret"],
        "scope": "https://graph.microsoft.com/.default",
    }
    path = f"/{house.facts['tenant_id']}/oauth2/v2.0/token"
    assert house.client.post(path, data=form).status_code == 200
    for scope in (form["scope"], f"{OWN}/.default"):
        assert at_home.client.post(path, data={**form, "scope": scope}).status_code == 400


def test_a_form_counts_only_at_the_host_it_was_shown_at(
    house: House, at_home: Browser, party: RelyingParty
) -> None:
    shown = page(at_home.open(party.link()))
    user = house.facts["users"][0]
    elsewhere = Browser(house.new_client())
    # No browser would send them along, so somebody does it by hand.
    carried = (f"{each.name}={each.value}" for each in at_home.client.cookies.jar)
    elsewhere.client.headers["cookie"] = "; ".join(carried)
    moved = Shown(shown.response)
    moved.url = shown.url.replace(OWN, ORIGIN)
    filled = {"email": user["email"], "password": user["password"]}
    assert elsewhere.send(moved, "next", **filled).status_code == 403
    at_home.client.headers["origin"] = ORIGIN
    assert at_home.send(shown, "next", **filled).status_code == 403
    at_home.client.headers["origin"] = OWN
    assert at_home.send(shown, "next", **filled).status_code in {200, 303}


def test_a_link_in_a_mail_leads_back_to_the_host(house: House, at_home: Browser) -> None:
    before = configure(
        house,
        "signIn",
        authentication_methods=AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD,
        one_time_code_configuration=OneTimeCodeConfiguration(is_link_included=True),
    )
    try:
        shown = page(at_home.open(RelyingParty(house, "signIn").link()))
        at_home.press(shown, "sendCode", email=house.facts["users"][0]["email"])
        sent = house.run(house.world_stores.messages.latest())[0]
        assert re.search(rf"{OWN}/\S+/signinlink", sent.text or "")
    finally:
        house.stores(lambda stores: _put_back(stores, before))


async def _put_back(stores: Stores, before: Any) -> None:
    now = await stores.user_flows.require(before.id)
    await stores.user_flows.save(replace(before, revision=now.revision))


def test_a_passkey_is_asked_for_by_the_host(house: House, at_home: Browser) -> None:
    before = configure(
        house, "signIn", passkey_configuration=PasskeyConfiguration(is_sign_in_allowed=True)
    )
    try:
        text = page(at_home.open(RelyingParty(house, "signIn").link())).response.text
        assert "sign-in.acme.example&quot;" in text or "sign-in.acme.example&#x22;" in text
        assert "login.acme.example" not in text
    finally:
        house.stores(lambda stores: _put_back(stores, before))


def test_an_application_is_told_of_the_end_by_the_issuer_it_knows(
    house: House, at_home: Browser, party: RelyingParty
) -> None:
    sent: list[dict[str, str]] = []

    class Posted:
        async def post_form(self, _url: str, form: dict[str, str]) -> int:
            sent.append(form)
            return 200

    async def listen(stores: Stores, address: str | None) -> None:
        found = await stores.applications.by_app_id(party.facts["client_id"])
        assert found is not None
        await stores.applications.save(replace(found, web_back_channel_logout_url=address))

    house.stores(lambda stores: listen(stores, "https://app.example/back-channel"))
    try:
        tokens = redeem(at_home, party, sign_in(at_home, party)).json()
        hint = f"{party.provider}/oauth2/v2.0/logout?id_token_hint={tokens['id_token']}"
        assert at_home.client.get(hint).status_code < 400
        providers = Providers(house.database, house.world.keyring, house.world.origin)
        posts = BackChannel(house.database, providers, Posted(), house.clock)
        house.run(posts.send_due())
        issuer = f"{OWN}/{house.facts['tenant_id']}/v2.0/"
        assert [claims_of(each["logout_token"])["iss"] for each in sent] == [issuer]
    finally:
        house.stores(lambda stores: listen(stores, None))


def test_hosts_nobody_configured_are_refused(house: House) -> None:
    app = build_app(house.world, hosts=frozenset({"login.acme.example"}))

    async def status(host: str) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            url = f"{ORIGIN}{RelyingParty(house).provider}/{METADATA}"
            return (await client.get(url, headers={"host": host})).status_code

    asked = ("login.acme.example", "Sign-In.Acme.example:8443", "evil.example", "")
    hosts = [*asked, "sign-in.acme.example.evil.example", "a@sign-in.acme.example"]
    assert [house.run(status(each)) for each in hosts] == [200, 200, 421, 421, 421, 421]
