"""The inbox of tests: `/_dev/messages`."""

import threading

import pytest

from tests.world.browser import Browser, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server, StartServer


@pytest.mark.parametrize("wait_s", ["-1", "31", "soon", "nan", "1e9"])
def test_a_wait_that_is_no_wait_is_refused(server: Server, wait_s: str) -> None:
    answer = server.client.get("/_dev/messages", params={"wait_s": wait_s})
    assert answer.status_code == 400


def test_an_empty_inbox_answers_at_once(server: Server) -> None:
    assert server.client.delete("/_dev/messages").status_code == 204
    assert server.client.get("/_dev/messages").json() == []


def test_whoever_waits_goes_home_when_the_server_stops(start_server: StartServer) -> None:
    server = start_server()
    client = server.new_client()
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append(client.get("/_dev/messages", params={"wait_s": 30}))
    )
    # A second request on the same server shows that the first is being served.
    waiting.start()
    server.client.get("/healthz")
    assert server.stop() == 0
    waiting.join()
    assert answers[0].json() == []
    client.close()


def test_the_newest_message_comes_first_even_after_the_clock_was_moved_back(
    server: Server,
) -> None:
    client = server.new_client()
    flow = server.facts["user_flows"]["signUp"]
    application = RelyingParty(server, flow)
    ask = "emailVerificationControl_but_send_code"

    def sent_to(address: str) -> None:
        browser = Browser(client)
        shown = page(browser.open(application.link()))
        page(browser.press(shown, ask, email=address))
        server.code_for(address)

    try:
        server.client.put("/_dev/clock", json={"offset_s": 7200}).raise_for_status()
        sent_to("later@people.example")
        latest = server.client.get("/_dev/messages").json()[0]["id"]
        server.client.put("/_dev/clock", json={"offset_s": 0}).raise_for_status()
        sent_to("earlier@people.example")
        newer = server.client.get("/_dev/messages", params={"since": latest}).json()
    finally:
        server.client.put("/_dev/clock", json={"offset_s": 0})
        client.close()
    assert [each["to"] for each in newer] == ["earlier@people.example"]
