"""The module only the implicit and hybrid plans have."""

import pytest

from tests.protocol.conformance.conftest import HYBRID, IMPLICIT
from tests.protocol.conformance.strict import Client
from tests.world.browser import Browser

WITH_ID_TOKEN = pytest.mark.parametrize(
    "variant",
    [each for each in [*IMPLICIT, *HYBRID] if "id_token" in each],
    ids=" ".join,
    indirect=True,
)


@WITH_ID_TOKEN
def test_oidcc_ensure_request_without_nonce_fails(client: Client, visitor: Browser) -> None:
    assert client.error(visitor, nonce=None) == "invalid_request"
