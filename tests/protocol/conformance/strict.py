"""A client that takes nothing on trust: everything comes from discovery and is verified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty, left_half

_numbers = count(1)


class Variant(NamedTuple):
    """The response type and mode a plan of the suite is run with."""

    response_type: str
    response_mode: str

    def __contains__(self, word: object) -> bool:
        return word in self.response_type.split()


class Answer(NamedTuple):
    """What a client has once everything it was sent is verified."""

    id_token: dict[str, Any]
    access_token: str | None
    refresh_token: str | None
    hint: str


@dataclass
class Client:
    """One application at the strict user flow."""

    house: House
    variant: Variant
    party: RelyingParty
    metadata: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = self.house.facts
        policy = facts["user_flows"]["signUpOrSignIn"].lower()
        self.issuer = f"{facts['origin']}/tfp/{facts['tenant_id']}/{policy}/v2.0/"
        found = self.house.client.get(f"{self.issuer}.well-known/openid-configuration")
        assert found.status_code == 200
        self.metadata = found.json()
        assert self.metadata["issuer"] == self.issuer

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """Return an authorization request; None takes a parameter away."""
        number = next(_numbers)
        wanted: dict[str, str | None] = {
            "client_id": self.party.client_id,
            "redirect_uri": self.party.redirect_uri,
            "response_type": self.variant.response_type,
            "response_mode": self.variant.response_mode,
            "scope": "openid",
            "state": f"state-{number}",
            "nonce": f"nonce-{number}",
            **changes,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def ask(self, browser: Browser, asked: Mapping[str, str]) -> Shown | Arrived:
        """Send the browser to the authorization endpoint."""
        return browser.open(f"{self.metadata['authorization_endpoint']}?{urlencode(asked)}")

    def fill_in(self, browser: Browser, shown: Shown | Arrived) -> Arrived:
        """Sign the first person in on the page that is shown, and agree where that is asked."""
        user = self.house.facts["users"][0]
        filled = {"email": user["email"], "password": user["password"]}
        answer = browser.press(page(shown), "next", **filled)
        if isinstance(answer, Shown) and "permission_openid" in answer:
            answer = browser.press(answer, "continue")
        return arrival(answer)

    def sign_in(self, browser: Browser, **changes: str | None) -> Answer:
        """Ask, sign in where that is wanted, and verify the answer."""
        asked = self.parameters(**changes)
        found = self.ask(browser, asked)
        arrived = found if isinstance(found, Arrived) else self.fill_in(browser, found)
        return self.verified(arrived, asked)

    def verified(self, arrived: Arrived, asked: Mapping[str, str]) -> Answer:
        """Verify a response (OIDC Core §3.1.2.7, §3.2.2.8, §3.3.2.8, RFC 9207) and redeem it."""
        got = arrived.parameters
        assert "error" not in got, got
        assert arrived.url.startswith(asked["redirect_uri"])
        assert arrived.method == ("POST" if self.variant.response_mode == "form_post" else "GET")
        assert (got.get("state"), got["iss"]) == (asked.get("state"), self.issuer)
        for word, name in (("code", "code"), ("token", "access_token"), ("id_token", "id_token")):
            assert (name in got) == (word in self.variant), (name, got)
        front = self.front_token(got, asked) if "id_token" in self.variant else None
        if "code" not in self.variant:
            assert front is not None
            return Answer(front, got.get("access_token"), None, got["id_token"])
        body = self.redeem(arrived, asked).json()
        back = self.claims(body["id_token"], asked)
        if "at_hash" in back:
            assert back["at_hash"] == left_half(body["access_token"])
        if front is not None:
            assert (front["sub"], front["iss"]) == (back["sub"], back["iss"])
        return Answer(back, body["access_token"], body.get("refresh_token"), body["id_token"])

    def front_token(self, got: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, Any]:
        """Verify an ID token of the authorization endpoint (OIDC Core §3.3.2.11)."""
        claims = self.claims(got["id_token"], asked)
        assert claims["nonce"] == asked["nonce"]
        if "code" in got:
            assert claims["c_hash"] == left_half(got["code"])
        if "access_token" in got:
            assert claims["at_hash"] == left_half(got["access_token"])
            assert got["token_type"].lower() == "bearer"
        return claims

    def claims(self, token: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """Verify an ID token (OIDC Core §3.1.3.7)."""
        keys = KeySet.import_key_set(self.house.client.get(self.metadata["jwks_uri"]).json())
        decoded = jwt.decode(token, keys, algorithms=["RS256"])
        claims: dict[str, Any] = decoded.claims
        now = self.house.clock().timestamp()
        assert claims["iss"] == self.issuer
        assert claims["aud"] == self.party.client_id
        assert claims["iat"] <= now + 1
        assert claims["exp"] > now
        assert 0 < len(claims["sub"]) <= 255
        assert claims.get("nonce") == asked.get("nonce")
        assert isinstance(claims["auth_time"], int)
        return claims

    def redeem(self, arrived: Arrived, asked: Mapping[str, str], **more: str) -> httpx.Response:
        """Redeem a code with `client_secret_basic` (OIDC Core §3.1.3.1)."""
        form = {
            "grant_type": "authorization_code",
            "code": arrived.code,
            "redirect_uri": asked["redirect_uri"],
            **more,
        }
        basic = httpx.BasicAuth(self.party.client_id, self.secret)
        own = httpx.Auth() if "client_secret" in more else basic
        response = self.house.client.post(self.metadata["token_endpoint"], data=form, auth=own)
        if response.status_code == 200:
            assert response.headers["cache-control"] == "no-store"
            assert response.json()["token_type"].lower() == "bearer"
            assert isinstance(response.json()["expires_in"], int)
        return response

    @property
    def secret(self) -> str:
        """Return the client secret."""
        return str(self.party.facts["client_secret"])

    def userinfo(self, answer: Answer, method: str = "GET", **body: str) -> dict[str, Any]:
        """Ask userinfo (OIDC Core §5.3); with `access_token` in the body there is no header."""
        headers = {} if body else {"Authorization": f"Bearer {answer.access_token}"}
        response = self.house.client.request(
            method, self.metadata["userinfo_endpoint"], headers=headers, data=body or None
        )
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("application/json")
        told: dict[str, Any] = response.json()
        assert told["sub"] == answer.id_token["sub"]
        return told

    def told(self, answer: Answer) -> dict[str, Any]:
        """Return the claims where this variant gets them (OIDC Core §5.4)."""
        return answer.id_token if answer.access_token is None else self.userinfo(answer)

    def error(self, browser: Browser, **changes: str | None) -> str:
        """Ask for what is refused; return the error the application gets."""
        asked = self.parameters(**changes)
        got = arrival(self.ask(browser, asked)).parameters
        assert (got["state"], got["iss"]) == (asked["state"], self.issuer)
        assert not {"code", "id_token", "access_token"} & set(got)
        return got["error"]
