"""msal-node, as its documentation tells B2C applications to use it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.witnesses.conversation import ClientError, Conversation, conversation
from tests.witnesses.people import a_new_address, sign_in, sign_in_for_device, sign_up
from tests.world.browser import Arrived, Browser
from tests.world.server import Server

pytestmark = pytest.mark.witness

FLOW = "B2C_1_signupsignin"
NATIVE_REDIRECT = "http://localhost:51235"


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Conversation]:
    with conversation("msal_node.js", server) as running:
        yield running


def scopes(server: Server) -> list[str]:
    api = server.facts["apps"]["api"]
    return [f"{api['app_id_uri']}/{each}" for each in api["scopes"]]


def open_application(
    client: Conversation, server: Server, name: str = "web", flow: str = FLOW
) -> str:
    """Open one of the seeded applications and return where it is returned to."""
    application = server.facts["apps"][name]
    authority = f"{server.origin}/{server.facts['tenant_domain']}/{flow}"
    client("open", authority, application["client_id"], application.get("client_secret"))
    uris = application["redirect_uris"]
    return NATIVE_REDIRECT if name == "native" else str(uris[0])


def enter(browser: Browser, server: Server, url: str) -> Arrived:
    user = server.facts["users"][0]
    return sign_in(browser, url, user["email"], user["password"])


@pytest.mark.parametrize("name", ["web", "native"])
def test_somebody_signs_in_and_stays_signed_in(
    client: Conversation, server: Server, browser: Browser, name: str
) -> None:
    redirect_uri = open_application(client, server, name)
    arrived = enter(browser, server, client("begin", redirect_uri, scopes(server)))
    result = client("finish", arrived.parameters)
    person = server.facts["users"][0]["object_id"]
    home = f"{person}-{FLOW.lower()}.{server.facts['tenant_id']}"
    assert result["account"]["homeAccountId"] == home
    assert set(scopes(server)) <= set(result["scopes"])
    kept = client("silent", scopes(server), False)
    assert kept["fromCache"] is True
    renewed = client("silent", scopes(server), True)
    assert renewed["fromCache"] is False
    assert renewed["idTokenClaims"]["sub"] == person
    assert renewed["accessToken"] != result["accessToken"]


def test_a_nonce_comes_back_in_the_id_token(
    client: Conversation, server: Server, browser: Browser
) -> None:
    redirect_uri = open_application(client, server)
    begun = client("begin", redirect_uri, scopes(server), {"nonce": "of-this-test"})
    result = client("finish", enter(browser, server, begun).parameters)
    assert result["idTokenClaims"]["nonce"] == "of-this-test"


def test_the_answer_can_be_posted(client: Conversation, server: Server, browser: Browser) -> None:
    redirect_uri = open_application(client, server)
    begun = client("begin", redirect_uri, scopes(server), {"responseMode": "form_post"})
    arrived = enter(browser, server, begun)
    assert arrived.method == "POST"
    assert client("finish", arrived.parameters)["accessToken"]


def test_a_new_person_is_known_by_name(
    client: Conversation, server: Server, browser: Browser
) -> None:
    redirect_uri = open_application(client, server)
    address = a_new_address("msal-node")
    begun = client("begin", redirect_uri, scopes(server))
    arrived = sign_up(browser, begun, server, address, displayName="Iris Tal")
    claims = client("finish", arrived.parameters)["idTokenClaims"]
    assert claims["emails"] == [address]
    assert claims["name"] == "Iris Tal"
    assert claims["newUser"] is True


def test_an_application_acts_by_itself(client: Conversation, server: Server) -> None:
    open_application(client, server)
    audience = f"{server.facts['apps']['api']['app_id_uri']}/.default"
    assert client("byItself", [audience])["accessToken"]


def test_a_user_name_and_a_password_are_enough_where_that_is_allowed(
    client: Conversation, server: Server
) -> None:
    open_application(client, server, "native", "B2C_1_ropc")
    user = server.facts["users"][0]
    result = client("password", user["email"], user["password"], scopes(server))
    assert result["idTokenClaims"]["sub"] == user["object_id"]
    assert client("silent", scopes(server), True)["fromCache"] is False


def test_a_wrong_password_is_told_with_the_code_applications_look_for(
    client: Conversation, server: Server
) -> None:
    open_application(client, server, "native", "B2C_1_ropc")
    given: list[Any] = [server.facts["users"][0]["email"], "Amber-Lantern-65", scopes(server)]
    with pytest.raises(ClientError) as refused:
        client("password", *given)
    assert refused.value.told["errorCode"] == "access_denied"
    assert "Description: AADB2C90225:" in refused.value.told["errorMessage"]


def test_a_device_without_a_browser_signs_in(
    client: Conversation, server: Server, browser: Browser
) -> None:
    open_application(client, server, "native")
    told = client("device", scopes(server))
    user = server.facts["users"][0]
    address, code = told["verificationUri"], told["userCode"]
    sign_in_for_device(browser, address, code, user["email"], user["password"])
    assert client("deviceSignedIn")["idTokenClaims"]["sub"] == user["object_id"]
