"""`gatelodge audit verify`, over what a real server wrote."""

import sqlite3
from contextlib import closing

import pytest

from tests.world.installation import Installation, ask_token, gatelodge


def linked_events(installation: Installation) -> list[str]:
    """Let a server write, link and stop; return what was verified then."""
    said = installation.set_up()
    with installation.serving() as serving, serving.client() as client:
        headers = {"Authorization": f"Bearer {ask_token(client, said).json()['access_token']}"}
        for name in ("first", "second", "third"):
            body = {"id": name, "userFlowType": "signIn", "userFlowTypeVersion": 3}
            made = client.post("/beta/identity/userFlows", headers=headers, json=body)
            assert made.status_code == 201
        assert serving.stop() == 0
    done = installation.run("audit", "verify")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def tamper(installation: Installation, statement: str) -> None:
    path = installation.directory / "gatelodge.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount == 1


def test_what_a_server_wrote_is_in_order_and_says_where_it_came_from(
    installation: Installation,
) -> None:
    said = linked_events(installation)
    assert said[0].split()[:3] == ["events", "4", "linked,"]
    assert said[-1] == "The audit log is as it was written."
    path = installation.directory / "gatelodge.db"
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT ip_address FROM audit_event ORDER BY sequence")
        assert [row[0] for row in found] == [None, *["127.0.0.1"] * 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'nobody' WHERE sequence = 2",
        "DELETE FROM audit_event WHERE sequence = 4",
        "DELETE FROM audit_checkpoint",
    ],
)
def test_a_change_in_the_database_is_a_failure(installation: Installation, statement: str) -> None:
    linked_events(installation)
    tamper(installation, statement)
    done = installation.run("audit", "verify")
    assert done.returncode == 1
    assert "not as it was written" in done.stderr
    assert "as it was written" not in done.stdout


def test_a_place_noted_earlier_is_on_the_way(installation: Installation) -> None:
    head = linked_events(installation)[1].split()[1]
    assert installation.run("audit", "verify", "--head", head).returncode == 0
    number, _, digest = head.partition(":")
    wrong = installation.run("audit", "verify", "--head", f"{number}:{digest[::-1]}")
    assert wrong.returncode == 1
    later = installation.run("audit", "verify", "--head", f"{int(number) + 1}:{digest}")
    assert later.returncode == 1


def test_without_a_place_to_look_it_is_wrong_usage() -> None:
    assert gatelodge("audit", "verify").returncode == 2


def test_a_directory_without_a_server_is_wrong_usage(tmp_path: object) -> None:
    assert gatelodge("audit", "verify", "--data", str(tmp_path)).returncode == 2
