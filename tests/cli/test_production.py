"""A production installation, from nothing to serving, and what it refuses."""

import shutil
import stat
from pathlib import Path

import pytest

from tests.world.installation import Installation, ask_token, gatelodge
from tests.world.server import StartServer


def test_the_administrator_of_bootstrap_creates_a_user_flow(installation: Installation) -> None:
    said = installation.set_up()
    with installation.serving() as serving, serving.client() as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        access_token = ask_token(client, said).json()["access_token"]
        created = client.post(
            "/beta/identity/userFlows",
            headers={"Authorization": f"Bearer {access_token}"},
            json={"id": "first", "userFlowType": "signIn", "userFlowTypeVersion": 3},
        )
        assert created.status_code == 201
        metadata = client.get("/acme.example/b2c_1_first/v2.0/.well-known/openid-configuration")
        assert metadata.json()["issuer"].startswith("https://login.acme.example/")
        assert serving.stop() == 0


def test_nothing_of_development_is_there(installation: Installation) -> None:
    installation.set_up()
    with installation.serving() as serving, serving.client() as client:
        for path in ("messages", "clock", "inbox", "run/B2C_1_x", "callback", "", "reset"):
            assert client.get(f"/_dev/{path}").status_code == 404
        assert client.post("/_dev/reset").status_code in {404, 405}
        assert client.get("/healthz").headers["strict-transport-security"]
        assert client.get("/healthz", headers={"Host": "other.example"}).status_code == 200
        assert client.get("/", headers={"Host": "other.example"}).status_code == 421


def test_without_a_mail_server_nobody_could_sign_up(installation: Installation) -> None:
    installation.changes = {"smtp_host": ""}
    done = installation.run("serve")
    assert done.returncode == 2
    assert "smtp_host" in done.stderr


def test_the_master_key_of_bootstrap_is_its_owners_alone(installation: Installation) -> None:
    installation.set_up()
    mode = (installation.directory / "master.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_second_bootstrap_changes_nothing(installation: Installation) -> None:
    installation.set_up()
    again = installation.run("bootstrap", "--domain", "other.example")
    assert again.returncode == 1
    assert again.stdout == ""
    assert "already" in again.stderr


def test_a_domain_that_is_none_is_refused(installation: Installation) -> None:
    assert installation.run("migrate").returncode == 0
    assert installation.run("bootstrap", "--domain", "no domain").returncode == 2


@pytest.mark.parametrize("command", ["serve", "rotate-keys", "bootstrap", "doctor"])
def test_without_a_schema_it_says_what_to_do(installation: Installation, command: str) -> None:
    (installation.directory / "master.key").write_bytes(bytes(32))
    (installation.directory / "master.key").chmod(0o600)
    words = ("--domain", "acme.example") if command == "bootstrap" else ()
    done = installation.run(command, *words)
    assert done.returncode == 2
    assert "gatelodge migrate" in done.stderr


def test_without_a_directory_it_says_what_to_do(installation: Installation) -> None:
    installation.run("migrate")
    (installation.directory / "master.key").write_bytes(bytes(32))
    (installation.directory / "master.key").chmod(0o600)
    done = installation.run("serve")
    assert done.returncode == 2
    assert "gatelodge bootstrap" in done.stderr


def test_migrating_twice_does_nothing_the_second_time(installation: Installation) -> None:
    assert "went from nothing" in installation.run("migrate").stdout
    assert "is current" in installation.run("migrate").stdout


@pytest.mark.parametrize("trouble", ["missing", "readable", "short", "another"])
def test_a_master_key_that_is_not_right_stops_a_start(
    installation: Installation, trouble: str
) -> None:
    installation.set_up()
    key = installation.directory / "master.key"
    match trouble:
        case "missing":
            key.unlink()
        case "readable":
            key.chmod(0o644)
        case "short":
            key.write_bytes(key.read_bytes()[:31])
        case _:
            key.write_bytes(bytes(32))
    done = installation.run("serve")
    assert done.returncode == 2
    assert "key" in done.stderr
    assert key.exists() is (trouble != "missing")


def test_production_refuses_what_development_seeded(
    installation: Installation, start_server: StartServer
) -> None:
    server = start_server()
    server.stop()
    shutil.copy(server.data / "gatelodge.db", installation.directory)
    shutil.copy(server.data / "master.key", installation.directory)
    done = installation.run("serve")
    assert done.returncode == 2
    assert "development mode seeded this database" in done.stderr
    assert "development mode" in installation.run("doctor").stdout


def test_development_leaves_a_production_database_alone(
    installation: Installation, tmp_path: Path
) -> None:
    installation.set_up()
    database = f"sqlite:///{installation.directory / 'gatelodge.db'}"
    done = gatelodge("dev", "--data", str(tmp_path / "dev"), "--port", "0", "--database", database)
    assert done.returncode == 2
    assert "production" in done.stderr


def test_doctor_lists_and_never_fails(installation: Installation) -> None:
    installation.set_up()
    done = installation.run("doctor")
    assert done.returncode == 0
    assert "weak: smtp_security is none" in done.stdout
    assert "weak: sms_url is empty" in done.stdout
    assert "argon2id, 19456 KiB, 2 passes" in done.stdout
    assert "ms of processor time in " in done.stdout


@pytest.mark.postgresql
def test_several_processes_share_one_socket(
    installation: Installation, postgresql_url: str
) -> None:
    installation.changes = {"database": postgresql_url, "workers": 2}
    said = installation.set_up()
    with installation.serving() as serving:
        for _ in range(8):
            with serving.client() as client:
                assert ask_token(client, said).status_code == 200
        assert serving.stop() == 0
