"""samlify as the SAML provider people come from: it reads our metadata and our requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.witnesses.conversation import Conversation, conversation
from tests.witnesses.graph import a_user_flow, bearer
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.clock import BEGINNING
from tests.world.relying_party import RelyingParty
from tests.world.saml import a_certificate
from tests.world.server import Server

pytestmark = pytest.mark.witness

ISSUER = "https://campus.example/metadata"
SIGN_IN = "https://campus.example/sso"
INVALID = "AADB2C90273"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campus:
    """The provider as it runs, and a user flow that offers it."""

    provider: Conversation
    provider_id: str
    flow: str
    metadata: str

    def answer(self, at: Arrived | None, name: str, how: str) -> dict[str, Any]:
        """Return what the provider says of somebody, asked by a request or by nobody."""
        query = None if at is None else {"SAMLRequest": at.parameters["SAMLRequest"]}
        given = {"metadata": self.metadata, "query": query, "name": name, "how": how}
        return dict(self.provider("answer", {**given, "mail": f"{name}@mail.example".lower()}))


def _added(server: Server, path: str, body: dict[str, Any]) -> dict[str, Any]:
    graph = f"{server.facts['graph']['beta']}/identity"
    answer = server.client.post(graph + path, json=body, headers=bearer(server))
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


@pytest.fixture(scope="module")
def campus(server: Server) -> Iterator[Campus]:
    """Run the provider, and let a new user flow offer it."""
    key = rsa.generate_private_key(65537, 2048)
    lasts = datetime.now(UTC) - BEGINNING + timedelta(days=1)
    certificate = a_certificate(key, ends=lasts).public_bytes(Encoding.PEM).decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    body = {
        "@odata.type": "#microsoft.graph.samlOrWsFedProvider",
        "displayName": "Campus",
        "issuerUri": ISSUER,
        "passiveSignInUri": SIGN_IN,
        "preferredAuthenticationProtocol": "saml",
        "signingCertificate": certificate,
    }
    made = _added(server, "/identityProviders", body)
    flow = a_user_flow(server)
    target = f"{server.facts['graph']['beta']}/identity/identityProviders/{made['id']}"
    _added(server, f"/userFlows/{flow}/userFlowIdentityProviders/$ref", {"@odata.id": target})
    with conversation("saml_provider.js", server) as running:
        settings = {"entityID": ISSUER, "signIn": SIGN_IN}
        running("set", {**settings, "privateKey": private, "signingCert": certificate})
        yield Campus(
            provider=running,
            provider_id=str(made["id"]),
            flow=flow,
            metadata=server.client.get(f"{_tenant(server)}/samlp/metadata").text,
        )


def _tenant(server: Server) -> str:
    return f"{server.origin}/{server.facts['tenant_domain']}"


def _left(browser: Browser, server: Server, campus: Campus) -> Arrived:
    """Choose the provider on the first page."""
    shown = page(browser.open(RelyingParty(server, campus.flow).link()))
    return arrival(browser.press(shown, campus.provider_id))


def _back(browser: Browser, server: Server, at: Arrived, said: dict[str, Any]) -> Shown | Arrived:
    """Come back with what the provider said."""
    form = {"SAMLResponse": said["response"], "RelayState": at.parameters["RelayState"]}
    consumer = f"{_tenant(server)}/samlp/sso/assertionconsumer"
    return browser.follow(browser.client.post(consumer, data=form))


@pytest.mark.parametrize("how", ["assertion", "response", "both"])
def test_a_person_comes_from_a_provider_that_is_not_ours(
    server: Server, browser: Browser, campus: Campus, how: str
) -> None:
    party, name = RelyingParty(server, campus.flow), f"robin-{how}"
    at = _left(browser, server, campus)
    said = campus.answer(at, name, how)
    assert said["issuer"] == f"{_tenant(server)}/samlp/metadata"
    assert said["request"]["destination"] == SIGN_IN
    shown = page(_back(browser, server, at, said))
    assert shown.value_of("displayName") == f"{name} Witness"
    assert shown.value_of("email") == f"{name}@mail.example"
    first = party.claims(arrival(browser.press(shown, "continue")))
    with server.new_client() as client:
        again = Browser(client)
        at = _left(again, server, campus)
        arrived = arrival(_back(again, server, at, campus.answer(at, name, how)))
    assert party.claims(arrived)["sub"] == first["sub"]


def test_what_is_encrypted_or_was_not_asked_for_identifies_nobody(
    server: Server, browser: Browser, campus: Campus
) -> None:
    for how, is_asked in (("encrypted", True), ("assertion", False)):
        at = _left(browser, server, campus)
        said = campus.answer(at if is_asked else None, "mallory", how)
        arrived = arrival(_back(browser, server, at, said))
        assert (arrived.error_code, "code" in arrived.parameters) == (INVALID, False)


def test_an_answer_that_begins_at_the_provider_is_told_that_nobody_left(
    server: Server, browser: Browser, campus: Campus
) -> None:
    said = campus.answer(None, "mallory", "assertion")
    form = {"SAMLResponse": said["response"]}
    consumer = f"{_tenant(server)}/samlp/sso/assertionconsumer"
    told = page(browser.follow(browser.client.post(consumer, data=form)))
    assert "AADB2C90046" in told.text
