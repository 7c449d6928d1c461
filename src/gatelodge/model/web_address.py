"""Addresses the server itself calls."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from gatelodge.outbound import Network, host_problem

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443}


def web_address_problem(
    uri: str, *, is_development: bool, allowed: Sequence[Network] = ()
) -> str | None:
    """Return what is wrong with an address we send requests to, or None.

    Development allows http to this machine. Otherwise a host that is written as an address has to
    be public, or in a network that is `allowed`.
    """
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "must be an absolute URI."
    if any(not "!" <= letter <= "~" for letter in uri) or "\\" in uri:
        return "must not contain spaces, backslashes or characters beyond ASCII."
    if not host or parts.username is not None or parts.password is not None or "#" in uri:
        return "must be an absolute URI without a user name and a fragment."
    if not is_development and (wrong := host_problem(host, allowed)) is not None:
        return wrong
    if parts.scheme == "https" or (is_development and parts.scheme == "http" and host in _LOOPBACK):
        return None
    return "must use https."


def origin_of(uri: str) -> tuple[str, str | None, int | None] | None:
    """Return scheme, host and port of an address, None of what is none (RFC 6454 §4)."""
    try:
        parts = urlsplit(uri)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
