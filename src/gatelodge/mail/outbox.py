"""The sender: takes due messages from the outbox, hands them over, and tries again later."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatelodge.clock import Clock
from gatelodge.mail.transport import NotDelivered, Transport, Undeliverable
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.message import Message
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_log = logging.getLogger("gatelodge.mail")

_FIRST_DELAY_S = 30
_LONGEST_DELAY_S = 900
MAX_ATTEMPTS = 8
"""After these, more than half an hour, every code in a message has expired."""


def next_attempt(now: datetime, attempts: int) -> datetime:
    """Return when to try again after `attempts` failures: later each time."""
    return now + timedelta(seconds=min(_FIRST_DELAY_S * 2**attempts, _LONGEST_DELAY_S))


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends what journeys queued in their transactions.

    A message is claimed before it is handed over, so that of several processes one sends it; a
    process that dies in between leaves it to be tried again. `poll_s` is how late a message of
    another process, or one that failed before, is noticed. `on_sent` is called after a round
    that sent something.
    """

    database: Database
    transport: Transport
    clock: Clock
    poll_s: float = 1.0
    on_sent: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Send for ever; wakes at once when this process queues a message."""
        queued = self.database.message_queued
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(queued.wait(), self.poll_s)
            queued.clear()
            try:
                await self.send_due()
            except Exception:  # noqa: BLE001 - a loop outlives every failure
                _log.exception("the outbox could not be read")

    async def send_due(self) -> int:
        """Send everything that is due now; return how many messages left."""
        sent = 0
        everywhere = self.database.read(DirectoryId(""))
        for directory_id in await everywhere.messages.directories_waiting(self.clock()):
            for message in await self.database.read(directory_id).messages.due(self.clock()):
                sent += await self._send(message)
        if sent:
            self.on_sent()
        return sent

    async def _send(self, message: Message) -> bool:
        until = next_attempt(self.clock(), message.attempts)

        async def claim(stores: Stores) -> bool:
            return await stores.messages.claim(message, until)

        if not await self.database.write(message.directory_id, claim):
            return False
        attempts = message.attempts + 1
        try:
            await self.transport.deliver(message)
        except NotDelivered as error:
            _record("message not delivered", message, attempts, error)
            if attempts >= MAX_ATTEMPTS:
                await self._drop(message)
            return False
        except Undeliverable as error:
            _record("message is undeliverable", message, attempts, error)
            await self._drop(message)
            return False
        await self._settle(message)
        return True

    async def _settle(self, message: Message) -> None:
        if not self.transport.keeps_messages:
            await self._drop(message)
            return
        now = self.clock()

        async def mark(stores: Stores) -> None:
            await stores.messages.mark_sent(message.id, now)

        await self.database.write(message.directory_id, mark)

    async def _drop(self, message: Message) -> None:
        async def drop(stores: Stores) -> None:
            await stores.messages.remove(message.id)

        await self.database.write(message.directory_id, drop)


def _record(sentence: str, message: Message, attempts: int, error: Exception) -> None:
    # The address is a person's; the id leads to it as long as the message exists.
    _log.warning("%s: %s", sentence, error, extra={"message_id": message.id, "attempts": attempts})
