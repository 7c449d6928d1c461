"""What every test may ask for, wherever it stands."""

from collections import Counter
from pathlib import Path
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

SLOWEST = (
    "test_made_up_requests.py",
    "test_production.py",
    "test_terraform_go.py",
    "test_audit_verify.py",
    "test_accessibility.py",
    "test_rotate_keys.py",
    "test_dev_json.py",
    "test_followed_pages.py",
    "test_seeded_tenant.py",
    "test_chromium.py",
)
"""Files with few tests that take long: one of them begun last would leave the other cores idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, then with what there is most of."""
    sizes = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[int, int, Path]:
        is_slow = item.path.name in SLOWEST
        place = SLOWEST.index(item.path.name) if is_slow else len(SLOWEST)
        return place, -sizes[item.path], item.path

    items.sort(key=turn)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Run every async test on the loop the server runs on."""
    return "asyncio", {"use_uvloop": True}
