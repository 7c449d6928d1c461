"""MSAL for Python, as its documentation tells B2C applications to use it."""

from collections.abc import Iterator
from typing import Any

import pytest
from msal import ConfidentialClientApplication, PublicClientApplication
from msal.authority import Authority

from tests.witnesses.graph import a_user_flow, patch
from tests.witnesses.people import a_new_address, reset_password, sign_in, sign_up
from tests.witnesses.standard_port import Tunnel, standard_port
from tests.world.browser import Browser, arrival, page
from tests.world.server import Server

pytestmark = pytest.mark.witness

DEPRECATED = pytest.mark.filterwarnings("ignore:This API has been deprecated for public client")
NATIVE_REDIRECT = "http://localhost:51234"


def authority(server: Server, flow: str, tenant: str = "tenant_domain") -> str:
    return f"{server.origin}/{server.facts[tenant]}/{flow}"


def scopes(server: Server) -> list[str]:
    api = server.facts["apps"]["api"]
    return [f"{api['app_id_uri']}/{each}" for each in api["scopes"]]


def web_application(server: Server, flow: str, **more: Any) -> ConfidentialClientApplication:
    web = server.facts["apps"]["web"]
    return ConfidentialClientApplication(
        web["client_id"],
        client_credential=web["client_secret"],
        authority=authority(server, flow, **more),
    )


def native_application(server: Server, flow: str, **more: Any) -> PublicClientApplication:
    client_id = server.facts["apps"]["native"]["client_id"]
    return PublicClientApplication(client_id, authority=authority(server, flow), **more)


def begin(application: Any, server: Server) -> dict[str, Any]:
    return application.initiate_auth_code_flow(
        scopes(server),
        redirect_uri=server.facts["apps"]["web"]["redirect_uris"][0],
        response_mode="form_post",
    )


def succeeded(result: dict[str, Any]) -> dict[str, Any]:
    assert "error" not in result, result
    return result


def refresh_token(application: Any) -> str:
    """Return the one refresh token the application has."""
    kind = application.token_cache.CredentialType.REFRESH_TOKEN
    (found,) = application.token_cache.search(kind)
    return found["secret"]


@pytest.fixture
def tunnel(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tunnel]:
    """Let the server answer at port 443, and MSAL not remember that another one did."""
    monkeypatch.setattr(Authority, "_domains_without_user_realm_discovery", set())
    with standard_port(server.port) as running:
        yield running


@pytest.mark.parametrize("tenant", ["tenant_domain", "tenant_id"])
def test_a_web_application_signs_a_person_in(server: Server, browser: Browser, tenant: str) -> None:
    application = web_application(server, "B2C_1_signupsignin", tenant=tenant)
    user = server.facts["users"][0]
    flow = begin(application, server)
    arrived = sign_in(browser, flow["auth_uri"], user["email"], user["password"])
    result = succeeded(application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters)))
    claims = result["id_token_claims"]
    assert claims["sub"] == user["object_id"]
    assert claims["tfp"].lower() == "b2c_1_signupsignin"
    assert set(scopes(server)) <= set(result["scope"].split())
    assert result["expires_in"] == 3600


@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
def test_a_native_application_signs_a_new_person_up(server: Server, browser: Browser) -> None:
    application = native_application(server, "B2C_1_signupsignin")
    address = a_new_address()
    flow = application.initiate_auth_code_flow(scopes(server), redirect_uri=NATIVE_REDIRECT)
    arrived = sign_up(browser, flow["auth_uri"], server, address, displayName="Iris Tal")
    result = succeeded(application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters)))
    claims = result["id_token_claims"]
    assert claims["emails"] == [address]
    assert claims["name"] == "Iris Tal"
    assert claims["newUser"] is True


def test_the_account_is_cached_and_its_tokens_are_renewed_silently(
    server: Server, browser: Browser
) -> None:
    application = web_application(server, "B2C_1_signin")
    user = server.facts["users"][0]
    flow = begin(application, server)
    arrived = sign_in(browser, flow["auth_uri"], user["email"], user["password"])
    first = succeeded(application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters)))
    assert first["token_source"] == "identity_provider"
    (account,) = application.get_accounts()
    assert account["home_account_id"] == (
        f"{user['object_id']}-b2c_1_signin.{server.facts['tenant_id']}"
    )
    cached = application.acquire_token_silent(scopes(server), account=account)
    assert cached["token_source"] == "cache"
    seen = {refresh_token(application)}
    for _ in range(2):
        renewed = succeeded(
            application.acquire_token_silent(scopes(server), account=account, force_refresh=True)
        )
        assert renewed["token_source"] == "identity_provider"
        seen.add(refresh_token(application))
    assert len(seen) == 3


