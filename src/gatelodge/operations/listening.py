"""Sockets, and the server that answers on them until it is told to stop."""

import asyncio
import contextlib
import errno
import signal
import socket
import ssl
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

GRACE_S = 8
"""How long requests in flight may take after SIGTERM; the process is gone within ten seconds."""

_BACKLOG = 2048
_HANG_UP_EVERY_S = 0.2


class CannotListen(Exception):
    """An address is in use, or not ours to listen on."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to `host` and `port` (0: any free one). Raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        raise CannotListen(f"{host} port {port} {reason}") from error
    return bound


def bind_loopback(port: int) -> list[socket.socket]:
    """Return sockets on 127.0.0.1 and, where the machine has it, ::1."""
    first = bind("127.0.0.1", port)
    sockets = [first]
    with contextlib.suppress(CannotListen):
        sockets.append(bind("::1", first.getsockname()[1]))
    return sockets


class Server(uvicorn.Server):
    """uvicorn that tells when it is ready and when it begins to stop, and leaves with status 0."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        tls: ssl.SSLContext | None = None,
        trusted_proxies: str = "",
        on_ready: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=trusted_proxies or None,
                backlog=_BACKLOG,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=GRACE_S,
                ssl_context_factory=None if tls is None else lambda _config, _default: tls,
            )
        )
        self._on_ready = on_ready
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second interrupt stops at once.

        The signal is not raised again afterwards: having been asked to stop is no failure.
        """
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let those go who only wait for something to happen, then finish the others."""
        self._on_stop()
        hanging_up = asyncio.create_task(self._hang_up())
        try:
            await super().shutdown(sockets)
        finally:
            hanging_up.cancel()

    async def _hang_up(self) -> None:
        """Close what has been said goodbye to on our side.

        TLS would wait for the other side's goodbye, and a client that only keeps a connection for
        later does not read ours: each such client would hold up the stop for the whole grace.
        """
        while True:
            await asyncio.sleep(_HANG_UP_EVERY_S)
            for connection in list(self.server_state.connections):
                transport = connection.transport
                if transport.is_closing() and not transport.get_write_buffer_size():
                    transport.abort()
