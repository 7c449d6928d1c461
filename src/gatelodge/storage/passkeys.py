"""Passkeys of accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from gatelodge.model.identifier import AccountId
from gatelodge.model.passkey import Passkey
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Passkey, tables.passkey)
_passkey = tables.passkey.c
_OF_ACCOUNT = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory(), _passkey.account_id == bindparam("account"))
    .order_by(_passkey.created_at, _passkey.id)
)
_COUNT = bindparam("count", type_=_passkey.sign_count.type)
_USE = Query(
    update(tables.passkey)
    .where(
        _RECORD.of_directory(),
        _passkey.id == bindparam("of_passkey"),
        or_(_passkey.sign_count < _COUNT, (_passkey.sign_count == 0) & (_COUNT == 0)),
    )
    .values(
        sign_count=bindparam("new_count", type_=_passkey.sign_count.type),
        last_used_at=bindparam("used_at", type_=_passkey.last_used_at.type),
    )
)


class Passkeys(Store[Passkey]):
    """Passkeys by the id of the credential."""

    record = _RECORD
    __slots__ = ()

    async def of_account(self, account_id: AccountId) -> Sequence[Passkey]:
        """Return the passkeys of an account, the oldest first."""
        return [_RECORD.load(row) for row in await self.all(_OF_ACCOUNT, account=account_id)]

    async def use(self, passkey_id: str, sign_count: int, now: datetime) -> bool:
        """Note a use; False when the authenticator counted this far already (WebAuthn §7.2)."""
        used = await self.run(
            _USE, of_passkey=passkey_id, count=sign_count, new_count=sign_count, used_at=now
        )
        return used > 0
