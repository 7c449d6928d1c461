"""Graph over plain HTTP, for what a test needs but does not examine."""

from itertools import count
from typing import Any

from tests.world.server import Server

_numbers = count(1)


def a_new_name() -> str:
    """Return a name no user flow has."""
    return f"B2C_1_witness{next(_numbers)}"


def a_user_flow(server: Server, user_flow_type: str = "signUpOrSignIn", version: float = 3) -> str:
    """Create a user flow and return its id."""
    body = {
        "id": a_new_name(),
        "userFlowType": user_flow_type,
        "userFlowTypeVersion": version,
    }
    answer = server.client.post(
        f"{server.facts['graph']['beta']}/identity/userFlows", json=body, headers=bearer(server)
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def patch(server: Server, path: str, body: dict[str, Any]) -> None:
    """Change an entity of the beta version."""
    answer = server.client.patch(
        server.facts["graph"]["beta"] + path, json=body, headers=bearer(server)
    )
    assert answer.is_success, answer.text


def bearer(server: Server, who: str = "admin") -> dict[str, str]:
    """Return the header by which a client of `dev.json` is known."""
    return {"Authorization": f"Bearer {server.token(who)}"}
