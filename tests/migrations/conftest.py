"""A database without any tables, of each kind."""

from typing import Any

import pytest

from tests.world.databases import KINDS


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return str(request.getfixturevalue("postgresql_url"))
