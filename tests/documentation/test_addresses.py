"""The list of plain addresses is written by hand: the server has to know every one."""

import pytest

from scripts.reference.addresses import OTHERS
from tests.world.server import Server

WRITTEN_OUT = [
    address
    for addresses, _ in OTHERS
    for address in addresses.split(", ")
    if "…" not in address and "{" not in address
]


@pytest.mark.parametrize("address", WRITTEN_OUT)
def test_an_address_of_the_reference_is_answered(server: Server, address: str) -> None:
    assert server.client.get(address).status_code == 200
