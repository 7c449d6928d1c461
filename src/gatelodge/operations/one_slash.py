"""Addresses that clients make of an origin that ends in a slash and a path that begins with one."""

from starlette.types import ASGIApp, Receive, Scope, Send


class OneSlash:
    """Serve `app` with a path that begins with one slash, however many were sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["path"].startswith("//"):
            raw = scope.get("raw_path", b"").lstrip(b"/")
            scope = {**scope, "path": f"/{scope['path'].lstrip('/')}", "raw_path": b"/" + raw}
        await self._app(scope, receive, send)
