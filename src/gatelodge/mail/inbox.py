"""The development inbox: messages go nowhere, and whoever waits for one is told."""

import asyncio

from gatelodge.model.message import Message


class Inbox:
    """A transport that keeps what it is given where `/_dev/messages` reads it."""

    keeps_messages = True

    def __init__(self) -> None:
        self._arrivals: set[asyncio.Future[None]] = set()
        self._is_closed = False

    async def deliver(self, message: Message) -> None:
        """Accept the message."""

    def announce(self) -> None:
        """Wake everybody who waits for a message."""
        for arrival in self._arrivals:
            if not arrival.done():
                arrival.set_result(None)
        self._arrivals.clear()

    def expect(self) -> "asyncio.Future[None]":
        """Return what is done at the next arrival, or at once when nothing arrives any more."""
        arrival = asyncio.get_running_loop().create_future()
        if self._is_closed:
            arrival.set_result(None)
        else:
            self._arrivals.add(arrival)
        return arrival

    def forget(self, arrival: "asyncio.Future[None]") -> None:
        """Stop waiting."""
        self._arrivals.discard(arrival)

    @property
    def is_closed(self) -> bool:
        """Return whether the server is stopping."""
        return self._is_closed

    def close(self) -> None:
        """Send everybody home who waits."""
        self._is_closed = True
        self.announce()
