"""A proxy for clients that insist on port 443, which only one server of a machine can have."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHUNK = 65_536


class Tunnel(ThreadingHTTPServer):
    """Answers `CONNECT` alone; what goes to port 443 of this machine goes to `port` instead.

    TLS passes through untouched: the client checks the certificate for the name it asked for.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connect)
        self.port = port
        self.asked_for: list[str] = []

    @property
    def url(self) -> str:
        """Return what a client is told to use as its proxy."""
        return f"http://127.0.0.1:{self.server_port}"


class _Connect(BaseHTTPRequestHandler):
    server: Tunnel

    def do_CONNECT(self) -> None:
        self.server.asked_for.append(self.path)
        host, _, port = self.path.rpartition(":")
        wanted = self.server.port if port == "443" else int(port)
        with socket.create_connection((host, wanted)) as upstream:
            self.send_response(200)
            self.end_headers()
            self._carry({self.connection: upstream, upstream: self.connection})
        self.close_connection = True

    def _carry(self, peers: dict[socket.socket, socket.socket]) -> None:
        while True:
            readable, _, _ = select.select(list(peers), [], [])
            for each in readable:
                received = each.recv(CHUNK)
                if not received:
                    return
                peers[each].sendall(received)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def standard_port(port: int) -> Iterator[Tunnel]:
    """Run a tunnel in which `port` is what answers at 443."""
    with Tunnel(port) as tunnel:
        thread = threading.Thread(target=tunnel.serve_forever)
        thread.start()
        try:
            yield tunnel
        finally:
            tunnel.shutdown()
            thread.join()
