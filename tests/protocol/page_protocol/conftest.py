"""A house whose directory lets scripts use its pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from gatelodge.model.directory import Switches
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.stores import Stores
from tests.protocol.page_protocol.script import Script
from tests.world.furnished import configure
from tests.world.house import House

OpenScript = Callable[..., Script]


def switch(house: House, *, is_on: bool) -> None:
    """Switch the page protocol of the directory."""

    async def work(stores: Stores) -> None:
        directory = await stores.directories.require(DirectoryId(house.facts["tenant_id"]))
        switches = Switches(speaks_page_protocol=is_on)
        await stores.directories.save(replace(directory, switches=switches))

    house.stores(work)


@contextmanager
def configured(house: House, flow: str, **changes: Any) -> Iterator[None]:
    """Configure a user flow differently for a while."""
    before = configure(house, flow, **changes)
    try:
        yield
    finally:
        configure(house, flow, **{name: getattr(before, name) for name in changes})


@contextmanager
def without_verification(house: House, flow: str) -> Iterator[None]:
    """Let new people have addresses nobody proved, for a while."""
    unverified = configure(house, flow).with_email_verification(False).attributes
    with configured(house, flow, attributes=unverified):
        yield


@pytest.fixture(autouse=True)
def spoken(house: House) -> Iterator[None]:
    """Switch it on, and off again."""
    house.run(house.forget_sent_codes())
    switch(house, is_on=True)
    yield
    switch(house, is_on=False)


@pytest.fixture
def script(house: House) -> OpenScript:
    """Begin a script at a user flow."""
    return lambda flow="signUpOrSignIn", **changes: Script(house, flow).begin(**changes)
