"""Make a development server ready: a strict user flow, a person with every claim, clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from scripts.conformance.plans import ALIAS, PlanFile

_GRAPH = "https://graph.microsoft.com/.default"
PERSON = {
    "givenName": "Ada",
    "surname": "Lovelace",
    "streetAddress": "12 St James's Square",
    "city": "London",
    "postalCode": "SW1Y 4JH",
    "country": "United Kingdom",
    "mobilePhone": "+44 20 7946 0000",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A development server as `dev.json` describes it."""

    facts: Mapping[str, Any]
    http: httpx.Client
    data: Path

    @property
    def discovery_url(self) -> str:
        """Return where the strict user flow describes itself."""
        facts = self.facts
        policy = facts["user_flows"]["signUpOrSignIn"].lower()
        place = f"{facts['origin']}/tfp/{facts['tenant_id']}/{policy}"
        return f"{place}/v2.0/.well-known/openid-configuration"

    def make_strict(self) -> None:
        """Give the user flow an issuer of its own, and the first person an address."""
        flow = self.facts["user_flows"]["signUpOrSignIn"]
        self.graph(
            "PATCH",
            f"{self.facts['graph']['beta']}/identity/b2cUserFlows/{flow}",
            {"tokenClaimsConfiguration": {"isIssuerEntityUserFlow": True}},
        )
        person = self.facts["users"][0]["object_id"]
        self.graph("PATCH", f"{self.facts['graph']['v1']}/users/{person}", PERSON)

    def configuration(self, plan: PlanFile) -> dict[str, Any]:
        """Register a plan's clients; return what the suite has to know."""
        found: dict[str, Any] = {
            "alias": ALIAS,
            "description": f"Gatelodge, {plan.name}",
            "server": {
                "discoveryUrl": self.discovery_url,
                "login_hint": self.facts["users"][0]["email"],
            },
        }
        for name in plan.clients:
            found[name] = self._client(f"{plan.name} {name}", plan.registration)
        if not plan.clients:
            token = {"initial_access_token": self._token()}
            found |= {"client": token, "client2": token}
        return found

    def _client(self, name: str, registration: Mapping[str, Any]) -> dict[str, str]:
        applications = f"{self.facts['graph']['v1']}/applications"
        made = self.graph("POST", applications, {"displayName": name, **registration})
        password = self.graph(
            "POST",
            f"{applications}/{made['id']}/addPassword",
            {"passwordCredential": {"displayName": "suite"}},
        )
        return {"client_id": made["appId"], "client_secret": password["secretText"]}

    def _token(self) -> str:
        form = {"grant_type": "client_credentials", "scope": _GRAPH, **self.facts["admin"]}
        answer = self.http.post(self.facts["token_endpoint"], data=form)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def graph(self, method: str, url: str, body: object) -> dict[str, Any]:
        """Send a request to Graph as the administrator."""
        headers = {"Authorization": f"Bearer {self._token()}"}
        answer = self.http.request(method, url, json=body, headers=headers)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}
