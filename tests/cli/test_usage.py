"""Wrong usage: status 2 and one clear line."""

from pathlib import Path

import pytest

from gatelodge.cli import main
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
