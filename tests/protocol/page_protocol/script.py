"""A script as people write them against B2C: regular expressions, a token, and JSON in between."""

import json
import re
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from gatelodge.crypto.digest import digest_of, from_base64url
from gatelodge.model.identifier import InteractionId
from tests.world.house import House
from tests.world.relying_party import RelyingParty

_SETTINGS = re.compile(r"var\s+SETTINGS\s*=\s*(\{.*?\});")
_FIELDS = re.compile(r"var\s+SA_FIELDS\s*=\s*(\{.*?\});")
CONTROL = "emailVerificationControl"


class Script:
    """Keeps what it read of the last page, and cookies."""

    def __init__(self, house: House, flow: str = "signUpOrSignIn") -> None:
        self.party = RelyingParty(house, flow)
        self.client = house.new_client()
        self.page: httpx.Response | None = None
        self.settings: dict[str, Any] = {}

    def begin(self, **changes: str | None) -> Self:
        """Open the first page."""
        self.read(self.client.get(self.party.link(**changes)))
        return self

    def read(self, page: httpx.Response) -> None:
        """Read the token and the transaction out of a page's source."""
        assert page.status_code == 200, (page.status_code, page.headers, page.text[:500])
        found = _SETTINGS.search(page.text)
        assert found is not None, page.text[:500]
        self.page, self.settings = page, json.loads(found[1])

    @property
    def fields(self) -> list[str]:
        """Return the ids of what the page asks for."""
        assert self.page is not None
        found = _FIELDS.search(self.page.text)
        assert found is not None
        return [each["ID"] for each in json.loads(found[1])["AttributeFields"]]

    @property
    def query(self) -> dict[str, str]:
        """Return what goes into every query."""
        return {"tx": self.settings["transId"], "p": self.settings["hosts"]["policy"]}

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of every form."""
        return {
            "X-CSRF-TOKEN": self.settings["csrf"],
            "X-Requested-With": "XMLHttpRequest",
            "Accept": "application/json, text/javascript, */*; q=0.01",
            "Origin": self.party.installation.origin,
        }

    def address(self, path: str) -> str:
        """Return an address below the user flow."""
        return f"{self.settings['hosts']['tenant']}/{path}"

    def post(self, path: str, **body: str) -> dict[str, str]:
        """Post a form, and read the text inside the answer."""
        answer = self.client.post(
            self.address(path), params=self.query, headers=self.headers, data=body
        )
        assert answer.status_code == 200, (answer.status_code, answer.text)
        found: dict[str, str] = answer.json()
        return found

    def post_raw(self, path: str = "SelfAsserted", **body: str) -> httpx.Response:
        """Post a form and return the bare answer."""
        body = {"request_type": "RESPONSE", **body}
        return self.client.post(
            self.address(path), params=self.query, headers=self.headers, data=body
        )

    @property
    def interaction_id(self) -> InteractionId:
        """Return what the interaction is stored under, which no script knows."""
        wrapped = self.settings["transId"].partition("=")[2]
        return InteractionId(digest_of(json.loads(from_base64url(wrapped))["TID"]))

    def respond(self, **body: str) -> dict[str, str]:
        """Send the answers of a page."""
        return self.post("SelfAsserted", request_type="RESPONSE", **body)

    def control(self, action: str, **body: str) -> dict[str, str]:
        """Press a button of the control that proves an address."""
        return self.post(f"SelfAsserted/DisplayControlAction/vbeta/{CONTROL}/{action}", **body)

    def get(self, action: str, api: str | None = None, **query: str) -> httpx.Response:
        """Ask for what a page leads to."""
        return self.client.get(
            self.address(f"api/{api or self.settings['api']}/{action}"),
            params={"csrf_token": self.settings["csrf"], **self.query, **query},
        )

    def confirm(self, **query: str) -> httpx.Response:
        """Go on."""
        return self.get("confirmed", **query)

    def prove(self, house: House, email: str) -> None:
        """Prove an address by the control."""
        assert self.control("SendCode", email=email) == OK
        code = house.code_for(email)
        assert self.control("VerifyCode", email=email, emailVerificationCode=code) == OK

    def claims(self, answer: httpx.Response) -> dict[str, Any]:
        """Redeem the code of the last redirect and return what the ID token says."""
        found = parameters(answer)
        assert "code" in found, found
        tokens = self.party.token(
            grant_type="authorization_code",
            code=found["code"],
            redirect_uri=self.party.redirect_uri,
            code_verifier="a-verifier-of-forty-three-characters-or-more",
        ).json()
        return self.party.verified(tokens["id_token"])


OK = {"status": "200"}


def parameters(answer: httpx.Response) -> dict[str, str]:
    """Return what a redirect brings the application."""
    assert answer.status_code == 302, (answer.status_code, answer.text[:500])
    parts = urlsplit(answer.headers["location"])
    read = parse_qs(parts.fragment or parts.query, keep_blank_values=True)
    return {name: values[0] for name, values in read.items()}


def error_of(answer: httpx.Response) -> tuple[str, str]:
    """Return the word and the code of an error the application is told."""
    found = parameters(answer)
    return found["error"], found["error_description"].partition(":")[0]
