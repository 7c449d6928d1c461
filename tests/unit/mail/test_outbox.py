"""The outbox: sent once, tried again later and later, given up in the end."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from gatelodge.mail.outbox import MAX_ATTEMPTS, Outbox, next_attempt
from gatelodge.mail.transport import NotDelivered, Undeliverable
from gatelodge.model.message import Channel, Message
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING, MovableClock
from tests.world.makers import TENANT, a_directory

MESSAGE = Message(
    directory_id=TENANT,
    id="message-1",
    channel=Channel.EMAIL,
    to="ada@acme.example",
    subject="Your code",
    text="123456",
    html="",
    code="123456",
    created_at=BEGINNING,
    next_attempt_at=BEGINNING,
)


@dataclass(slots=True)
class Pigeon:
    """A transport that fails in the ways it is told, then delivers."""

    keeps_messages: bool = False
    troubles: list[Exception] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, message: Message) -> None:
        # Somebody else's turn: two senders really do overlap.
        await asyncio.sleep(0)
        if self.troubles:
            raise self.troubles.pop(0)
        self.delivered.append(message.id)
        self.arrived.set()


@pytest.fixture
async def tenant(database: Database) -> Database:
    async def write(stores: Stores) -> None:
        await stores.directories.add(a_directory())

    await database.write(TENANT, write)
    return database


async def queue(database: Database, *messages: Message) -> None:
    async def write(stores: Stores) -> None:
        for message in messages:
            await stores.messages.add(message)

    await database.write(TENANT, write)


async def left(database: Database) -> list[Message]:
    return await database.read(TENANT).messages.latest()


async def test_a_delivered_message_is_removed(tenant: Database) -> None:
    pigeon = Pigeon()
    await queue(tenant, MESSAGE)
    assert await Outbox(tenant, pigeon, MovableClock()).send_due() == 1
    assert pigeon.delivered == ["message-1"]
    assert await left(tenant) == []


async def test_an_inbox_keeps_what_it_was_given(tenant: Database) -> None:
    outbox = Outbox(tenant, Pigeon(keeps_messages=True), MovableClock())
    await queue(tenant, MESSAGE)
    assert await outbox.send_due() == 1
    assert [each.sent_at for each in await left(tenant)] == [BEGINNING]
    assert await outbox.send_due() == 0


async def test_two_senders_send_once(tenant: Database) -> None:
    pigeon, clock = Pigeon(), MovableClock()
    await queue(tenant, *(replace(MESSAGE, id=f"message-{n}") for n in range(8)))
    senders = [Outbox(tenant, pigeon, clock) for _ in range(2)]
    await asyncio.gather(*(each.send_due() for each in senders))
    assert sorted(pigeon.delivered) == [f"message-{n}" for n in range(8)]


async def test_what_failed_is_tried_again_when_its_time_has_come(tenant: Database) -> None:
    pigeon, clock = Pigeon(troubles=[NotDelivered("away")]), MovableClock()
    outbox = Outbox(tenant, pigeon, clock)
    await queue(tenant, MESSAGE)
    assert await outbox.send_due() == 0
    assert await outbox.send_due() == 0
    clock.move(seconds=30)
    assert await outbox.send_due() == 1


async def test_a_sender_that_died_half_way_leaves_the_message(tenant: Database) -> None:
    clock = MovableClock()
    await queue(tenant, MESSAGE)
    dying = Outbox(tenant, Pigeon(troubles=[RuntimeError("power cut")]), clock)
    with pytest.raises(RuntimeError):
        await dying.send_due()
    clock.move(minutes=1)
    assert await Outbox(tenant, Pigeon(), clock).send_due() == 1


async def test_it_gives_up_when_the_code_is_long_expired(tenant: Database) -> None:
    pigeon = Pigeon(troubles=[NotDelivered("away")] * MAX_ATTEMPTS)
    clock = MovableClock()
    outbox = Outbox(tenant, pigeon, clock)
    await queue(tenant, MESSAGE)
    for _ in range(MAX_ATTEMPTS):
        assert len(await left(tenant)) == 1
        await outbox.send_due()
        clock.move(hours=1)
    assert await left(tenant) == []


async def test_an_address_refused_for_good_is_not_tried_again(tenant: Database) -> None:
    pigeon = Pigeon(troubles=[Undeliverable("no such user")])
    await queue(tenant, MESSAGE)
    assert await Outbox(tenant, pigeon, MovableClock()).send_due() == 0
    assert await left(tenant) == []


async def test_a_message_leaves_as_soon_as_it_is_committed(tenant: Database) -> None:
    pigeon = Pigeon()
    # Only the commit can wake it: the next look by itself is an hour away.
    outbox = asyncio.create_task(Outbox(tenant, pigeon, MovableClock(), poll_s=3600).run())
    await queue(tenant, MESSAGE)
    await asyncio.wait_for(pigeon.arrived.wait(), 30)
    outbox.cancel()
    assert pigeon.delivered == ["message-1"]


async def test_a_message_of_a_transaction_that_failed_is_never_sent(tenant: Database) -> None:
    async def write(stores: Stores) -> None:
        await stores.messages.add(MESSAGE)
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        await tenant.write(TENANT, write)
    assert await Outbox(tenant, Pigeon(), MovableClock()).send_due() == 0


def test_each_wait_is_at_least_as_long_as_the_one_before() -> None:
    waits = [next_attempt(BEGINNING, attempts) - BEGINNING for attempts in range(MAX_ATTEMPTS)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] == timedelta(minutes=15)
