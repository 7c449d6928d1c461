"""Grants, authorization codes and refresh tokens. Each single use is one statement."""

from datetime import datetime

from sqlalchemy import bindparam, exists, select, update

from gatelodge.model.grant import AuthorizationCode, Grant, RefreshToken
from gatelodge.model.identifier import AccountId, ClientId, GrantId, UserFlowId
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_GRANT = Record(Grant, tables.grant)
_CODE = Record(AuthorizationCode, tables.authorization_code)
_REFRESH = Record(RefreshToken, tables.refresh_token)
_grant, _code, _refresh = tables.grant.c, tables.authorization_code.c, tables.refresh_token.c

_REVOKE = Query(
    update(tables.grant)
    .where(_GRANT.of_directory(), _grant.id == bindparam("of_grant"), _grant.revoked_at.is_(None))
    .values(revoked_at=bindparam("new_revoked_at", type_=_grant.revoked_at.type))
)
_BIND = Query(
    update(tables.grant)
    .where(_GRANT.of_directory(), _grant.id == bindparam("of_grant"))
    .values(key_thumbprint=bindparam("new_key_thumbprint", type_=_grant.key_thumbprint.type))
)
_ALL_OF = Query(
    select(*_GRANT.columns)
    .where(_GRANT.of_directory(), _grant.account_id == bindparam("account"))
    .order_by(_grant.created_at.desc(), _grant.id)
)
_REVOKE_ALL = Query(
    update(tables.grant)
    .where(
        _GRANT.of_directory(),
        _grant.account_id == bindparam("account"),
        _grant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("new_revoked_at", type_=_grant.revoked_at.type))
)
_REVOKE_SESSION = Query(
    update(tables.grant)
    .where(
        _GRANT.of_directory(),
        _grant.account_id == bindparam("account"),
        _grant.session_id == bindparam("session"),
        _grant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("new_revoked_at", type_=_grant.revoked_at.type))
)
_PARTICIPANTS = Query(
    select(_grant.client_id, _grant.user_flow_id)
    .where(
        _GRANT.of_directory(),
        _grant.account_id == bindparam("account"),
        _grant.session_id == bindparam("session"),
        _grant.revoked_at.is_(None),
    )
    .distinct()
    .order_by(_grant.client_id, _grant.user_flow_id)
)
_LIVE = (
    (tables.authorization_code, _code),
    (tables.refresh_token, _refresh),
)
_SWEEP = slice_of(
    tables.grant,
    "id",
    _grant.created_at < bindparam("before"),
    *(
        ~exists().where(columns.directory_id == _grant.directory_id, columns.grant_id == _grant.id)
        for _, columns in _LIVE
    ),
    # As long as the session lives, signing out has to find who took part in it.
    ~exists().where(
        tables.session.c.directory_id == _grant.directory_id,
        tables.session.c.id == _grant.session_id,
    ),
)


class Grants(Store[Grant]):
    """What users allowed applications."""

    record = _GRANT
    __slots__ = ()

    async def all_of(self, account_id: AccountId) -> list[Grant]:
        """Return every grant of an account, the latest first."""
        return [_GRANT.load(row) for row in await self.all(_ALL_OF, account=account_id)]

    async def revoke(self, grant_id: GrantId, now: datetime) -> bool:
        """End a grant with every token of it; return whether it was alive."""
        return await self.run(_REVOKE, of_grant=grant_id, new_revoked_at=now) > 0

    async def bind(self, grant_id: GrantId, key_thumbprint: str | None) -> None:
        """Let only the holder of that key use the grant from now on; None lets every holder."""
        await self.run(_BIND, of_grant=grant_id, new_key_thumbprint=key_thumbprint)

    async def revoke_all_of(self, account_id: AccountId, now: datetime) -> int:
        """End every grant of an account."""
        return await self.run(_REVOKE_ALL, account=account_id, new_revoked_at=now)

    async def revoke_all_of_session(
        self, account_id: AccountId, session_id: str, now: datetime
    ) -> int:
        """End every grant that came from a session of the account."""
        return await self.run(
            _REVOKE_SESSION, account=account_id, session=session_id, new_revoked_at=now
        )

    async def participants(
        self, account_id: AccountId, session_id: str
    ) -> list[tuple[ClientId, UserFlowId]]:
        """Return which applications a session signed the account in to, through which user flow."""
        rows = await self.all(_PARTICIPANTS, account=account_id, session=session_id)
        return [(ClientId(row[0]), UserFlowId(row[1])) for row in rows]

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of the old grants no code or refresh token hangs from; return how many.

        Those of sessions that are still there stay.
        """
        return await self.run(_SWEEP, before=before)


_REDEEM = Query(
    update(tables.authorization_code)
    .where(_CODE.of_directory(), _code.id == bindparam("of_code"), _code.redeemed_at.is_(None))
    .values(redeemed_at=bindparam("new_redeemed_at", type_=_code.redeemed_at.type))
    .returning(*_CODE.columns)
)
_OLD_CODES = slice_of(tables.authorization_code, "id", _code.expires_at < bindparam("before"))


class AuthorizationCodes(Store[AuthorizationCode]):
    """Codes by digest."""

    record = _CODE
    __slots__ = ()

    async def redeem(self, code_id: str, now: datetime) -> AuthorizationCode | None:
        """Use a code up; None when it is unknown or was used before (RFC 6749 §4.1.2)."""
        return self.load(await self.one(_REDEEM, of_code=code_id, new_redeemed_at=now))

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of the codes that expired before that moment; return how many."""
        return await self.run(_OLD_CODES, before=before)


_ROTATE = Query(
    update(tables.refresh_token)
    .where(
        _REFRESH.of_directory(),
        _refresh.id == bindparam("of_token"),
        _refresh.rotated_at.is_(None),
        select(_grant.revoked_at)
        .where(_grant.directory_id == _refresh.directory_id, _grant.id == _refresh.grant_id)
        .scalar_subquery()
        .is_(None),
    )
    .values(
        rotated_at=bindparam("new_rotated_at", type_=_refresh.rotated_at.type),
        successor_id=bindparam("new_successor_id", type_=_refresh.successor_id.type),
        replay=bindparam("new_replay", type_=_refresh.replay.type),
    )
)
_OLD_TOKENS = slice_of(tables.refresh_token, "id", _refresh.expires_at < bindparam("before"))


class RefreshTokens(Store[RefreshToken]):
    """Refresh tokens by digest."""

    record = _REFRESH
    __slots__ = ()

    async def rotate(
        self, token_id: str, successor: RefreshToken, *, replay: str, now: datetime
    ) -> bool:
        """Replace a token by its successor; False when it was rotated or revoked before.

        `replay` is the sealed answer, kept so that a client whose answer was lost gets it again.
        """
        rotated = await self.run(
            _ROTATE,
            of_token=token_id,
            new_rotated_at=now,
            new_successor_id=successor.id,
            new_replay=replay,
        )
        if rotated:
            await self.add(successor)
        return rotated > 0

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of the tokens that expired before that moment; return how many."""
        return await self.run(_OLD_TOKENS, before=before)
