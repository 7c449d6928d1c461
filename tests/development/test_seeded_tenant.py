"""What is there when a development server starts, and what a restart keeps."""

import signal

import pytest

from tests.world.browser import Browser, page
from tests.world.server import Server, StartServer

SCOPE = "https://graph.microsoft.com/.default"


def user_flows(server: Server, who: str = "admin") -> list[str]:
    headers = {"Authorization": f"Bearer {server.token(who)}"}
    answer = server.client.get(
        f"{server.facts['graph']['beta']}/identity/userFlows", headers=headers
    )
    return sorted(each["id"] for each in answer.raise_for_status().json()["value"])


def create(server: Server, name: str, who: str = "admin") -> int:
    return server.client.post(
        f"{server.facts['graph']['beta']}/identity/userFlows",
        headers={"Authorization": f"Bearer {server.token(who)}"},
        json={"id": name, "userFlowType": "signIn", "userFlowTypeVersion": 3},
    ).status_code


def test_the_six_user_flows_are_there(any_server: Server) -> None:
    assert set(any_server.facts["user_flows"].values()) <= set(user_flows(any_server))


def test_each_client_may_do_what_it_is_for(any_server: Server) -> None:
    assert create(any_server, "mine") == 201
    assert create(any_server, "theirs", "reader") == 403
    assert create(any_server, "nobodys", "nobody") == 403
    assert "B2C_1_mine" in user_flows(any_server, "reader")
    any_server.reset()


def test_a_reset_forgets_what_was_made_and_keeps_every_id(any_server: Server) -> None:
    before = user_flows(any_server)
    token = any_server.token()
    assert create(any_server, "passing") == 201
    any_server.reset()
    assert user_flows(any_server) == before
    # Tokens and secrets handed out before go on working: dev.json stays true.
    answer = any_server.client.get(
        f"{any_server.facts['graph']['v1']}/identity/userFlows",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code in {200, 404}
    keys = any_server.client.get("/acme.example/B2C_1_signin/discovery/v2.0/keys").json()
    assert len(keys["keys"]) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("seed", [7, None])
def test_a_restart_keeps_user_flows_and_people(
    start_server: StartServer, how: signal.Signals, seed: int | None
) -> None:
    server = start_server(seed=seed)
    assert create(server, "kept") == 201
    server.restart(how)
    assert "B2C_1_kept" in user_flows(server)
    assert create(server, "more") == 201
    user = server.facts["users"][1]
    client = server.new_client()
    browser = Browser(client)
    form = page(browser.open("/_dev/run/B2C_1_kept"))
    shown = page(browser.press(form, "next", email=user["email"], password=user["password"]))
    assert user["object_id"] in shown.text
    client.close()


def test_a_passwordless_client_gets_no_token(server: Server) -> None:
    answer = server.client.post(
        server.facts["token_endpoint"],
        data={
            "grant_type": "client_credentials",
            "client_id": server.facts["admin"]["client_id"],
            "scope": SCOPE,
        },
    )
    assert answer.status_code in {400, 401}
