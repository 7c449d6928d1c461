"""What External ID does at moments of a sign-in."""

from typing import TypeVar

from sqlalchemy import select

from gatelodge.model.authentication_event import EventExtension, EventListener, EventsFlow
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

T = TypeVar("T")


def _every(record: Record[T]) -> Query:
    return Query(select(*record.columns).where(record.of_directory()).order_by(record.table.c.id))


_FLOWS = Record(EventsFlow, tables.events_flow)
_LISTENERS = Record(EventListener, tables.event_listener)
_EXTENSIONS = Record(EventExtension, tables.event_extension)
_EVERY_FLOW, _EVERY_LISTENER = _every(_FLOWS), _every(_LISTENERS)
_EVERY_EXTENSION = _every(_EXTENSIONS)


class EventsFlows(Store[EventsFlow]):
    """Events flows by id."""

    record = _FLOWS
    __slots__ = ()

    async def every(self) -> list[EventsFlow]:
        """Return all of them."""
        return [_FLOWS.load(row) for row in await self.all(_EVERY_FLOW)]


class EventListeners(Store[EventListener]):
    """Listeners by id."""

    record = _LISTENERS
    __slots__ = ()

    async def every(self) -> list[EventListener]:
        """Return all of them."""
        return [_LISTENERS.load(row) for row in await self.all(_EVERY_LISTENER)]


class EventExtensions(Store[EventExtension]):
    """Extensions by id."""

    record = _EXTENSIONS
    __slots__ = ()

    async def every(self) -> list[EventExtension]:
        """Return all of them."""
        return [_EXTENSIONS.load(row) for row in await self.all(_EVERY_EXTENSION)]
