"""What the stock `azuread` provider of Terraform sends, byte for byte, and what it waits for.

The conversations are records of the provider's own Go SDK, which test_terraform_go.py runs where
it can be had. Names in braces stand for what an earlier answer told.
"""

import base64
import json
import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPSConnection
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from gatelodge.clock import system_clock
from tests.world.server import Server

pytestmark = pytest.mark.witness

RECORDS = sorted((Path(__file__).parent / "terraform").glob("*.http"))
NAME = re.compile(r"\{(\w+)\}")
ACCEPT = "application/json; charset=utf-8; IEEE754Compatible=false"
AGENT = "HashiCorp/go-azure-sdk (Go-http-Client/1.1 MicrosoftGraph-witness/{version})"
TIME = "%Y-%m-%dT%H:%M:%SZ"


class Provider:
    """Sends what was recorded, over a connection that adds nothing; `known` is what it was told."""

    def __init__(self, server: Server) -> None:
        trusted = ssl.create_default_context(cafile=server.facts["ca_file"])
        self.connection = HTTPSConnection("localhost", server.port, context=trusted, timeout=60)
        now = system_clock()
        self.known: dict[str, Any] = {
            "now": now.strftime(TIME),
            "in_a_year": (now + timedelta(days=365)).strftime(TIME),
        }

    def send(
        self, method: str, target: str, headers: dict[str, str], body: str = ""
    ) -> tuple[int, Any]:
        """Write a request with these headers, in this order, and no other."""
        self.connection.putrequest(method, target, skip_accept_encoding=True)
        length = {"Content-Length": str(len(body.encode()))} if body else {}
        for name, value in {**length, **headers}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(body.encode() or None)
        answer = self.connection.getresponse()
        content = answer.read()
        if content:
            assert answer.headers["Content-Type"].startswith("application/json")
        return answer.status, json.loads(content) if content else None

    def sign_in(self, tenant_id: str, client_id: str, client_secret: str) -> None:
        """Read where the cloud is, and get a token there."""
        agent = {"User-Agent": "Go-http-client/1.1"}
        place = "/metadata/endpoints?api-version=2022-09-01"
        _, cloud = self.send("GET", place, {**agent, "Accept-Encoding": "gzip"})
        assert cloud["name"]
        assert cloud["resourceManager"]
        assert cloud["authentication"]["audiences"]
        self.known["origin"] = cloud["microsoftGraphResourceId"].rstrip("/")
        login = cloud["authentication"]["loginEndpoint"].removeprefix(self.known["origin"])
        resource = self.known["origin"].replace(":", "%3A").replace("/", "%2F")
        body = (
            f"client_id={client_id}&client_secret={client_secret}"
            f"&grant_type=client_credentials&scope={resource}%2F.default"
        )
        form = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        # The endpoint ends in a slash; versions of the provider differ in adding another one.
        for between in ("", "/"):
            token_endpoint = f"{login}{between}{tenant_id}/oauth2/v2.0/token"
            _, answer = self.send("POST", token_endpoint, {**agent, **form}, body)
            self.token = answer["access_token"]
        self.known["caller"] = self._claims()["oid"]

    def _claims(self) -> Any:
        payload = self.token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=="))

    def fill(self, text: str) -> str:
        """Put what was told into what is sent."""
        return NAME.sub(lambda found: self.known[found[1]], text)

    def repeat(self, first: str, body: str) -> tuple[int, Any]:
        """Send a recorded request, as often as it was sent, and return the last answer."""
        method, target, *more = first.split(" ")
        accept = f"{ACCEPT}; odata.metadata=full" if "full" in more else ACCEPT
        headers = {
            "User-Agent": AGENT.format(version=target.split("/")[1]),
            "Accept": accept,
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json; charset=utf-8",
            "Odata-Maxversion": "4.0",
            "Odata-Version": "4.0",
            "Accept-Encoding": "gzip",
        }
        target, body = self.fill(target), self.fill(body)
        times = next((int(word[1:]) for word in more if word.startswith("x")), 1)
        seen = [self.send(method, target, headers, body) for _ in range(times)]
        assert len({status for status, _ in seen}) == 1
        return seen[-1]

    def match(self, wanted: Any, found: Any) -> None:
        """Demand what is wanted and no less, and note what had no value yet."""
        match wanted:
            case dict():
                for name, inner in wanted.items():
                    assert name in found
                    self.match(inner, found[name])
            case list():
                assert len(found) == len(wanted), found
                for inner, each in zip(wanted, found, strict=True):
                    self.match(inner, each)
            case str() if (name := NAME.fullmatch(wanted)) and name[1] not in self.known:
                assert isinstance(found, str)
                self.known[name[1]] = found
            case str():
                assert found == self.fill(wanted)
            case _:
                assert found == wanted


@pytest.fixture
def provider(server: Server) -> Iterator[Provider]:
    opened = Provider(server)
    with closing(opened.connection):
        opened.sign_in(server.facts["tenant_id"], **server.facts["admin"])
        yield opened


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_what_was_recorded_is_applied_and_destroyed(provider: Provider, record: Path) -> None:
    for conversation in record.read_text().strip().split("\n\n"):
        first, *body, last = conversation.split("\n")
        status, answer = provider.repeat(first, "".join(body))
        wanted, _, pattern = last.partition(" ")
        assert status == int(wanted), (first, answer)
        if pattern:
            provider.match(json.loads(pattern), answer)


def test_every_kind_of_resource_was_recorded() -> None:
    sent = chain.from_iterable(each.read_text().splitlines() for each in RECORDS)
    made = {line.split(" ")[1].rpartition("/")[2] for line in sent if line.startswith("POST /v1.0")}
    assert made >= {"applications", "servicePrincipals", "userFlowAttributes", "users"}
