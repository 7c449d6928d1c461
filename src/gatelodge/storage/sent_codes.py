"""How many codes went to an address lately."""

from datetime import datetime

from sqlalchemy import bindparam, case
from sqlalchemy.dialects.postgresql import insert

from gatelodge.model.one_time_code import SentCodes as Count
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Count, tables.sent_code, key=("address",))
_sent = tables.sent_code.c
_IS_OLD = _sent.window_began_at <= bindparam("since", type_=_sent.window_began_at.type)
_NOTE = Query(
    insert(tables.sent_code).on_conflict_do_update(
        index_elements=["directory_id", "address"],
        set_={
            "sends": case((_IS_OLD, 1), else_=_sent.sends + 1),
            "window_began_at": case(
                (_IS_OLD, bindparam("now", type_=_sent.window_began_at.type)),
                else_=_sent.window_began_at,
            ),
        },
    )
)
_OLD = slice_of(tables.sent_code, "address", _sent.window_began_at < bindparam("before"))


class SentCodes(Store[Count]):
    """Codes sent, by address in look-up form; a window begins with its first code."""

    record = _RECORD
    __slots__ = ()

    async def count(self, address: str, *, since: datetime) -> int:
        """Return how many codes went to the address in the window from `since`."""
        found = await self.get(address)
        return 0 if found is None or found.window_began_at <= since else found.sends

    async def note(self, address: str, *, now: datetime, since: datetime) -> None:
        """Count one more code, in one statement."""
        first = Count(directory_id=self.directory_id, address=address, window_began_at=now, sends=1)
        await self.connection.run(_NOTE, **_RECORD.parameters(first), since=since, now=now)

    async def sweep(self, before: datetime) -> int:
        """Forget a slice of the windows that began before that moment; return how many."""
        return await self.run(_OLD, before=before)
