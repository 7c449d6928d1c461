"""Authlib as a relying party: it discovers, signs in, and believes nothing it has not checked."""

from typing import Any

import jwt
import pytest
import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.base_client.sync_app import BaseApp, OAuth2Mixin
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session

from tests.witnesses.graph import a_user_flow, patch
from tests.witnesses.people import a_new_address, sign_in, sign_up
from tests.world.browser import Browser, arrival, page
from tests.world.server import Server

pytestmark = pytest.mark.witness


class Application(OAuth2Mixin, OpenIDMixin, BaseApp):
    """An application outside any web framework."""

    client_cls = OAuth2Session


class Memory:
    """Where Authlib hands over renewed tokens."""

    def __init__(self) -> None:
        self.tokens: list[dict[str, Any]] = []

    def update_token(self, token: dict[str, Any], **_replaced: Any) -> None:
        """Keep the token."""
        self.tokens.append(token)


def scope(server: Server) -> str:
    api = server.facts["apps"]["api"]
    return f"openid offline_access {api['app_id_uri']}/read"


def application(server: Server, metadata_url: str) -> Application:
    web = server.facts["apps"]["web"]
    return Application(
        Memory(),
        client_id=web["client_id"],
        client_secret=web["client_secret"],
        server_metadata_url=metadata_url,
        client_kwargs={"scope": scope(server), "code_challenge_method": "S256"},
    )


def metadata_url(server: Server, flow: str) -> str:
    return (
        f"{server.origin}/{server.facts['tenant_id']}/{flow}/v2.0/.well-known/openid-configuration"
    )


def redirect_uri(server: Server) -> str:
    return str(server.facts["apps"]["web"]["redirect_uris"][0])


def redeem(found: Application, server: Server, begun: dict[str, Any], code: str) -> dict[str, Any]:
    return found.fetch_access_token(
        redirect_uri=redirect_uri(server), code=code, code_verifier=begun["code_verifier"]
    )


def claims_of(found: Application, token: dict[str, Any], nonce: str | None) -> Any:
    """Return the claims of the ID token, after every check Authlib knows."""
    return found.parse_id_token(token, nonce=nonce)


def test_a_sign_in_passes_every_check_of_the_id_token(server: Server, browser: Browser) -> None:
    found = application(server, metadata_url(server, "B2C_1_signupsignin"))
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    assert arrived.parameters["state"] == begun["state"]
    token = redeem(found, server, begun, arrived.code)
    claims = claims_of(found, token, begun["nonce"])
    assert claims["iss"] == f"{server.origin}/{server.facts['tenant_id']}/v2.0/"
    assert claims["sub"] == user["object_id"]
    assert "at_hash" in claims
    assert token["scope"].split() == scope(server).split()


def test_a_new_person_is_known_at_the_userinfo_endpoint(server: Server, browser: Browser) -> None:
    found = application(server, metadata_url(server, "B2C_1_signupsignin"))
    address = a_new_address()
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_up(browser, begun["url"], server, address, displayName="Iris Tal")
    token = redeem(found, server, begun, arrived.code)
    claims = claims_of(found, token, begun["nonce"])
    told = found.userinfo(token=token)
    assert told["sub"] == claims["sub"]
    assert told["emails"] == [address]
    assert told["name"] == "Iris Tal"


def test_a_refresh_token_is_replaced_by_the_next(server: Server, browser: Browser) -> None:
    found = application(server, metadata_url(server, "B2C_1_signin"))
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    token = redeem(found, server, begun, arrived.code)
    session = OAuth2Session(found.client_id, found.client_secret, token=token)
    renewed = session.refresh_token(found.load_server_metadata()["token_endpoint"])
    assert renewed["refresh_token"] != token["refresh_token"]
    claims = claims_of(found, renewed, None)
    assert claims["sub"] == user["object_id"]


def test_a_token_that_was_taken_back_is_worth_nothing(server: Server, browser: Browser) -> None:
    found = application(server, metadata_url(server, "B2C_1_signin"))
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    token = redeem(found, server, begun, arrived.code)
    metadata = found.load_server_metadata()
    session = OAuth2Session(found.client_id, found.client_secret, token=token)
    introspection = metadata["introspection_endpoint"]
    assert session.introspect_token(introspection, token["access_token"]).json()["active"] is True
    revoked = session.revoke_token(metadata["revocation_endpoint"], token["refresh_token"])
    assert revoked.status_code == 200
    assert session.introspect_token(introspection, token["access_token"]).json()["active"] is False


def test_whoever_leaves_comes_back_and_is_asked_for_the_password_again(
    server: Server, browser: Browser
) -> None:
    found = application(server, metadata_url(server, "B2C_1_signin"))
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    token = redeem(found, server, begun, arrived.code)
    asked = {
        "id_token_hint": token["id_token"],
        "post_logout_redirect_uri": redirect_uri(server),
        "state": "left",
    }
    address = add_params_to_uri(found.load_server_metadata()["end_session_endpoint"], asked)
    assert arrival(browser.open(address)).url == f"{redirect_uri(server)}?state=left"
    again = found.create_authorization_url(redirect_uri(server))
    assert "password" in page(browser.open(again["url"]))


def test_a_code_without_its_verifier_is_worth_nothing(server: Server, browser: Browser) -> None:
    found = application(server, metadata_url(server, "B2C_1_signin"))
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        redeem(found, server, begun | {"code_verifier": "x" * 48}, arrived.code)


def test_the_issuer_can_be_the_user_flow(server: Server, browser: Browser) -> None:
    name = a_user_flow(server, "signIn")
    patch(
        server,
        f"/identity/b2cUserFlows/{name}",
        {"tokenClaimsConfiguration": {"isIssuerEntityUserFlow": True}},
    )
    issuer = f"{server.origin}/tfp/{server.facts['tenant_id']}/{name.lower()}/v2.0/"
    found = application(server, f"{issuer}.well-known/openid-configuration")
    assert found.load_server_metadata()["issuer"] == issuer
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    token = redeem(found, server, begun, arrived.code)
    assert claims_of(found, token, begun["nonce"])["iss"] == issuer


def test_another_library_verifies_both_tokens_with_the_published_keys(
    server: Server, browser: Browser
) -> None:
    metadata = requests.get(metadata_url(server, "B2C_1_signin"), timeout=60).json()
    found = application(server, metadata_url(server, "B2C_1_signin"))
    user = server.facts["users"][0]
    begun = found.create_authorization_url(redirect_uri(server))
    arrived = sign_in(browser, begun["url"], user["email"], user["password"])
    token = redeem(found, server, begun, arrived.code)
    keys = jwt.PyJWKSet.from_dict(requests.get(metadata["jwks_uri"], timeout=60).json())
    audiences = {
        "id_token": found.client_id,
        "access_token": server.facts["apps"]["api"]["client_id"],
    }
    for name, audience in audiences.items():
        claims = jwt.decode(
            token[name],
            keys[jwt.get_unverified_header(token[name])["kid"]],
            algorithms=metadata["id_token_signing_alg_values_supported"],
            audience=audience,
            issuer=metadata["issuer"],
        )
        assert claims["sub"] == user["object_id"]
