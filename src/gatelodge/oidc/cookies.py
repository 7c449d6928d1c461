"""Cookies: opaque values only, bound to this host, sent over TLS.

`SameSite=None` because applications renew tokens in a hidden frame and send people here by a form;
what a cookie alone could do to a person is nothing: forms carry a seal, and pages are not framed.
Only the cookie a browser is recognised by is not needed there, and is `SameSite=Lax`.
"""

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.model.device import DEVICE_LIFETIME_S
from gatelodge.model.identifier import DirectoryId

BROWSER = "__Host-gatelodge-browser"
_SESSION = "__Host-gatelodge-session-"
_DEVICE = "__Host-gatelodge-device-"
_SHORTEST_HANDLE = 43


def browser_of(request: Request) -> str | None:
    """Return the handle that binds interactions to this browser, or None."""
    return _handle(request, BROWSER)


def session_of(request: Request, directory_id: DirectoryId) -> str | None:
    """Return the handle of the browser's session at a directory, or None."""
    return _handle(request, _SESSION + directory_id)


def device_of(request: Request, directory_id: DirectoryId) -> str | None:
    """Return the handle by which this browser is known to people of a directory, or None."""
    return _handle(request, _DEVICE + directory_id)


def _handle(request: Request, name: str) -> str | None:
    """Return a cookie's value if we could have made it: a short one could be guessed."""
    value = request.cookies.get(name, "")
    return value if len(value) >= _SHORTEST_HANDLE else None


def set_browser(response: Response, handle: str) -> None:
    """Bind the browser until it is closed."""
    _set(response, BROWSER, handle)


def set_session(
    response: Response, directory_id: DirectoryId, handle: str, lasts_s: int | None = None
) -> None:
    """Sign the browser in at a directory: until it is closed, or for so long."""
    _set(response, _SESSION + directory_id, handle, lasts_s)


def drop_session(response: Response, directory_id: DirectoryId) -> None:
    """Take the session's cookie away."""
    response.delete_cookie(
        _SESSION + directory_id, path="/", secure=True, httponly=True, samesite="none"
    )


def set_device(response: Response, directory_id: DirectoryId, handle: str) -> None:
    """Let the browser be recognised; no request another site makes carries this cookie."""
    _set(response, _DEVICE + directory_id, handle, DEVICE_LIFETIME_S, is_lax=True)


def _set(
    response: Response, name: str, value: str, lasts_s: int | None = None, *, is_lax: bool = False
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lasts_s,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax" if is_lax else "none",
    )
