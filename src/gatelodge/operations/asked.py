"""Note where a request came from, for the audit log."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gatelodge.model.asker import ASKER, Asker

_LONGEST_USER_AGENT = 200
_LONGEST_ADDRESS = 64


class Asked:
    """Serve `app` with the asker noted; behind a trusted proxy it is whom the proxy names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = ASKER.set(Asker(_address(scope), _user_agent(scope)))
        try:
            await self._app(scope, receive, send)
        finally:
            ASKER.reset(token)


def _address(scope: Scope) -> str | None:
    client = scope.get("client")
    return str(client[0])[:_LONGEST_ADDRESS] if client else None


def _user_agent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"user-agent":
            text = value[:_LONGEST_USER_AGENT].decode("latin-1")
            return "".join(each for each in text if each.isprintable())
    return None
