"""Notices of ended sessions, waiting to be sent to applications."""

from datetime import datetime

from sqlalchemy import bindparam, exists, func, insert, literal, select, update

from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.logout_notice import LogoutNotice
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(LogoutNotice, tables.logout_notice)
_notice, _grant, _application = tables.logout_notice.c, tables.grant.c, tables.application.c
_waiting = tables.logout_notice.alias("waiting").c
_NOW = bindparam("now", type_=_notice.created_at.type)
_QUEUE = Query(
    insert(tables.logout_notice).from_select(
        [each.name for each in _RECORD.columns],
        # One notice for each application and session, under the id of one of the grants.
        select(
            _grant.directory_id,
            func.min(_grant.id),
            _grant.client_id,
            func.min(_grant.user_flow_id),
            _grant.account_id,
            _grant.session_id,
            _NOW,
            literal(0),
            _NOW,
            func.min(_grant.own_host),
        )
        .join(
            tables.application,
            (_application.directory_id == _grant.directory_id)
            & (_application.app_id == _grant.client_id),
        )
        .where(
            _grant.directory_id == bindparam("of_directory"),
            _grant.account_id == bindparam("account"),
            _grant.session_id.is_not(None),
            (_grant.session_id == bindparam("session")) | (bindparam("session") == ""),
            _grant.revoked_at.is_(None),
            _application.web_back_channel_logout_url.is_not(None),
            # A session that ended while its grants live on is told of once.
            ~exists().where(
                _waiting.directory_id == _grant.directory_id,
                _waiting.client_id == _grant.client_id,
                _waiting.session_id == _grant.session_id,
            ),
        )
        .group_by(_grant.directory_id, _grant.client_id, _grant.account_id, _grant.session_id),
    )
)
_DUE = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory(), _notice.next_attempt_at <= bindparam("now"))
    .order_by(_notice.created_at, _notice.id)
    .limit(20)
)
_CLAIM = Query(
    update(tables.logout_notice)
    .where(
        _RECORD.of_directory(),
        _notice.id == bindparam("of_notice"),
        _notice.next_attempt_at == bindparam("seen", type_=_notice.next_attempt_at.type),
    )
    .values(
        attempts=_notice.attempts + 1,
        next_attempt_at=bindparam("new_next_attempt_at", type_=_notice.next_attempt_at.type),
    )
)
_WAITING = Query(
    select(_notice.directory_id).where(_notice.next_attempt_at <= bindparam("now")).distinct()
)
_OLD = slice_of(tables.logout_notice, "id", _notice.created_at < bindparam("before"))


class LogoutNotices(Store[LogoutNotice]):
    """What applications have to be told; written before the grants they follow from are revoked."""

    record = _RECORD
    __slots__ = ()

    async def queue_for(
        self, account_id: AccountId, now: datetime, *, session_id: str | None = None
    ) -> int:
        """Queue a notice to every application that wants one; return how many.

        About one session of the account, or about all of them.
        """
        return await self.run(_QUEUE, account=account_id, session=session_id or "", now=now)

    async def due(self, now: datetime) -> list[LogoutNotice]:
        """Return up to 20 notices whose time has come, the oldest first."""
        return [_RECORD.load(row) for row in await self.all(_DUE, now=now)]

    async def claim(self, notice: LogoutNotice, until: datetime) -> bool:
        """Take a due notice for one attempt; False when another sender was faster."""
        claimed = await self.run(
            _CLAIM,
            of_notice=notice.id,
            seen=notice.next_attempt_at,
            new_next_attempt_at=until,
        )
        return claimed > 0

    async def directories_waiting(self, now: datetime) -> list[DirectoryId]:
        """Return the directories, of all there are, that have a notice due."""
        rows = await self.connection.all(_WAITING, now=now)
        return [DirectoryId(row[0]) for row in rows]

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of the notices made before that moment; return how many."""
        return await self.run(_OLD, before=before)
