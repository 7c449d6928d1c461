"""Second factors of accounts, and their recovery codes. Each use is one statement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from gatelodge.model.identifier import AccountId
from gatelodge.model.second_factor import EnrolledFactor, RecoveryCode
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_FACTOR = Record(EnrolledFactor, tables.second_factor, key=("account_id", "id"))
_factor = tables.second_factor.c
_OF_ACCOUNT = Query(
    select(*_FACTOR.columns)
    .where(_FACTOR.of_directory(), _factor.account_id == bindparam("account"))
    .order_by(_factor.created_at, _factor.id)
)
_USE_STEP = Query(
    update(tables.second_factor)
    .where(
        _FACTOR.of_directory(),
        _factor.account_id == bindparam("account"),
        _factor.id == bindparam("of_factor"),
        _factor.last_step < bindparam("step", type_=_factor.last_step.type),
    )
    .values(last_step=bindparam("new_step", type_=_factor.last_step.type))
)


class SecondFactors(Store[EnrolledFactor]):
    """What accounts prove besides a password, by account and id."""

    record = _FACTOR
    __slots__ = ()

    async def of_account(self, account_id: AccountId) -> list[EnrolledFactor]:
        """Return the factors of an account, the oldest first."""
        return [_FACTOR.load(row) for row in await self.all(_OF_ACCOUNT, account=account_id)]

    async def use_step(self, account_id: AccountId, factor_id: str, step: int) -> bool:
        """Use up a time step and all before it; False when it was used already."""
        used = await self.run(
            _USE_STEP, account=account_id, of_factor=factor_id, step=step, new_step=step
        )
        return used > 0


_CODE = Record(RecoveryCode, tables.recovery_code, key=("account_id", "digest"))
_code = tables.recovery_code.c
_CONSUME = Query(
    update(tables.recovery_code)
    .where(
        _CODE.of_directory(),
        _code.account_id == bindparam("account"),
        _code.digest == bindparam("of_digest"),
        _code.used_at.is_(None),
    )
    .values(used_at=bindparam("new_used_at", type_=_code.used_at.type))
)
_CLEAR = Query(
    delete(tables.recovery_code).where(
        _CODE.of_directory(), _code.account_id == bindparam("account")
    )
)
_UNUSED = Query(
    select(func.count())
    .select_from(tables.recovery_code)
    .where(_CODE.of_directory(), _code.account_id == bindparam("account"), _code.used_at.is_(None))
)


class RecoveryCodes(Store[RecoveryCode]):
    """Codes for the day the other factors are out of reach."""

    record = _CODE
    __slots__ = ()

    async def replace_all(self, account_id: AccountId, codes: Sequence[RecoveryCode]) -> None:
        """Put these codes in the place of all the account had."""
        await self.run(_CLEAR, account=account_id)
        for each in codes:
            await self.add(each)

    async def unused(self, account_id: AccountId) -> int:
        """Return how many codes of an account still count."""
        row = await self.one(_UNUSED, account=account_id)
        return int(row[0]) if row else 0

    async def consume(self, account_id: AccountId, digest: str, now: datetime) -> bool:
        """Use a code up; False when there is no such code or it was used already."""
        used = await self.run(_CONSUME, account=account_id, of_digest=digest, new_used_at=now)
        return used > 0
