"""Networks and sources of addresses."""

import pytest

from gatelodge.model.device import network_of, source_of


@pytest.mark.parametrize(
    ("address", "network", "source"),
    [
        ("192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
        ("::ffff:192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2::/64"),
        ("2001:db8:1:ffff::1", "2001:db8:1::/48", "2001:db8:1:ffff::/64"),
        ("not an address", "", ""),
        ("", "", ""),
    ],
)
def test_an_address_belongs_to_a_network_and_a_source(
    address: str, network: str, source: str
) -> None:
    assert (network_of(address), source_of(address)) == (network, source)
