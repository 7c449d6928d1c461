"""Time-based codes, by the examples of their standard."""

from datetime import UTC, datetime, timedelta

import pytest

from gatelodge.crypto.totp import (
    as_base32,
    code_at,
    matching_step,
    new_secret,
    provisioning_uri,
    step_at,
)
from gatelodge.randomness import SeededRandomness
from tests.world.authenticator import Authenticator

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_rfc_6238(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SECRET, step_at(now)) == code
    assert matching_step(SECRET, code, now, after=0) == seconds // 30


NOW = datetime.fromtimestamp(1234567890, UTC)
STEP = step_at(NOW)


@pytest.mark.parametrize(
    ("steps", "after", "found"),
    [
        (-2, 0, None),
        (-1, 0, STEP - 1),
        (1, 0, STEP + 1),
        (2, 0, None),
        (0, STEP, None),
        (1, STEP, STEP + 1),
        (-1, STEP - 1, None),
    ],
)
def test_a_step_counts_near_now_and_after_the_last_one(
    steps: int, after: int, found: int | None
) -> None:
    assert matching_step(SECRET, code_at(SECRET, STEP + steps), NOW, after=after) == found


@pytest.mark.parametrize("typed", ["", "00592", "0059244", "٠٠٥٩٢٤", "005924\0", "\ud800"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert matching_step(SECRET, typed, NOW, after=0) is None


def test_an_authenticator_reads_the_address_as_it_is_meant() -> None:
    secret = new_secret(SeededRandomness(1))
    uri = provisioning_uri(secret, issuer="Åcme: Shop & Co", account="ada+x@example.com")
    app = Authenticator.scanning(uri)
    assert len(secret) == 20
    assert app.secret == secret
    assert app.issuer == "Åcme: Shop & Co"
    assert app.label == "Åcme: Shop & Co:ada+x@example.com"
    assert "=" not in as_base32(secret)
    later = NOW + timedelta(seconds=30)
    assert matching_step(secret, app.code(later), later, after=0) == step_at(later)
