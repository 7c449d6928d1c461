"""An application on somebody's own machine: MSAL, and a page the browser comes back to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msal import PublicClientApplication

from tests.world.server import Server

PAGE = b"<!doctype html><html lang=en><title>Application</title><main><h1>Welcome back</h1></main>"


class Callback(ThreadingHTTPServer):
    """Listens at a free port of `localhost` and remembers how the browser came back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.arrivals: list[dict[str, str]] = []

    @property
    def redirect_uri(self) -> str:
        """Return the redirect URI of this run (RFC 8252 §7.3)."""
        return f"http://localhost:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Callback

    def do_GET(self) -> None:
        if query := urlsplit(self.path).query:
            self.server.arrivals.append(dict(parse_qsl(query)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class NativeApplication:
    """The seeded native application at one user flow."""

    def __init__(self, server: Server, flow: str, callback: Callback) -> None:
        self.callback = callback
        self.msal = PublicClientApplication(
            server.facts["apps"]["native"]["client_id"],
            authority=f"{server.origin}/{server.facts['tenant_domain']}/{flow}",
        )
        self.begun: dict[str, Any] = {}

    def begin(self) -> str:
        """Return the address to send the browser to."""
        self.begun = self.msal.initiate_auth_code_flow([], redirect_uri=self.callback.redirect_uri)
        return str(self.begun["auth_uri"])

    def finish(self) -> dict[str, Any]:
        """Redeem what the browser brought back, or return the error it brought."""
        result = self.msal.acquire_token_by_auth_code_flow(self.begun, self.callback.arrivals.pop())
        return dict(result)


@contextmanager
def listening() -> Iterator[Callback]:
    """Run the page the browser comes back to."""
    with Callback() as callback:
        thread = threading.Thread(target=callback.serve_forever)
        thread.start()
        try:
            yield callback
        finally:
            callback.shutdown()
            thread.join()
