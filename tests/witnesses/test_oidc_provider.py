"""oidc-provider as the identity provider people come from: it checks all that it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.witnesses.conversation import conversation
from tests.witnesses.graph import a_user_flow, bearer
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

pytestmark = pytest.mark.witness

SECRET = "a secret of the witness: it has & and +"
MAPPING = {
    "userId": "sub",
    "displayName": "name",
    "givenName": "given_name",
    "surname": "family_name",
    "email": "email",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The provider as it runs, and a user flow that offers it."""

    issuer: str
    provider_id: str
    flow: str


def _created(server: Server, path: str, body: dict[str, Any]) -> dict[str, Any]:
    graph = f"{server.facts['graph']['beta']}/identity"
    answer = server.client.post(graph + path, json=body, headers=bearer(server))
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


@pytest.fixture(scope="module", params=["client_secret_basic", "client_secret_post"])
def witness(server: Server, request: pytest.FixtureRequest) -> Iterator[Witness]:
    """Run the provider and let a new user flow offer it."""
    callback = f"{server.origin}/{server.facts['tenant_domain']}/oauth2/authresp"
    client = {
        "client_id": "gatelodge",
        "client_secret": SECRET,
        "redirect_uris": [callback],
        "token_endpoint_auth_method": request.param,
    }
    with conversation("openid_provider.js", server) as running:
        issuer = str(running("serve", client))
        made = _created(
            server,
            "/identityProviders",
            {
                "@odata.type": "#microsoft.graph.openIdConnectIdentityProvider",
                "displayName": f"Witness {request.param}",
                "clientId": "gatelodge",
                "clientSecret": SECRET,
                "metadataUrl": f"{issuer}/.well-known/openid-configuration",
                "responseType": "code",
                "responseMode": "query",
                "scope": "openid email profile",
                "claimsMapping": MAPPING,
            },
        )
        flow = a_user_flow(server)
        target = f"{server.facts['graph']['beta']}/identity/identityProviders/{made['id']}"
        reference = f"/userFlows/{flow}/userFlowIdentityProviders/$ref"
        _created(server, reference, {"@odata.id": target})
        yield Witness(issuer=issuer, provider_id=str(made["id"]), flow=flow)


def _followed(client: httpx.Client, answer: httpx.Response, issuer: str) -> httpx.Response | str:
    """Go where the provider leads, until it shows a page or sends the person back."""
    while answer.is_redirect:
        target = str(answer.next_request.url) if answer.next_request else ""
        if not target.startswith(issuer):
            return target
        answer = client.get(target)
    return answer


def identified(at: Arrived, login: str | None, issuer: str) -> str:
    """Sign in at the provider, or refuse to; return where it sends the person back to."""
    with httpx.Client() as client:
        found = _followed(client, client.get(at.url), issuer)
        while isinstance(found, httpx.Response):
            shown = Shown(found)
            if login is None:
                refusal = shown.url.rstrip("/") + "/abort"
                found = _followed(client, client.get(refusal), issuer)
                continue
            form = dict(shown.form.values) | {"login": login, "password": "any"}
            found = _followed(client, client.post(shown.form.action, data=form), issuer)
    return found


def at_witness(browser: Browser, server: Server, witness: Witness) -> Arrived:
    """Choose the provider on the first page."""
    shown = page(browser.open(RelyingParty(server, witness.flow).link()))
    return arrival(browser.press(shown, witness.provider_id))


def test_a_strict_provider_takes_our_request_and_we_take_its_answer(
    server: Server, browser: Browser, witness: Witness
) -> None:
    party, login = RelyingParty(server, witness.flow), f"robin-{witness.flow}".lower()
    at = at_witness(browser, server, witness)
    shown = page(browser.open(identified(at, login, witness.issuer)))
    assert shown.value_of("email") == f"{login}@mail.example"
    first = party.claims(arrival(browser.press(shown, "continue")))
    assert (first["given_name"], first["newUser"]) == (login, True)
    with server.new_client() as client:
        again = Browser(client)
        at = at_witness(again, server, witness)
        claims = party.claims(arrival(again.open(identified(at, login, witness.issuer))))
    assert claims["sub"] == first["sub"]


def test_a_refusal_at_the_provider_reaches_the_application(
    server: Server, browser: Browser, witness: Witness
) -> None:
    at = at_witness(browser, server, witness)
    arrived = arrival(browser.open(identified(at, None, witness.issuer)))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", "AADB2C90273")
