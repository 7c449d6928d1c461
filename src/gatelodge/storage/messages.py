"""The outbox: messages waiting to be sent, and in development those that were."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.message import Message
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Message, tables.message)
_message = tables.message.c
_DUE = Query(
    select(*_RECORD.columns)
    .where(
        _RECORD.of_directory(),
        _message.sent_at.is_(None),
        _message.next_attempt_at <= bindparam("now"),
    )
    .order_by(_message.sequence, _message.id)
    .limit(20)
)
_SENT = Query(
    update(tables.message)
    .where(_RECORD.of_directory(), _message.id == bindparam("of_message"))
    .values(sent_at=bindparam("new_sent_at", type_=_message.sent_at.type))
)
_CLAIM = Query(
    update(tables.message)
    .where(
        _RECORD.of_directory(),
        _message.id == bindparam("of_message"),
        _message.sent_at.is_(None),
        _message.next_attempt_at == bindparam("seen", type_=_message.next_attempt_at.type),
    )
    .values(
        attempts=_message.attempts + 1,
        next_attempt_at=bindparam("new_next_attempt_at", type_=_message.next_attempt_at.type),
    )
)
_WAITING = Query(
    select(_message.directory_id)
    .where(_message.sent_at.is_(None), _message.next_attempt_at <= bindparam("now"))
    .distinct()
)
_EVERY = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory())
    .order_by(_message.sequence.desc(), _message.id.desc())
    .limit(200)
)
_LAST = Query(select(func.max(_message.sequence)).where(_RECORD.of_directory()))
_NOBODYS = ""
"""An id no message has."""

_CLEAR = Query(delete(tables.message).where(_RECORD.of_directory()))


class Messages(Store[Message]):
    """Messages to people."""

    record = _RECORD
    __slots__ = ()

    async def add(self, value: Message) -> None:
        """Queue a message; it leaves once the transaction is committed."""
        self.connection.is_message_queued = True
        last = await self.one(_LAST)
        await super().add(replace(value, sequence=((last and last[0]) or 0) + 1))

    async def pass_over(self, value: Message) -> None:
        """Queue nothing, with as many statements as `add` takes: its time tells nothing."""
        self.connection.is_message_queued = True
        await self.one(_LAST)
        await self.mark_sent(_NOBODYS, value.next_attempt_at)

    async def due(self, now: datetime) -> list[Message]:
        """Return up to 20 messages whose time has come, the oldest first."""
        return [_RECORD.load(row) for row in await self.all(_DUE, now=now)]

    async def latest(self) -> list[Message]:
        """Return up to 200 messages, the newest first."""
        return [_RECORD.load(row) for row in await self.all(_EVERY)]

    async def mark_sent(self, message_id: str, now: datetime) -> None:
        """Note that a message was delivered and keep it."""
        await self.run(_SENT, of_message=message_id, new_sent_at=now)

    async def claim(self, message: Message, until: datetime) -> bool:
        """Take a due message for one attempt; False when another sender was faster.

        It is due again at `until` unless it is marked as sent or removed before.
        """
        claimed = await self.run(
            _CLAIM,
            of_message=message.id,
            seen=message.next_attempt_at,
            new_next_attempt_at=until,
        )
        return claimed > 0

    async def directories_waiting(self, now: datetime) -> list[DirectoryId]:
        """Return the directories, of all there are, that have a message due."""
        rows = await self.connection.all(_WAITING, now=now)
        return [DirectoryId(row[0]) for row in rows]

    async def clear(self) -> None:
        """Delete every message of the directory."""
        await self.run(_CLEAR)
