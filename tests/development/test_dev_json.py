"""`dev.json`, from the moment the server is ready to the moment it stops."""

import json
import signal
import stat
from pathlib import Path

import pytest

from tests.world.server import Server, StartServer, running_server

KEYS = {
    *("origin", "ca_file", "tenant_id", "tenant_domain", "graph", "token_endpoint"),
    *("admin", "reader", "nobody", "apps", "user_flows", "users", "dev_api"),
}


def test_it_says_what_clients_need(server: Server) -> None:
    facts = server.facts
    assert facts.keys() == KEYS
    assert facts["origin"] == f"https://localhost:{server.port}"
    assert facts["tenant_domain"] == "acme.example"
    assert facts["graph"] == {"beta": f"{server.origin}/beta", "v1": f"{server.origin}/v1.0"}
    assert facts["token_endpoint"] == f"{server.origin}/{facts['tenant_id']}/oauth2/v2.0/token"
    assert facts["dev_api"] == f"{server.origin}/_dev"
    for client in ("admin", "reader", "nobody"):
        assert facts[client].keys() == {"client_id", "client_secret"}


def test_it_names_the_seeded_applications(server: Server) -> None:
    apps = server.facts["apps"]
    assert apps["web"]["redirect_uris"] == ["http://localhost:3000/callback"]
    assert apps["web"].keys() == {"client_id", "client_secret", "redirect_uris"}
    assert apps["spa"]["redirect_uris"] == ["http://localhost:3001/"]
    assert apps["spa"].keys() == {"client_id", "redirect_uris"}
    assert apps["native"]["redirect_uris"] == ["http://localhost"]
    assert apps["native"].keys() == {"client_id", "redirect_uris"}
    assert apps["api"]["app_id_uri"] == "https://acme.example/api"
    assert apps["api"]["scopes"] == ["read", "write"]


def test_it_names_one_user_flow_of_each_type(server: Server) -> None:
    flows = server.facts["user_flows"]
    types = {"signUp", "signIn", "signUpOrSignIn", "passwordReset", "profileUpdate"}
    assert flows.keys() == {*types, "resourceOwner"}
    assert flows["signUpOrSignIn"] == "B2C_1_signupsignin"
    assert flows["resourceOwner"] == "B2C_1_ropc"


def test_secrets_survive_a_form_whatever_encodes_it(server: Server) -> None:
    for client in (server.facts["admin"], server.facts["apps"]["web"]):
        assert not set(client["client_secret"]) & set("%+&= ")


def test_only_the_owner_reads_what_is_secret(server: Server) -> None:
    for name in ("dev.json", "master.key", "ca-key.pem", "server.pem", "seed", "gatelodge.db"):
        assert stat.S_IMODE((server.data / name).stat().st_mode) == 0o600, name


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_is_gone_when_the_server_has_stopped(
    start_server: StartServer, how: signal.Signals
) -> None:
    server = start_server()
    assert (server.data / "dev.json").exists()
    assert server.stop(how) == 0
    assert not (server.data / "dev.json").exists()


def test_what_a_killed_server_left_behind_does_not_mislead(start_server: StartServer) -> None:
    server = start_server()
    server.stop(signal.SIGKILL)
    assert (server.data / "dev.json").exists()
    server.start()
    assert json.loads((server.data / "dev.json").read_text()) == server.facts


def test_the_same_seed_gives_the_same_file(tmp_path: Path) -> None:
    found = []
    for number in range(2):
        data = tmp_path / str(number)
        with running_server(data, seed=11) as server:
            text = (data / "dev.json").read_text()
            jwks = server.client.get("/acme.example/B2C_1_signin/discovery/v2.0/keys").json()
        text = text.replace(str(data), "DIR").replace(str(server.port), "PORT")
        found.append((text, [key["n"] for key in jwks["keys"]], [k["kid"] for k in jwks["keys"]]))
    assert found[0] == found[1]


def test_another_seed_gives_another_tenant(server: Server, start_server: StartServer) -> None:
    other = start_server(seed=12)
    assert other.facts["tenant_id"] != server.facts["tenant_id"]
    assert other.facts["admin"] != server.facts["admin"]


def test_without_a_seed_no_two_servers_agree(start_server: StartServer) -> None:
    one, other = start_server(seed=None), start_server(seed=None)
    assert one.facts["tenant_id"] != other.facts["tenant_id"]


def test_without_a_seed_a_restart_changes_nothing(start_server: StartServer) -> None:
    server = start_server(seed=None)
    before = server.facts
    server.restart()
    assert server.facts == before
