"""Where people sign in from: the browser by a cookie of its own, the network by its address."""

from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

from gatelodge.model.identifier import AccountId, DirectoryId

DEVICE_LIFETIME_S = 180 * 86_400
"""How long a device is known after somebody last signed in with it."""

_NETWORK_BITS = {4: 24, 6: 48}
_SITE_BITS = 64
"""One customer of an IPv6 provider has at least so many bits for himself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where an interaction takes place, as its latest request came.

    `id` is the digest of the browser's device cookie, None when it brought none; `address` is the
    address the server saw. `is_known` and `is_known_network` are said of the account once it is
    identified, by the step that recognises devices: False until then. They count only where the
    account showed a second factor before.
    """

    id: str | None = None
    address: str = ""
    is_known: bool = False
    is_known_network: bool = False

    def of_nobody(self) -> "Device":
        """Return the place, of which nothing is known yet for whoever comes next."""
        return replace(self, is_known=False, is_known_network=False)

    @property
    def network(self) -> str:
        """Return the network of the address."""
        return network_of(self.address)

    @property
    def source(self) -> str:
        """Return what guesses from this address are counted under."""
        return source_of(self.address)


NOWHERE = Device()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    """A device an account fully signed in with, seen in one network.

    `device_id` is the digest of the device's cookie. It counts only when it was seen since the
    account's sign-ins were last revoked. `factor_at` is when a second factor was last shown there.
    """

    directory_id: DirectoryId
    account_id: AccountId
    device_id: str
    network: str
    first_seen_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    factor_at: datetime | None = None


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 or the /48 of an IPv6 address; "" for what is no address."""
    parsed = _parsed(address)
    return "" if parsed is None else _prefix(parsed, _NETWORK_BITS[parsed.version])


def source_of(address: str) -> str:
    """Return an IPv4 address as it is, an IPv6 one without what its owner chooses freely."""
    parsed = _parsed(address)
    if parsed is None:
        return ""
    return str(parsed) if parsed.version == 4 else _prefix(parsed, _SITE_BITS)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _prefix(address: IPv4Address | IPv6Address, bits: int) -> str:
    rest = address.max_prefixlen - bits
    return f"{type(address)(int(address) >> rest << rest)}/{bits}"
