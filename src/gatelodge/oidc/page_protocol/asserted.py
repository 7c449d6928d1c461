"""How a form of a script is taken: with the page's token, and again when something changed."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.errors import Stale
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.page_protocol.face import Ended, Face, Visit, not_spoken
from gatelodge.oidc.page_protocol.verdict import ended, turned_away
from gatelodge.oidc.parameters import MalformedParameters
from gatelodge.oidc.submitted import submitted_form
from gatelodge.pages.form import Submitted

Take = Callable[[Visit, Submitted], Awaitable[Response]]

_TRIES = 3
"""How often a form is taken again when others change what it is about."""


async def asserted(face: Face, request: Request, take: Take) -> Response:
    """Return what a step says to a form; what is not to be looked at is turned away."""
    if (provider := await face.provider(request)) is None:
        return not_spoken()
    try:
        visit = await face.visit(request, provider, request.headers.get("x-csrf-token"))
        body = await submitted_form(request)
        for _ in range(_TRIES):
            try:
                return await take(visit, body)
            except Stale:
                visit = await face.again(visit)
        raise Displayed(Code.TEMPORARILY_UNAVAILABLE, status=503)
    except Ended as over:
        return ended(over.code)
    except (Displayed, MalformedParameters) as trouble:
        return turned_away(trouble)
