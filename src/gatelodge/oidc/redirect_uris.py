"""Match a requested redirect URI with the registered ones."""

import re

from gatelodge.model.application import Application, Platform

_LOOPBACK = re.compile(
    r"(http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?"
    r"((?:[/?][\x21\x22\x24-\x5b\x5d-\x7e]*)?)"
)
_LAST_PORT = 65_535


def match_redirect_uri(application: Application, requested: str) -> Platform | None:
    """Return the platform under which `requested` is registered, or None.

    The comparison is exact, character by character (RFC 9700 §4.1.3), with one exception: the
    port of a native application's loopback address is the operating system's choice
    (RFC 8252 §7.3).
    """
    for platform, registered in application.redirect_uris:
        if registered == requested:
            return platform
        if platform is Platform.PUBLIC_CLIENT and _is_same_loopback(registered, requested):
            return platform
    return None


def _is_same_loopback(registered: str, requested: str) -> bool:
    known = _without_port(registered)
    return known is not None and known == _without_port(requested)


def _without_port(uri: str) -> tuple[str, str] | None:
    """Return what stands before and behind the port of a loopback address; None for others."""
    found = _LOOPBACK.fullmatch(uri)
    if found is None or int(found[2] or 1) > _LAST_PORT:
        return None
    return found[1], found[3] or "/"
