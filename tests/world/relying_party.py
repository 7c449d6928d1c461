"""An application of `dev.json`: asks for a sign-in, redeems the code, believes only signatures."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.world.browser import Arrived

VERIFIER = "a-verifier-of-forty-three-characters-or-more"
_numbers = count(1)


class Installation(Protocol):
    """A running Gatelodge, in a process of its own or in this one."""

    @property
    def facts(self) -> dict[str, Any]:
        """Return what `dev.json` says."""
        ...

    @property
    def client(self) -> httpx.Client:
        """Return a client without a person's cookies."""
        ...

    @property
    def origin(self) -> str:
        """Return `https://…`."""
        ...


@dataclass(frozen=True)
class RelyingParty:
    """One application at one user flow; `flow` is a type of `dev.json` or the id of a user flow."""

    installation: Installation
    flow: str = "signUpOrSignIn"
    name: str = "web"
    nonce: str = field(default_factory=lambda: f"nonce-{next(_numbers)}")

    @property
    def facts(self) -> dict[str, Any]:
        """Return what `dev.json` says of the application."""
        found: dict[str, Any] = self.installation.facts["apps"][self.name]
        return found

    @property
    def client_id(self) -> str:
        """Return the client id."""
        return str(self.facts["client_id"])

    @property
    def redirect_uri(self) -> str:
        """Return where answers go."""
        return str(self.facts["redirect_uris"][0])

    @property
    def scope(self) -> str:
        """Return a scope that gets every token there is."""
        return f"openid offline_access {self.installation.facts['apps']['api']['app_id_uri']}/read"

    @property
    def provider(self) -> str:
        """Return the address below which the user flow's endpoints lie."""
        facts = self.installation.facts
        return f"/{facts['tenant_id']}/{facts['user_flows'].get(self.flow, self.flow)}"

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """Return the parameters of an authorization request; None takes one away."""
        wanted: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": self.scope,
            "state": "kept as it is",
            "nonce": self.nonce,
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def link(self, **changes: str | None) -> str:
        """Return the address of an authorization request."""
        return f"{self.provider}/oauth2/v2.0/authorize?{urlencode(self.parameters(**changes))}"

    def token(self, **form: str) -> httpx.Response:
        """Ask the token endpoint."""
        names = ("client_id", "client_secret")
        known = {each: str(self.facts[each]) for each in names if each in self.facts}
        return self.installation.client.post(
            f"{self.provider}/oauth2/v2.0/token", data={**known, **form}
        )

    def redeem(self, arrived: Arrived, **changes: str) -> httpx.Response:
        """Redeem the code the browser brought."""
        form = {
            "grant_type": "authorization_code",
            "code": arrived.code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
            **changes,
        }
        return self.token(**form)

    def tokens(self, arrived: Arrived) -> dict[str, Any]:
        """Redeem the code; return the token response."""
        answer = self.redeem(arrived)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def refresh(self, refresh_token: str) -> httpx.Response:
        """Use a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def claims(self, arrived: Arrived) -> dict[str, Any]:
        """Redeem the code and return the claims of the ID token, verified."""
        return self.verified(str(self.tokens(arrived)["id_token"]))

    def verified(self, token: str) -> dict[str, Any]:
        """Return the claims of an ID token for this application that the key set verifies."""
        keys = self.installation.client.get(f"{self.provider}/discovery/v2.0/keys").json()
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])
        claims: dict[str, Any] = decoded.claims
        facts = self.installation.facts
        assert claims["iss"] == f"{facts['origin']}/{facts['tenant_id']}/v2.0/"
        assert claims["aud"] == self.client_id
        return claims


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def left_half(value: str) -> str:
    """Return the hash by which an ID token names a code or an access token."""
    return base64.urlsafe_b64encode(sha256(value.encode()).digest()[:16]).rstrip(b"=").decode()


def without(parameters: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return the parameters but those."""
    return {name: value for name, value in parameters.items() if name not in names}
