"""Wrong usage: status 2 and one clear line."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gatelodge.cli import main
from gatelodge.storage.migrate import migrate
from tests.world.installation import Installation, gatelodge
from tests.world.server import Server, StartServer


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("fly",),
        ("dev", "--port", "x"),
        ("dev", "--port", "65536"),
        ("dev", "--seed", "seven"),
        ("dev", "--wings"),
        ("serve",),
        ("serve", "--config", "/nowhere/gatelodge.toml"),
        ("bootstrap", "--config", "/nowhere/gatelodge.toml"),
    ],
    ids=" ".join,
)
def test_it_is_told_in_one_line(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("gatelodge: ")
    assert said.err.count("\n") == 1


def test_every_problem_of_the_settings_is_in_that_line(installation: Installation) -> None:
    installation.changes = {"port": 0, "workers": 0, "colour": "green"}
    done = installation.run("serve")
    assert done.returncode == 2
    assert done.stderr == "gatelodge: unknown setting 'colour'\n"
    installation.changes = {"port": 0, "workers": 0}
    done = installation.run("serve")
    assert done.returncode == 2
    assert "port must be" in done.stderr
    assert "workers must be" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("database", "status", "said"),
    [
        ("postgresql://ada:hunter2@127.0.0.1:1/shop", 1, "127.0.0.1:1/shop cannot be opened: "),
        ("mysql://127.0.0.1/shop", 2, "the address of the database cannot be used: "),
        ("sqlite:///{directory}/notes.txt", 2, "notes.txt cannot be read: file is not a database"),
        (
            "sqlite:///{directory}/nowhere/shop.db",
            1,
            "nowhere/shop.db-serving: No such file or directory",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_told_of_without_its_password(
    database: str, status: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("not a database, and long enough to be taken for one\n" * 9)
    url = database.format(directory=tmp_path)
    data = str(tmp_path / "data")
    done = gatelodge("dev", "--data", data, "--port", "0", "--database", url)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "gatelodge.db"
    asyncio.run(migrate(f"sqlite:///{file}"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = gatelodge("dev", "--data", str(tmp_path), "--port", "0")
    assert done.returncode == 2
    assert "of a newer version (schema 9999" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(("--version",))
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("gatelodge ")


def test_help_is_no_failure() -> None:
    done = gatelodge("--help")
    assert done.returncode == 0
    for command in ("dev", "serve", "migrate", "bootstrap", "rotate-keys", "doctor"):
        assert command in done.stdout


def test_a_port_in_use_is_a_failure_and_says_which(server: Server, tmp_path: Path) -> None:
    done = gatelodge("dev", "--data", str(tmp_path / "other"), "--port", str(server.port))
    assert done.returncode == 1
    assert f"port {server.port} is in use" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_directory_is_not_seeded_twice_differently(start_server: StartServer) -> None:
    server = start_server(seed=1)
    server.stop()
    done = gatelodge("dev", "--data", str(server.data), "--port", "0", "--seed", "2")
    assert done.returncode == 2
    assert "another seed" in done.stderr
