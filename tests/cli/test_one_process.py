"""On SQLite one process serves; an operator's commands go on working beside it."""

from pathlib import Path

import pytest

from tests.world.installation import Installation, ask_token, free_port, gatelodge
from tests.world.server import Server


def test_a_second_server_is_refused_and_commands_work_beside_the_first(
    installation: Installation,
) -> None:
    said = installation.set_up()
    with installation.serving() as serving, serving.client() as client:
        installation.port = free_port()
        second = installation.run("serve")
        assert second.returncode == 2
        assert second.stderr.count("\n") == 1
        assert "another process serves" in second.stderr
        assert "is current" in installation.run("migrate").stdout
        assert installation.run("doctor").returncode == 0
        again = installation.run("bootstrap", "--domain", "other.example")
        assert (again.returncode, "already" in again.stderr) == (1, True)
        assert installation.run("rotate-keys").returncode == 0
        assert installation.run("audit", "verify").returncode == 0
        installation.port = serving.port
        assert ask_token(client, said).status_code == 200
    with installation.serving():
        pass


@pytest.mark.postgresql
def test_several_servers_share_a_postgresql_database(
    installation: Installation, postgresql_url: str
) -> None:
    installation.changes = {"database": postgresql_url}
    said = installation.set_up()
    with installation.serving() as first:
        installation.port = free_port()
        with installation.serving() as second:
            for each in (first, second):
                with each.client() as client:
                    assert ask_token(client, said).status_code == 200


def test_a_second_development_server_leaves_the_first_ones_description(
    server: Server, tmp_path: Path
) -> None:
    before = (server.data / "dev.json").read_text()
    second = gatelodge("dev", "--data", str(server.data), "--port", str(free_port()))
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert (server.data / "dev.json").read_text() == before
