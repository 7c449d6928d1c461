"""The addresses below `/_dev`, and who may use them from where."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gatelodge.development.control import ClockControl, Reset
from gatelodge.development.journeys import JourneyList, JourneyPicture
from gatelodge.development.messages import Messages
from gatelodge.development.pages import InboxPage, Overview
from gatelodge.development.pretend_provider import PretendProvider
from gatelodge.development.run import Callback, Run


class SameSiteOnly:
    """Refuse what a page of another site makes a browser send: these powers take no password."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless a browser says that another site is behind it."""
        site = Request(scope).headers.get("sec-fetch-site", "none")
        if scope["method"] in {"GET", "HEAD"} or site in {"same-origin", "none"}:
            await self._app(scope, receive, send)
            return
        refused: Response = PlainTextResponse("Ask from the server's own pages.", 403)
        await refused(scope, receive, send)


def development_routes(
    *,
    overview: Overview,
    messages: Messages,
    clock: ClockControl,
    reset: Reset,
    inbox: InboxPage,
    run: Run,
    callback: Callback,
    journeys: JourneyList,
    journey_picture: JourneyPicture,
    provider: PretendProvider,
) -> list[Route]:
    """Return every route of development mode."""
    return [
        Route("/_dev/messages", messages.__call__, methods=["GET", "DELETE"]),
        Route("/_dev/clock", clock.__call__, methods=["GET", "PUT"]),
        Route("/_dev/reset", reset.__call__, methods=["POST"]),
        Route("/_dev/inbox", inbox.__call__, methods=["GET", "POST"]),
        Route("/_dev/run/{flow}", run.__call__),
        Route("/_dev/journeys", journeys.__call__),
        Route("/_dev/journeys/{correlation_id}.svg", journey_picture.__call__),
        Route("/_dev/callback", callback.__call__),
        Route("/_dev/provider/.well-known/openid-configuration", provider.configuration),
        Route("/_dev/provider/keys", provider.keys),
        Route("/_dev/provider/authorize", provider.authorize, methods=["GET", "POST"]),
        Route("/_dev/provider/token", provider.token, methods=["POST"]),
        Route("/", overview.__call__),
        Route("/_dev", overview.__call__),
        Route("/_dev/", overview.__call__),
    ]
