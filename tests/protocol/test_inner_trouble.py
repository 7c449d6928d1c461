"""What nobody expected: people read a page, programs JSON, and neither is told what it was."""

from collections.abc import Iterator

import pytest

from gatelodge.oidc import authorize
from tests.world.furnished import OpenVisit
from tests.world.house import House
from tests.world.relying_party import RelyingParty

SECRET = "the inner detail"
pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)


@pytest.fixture
def broken_house(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Let the checks of a request fail as no request should make them."""

    async def fail(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(authorize, "run_checks", fail)
    yield house
    assert len(house.failures()) == 1


def test_a_person_reads_a_page_with_an_id_to_quote(
    broken_house: House, visit: OpenVisit, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visit().client.get(RelyingParty(broken_house).link(), headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-security-policy" in answer.headers
    assert "AADB2C90037" in answer.text
    assert SECRET not in answer.text
    (noted,) = [each for each in caplog.records if hasattr(each, "error_id")]
    assert f"Correlation ID: {noted.error_id}" in answer.text


def test_a_program_is_answered_in_json(broken_house: House, visit: OpenVisit) -> None:
    answer = visit().client.get(RelyingParty(broken_house).link(), headers={"Accept": "*/*"})
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert SECRET not in answer.text
