"""The conformance driver against a stand-in for the suite, and a real server and browser."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from scripts.conformance import running
from scripts.conformance.__main__ import ROTATES
from scripts.conformance.person import fresh_person
from scripts.conformance.plans import PlanFile, read_plans
from scripts.conformance.preparing import PERSON
from scripts.conformance.preparing import Server as Prepared
from scripts.conformance.rotating import rotate_and_wait
from scripts.conformance.running import Outcome, Runner, line_of
from scripts.conformance.suite import Module, Suite
from tests.world.chromium import OpenChromium
from tests.world.server import Server

PICTURE = "picture-1"
MOST_OCTETS = 500 * 1024
"""The suite takes no larger photograph."""
MADE_OF_JSON = ("/api/plan", "/api/runner")
TESTS = (
    "oidcc-server",
    "oidcc-ensure-post-request-succeeds",
    "oidcc-prompt-login",
    "oidcc-broken",
    "oidcc-never",
    "oidcc-refused",
    "oidcc-request-uri-unsigned",
    ROTATES,
)
ENDS = ["PASSED", "PASSED", "REVIEW", "FAILED", "GIVEN UP", "NOT RUN", "LEFT OUT", "PASSED"]


@dataclass
class StandIn:
    """Answers as the suite does, with one test for each way a test can go."""

    address: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    visited: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)
    authorize: str = ""

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Any:
        match [method, *path.strip("/").split("/")]:
            case ["POST", "api", "plan"]:
                self.configuration = json.loads(body)
                self.asked.append((query["planName"], query["variant"]))
                return {"id": "plan-1", "modules": [{"testModule": each} for each in TESTS]}
            case ["POST", "api", "runner"]:
                assert not body
                return None if query["test"] == "oidcc-refused" else {"id": query["test"]}
            case ["POST", "api", "runner", "browser", test, "visit"]:
                assert query["url"] == self.link(test)
                self.visited[test] = self.visited.get(test, 0) + 1
                return ""
            case ["POST", "api", "runner", test]:
                self.begun.append(test)
                return {"id": test}
            case ["GET", "api", "runner", test]:
                return {"id": test, "browser": self.browser(test)}
            case ["GET", "api", "info", test]:
                return dict(zip(("status", "result"), self.state(test), strict=True))
            case ["GET", "api", "log", test]:
                return self.log(test)
            case ["POST", "api", "log", test, "images", placeholder]:
                assert placeholder == PICTURE
                self.pictures[test] = body.decode()
                return {}
            case [_, "test", "a", "gatelodge", "callback"]:
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

    def browser(self, test: str) -> dict[str, Any]:
        """Return what is to be opened: what was is taken out, and may come again."""
        wanted = {"oidcc-never": 0, "oidcc-prompt-login": 2}.get(test, 1)
        is_posted = test == "oidcc-ensure-post-request-succeeds"
        visit = {"url": self.link(test), "method": "POST" if is_posted else "GET"}
        visits = [visit] if self.visited.get(test, 0) < wanted else []
        return {"urls": [each["url"] for each in visits], "urlsWithMethod": visits}

    def state(self, test: str) -> tuple[str, str | None]:
        if test == "oidcc-broken":
            return "INTERRUPTED", "FAILED"
        if test == ROTATES:
            return ("FINISHED", "PASSED") if test in self.begun else ("CONFIGURED", None)
        if test == "oidcc-server" and test not in self.looked:
            self.looked.add(test)
            return "CONFIGURED", None
        if test == "oidcc-prompt-login":
            is_over = test in self.pictures and self.visited[test] == 2
            return ("FINISHED", "REVIEW") if is_over else ("WAITING", None)
        is_over = "code" in self.arrived.get(test, {})
        return ("FINISHED", "PASSED") if is_over else ("WAITING", None)

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
            kind = self.headers.get("content-type", "")
            if parts.path == "/favicon.ico":
                return self._answer(404, b"")
            if parts.path in MADE_OF_JSON and kind != "application/json":
                return self._answer(415, b"")
            answer = stand_in.answer(self.command, parts.path, query, body)
            if answer is None:
                return self._answer(409, b'{"error": "alias is in use"}')
            return self._answer(200, b"" if answer == "" else json.dumps(answer).encode())

        do_POST = do_GET  # noqa: N815 - the library's name

        def _answer(self, status: int, found: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

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
    found = Prepared(server.facts, server.client, server.data)
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
    rotated: list[str] = []
    first = {ROTATES: partial(rotated.append, "rotated")}
    with httpx.Client(base_url=stand_in.address) as http:
        suite = Suite(http)
        made = suite.create(plan.plan, plan.variant, prepared.configuration(plan))
        outcomes = list(Runner(suite, person, lambda: None, first).run(made))
    assert [each.result for each in outcomes] == ENDS
    assert [each.module.name for each in outcomes if not each.is_good] == list(TESTS[3:6])
    assert line_of(outcomes[3]).splitlines() == ["FAILED     oidcc-broken", " " * 11 + "Check: no"]
    assert "409" in line_of(outcomes[5])
    assert (stand_in.begun, rotated) == ([ROTATES], ["rotated"])
    assert stand_in.asked[0][0] == "oidcc-basic-certification-test-plan"
    assert set(stand_in.configuration) >= {"alias", "server", "client", "client2"}
    picture = stand_in.pictures["oidcc-prompt-login"]
    assert picture.startswith("data:image/png;base64,")
    assert len(base64.b64decode(picture.partition(",")[2])) <= MOST_OCTETS


def test_the_keys_of_a_running_server_are_rotated(server: Server, prepared: Prepared) -> None:
    facts, keys = server.facts, f"{server.origin}/{server.facts['tenant_id']}/discovery/v2.0/keys"
    before = {each["kid"] for each in server.client.get(keys).json()["keys"]}
    # A server reads its keys again within a minute, or as soon as it is configured anew.
    flow, minutes = server.facts["user_flows"]["signUpOrSignIn"], count(5)

    def anew() -> None:
        changed = {
            "tokenLifetimeConfiguration": {"accessAndIdTokenLifetimeInMinutes": next(minutes)}
        }
        prepared.graph("PATCH", f"{facts['graph']['beta']}/identity/b2cUserFlows/{flow}", changed)

    try:
        rotate_and_wait(server.client, server.data, facts["tenant_id"], server.origin, anew)
        after = {each["kid"] for each in server.client.get(keys).json()["keys"]}
    finally:
        server.reset()
    assert before < after


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
