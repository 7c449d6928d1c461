"""How often the database is asked for the requests that come most.

Each figure is (statements, transactions). A larger one is a step back in what every sign-in costs;
a smaller one is written down here.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

import pytest

from gatelodge.storage.sqlite import SqliteDatabase
from tests.world.browser import Browser, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty

T = TypeVar("T")
GRAPH = "https://graph.microsoft.com"
_ASKING = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(slots=True)
class Asked:
    """What a database was told since somebody last counted."""

    connections: tuple[sqlite3.Connection, ...]
    told: list[str] = field(default_factory=list)

    def counted(self) -> tuple[int, int]:
        """Return how many statements and how many transactions there were, and begin anew."""
        found, self.told[:] = list(self.told), []
        statements = sum(each.startswith(_ASKING) for each in found)
        return statements, sum(each.startswith("BEGIN") for each in found)


@pytest.fixture
def asked(sqlite_house: House) -> Iterator[Asked]:
    """Listen to both connections of the house."""
    database = cast("SqliteDatabase", sqlite_house.database)
    listening = Asked((database._reader.raw, database._writer))  # noqa: SLF001 - as told to SQLite
    for each in listening.connections:
        each.set_trace_callback(listening.told.append)
    yield listening
    for each in listening.connections:
        each.set_trace_callback(None)


class Conversation:
    """A person, an application and an administrator, each request counted."""

    def __init__(self, house: House, asked: Asked) -> None:
        self.house, self.asked, self.party = house, asked, RelyingParty(house)
        self.found: dict[str, tuple[int, int]] = {}
        self.addresses = house.client.get(
            f"{self.party.provider}/v2.0/.well-known/openid-configuration"
        ).json()

    def counting(self, name: str, work: Callable[[], T]) -> T:
        self.asked.counted()
        answer = work()
        self.found[name] = self.asked.counted()
        return answer

    def sign_in(self) -> dict[str, Any]:
        browser, user = Browser(self.house.new_client()), self.house.facts["users"][0]
        values = {"email": user["email"], "password": user["password"]}
        opened = self.counting("authorize and page", lambda: browser.open(self.party.link()))
        shown = page(opened)
        arrived = arrival(self.counting("form", lambda: browser.press(shown, "next", **values)))
        return self.counting("code", lambda: self.party.tokens(arrived))

    def ask_as_application(self, tokens: dict[str, Any]) -> None:
        self.counting("refresh", lambda: self.party.refresh(tokens["refresh_token"]))
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        for name in ("userinfo_endpoint", "jwks_uri"):
            asking = partial(self.house.client.get, self.addresses[name], headers=bearer)
            self.counting(name, asking)

    def ask_as_administrator(self) -> None:
        admin, address = self.house.facts["admin"], self.house.facts["token_endpoint"]
        form = {"grant_type": "client_credentials", "scope": f"{GRAPH}/.default"}
        form |= {name: admin[name] for name in ("client_id", "client_secret")}
        given = self.counting(
            "client credentials", lambda: self.house.client.post(address, data=form)
        )
        bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}
        users = f"{self.house.facts['graph']['v1']}/users"
        self.counting("page of users", lambda: self.house.client.get(users, headers=bearer))


def test_a_sign_in_and_what_follows_ask_no_more_often_than_this(
    sqlite_house: House, asked: Asked
) -> None:
    talking = Conversation(sqlite_house, asked)
    # The first time nothing is remembered of applications, user flows and keys.
    for _ in range(2):
        talking.ask_as_application(talking.sign_in())
        talking.ask_as_administrator()
    assert talking.found == {
        "authorize and page": (2, 1),
        "form": (16, 2),
        "code": (5, 1),
        "refresh": (5, 1),
        "userinfo_endpoint": (2, 0),
        "jwks_uri": (0, 0),
        "client credentials": (0, 0),
        "page of users": (1, 0),
    }
