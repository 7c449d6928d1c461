"""Moving the clock, beginning again, and who may."""

import pytest

from tests.world.server import Server


def test_the_clock_begins_at_the_real_time(server: Server) -> None:
    assert server.client.get("/_dev/clock").json()["offset_s"] == 0


def test_the_clock_is_moved_and_moved_back(server: Server) -> None:
    before = server.client.get("/_dev/clock").json()["now"]
    moved = server.client.put("/_dev/clock", json={"offset_s": 86_400}).json()
    assert moved["offset_s"] == 86_400
    assert moved["now"] > before
    assert server.client.put("/_dev/clock", json={"offset_s": 0}).json()["offset_s"] == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"offset_s":"1"}', b'{"offset_s":1e99}', b'{"offset":1}', b"\xff"]
)
def test_a_move_that_says_nothing_is_refused(server: Server, body: bytes) -> None:
    assert server.client.put("/_dev/clock", content=body).status_code == 400


def test_a_reset_sets_the_clock_back(server: Server) -> None:
    server.client.put("/_dev/clock", json={"offset_s": 60})
    assert server.client.post("/_dev/reset").status_code == 204
    assert server.client.get("/_dev/clock").json()["offset_s"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/_dev/reset"), ("DELETE", "/_dev/messages"), ("PUT", "/_dev/clock")],
)
def test_a_page_of_another_site_has_no_such_power(server: Server, method: str, path: str) -> None:
    answer = server.client.request(method, path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/_dev", "/_dev/inbox"])
def test_pages_travel_with_a_strict_policy(server: Server, path: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code == 200
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text


def test_a_name_that_is_not_this_machine_gets_nothing(server: Server) -> None:
    answer = server.client.get("/_dev/messages", headers={"Host": "rebound.example"})
    assert answer.status_code == 421
