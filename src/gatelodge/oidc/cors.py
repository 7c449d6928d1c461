"""Which pages of other origins may read our answers (Fetch: CORS protocol).

No answer depends on a cookie here, so credentials are never allowed, and what is public anyway is
readable by every page. Token answers are for the registered origins of browser applications.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.model.application import Application

ANY_ORIGIN: Mapping[str, str] = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "3600",
    "Vary": "Origin, Access-Control-Request-Headers",
}


def spa_origins(application: Application) -> frozenset[str]:
    """Return the origins of an application's browser redirect URIs."""
    parts = (urlsplit(uri) for uri in application.spa_redirect_uris)
    return frozenset(f"{each.scheme}://{each.netloc}".lower() for each in parts)


def for_application(request: Request, application: Application | None) -> Mapping[str, str]:
    """Return the headers that let a page of the application read the answer, or none."""
    origin = request.headers.get("origin")
    if origin is None or application is None:
        return {}
    if origin not in spa_origins(application):
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def preflight(request: Request) -> Response:
    """Answer `OPTIONS`.

    A preflight does not say which application asks, so every origin may go on; the answer that
    follows decides who reads it.
    """
    headers = dict(_PREFLIGHT)
    if (origin := request.headers.get("origin")) is not None:
        headers["Access-Control-Allow-Origin"] = origin
        if (asked := request.headers.get("access-control-request-headers")) is not None:
            headers["Access-Control-Allow-Headers"] = asked
    return Response(status_code=204, headers=headers)
