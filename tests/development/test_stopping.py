"""Stopping a server that clients still hold connections to."""

import socket
import ssl

from tests.world.server import StartServer


def test_a_client_that_keeps_a_connection_for_later_does_not_hold_up_the_stop(
    start_server: StartServer,
) -> None:
    server = start_server()
    trusted = ssl.create_default_context(cafile=server.facts["ca_file"])
    with (
        socket.create_connection(("127.0.0.1", server.port)) as plain,
        trusted.wrap_socket(plain, server_hostname="localhost") as kept,
    ):
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        assert server.stop() == 0
    assert "graceful shutdown exceeded" not in "".join(server.said)
