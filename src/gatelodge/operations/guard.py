"""The outermost wrapper: headers on every answer, and nothing told of what went wrong inside."""

import logging
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatelodge.clock import Clock
from gatelodge.errors import Unavailable
from gatelodge.model.own_host import host_name
from gatelodge.randomness import Randomness

_log = logging.getLogger("gatelodge.requests")

MAX_BODY_OCTETS = 2 * 1024 * 1024
"""No endpoint takes more; those with a smaller limit say so themselves."""

Refuse = Callable[[Scope, int, str], Response]
"""Makes the answer to a request that cannot be served: scope, status, id to quote."""

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_NOT_A_PAGE = (
    b"content-security-policy",
    b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
)
_ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})


Header: TypeAlias = tuple[bytes, bytes]


class BodyTooLarge(Exception):
    """The request says more than anybody here wants to read."""


class Guard:
    """Serve `app`; answer 500 with an opaque id for any exception, which is only logged.

    `hosts` are the names (without port) requests may be for; none means any. Strict transport is
    left out in development: a browser would remember it for all of `localhost`. The id is the
    one thing the outside learns: it leads to the record in the log.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Refuse,
        randomness: Randomness,
        clock: Clock,
        hosts: frozenset[str] = frozenset(),
        is_strict_transport: bool = True,
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._randomness = randomness
        self._hosts = hosts
        self._clock = clock
        self._added = (*_ALWAYS, *((_STRICT_TRANSPORT,) if is_strict_transport else ()))
        self._withheld = frozenset() if is_strict_transport else frozenset({_STRICT_TRANSPORT[0]})
        self._date = (0.0, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        outgoing = _Outgoing(send, (self._today(), *self._added), self._withheld)
        if status := self._unacceptable(scope):
            await self._refuse(scope, status, "")(scope, receive, outgoing)
            return
        try:
            await self._app(scope, _bounded(receive), outgoing)
        except BodyTooLarge:
            await self._answer(scope, receive, outgoing, 413, "")
        except Unavailable:
            # Nobody is told more, and nobody can do more than try again.
            _log.warning("the database does not answer")
            await self._answer(scope, receive, outgoing, 503, "")
        except Exception as error:  # noqa: BLE001 - the outermost wrapper
            error_id = self._randomness.uuid()
            # Neither path nor query: both can carry what a person typed.
            _log.error("request failed", exc_info=error, extra={"error_id": error_id})
            await self._answer(scope, receive, outgoing, 500, error_id)

    async def _answer(
        self, scope: Scope, receive: Receive, outgoing: "_Outgoing", status: int, error_id: str
    ) -> None:
        if not outgoing.has_begun:
            await self._refuse(scope, status, error_id)(scope, receive, outgoing)

    def _today(self) -> Header:
        """Return the `Date` header, written once a second."""
        now = self._clock()
        second = now.timestamp() // 1
        if second != self._date[0]:
            self._date = (second, format_datetime(now, usegmt=True).encode())
        return (b"date", self._date[1])

    def _unacceptable(self, scope: Scope) -> int:
        host, length = "", b"0"
        for name, value in scope["headers"]:
            if name == b"host":
                host = value.decode("latin-1")
            elif name == b"content-length":
                length = value
        if length.isdigit() and int(length[:12]) > MAX_BODY_OCTETS:
            return 413
        if self._hosts and host_name(host) not in self._hosts and scope["path"] not in _ANY_HOST:
            return 421
        return 0


def _bounded(receive: Receive) -> Receive:
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > MAX_BODY_OCTETS:
                raise BodyTooLarge
        return message

    return bounded


class _Outgoing:
    """Sends an answer with the headers every answer has, unless it has its own."""

    __slots__ = ("_added", "_send", "_withheld", "has_begun")

    def __init__(self, send: Send, added: tuple[Header, ...], withheld: frozenset[bytes]) -> None:
        self._send = send
        self._added = added
        self._withheld = withheld
        self.has_begun = False

    async def __call__(self, message: Any) -> None:  # noqa: ANN401 - an ASGI message
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = list(message.get("headers", ()))
            if self._withheld:
                headers = [each for each in headers if each[0] not in self._withheld]
            present = {name for name, _ in headers}
            headers += [each for each in self._added if each[0] not in present]
            if _NOT_A_PAGE[0] not in present:
                headers.append(_NOT_A_PAGE)
            message = {**message, "headers": headers}
        await self._send(message)
