"""The front-channel and back-channel logout plans, by the suite's names."""

import html
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from gatelodge.model.application import Application
from gatelodge.model.identifier import ClientId
from gatelodge.oidc.back_channel import EVENT, BackChannel
from gatelodge.oidc.provider import Providers
from gatelodge.oidc.return_address import encode_parameters
from gatelodge.storage.stores import Stores
from tests.protocol.conformance.conftest import BASIC
from tests.protocol.conformance.strict import Client
from tests.protocol.test_ended_sessions import Posted
from tests.world.browser import Arrived, Browser, page

pytestmark = pytest.mark.parametrize("variant", BASIC[:1], ids=" ".join, indirect=True)
SUITE = "https://suite.example/test/a/gatelodge"


def listen(client: Client, **addresses: Any) -> Application:
    """Register where the client is told; return what it was before."""

    async def work(stores: Stores) -> Application:
        before = await stores.applications.by_app_id(ClientId(client.party.client_id))
        assert before is not None
        await stores.applications.save(replace(before, **addresses))
        return before

    return client.house.stores(work)


def put_back(client: Client, before: Application) -> None:
    names = ("web_logout_url", "web_back_channel_logout_url")
    listen(client, **{name: getattr(before, name) for name in names})


def signed_out(client: Client, browser: Browser, hint: str) -> str:
    """Sign out with everything the specification knows of; return the page that is shown."""
    asked = {
        "id_token_hint": hint,
        "post_logout_redirect_uri": client.party.redirect_uri,
        "state": "s" * 128,
    }
    answer = browser.open(f"{client.metadata['end_session_endpoint']}?{urlencode(asked)}")
    assert client.error(browser, prompt="none") in {"login_required", "interaction_required"}
    expected = f"{client.party.redirect_uri}?state={asked['state']}"
    if isinstance(answer, Arrived):
        assert answer.url == expected
        return ""
    text = html.unescape(page(answer).response.text)
    assert f'href="{expected}"' in text
    return text


def is_supported(client: Client, kind: str) -> None:
    assert client.metadata[f"{kind}_logout_supported"] is True
    assert client.metadata[f"{kind}_logout_session_supported"] is True
    assert client.metadata["end_session_endpoint"].startswith("https://")


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(client: Client) -> None:
    is_supported(client, "frontchannel")


def test_oidcc_backchannel_logout_discovery_endpoint_verification(client: Client) -> None:
    is_supported(client, "backchannel")


def test_oidcc_frontchannel_rp_initiated_logout(client: Client, visitor: Browser) -> None:
    before = listen(client, web_logout_url=f"{SUITE}/frontchannel_logout")
    try:
        answer = client.sign_in(visitor)
        text = signed_out(client, visitor, answer.hint)
    finally:
        put_back(client, before)
    told = encode_parameters([("iss", client.issuer), ("sid", answer.id_token["sid"])])
    assert f'src="{SUITE}/frontchannel_logout?{told}"' in text
    assert text.count("<iframe") == 1


def test_oidcc_backchannel_rp_initiated_logout(client: Client, visitor: Browser) -> None:
    before = listen(client, web_back_channel_logout_url=f"{SUITE}/backchannel_logout")
    world, posted = client.house.world, Posted()
    providers = Providers(world.database, world.keyring, world.origin)
    told = BackChannel(world.database, providers, posted, client.house.clock)
    try:
        answer = client.sign_in(visitor)
        assert signed_out(client, visitor, answer.hint) == ""
        assert client.house.run(told.send_due()) == 1
    finally:
        put_back(client, before)
    [(url, form)] = posted.sent
    assert (url, list(form)) == (f"{SUITE}/backchannel_logout", ["logout_token"])
    keys = KeySet.import_key_set(client.house.client.get(client.metadata["jwks_uri"]).json())
    claims = jwt.decode(form["logout_token"], keys, algorithms=["RS256"]).claims
    expected = {name: answer.id_token[name] for name in ("iss", "aud", "sub", "sid")}
    assert {name: claims[name] for name in expected} == expected
    assert claims["events"] == {EVENT: {}}
    assert claims["jti"]
    assert "nonce" not in claims
