"""A small web site on loopback: what it answers is what a test puts there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

HTML, SCRIPT = "text/html; charset=utf-8", "text/javascript"


@dataclass
class WebSite:
    """Files by path, each with its media type and status; everything else is missing."""

    origin: str = ""
    files: dict[str, tuple[bytes, str, int]] = field(default_factory=dict)

    def put(
        self, path: str, content: str | bytes, media_type: str = SCRIPT, status: int = 200
    ) -> str:
        """Answer with `content` at `path`; return the address."""
        octets = content.encode() if isinstance(content, str) else content
        self.files[path] = (octets, media_type, status)
        return f"{self.origin}{path}"


@contextmanager
def web_site() -> Iterator[WebSite]:
    """Serve a site until the block is left."""
    site = WebSite()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            octets, media_type, status = site.files.get(self.path, (b"", "text/plain", 404))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    site.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