def test_accounts_of_two_user_flows_are_kept_apart(server: Server, browser: Browser) -> None:
    user = server.facts["users"][0]
    cache = None
    for name in ("B2C_1_signin", "B2C_1_signupsignin"):
        application = ConfidentialClientApplication(
            server.facts["apps"]["web"]["client_id"],
            client_credential=server.facts["apps"]["web"]["client_secret"],
            authority=authority(server, name),
            token_cache=cache,
        )
        cache = application.token_cache
        browser.client.cookies.clear()
        flow = begin(application, server)
        arrived = sign_in(browser, flow["auth_uri"], user["email"], user["password"])
        succeeded(application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters)))
    assert len({each["home_account_id"] for each in application.get_accounts()}) == 2


@DEPRECATED
def test_a_username_and_a_password_are_enough_where_the_flow_says_so(
    server: Server, tunnel: Tunnel
) -> None:
    application = native_application(server, "B2C_1_ropc", proxies={"https": tunnel.url})
    user = server.facts["users"][1]
    result = succeeded(
        application.acquire_token_by_username_password(
            user["email"], user["password"], scopes(server)
        )
    )
    assert "localhost:443" in tunnel.asked_for
    assert result["id_token_claims"]["sub"] == user["object_id"]
    (account,) = application.get_accounts()
    renewed = application.acquire_token_silent(scopes(server), account=account, force_refresh=True)
    assert succeeded(renewed)["token_source"] == "identity_provider"


@DEPRECATED
def test_a_wrong_password_is_told_in_the_documented_words(server: Server, tunnel: Tunnel) -> None:
    application = native_application(server, "B2C_1_ropc", proxies={"https": tunnel.url})
    user = server.facts["users"][1]
    result = application.acquire_token_by_username_password(
        user["email"], "no such password", scopes(server)
    )
    assert result["error"] == "access_denied"
    assert result["error_description"].startswith("AADB2C90225:")


def test_whoever_cancels_comes_back_with_the_documented_code(
    server: Server, browser: Browser
) -> None:
    application = web_application(server, "B2C_1_signup")
    flow = begin(application, server)
    arrived = arrival(browser.press(page(browser.open(flow["auth_uri"])), "cancel"))
    result = application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters))
    assert result["error"] == "access_denied"
    assert result["error_description"].startswith("AADB2C90091:")


def test_whoever_forgot_the_password_comes_back_and_is_sent_to_the_reset_flow(
    server: Server, browser: Browser
) -> None:
    name = a_user_flow(server, "signIn")
    patch(
        server,
        f"/identity/b2cUserFlows/{name}",
        {"passwordComplexityConfiguration": {"isSelfServicePasswordResetAllowed": False}},
    )
    application = web_application(server, name)
    flow = begin(application, server)
    arrived = arrival(browser.press(page(browser.open(flow["auth_uri"])), "forgotPassword"))
    result = application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters))
    assert result["error"] == "access_denied"
    assert result["error_description"].startswith("AADB2C90118:")
    address = a_new_address()
    signing_up = begin(web_application(server, "B2C_1_signupsignin"), server)
    sign_up(browser, signing_up["auth_uri"], server, address)
    resetting = web_application(server, "B2C_1_passwordreset")
    flow = begin(resetting, server)
    arrived = reset_password(browser, flow["auth_uri"], server, address)
    result = succeeded(resetting.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters)))
    assert result["id_token_claims"]["emails"] == [address]


def test_a_code_is_good_for_one_application_only_once(server: Server, browser: Browser) -> None:
    application = web_application(server, "B2C_1_signin")
    user = server.facts["users"][0]
    flow = begin(application, server)
    arrived = sign_in(browser, flow["auth_uri"], user["email"], user["password"])
    succeeded(application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters)))
    again = application.acquire_token_by_auth_code_flow(flow, dict(arrived.parameters))
    assert again["error"] == "invalid_grant"
    (account,) = application.get_accounts()
    revoked = application.acquire_token_silent_with_error(
        scopes(server), account=account, force_refresh=True
    )
    assert revoked["error"] == "invalid_grant"
