"""The conformance driver against a stand-in for the suite, and a real server and browser."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from scripts.conformance import running
from scripts.conformance.person import fresh_person
from scripts.conformance.plans import PlanFile, read_plans
from scripts.conformance.preparing import PERSON
from scripts.conformance.preparing import Server as Prepared
from scripts.conformance.running import Outcome, Runner, line_of
from scripts.conformance.suite import Module, Suite
from tests.world.chromium import OpenChromium
from tests.world.server import Server

PICTURE = "picture-1"


@dataclass
class StandIn:
    """Answers as the suite does, with one test for each way a test can go."""

    address: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    arrived: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    authorize: str = ""

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Any:
        match [method, *path.strip("/").split("/")]:
            case ["POST", "api", "plan"]:
                self.configuration = json.loads(body)
                self.asked.append((query["planName"], query["variant"]))
                names = ("oidcc-server", "oidcc-prompt-login", "oidcc-broken", "oidcc-never")
                return {"id": "plan-1", "modules": [{"testModule": each} for each in names]}
            case ["POST", "api", "runner"]:
                return {"id": query["test"], "name": query["test"]}
            case ["POST", "api", "runner", "browser", _, "visit"]:
                self.visited.add(query["url"])
                return None
            case ["POST", "api", "runner", test]:
                self.begun.add(test)
                return None
            case ["GET", "api", "runner", "browser", test]:
                urls = [] if test == "oidcc-never" else [self.link(test)]
                return {"urls": urls, "visited": [each for each in urls if each in self.visited]}
            case ["GET", "api", "info", test]:
                return dict(zip(("status", "result"), self.state(test), strict=True))
            case ["GET", "api", "log", test]:
                return self.log(test)
            case ["POST", "api", "log", test, "images", placeholder]:
                assert placeholder == PICTURE
                self.pictures[test] = body.decode()
                return {}
            case ["GET", "test", "a", "gatelodge", "callback"]:
                self.arrived[query["state"]] = query
                return "arrived"
        raise AssertionError((method, path))

    def link(self, test: str) -> str:
        """Return the authorization request of a test; its state is the test's name."""
        asked = {
            "client_id": self.configuration["client"]["client_id"],
            "redirect_uri": f"{self.address}/test/a/gatelodge/callback",
            "response_type": "code",
            "scope": "openid",
            "state": test,
        }
        return f"{self.authorize}?{urlencode(asked)}"

    def state(self, test: str) -> tuple[str, str | None]:
        if test == "oidcc-broken":
            return "INTERRUPTED", "FAILED"
        if test == "oidcc-never":
            return "WAITING", None
        if test not in self.begun:
            return "CONFIGURED", None
        if "code" not in self.arrived.get(test, {}):
            return "WAITING", None
        if test == "oidcc-server":
            return "FINISHED", "PASSED"
        return ("FINISHED", "REVIEW") if test in self.pictures else ("WAITING", None)

    def log(self, test: str) -> list[dict[str, str]]:
        if test == "oidcc-broken":
            return [{"src": "Check", "msg": "no", "result": "FAILURE"}, {"src": "x", "msg": "y"}]
        filled = {"img": "x"} if test in self.pictures else {}
        return [{"upload": PICTURE, **filled}] if test == "oidcc-prompt-login" else []


def _listener(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: each[0] for name, each in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            found = json.dumps(stand_in.answer(self.command, parts.path, query, body)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Listener


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """Listen like a suite on a port of this machine."""
    found = StandIn()
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _listener(found))
    found.address = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield found
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def prepared(server: Server) -> Iterator[Prepared]:
    """Make the server strict for one test; others like it as it is seeded."""
    found = Prepared(server.facts, server.client)
    found.make_strict()
    yield found
    flow = server.facts["user_flows"]["signUpOrSignIn"]
    lenient = {"tokenClaimsConfiguration": {"isIssuerEntityUserFlow": False}}
    found.graph("PATCH", f"{server.origin}/beta/identity/b2cUserFlows/{flow}", lenient)
    person = f"{server.origin}/v1.0/users/{server.facts['users'][0]['object_id']}"
    found.graph("PATCH", person, dict.fromkeys(PERSON))


def test_a_plan_is_run_to_the_end(
    stand_in: StandIn,
    server: Server,
    prepared: Prepared,
    open_chromium: OpenChromium,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "MOST_LOOKS", 8)
    metadata = server.client.get(prepared.discovery_url).json()
    assert metadata["issuer"] in prepared.discovery_url
    stand_in.authorize = metadata["authorization_endpoint"]
    (plan,) = read_plans(stand_in.address, ("basic",))
    browser = open_chromium(Path(server.facts["ca_file"]))
    person = partial(fresh_person, browser, server.origin, server.facts["users"][0])
    with httpx.Client(base_url=stand_in.address) as http:
        suite = Suite(http)
        made = suite.create(plan.plan, plan.variant, prepared.configuration(plan))
        outcomes = list(Runner(suite, person, lambda: None).run(made))
    assert [each.result for each in outcomes] == ["PASSED", "REVIEW", "FAILED", "GIVEN UP"]
    assert [each.is_good for each in outcomes] == [True, True, False, False]
    assert line_of(outcomes[2]).splitlines() == ["FAILED     oidcc-broken", " " * 11 + "Check: no"]
    assert stand_in.pictures["oidcc-prompt-login"].startswith("data:image/png;base64,")
    assert stand_in.asked[0][0] == "oidcc-basic-certification-test-plan"
    assert set(stand_in.configuration) >= {"alias", "server", "client", "client2"}


def test_without_clients_the_suite_is_given_a_token_to_register_its_own(
    server: Server, prepared: Prepared
) -> None:
    (plan,) = read_plans("https://suite.example", ("dynamic",))
    found = prepared.configuration(plan)
    metadata = server.client.get(prepared.discovery_url).json()
    answer = server.client.post(
        metadata["registration_endpoint"],
        json={"redirect_uris": ["https://suite.example/test/a/gatelodge/callback"]},
        headers={"Authorization": f"Bearer {found['client']['initial_access_token']}"},
    )
    assert answer.status_code == 201, answer.text


def test_every_plan_is_whole_and_an_unknown_one_is_named() -> None:
    plans: list[PlanFile] = read_plans("https://suite.example/")
    assert {each.name for each in plans} >= {"basic", "config", "implicit", "hybrid", "dynamic"}
    for each in plans:
        assert each.plan.startswith("oidcc-")
        assert "{" not in json.dumps(dict(each.registration)).replace('{"', "").replace("{}", "")
    uris = plans[0].registration["web"]["redirectUris"]
    assert uris[0] == "https://suite.example/test/a/gatelodge/callback"
    with pytest.raises(SystemExit, match="no plan nonsense"):
        read_plans("https://suite.example", ("nonsense",))


def test_a_line_names_the_variant() -> None:
    module = Module("oidcc-server", {"response_type": "code", "client_auth_type": "none"})
    line = line_of(Outcome(module=module, result="PASSED"))
    assert line == "PASSED     oidcc-server client_auth_type=none response_type=code"
