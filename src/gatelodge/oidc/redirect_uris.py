"""Match a requested redirect URI with the registered ones."""

from urllib.parse import SplitResult, urlsplit

from gatelodge.model.application import Application, Platform

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
    one, other = _loopback(registered), _loopback(requested)
    if one is None or other is None:
        return False
    return (one.hostname, one.path or "/", one.query) == (
        other.hostname,
        other.path or "/",
        other.query,
    )


def _loopback(uri: str) -> SplitResult | None:
    """Return the parts of `http://localhost[:port]…`; None for anything else, however alike."""
    if not uri.isascii() or not uri.isprintable() or "\\" in uri or "#" in uri or "@" in uri:
        return None
    try:
        parts = urlsplit(uri)
        is_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        return parts if is_loopback and (parts.port is None or parts.port > 0) else None
    except ValueError:
        return None
