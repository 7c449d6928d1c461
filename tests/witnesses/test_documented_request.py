"""The documented request that creates a user flow, sent byte for byte and by no library."""

import json
import socket
import ssl
from http.client import HTTPResponse
from typing import Any
from uuid import UUID

import pytest

from tests.witnesses.graph import a_new_name
from tests.world.server import Server

pytestmark = pytest.mark.witness

CPIM = "#microsoft.cpim.api.dataModels.identityUserFlow"


def send(server: Server, body: str, *, token: str | None = None) -> tuple[HTTPResponse, Any]:
    """Write the request to the connection as the documentation prints it."""
    token = token or server.token()
    lines = (
        "POST /beta/identity/userFlows HTTP/1.1",
        f"Host: localhost:{server.port}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body.encode())}",
        "Connection: close",
    )
    trusted = ssl.create_default_context(cafile=server.facts["ca_file"])
    with (
        socket.create_connection(("127.0.0.1", server.port)) as plain,
        trusted.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall("\r\n".join((*lines, "", body)).encode())
        answer = HTTPResponse(connection)
        answer.begin()
        return answer, json.loads(answer.read())


def sample(**values: Any) -> str:
    return json.dumps(values, indent=2)


def test_the_request_in_the_older_name_space_is_answered_in_it(server: Server) -> None:
    name = a_new_name()
    answer, created = send(
        server,
        sample(
            **{"@odata.type": CPIM},
            id=name.removeprefix("B2C_1_"),
            userFlowType="signUpOrSignIn",
            userFlowTypeVersion=1,
        ),
    )
    assert answer.status == 201
    assert answer.headers["Content-Type"].startswith("application/json")
    place = f"{server.origin}/beta/identity/userFlows('{name}')"
    assert answer.headers["Location"] == place
    assert created["@odata.context"] == (
        f"{server.origin}/beta/$metadata#identity/userFlows/$entity"
    )
    assert created["@odata.type"] == CPIM
    assert created["id"] == name
    assert created["userFlowType"] == "signUpOrSignIn"
    assert created["userFlowTypeVersion"] == 1
    found = server.client.get(place, headers={"Authorization": f"Bearer {server.token()}"})
    assert found.status_code == 200
    assert found.json()["id"] == name


@pytest.mark.parametrize(
    "spelling", ["#microsoft.graph.b2cIdentityUserFlow", "#microsoft.graph.identityUserFlow", None]
)
def test_the_request_in_todays_spellings_is_answered_with_the_derived_type(
    server: Server, spelling: str | None
) -> None:
    typed = {} if spelling is None else {"@odata.type": spelling}
    answer, created = send(
        server,
        sample(**typed, id=a_new_name(), userFlowType="signIn", userFlowTypeVersion=3),
    )
    assert answer.status == 201
    assert created["@odata.type"] == "#microsoft.graph.b2cIdentityUserFlow"


def test_without_an_id_it_gets_one_and_is_a_provider_all_the_same(server: Server) -> None:
    answer, created = send(
        server, sample(**{"@odata.type": CPIM}, userFlowType="signUp", userFlowTypeVersion=3)
    )
    assert answer.status == 201
    assert str(UUID(created["id"])) == created["id"]
    tenant = server.facts["tenant_id"]
    place = f"/{tenant}/{created['id']}/v2.0/.well-known/openid-configuration"
    assert server.client.get(place).status_code == 200


def test_the_placeholders_of_the_documentation_are_refused_by_name(server: Server) -> None:
    answer, refused = send(
        server,
        '{\r\n  "@odata.type": "#microsoft.cpim.api.dataModels.identityUserFlow",\r\n'
        '  "userFlowType": "String",\r\n  "userFlowTypeVersion": "Single"\r\n}',
    )
    assert answer.status == 400
    targets = {each["target"] for each in refused["error"]["details"]}
    assert targets == {"userFlowType", "userFlowTypeVersion"}
    assert refused["error"]["innerError"]["request-id"] == answer.headers["request-id"]


def test_nobody_creates_anything_without_a_token(server: Server) -> None:
    body = sample(id=a_new_name(), userFlowType="signIn", userFlowTypeVersion=3)
    answer, refused = send(server, body, token="no.token.atall")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused["error"]["code"] == "InvalidAuthenticationToken"
