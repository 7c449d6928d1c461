"""Accounts with their sign-in names and passwords."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select

from gatelodge.model.account import Account, PasswordCredential, SignInName
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query, Row
from gatelodge.storage.store import Store


def account_record(only: ColumnElement[bool]) -> Record[Account]:
    """Return how accounts lie in their table, those of them that fulfil a condition."""
    return Record(
        Account,
        tables.account,
        elsewhere=("identities",),
        derived={
            "display_name_key": lambda it: key_of(it.display_name),
            "mail_key": lambda it: key_of(it.mail or ""),
            "user_principal_name_key": lambda it: key_of(it.user_principal_name or ""),
        },
        only=only,
    )


_RECORD = account_record(tables.account.c.deleted_at.is_(None))
_names = tables.sign_in_name
_IDENTITY = (_names.c.sign_in_type, _names.c.issuer, _names.c.issuer_assigned_id)
_IDENTITIES = Query(
    select(*_IDENTITY)
    .where(
        _names.c.directory_id == bindparam("of_directory"),
        _names.c.account_id == bindparam("account_id"),
    )
    .order_by(_names.c.position)
)
_BY_NAME = Query(
    select(_names.c.account_id).where(
        _names.c.directory_id == bindparam("of_directory"),
        _names.c.issuer == bindparam("issuer"),
        _names.c.key == bindparam("key"),
    )
)
ADD_NAME = Query(insert(_names))
_DROP_NAMES = Query(
    delete(_names).where(
        _names.c.directory_id == bindparam("of_directory"),
        _names.c.account_id == bindparam("account_id"),
    )
)


class Accounts(Store[Account]):
    """Users by object id or sign-in name."""

    record = _RECORD
    __slots__ = ()

    async def get(self, *key: Any) -> Account | None:
        """Return the account with its sign-in names, or None."""
        row = await self.one(_RECORD.by_key, key_id=key[0])
        return None if row is None else await self.with_identities(row)

    async def with_identities(self, row: Row) -> Account:
        """Return the account a row stands for, with its sign-in names."""
        account: Account = _RECORD.load(row)
        _RECORD.put(account, "identities", await self.identities(account.id))
        return account

    async def identities(self, account_id: AccountId) -> tuple[SignInName, ...]:
        """Return an account's sign-in names in their order."""
        return tuple(
            SignInName(sign_in_type=row[0], issuer=row[1], issuer_assigned_id=row[2])
            for row in await self.all(_IDENTITIES, account_id=account_id)
        )

    async def by_sign_in_name(self, issuer: str, key: str) -> Account | None:
        """Return the account that has this sign-in name in look-up form, or None."""
        row = await self.one(_BY_NAME, issuer=issuer, key=key)
        return None if row is None else await self.get(row[0])

    async def add(self, value: Account) -> None:
        """Insert the account and claim its sign-in names."""
        await super().add(value)
        await self.claim(value)

    async def save(self, value: Account) -> Account:
        """Replace the account and its sign-in names."""
        saved = await super().save(value)
        await self.run(_DROP_NAMES, account_id=value.id)
        await self.claim(value)
        return saved

    async def delete(self, value: Account, now: datetime) -> None:
        """Put the account aside: it is found no more, and its sign-in names are free again.

        Raises `Stale` when somebody else was faster.
        """
        aside = replace(value, deleted_at=now, deleted_identities=value.identities)
        await super().save(aside)
        await self.run(_DROP_NAMES, account_id=value.id)

    async def claim(self, value: Account) -> None:
        """Insert the sign-in names; raises `AlreadyExists` when somebody has one of them."""
        for position, each in enumerate(value.identities):
            await self.connection.run(
                ADD_NAME,
                directory_id=self.directory_id,
                issuer=each.issuer,
                key=each.key,
                sign_in_type=each.sign_in_type,
                issuer_assigned_id=each.issuer_assigned_id,
                account_id=value.id,
                position=position,
            )


class Passwords(Store[PasswordCredential]):
    """One password for each local account."""

    record = Record(PasswordCredential, tables.password_credential, key=("account_id",))
    __slots__ = ()

    async def put(self, value: PasswordCredential) -> None:
        """Set an account's password, replacing any it had."""
        await self.drop(value.account_id)
        await self.add(value)

    async def drop(self, account_id: AccountId) -> None:
        """Take an account's password away; taking none is no error."""
        await self.run(self.record.remove, **self.record.key_parameters(account_id))
