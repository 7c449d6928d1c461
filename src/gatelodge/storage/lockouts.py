"""Failed sign-ins by sign-in name."""

from datetime import datetime

from sqlalchemy import bindparam, or_
from sqlalchemy.dialects.postgresql import insert

from gatelodge.errors import Invalid
from gatelodge.model.lockout import PASSWORD_RULES, Lockout, LockoutRules
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Lockout, tables.lockout, key=("key",))
# SQLite took this clause over from PostgreSQL, word for word.
_FIRST = insert(tables.lockout)
_COUNT = Query(
    _FIRST.on_conflict_do_update(
        index_elements=["directory_id", "key"],
        set_={
            "failures": tables.lockout.c.failures + 1,
            "last_failure_at": _FIRST.excluded.last_failure_at,
            "fingerprint": _FIRST.excluded.fingerprint,
        },
        where=or_(
            _FIRST.excluded.fingerprint.is_(None),
            tables.lockout.c.fingerprint.is_distinct_from(_FIRST.excluded.fingerprint),
        ),
    ).returning(*_RECORD.columns)
)
_OLD = slice_of(tables.lockout, "key", tables.lockout.c.last_failure_at < bindparam("before"))


class Lockouts(Store[Lockout]):
    """How often signing in with a name failed, and whether it is locked."""

    record = _RECORD
    __slots__ = ()

    async def note_failure(
        self,
        key: str,
        now: datetime,
        rules: LockoutRules = PASSWORD_RULES,
        fingerprint: str | None = None,
    ) -> Lockout:
        """Count one more failure of a name, in one statement, and lock it when it is due.

        What failed with the same fingerprint just before is not counted again.
        """
        first = Lockout(
            directory_id=self.directory_id,
            key=key,
            failures=1,
            last_failure_at=now,
            fingerprint=fingerprint,
        )
        try:
            row = await self.connection.one(_COUNT, **_RECORD.parameters(first))
        except Invalid:
            # No account can have a name that cannot be stored, so there is nothing to guess.
            return first
        if row is None:
            return first
        counted = _RECORD.load(row)
        decided = counted.after_failure(now, rules)
        if decided != counted:
            await self.run(_RECORD.replace, **_RECORD.replacement(decided))
        return decided

    async def clear(self, key: str) -> None:
        """Forget the failures of a name; forgetting none is no error."""
        await self.run(_RECORD.remove, **_RECORD.key_parameters(key))

    async def sweep(self, before: datetime) -> int:
        """Forget a slice of the names that had no failure since `before`; return how many."""
        return await self.run(_OLD, before=before)
