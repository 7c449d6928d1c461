"""The suite's REST API, as far as running a plan needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx
import msgspec

PATIENCE_S = 60
_JSON = {"Content-Type": "application/json"}
_SAID = 300


class Refused(Exception):
    """The suite did not do what it was asked to; it says why."""


class Module(NamedTuple):
    """One test of a plan, with what the plan left open."""

    name: str
    variant: Mapping[str, str]


class State(NamedTuple):
    """How far a test has come; `result` is there when it is over."""

    status: str
    result: str | None


class Visit(NamedTuple):
    """An address somebody has to open; with POST its query is what the form sends."""

    url: str
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan the suite has made."""

    id: str
    modules: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """A running suite. Every request raises `Refused` when it does not succeed."""

    http: httpx.Client

    def create(
        self, plan: str, variant: Mapping[str, str], configuration: Mapping[str, Any]
    ) -> Plan:
        """Make a plan; return it with its tests in order."""
        parameters = {"planName": plan, "variant": _json(variant)}
        made = self._send("POST", "api/plan", parameters, msgspec.json.encode(configuration))
        return Plan(
            id=made["id"],
            modules=tuple(
                Module(each["testModule"], each.get("variant") or {}) for each in made["modules"]
            ),
        )

    def start(self, plan: Plan, module: Module) -> str:
        """Make a test of a plan, which goes by itself as a rule; return its id."""
        parameters = {"test": module.name, "plan": plan.id}
        if module.variant:
            parameters["variant"] = _json(module.variant)
        return str(self._send("POST", "api/runner", parameters)["id"])

    def begin(self, test_id: str) -> None:
        """Let a test go that waits until somebody has done something."""
        self._send("POST", f"api/runner/{test_id}")

    def state(self, test_id: str) -> State:
        """Return how far a test has come."""
        found = self._send("GET", f"api/info/{test_id}")
        return State(found["status"], found.get("result"))

    def to_visit(self, test_id: str) -> list[Visit]:
        """Return what somebody has to open and nobody did; the suite takes out what was opened.

        One address may be asked for again later, so what was visited before says nothing.
        """
        browser = self._send("GET", f"api/runner/{test_id}").get("browser") or {}
        told = browser.get("urlsWithMethod")
        if told is None:
            return [Visit(each) for each in browser.get("urls", ())]
        return [Visit(each["url"], each.get("method") or "GET") for each in told]

    def visited(self, test_id: str, url: str) -> None:
        """Say that an address is being opened."""
        self._send("POST", f"api/runner/browser/{test_id}/visit", {"url": url})

    def log(self, test_id: str) -> list[dict[str, Any]]:
        """Return what a test noted, in order."""
        found: list[dict[str, Any]] = self._send("GET", f"api/log/{test_id}")
        return found

    def send_picture(self, test_id: str, placeholder: str, picture: str) -> None:
        """Give a test the photograph it asks for, as a `data:` address of PNG."""
        path = f"api/log/{test_id}/images/{placeholder}"
        kind = {"Content-Type": "text/plain;charset=UTF-8"}
        self._send("POST", path, body=picture.encode(), headers=kind)

    def _send(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] = _JSON,
    ) -> Any:  # noqa: ANN401 - whatever the suite answers
        # It takes JSON alone for what it makes, even where nothing is sent.
        try:
            answer = self.http.request(
                method, path, params=parameters, content=body, headers=headers
            )
        except httpx.TransportError as error:
            raise Refused(f"{method} {path}: {error}") from error
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:_SAID]}")
        return answer.json() if answer.content else None


def _json(value: Mapping[str, str]) -> str:
    return msgspec.json.encode(value).decode()


def pictures_wanted(log: list[dict[str, Any]]) -> list[str]:
    """Return the placeholders of a log that no photograph fills yet."""
    return [each["upload"] for each in log if "upload" in each and "img" not in each]


def failures_in(log: list[dict[str, Any]]) -> list[str]:
    """Return what a log complains of."""
    return [
        f"{each.get('src')}: {each.get('msg')}" for each in log if each.get("result") == "FAILURE"
    ]
