"""A browser application: static files at free ports of `localhost`, and the libraries they use."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.witnesses.conversation import PROJECT
from tests.witnesses.graph import patch
from tests.world.server import Server

PAGES = Path(__file__).parent / "single_page"
LIBRARIES = PROJECT / "node_modules"
MICROSOFT = LIBRARIES / "@azure" / "msal-browser" / "lib"

FILES = {
    "/msal": PAGES / "msal.html",
    "/msal.js": PAGES / "msal.js",
    "/bridge": PAGES / "bridge.html",
    "/oidc": PAGES / "oidc.html",
    "/oidc.js": PAGES / "oidc.js",
    "/libraries/msal-browser.js": MICROSOFT / "msal-browser.min.js",
    "/libraries/redirect-bridge.js": MICROSOFT / "redirect-bridge" / "msal-redirect-bridge.min.js",
    "/libraries/oidc-client.js": LIBRARIES
    / "oidc-client-ts"
    / "dist"
    / "browser"
    / "oidc-client-ts.min.js",
}
"""What is answered where; `/facts.json` tells the pages where they sign people in."""


class Site(ThreadingHTTPServer):
    """Serves the pages; `facts` is what they may know.

    With a certificate it belongs to the same site as the server, which is at `localhost` too.
    Without one it is another site (HTML: schemelessly same site is not enough), and Chromium
    keeps the server's cookies from frames in its pages.
    """

    daemon_threads = True

    def __init__(self, facts: dict[str, Any], certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.facts = facts
        self.scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            # Each connection shakes hands in its own thread, where a slow one holds up nobody.
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def origin(self) -> str:
        """Return where the application is."""
        return f"{self.scheme}://localhost:{self.server_port}"

    @property
    def redirect_uris(self) -> list[str]:
        """Return where people may come back to."""
        return [f"{self.origin}{path}" for path in ("/msal", "/bridge", "/oidc")]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer for so long."""
        thread = threading.Thread(target=self.serve_forever)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()


class _Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/facts.json":
            self._send("application/json", json.dumps(self.server.facts).encode())
        elif (file := FILES.get(path)) is not None:
            kind = "text/javascript" if file.suffix == ".js" else "text/html; charset=utf-8"
            self._send(kind, file.read_bytes())
        else:
            self.send_error(404)

    def _send(self, media_type: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """One application at two origins."""

    same: Site
    other: Site


@contextmanager
def registered_sites(server: Server) -> Iterator[Sites]:
    """Run the application, registered as the seeded browser application for so long."""
    application, api = server.facts["apps"]["spa"], server.facts["apps"]["api"]
    facts = {
        "origin": server.origin,
        "tenant": server.facts["tenant_domain"],
        "tenantId": server.facts["tenant_id"],
        "clientId": application["client_id"],
        "scope": f"{api['app_id_uri']}/read",
    }
    registered = f"/applications(appId='{application['client_id']}')"
    with Site(facts, server.data / "server.pem") as same, Site(facts) as other:
        uris = [*same.redirect_uris, *other.redirect_uris]
        patch(server, registered, {"spa": {"redirectUris": uris}})
        try:
            with same.running(), other.running():
                yield Sites(same=same, other=other)
        finally:
            patch(server, registered, {"spa": {"redirectUris": application["redirect_uris"]}})
