"""What every test may ask for, wherever it stands."""

from typing import Any

import pytest

pytest_plugins = [
    "tests.world.chromium",
    "tests.world.postgres",
    "tests.world.databases",  # after what it imports, whose assertions are explained as well
    "tests.world.installation",
    "tests.world.server",
    "tests.world.furnished",
    "tests.journeys.federated",
]


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Run every async test on the loop the server runs on."""
    return "asyncio", {"use_uvloop": True}
