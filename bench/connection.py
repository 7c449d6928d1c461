"""A small HTTP/1.1 client that costs little: one kept-alive connection, one request at a time."""

import asyncio
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from httptools import HttpResponseParser

FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> str:
        """Return the first header of a name in lower case; an empty text when there is none."""
        return next((value.decode() for key, value in self.headers if key.lower() == name), "")

    def demand(self, status: int) -> "Answer":
        """Return the answer if it has this status: a load of errors measures nothing."""
        if self.status != status:
            raise RuntimeError(f"status {self.status} instead of {status}: {self.body[:400]!r}")
        return self


class _Wire(asyncio.Protocol):
    """Feeds what arrives to the parser and hands over whole answers."""

    def __init__(self) -> None:
        self.is_open = True
        self._waiting: asyncio.Future[Answer] | None = None
        self._begin()

    def _begin(self) -> None:
        self._parser = HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are what this says, but do not inherit from it.
        self._transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, _reason: Exception | None) -> None:
        self.is_open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), self._headers, b"".join(self._pieces))
        self._begin()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)

    def send(self, octets: bytes) -> "asyncio.Future[Answer]":
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(octets)
        return self._waiting

    def close(self) -> None:
        self._transport.close()


class Connection:
    """A connection to the server on loopback; opened again when the server let it go."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: _Wire | None = None

    async def get(self, target: str, **headers: str) -> Answer:
        """Send a GET; underscores of header names become dashes."""
        return await self._exchange("GET", target, headers, b"")

    async def post(self, target: str, body: bytes, content_type: str, **headers: str) -> Answer:
        """Send a POST."""
        return await self._exchange("POST", target, {"content_type": content_type, **headers}, body)

    async def post_form(self, target: str, form: dict[str, str], **headers: str) -> Answer:
        """Send a form."""
        return await self.post(target, urlencode(form).encode(), FORM, **headers)

    async def _exchange(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        if self._wire is None or not self._wire.is_open:
            loop = asyncio.get_running_loop()
            _, self._wire = await loop.create_connection(_Wire, "127.0.0.1", self._port)
        lines = [f"{method} {target} HTTP/1.1", f"host: localhost:{self._port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if method == "POST":
            lines.append(f"content-length: {len(body)}")
        return await self._wire.send("\r\n".join((*lines, "", "")).encode() + body)

    def close(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.close()
