"""openid-client, strict about everything it is sent, as a relying party on Node."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.witnesses.conversation import ClientError, Conversation, conversation
from tests.witnesses.graph import a_user_flow, patch
from tests.witnesses.people import sign_in, sign_in_for_device
from tests.world.browser import Arrived, Browser, arrival, page
from tests.world.server import Server

pytestmark = pytest.mark.witness

FLOW = "B2C_1_signupsignin"
WELL_KNOWN = ".well-known/openid-configuration"
SCOPE = "openid offline_access"


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Conversation]:
    with conversation("openid_client.js", server) as running:
        yield running


def metadata_url(server: Server, flow: str = FLOW, form: str = "{tenant}/{flow}/v2.0/") -> str:
    path = form.format(tenant=server.facts["tenant_id"], flow=flow)
    return f"{server.origin}/{path}{WELL_KNOWN}"


def discover(
    client: Conversation, server: Server, address: str, authentication: str = "basic"
) -> Any:
    web = server.facts["apps"]["web"]
    identity = {"clientId": web["client_id"], "secret": web["client_secret"]}
    return client("discover", address, {**identity, "authentication": authentication})


def redirect_uri(server: Server) -> str:
    return str(server.facts["apps"]["web"]["redirect_uris"][0])


def enter(browser: Browser, server: Server, url: str) -> Arrived:
    user = server.facts["users"][0]
    return sign_in(browser, url, user["email"], user["password"])


def signed_in(client: Conversation, server: Server, browser: Browser) -> Any:
    """Return the tokens of somebody who has just signed in."""
    begun = client("begin", redirect_uri(server), SCOPE)
    return client("finish", enter(browser, server, begun).url)


@pytest.mark.parametrize("authentication", ["basic", "post"])
def test_a_sign_in_passes_every_check(
    client: Conversation, server: Server, browser: Browser, authentication: str
) -> None:
    discover(client, server, metadata_url(server), authentication)
    tokens = signed_in(client, server, browser)
    assert tokens["claims"]["sub"] == server.facts["users"][0]["object_id"]
    assert tokens["scope"] == SCOPE


@pytest.mark.parametrize("form", ["tfp/{tenant}/{flow}/v2.0/", "{tenant}/{flow}/v2.0/"])
def test_metadata_are_believed_at_their_own_address(
    client: Conversation, server: Server, browser: Browser, form: str
) -> None:
    told = discover(client, server, metadata_url(server, form=form))
    assert told["issuer"] == f"{server.origin}/{server.facts['tenant_id']}/v2.0/"
    assert signed_in(client, server, browser)["claims"]["iss"] == told["issuer"]


def test_a_user_flow_that_is_the_issuer_is_discovered_by_it(
    client: Conversation, server: Server, browser: Browser
) -> None:
    name = a_user_flow(server, "signIn")
    wanted = {"tokenClaimsConfiguration": {"isIssuerEntityUserFlow": True}}
    patch(server, f"/identity/b2cUserFlows/{name}", wanted)
    issuer = f"{server.origin}/tfp/{server.facts['tenant_id']}/{name.lower()}/v2.0/"
    assert discover(client, server, issuer)["issuer"] == issuer
    assert signed_in(client, server, browser)["claims"]["iss"] == issuer


def test_a_tenant_that_is_the_issuer_is_not_taken_for_a_user_flow(
    client: Conversation, server: Server
) -> None:
    with pytest.raises(ClientError) as refused:
        discover(client, server, f"{server.origin}/tfp/{server.facts['tenant_id']}/{FLOW}/v2.0/")
    assert "issuer" in refused.value.told["message"]


def test_a_refresh_token_is_replaced_and_never_taken_twice(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    tokens = signed_in(client, server, browser)
    renewed = client("refresh", tokens["refresh_token"])
    assert renewed["claims"]["sub"] == tokens["claims"]["sub"]
    assert renewed["refresh_token"] != tokens["refresh_token"]


def test_userinfo_is_of_the_same_person(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    tokens = signed_in(client, server, browser)
    subject = tokens["claims"]["sub"]
    assert client("userinfo", tokens["access_token"], subject)["sub"] == subject


def test_a_token_that_was_taken_back_is_worth_nothing(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    tokens = signed_in(client, server, browser)
    assert client("introspect", tokens["access_token"])["active"] is True
    client("revoke", tokens["refresh_token"])
    assert client("introspect", tokens["access_token"])["active"] is False
    with pytest.raises(ClientError) as refused:
        client("refresh", tokens["refresh_token"])
    assert refused.value.told["word"] == "invalid_grant"


def test_a_request_can_be_pushed_ahead(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    arrived = enter(browser, server, client("push", redirect_uri(server), SCOPE))
    assert client("finish", arrived.url)["claims"]["sub"]


def test_tokens_that_are_bound_to_a_key_are_of_use_to_its_holder_only(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    client("prove")
    tokens = signed_in(client, server, browser)
    subject = tokens["claims"]["sub"]
    assert tokens["token_type"] == "dpop"
    assert client("userinfo", tokens["access_token"], subject)["sub"] == subject
    assert client("refresh", tokens["refresh_token"])["token_type"] == "dpop"
    client("prove")
    with pytest.raises(ClientError):
        client("userinfo", tokens["access_token"], subject)


def test_code_and_id_token_come_together(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    client("hybrid")
    assert signed_in(client, server, browser)["claims"]["sub"]


def test_a_device_without_a_browser_signs_in(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    codes = client("device", SCOPE)
    user = server.facts["users"][0]
    address, code = codes["verification_uri"], codes["user_code"]
    sign_in_for_device(browser, address, code, user["email"], user["password"])
    assert client("deviceSignedIn", codes)["claims"]["sub"] == user["object_id"]


def test_a_sign_in_without_a_page_is_refused_to_a_stranger(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    begun = client("begin", redirect_uri(server), SCOPE, {"prompt": "none"})
    with pytest.raises(ClientError) as refused:
        client("finish", arrival(browser.open(begun)).url)
    assert refused.value.told["word"] == "interaction_required"
    assert refused.value.told["description"].startswith("AADB2C90077:")


def test_the_end_of_a_session_leads_back_and_asks_for_the_password_again(
    client: Conversation, server: Server, browser: Browser
) -> None:
    discover(client, server, metadata_url(server))
    tokens = signed_in(client, server, browser)
    again = client("begin", redirect_uri(server), SCOPE)
    assert arrival(browser.open(again)).code
    asked = {
        "post_logout_redirect_uri": redirect_uri(server),
        "id_token_hint": tokens["id_token"],
        "state": "left",
    }
    left = arrival(browser.open(client("endSession", asked)))
    assert left.url == f"{redirect_uri(server)}?state=left"
    assert "password" in page(browser.open(again))
