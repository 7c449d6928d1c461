"""A house whose identity providers live in this process, for every test that asks for it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.federation_world import offer, people_provider
from tests.world.browser import Browser
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import Upstream, new_upstream


@pytest.fixture(scope="session")
def upstream() -> Upstream:
    """Return the providers of all tests here."""
    return new_upstream(lambda: 0.0)


@pytest.fixture(scope="session")
def federated_house(
    upstream: Upstream, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Build a house that reaches nobody but them."""
    path = tmp_path_factory.mktemp("federation") / "gatelodge.db"
    shutil.copyfile(migrated_file, path)
    house = House(f"sqlite:///{path}", outbound=upstream)
    upstream.state.now = lambda: house.clock.now.timestamp()
    yield house
    house.close()


@pytest.fixture
def home(federated_house: House, upstream: Upstream) -> Iterator[House]:
    """Return the house with one provider beside local accounts; nothing may go wrong inside."""
    upstream.start_over()
    offer(federated_house, people_provider(federated_house), flow="signUpOrSignIn")
    yield federated_house
    assert federated_house.failures() == []


@pytest.fixture
def guest(home: House) -> Browser:
    """Open a browser."""
    return Browser(home.new_client())


@pytest.fixture
def party(home: House) -> RelyingParty:
    """Return an application at the user flow."""
    return RelyingParty(home)
