"""The identity provider development mode brings along, over real TLS to itself."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.world.browser import Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

_numbers = count(1)


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    with server.new_client() as client:
        yield Browser(client)


def at_provider(browser: Browser, server: Server) -> Shown:
    """Choose the pretended account on the first page of the seeded user flow."""
    first = page(browser.open(RelyingParty(server).link()))
    button = next(each for each in first.form.buttons if each.startswith("OIDC-V1-Pretend-"))
    return page(browser.press(first, button))


def test_whoever_somebody_says_they_are_signs_up_and_in(server: Server, browser: Browser) -> None:
    party, email = RelyingParty(server), f"robin{next(_numbers)}@mail.example"
    asked = at_provider(browser, server)
    shown = page(browser.press(asked, "continue", email=email, name="Robin Vale"))
    assert shown.value_of("displayName") == "Robin Vale"
    first = party.claims(arrival(browser.press(shown, "continue")))
    assert (first["emails"], first["newUser"]) == ([email], True)
    with server.new_client() as client:
        again = Browser(client)
        arrived = again.press(at_provider(again, server), "continue", email=email.upper())
        assert party.claims(arrival(arrived))["sub"] == first["sub"]


def test_who_does_not_want_to_is_back_at_the_application(server: Server, browser: Browser) -> None:
    arrived = arrival(browser.press(at_provider(browser, server), "deny"))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", "AADB2C90273")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "client_id=another&redirect_uri=https://localhost/acme.example/oauth2/authresp",
        "client_id=gatelodge&redirect_uri=https://elsewhere.example/",
    ],
)
def test_the_provider_knows_nobody_but_its_own_tenant(server: Server, query: str) -> None:
    assert server.client.get(f"/_dev/provider/authorize?{query}").status_code == 400


def test_a_token_takes_the_secret_and_a_code_of_its_own(server: Server) -> None:
    answer = server.client.post("/_dev/provider/token", data={"code": "x"})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
