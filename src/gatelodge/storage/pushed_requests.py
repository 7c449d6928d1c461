"""Pushed authorization requests. Using one up is one statement."""

from datetime import datetime

from sqlalchemy import bindparam, delete

from gatelodge.model.identifier import ClientId
from gatelodge.model.pushed_request import PushedRequest
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(PushedRequest, tables.pushed_request)
_pushed = tables.pushed_request.c
_TAKE = Query(
    delete(tables.pushed_request)
    .where(
        _RECORD.of_directory(),
        _pushed.id == bindparam("of_request"),
        _pushed.client_id == bindparam("of_client"),
        _pushed.expires_at > bindparam("now", type_=_pushed.expires_at.type),
    )
    .returning(*_RECORD.columns)
)
_EXPIRED = slice_of(tables.pushed_request, "id", _pushed.expires_at < bindparam("before"))


class PushedRequests(Store[PushedRequest]):
    """Requests that wait for the browser, by the digest of their `request_uri`."""

    record = _RECORD
    __slots__ = ()

    async def take(
        self, request_id: str, client_id: ClientId, now: datetime
    ) -> PushedRequest | None:
        """Use a request up; None when it is unknown, another's, expired or was used before."""
        row = await self.one(_TAKE, of_request=request_id, of_client=client_id, now=now)
        return self.load(row)

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what expired before that moment; return how many."""
        return await self.run(_EXPIRED, before=before)
