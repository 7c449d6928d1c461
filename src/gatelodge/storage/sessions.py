"""Single sign-on sessions."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from gatelodge.model.identifier import AccountId
from gatelodge.model.session import Session
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Session, tables.session)
_session = tables.session.c
_OF_ACCOUNT = Query(
    delete(tables.session).where(
        _session.directory_id == bindparam("of_directory"),
        _session.account_id == bindparam("account"),
    )
)
_ALL_OF = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory(), _session.account_id == bindparam("account"))
    .order_by(_session.last_used_at.desc(), _session.id)
)
_EXPIRED = slice_of(tables.session, "id", _session.expires_at < bindparam("before"))
_TOUCH = Query(
    update(tables.session)
    .where(_session.directory_id == bindparam("of_directory"), _session.id == bindparam("session"))
    .values(
        last_used_at=bindparam("new_last_used_at", type_=_session.last_used_at.type),
        expires_at=bindparam("new_expires_at", type_=_session.expires_at.type),
        is_kept=bindparam("new_is_kept", type_=_session.is_kept.type),
    )
)


class Sessions(Store[Session]):
    """Signed-in browsers, by the digest of their cookie."""

    record = _RECORD
    __slots__ = ()

    async def touch(
        self, session_id: str, *, used_at: datetime, expires_at: datetime, is_kept: bool
    ) -> None:
        """Note a use, the moment the session now ends and whether it outlives the browser."""
        await self.run(
            _TOUCH,
            session=session_id,
            new_last_used_at=used_at,
            new_expires_at=expires_at,
            new_is_kept=is_kept,
        )

    async def all_of(self, account_id: AccountId) -> list[Session]:
        """Return every session of an account, the one used last first."""
        return [self.record.load(row) for row in await self.all(_ALL_OF, account=account_id)]

    async def end(self, session_id: str) -> None:
        """End one session; ending one that is gone is no error."""
        await self.run(self.record.remove, **self.record.key_parameters(session_id))

    async def end_all_of(self, account_id: AccountId) -> int:
        """End every session of an account."""
        return await self.run(_OF_ACCOUNT, account=account_id)

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what expired before that moment; return how many."""
        return await self.run(_EXPIRED, before=before)
