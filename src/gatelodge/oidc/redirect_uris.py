"""Match a requested redirect URI with the registered ones."""

import re

from gatelodge.model.application import Application, Platform
from gatelodge.oidc.errors import Code

_LOOPBACK = re.compile(
    r"(http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?"
    r"((?:[/?][\x21\x22\x24-\x5b\x5d-\x7e]*)?)"
)
_LAST_PORT = 65_535
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.", re.ASCII)
_URI = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+", re.ASCII)
"""The characters of a URI without a fragment (RFC 3986 §2)."""


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


def what_is_wrong_with(requested: str) -> Code | None:
    """Return why nobody could register a redirect URI; None when it could be (RFC 6749 §3.1.2)."""
    if _ABSOLUTE.match(requested) is None:
        return Code.REDIRECT_URI_NOT_ABSOLUTE
    return None if _URI.fullmatch(requested) else Code.REDIRECT_URI_INVALID


def _is_same_loopback(registered: str, requested: str) -> bool:
    known = _without_port(registered)
    return known is not None and known == _without_port(requested)


def _without_port(uri: str) -> tuple[str, str] | None:
    """Return what stands before and behind the port of a loopback address; None for others."""
    found = _LOOPBACK.fullmatch(uri)
    if found is None or int(found[2] or 1) > _LAST_PORT:
        return None
    return found[1], found[3] or "/"
