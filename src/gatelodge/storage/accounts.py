"""Accounts with their sign-in names and passwords."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, select

from gatelodge.model.account import Account, PasswordCredential
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store


def account_record(only: ColumnElement[bool]) -> Record[Account]:
    """Return how accounts lie in their table, those of them that fulfil a condition."""
    return Record(
        Account,
        tables.account,
        derived={
            "display_name_key": lambda it: key_of(it.display_name),
            "mail_key": lambda it: key_of(it.mail or ""),
            "user_principal_name_key": lambda it: key_of(it.user_principal_name or ""),
        },
        only=only,
    )


_RECORD = account_record(tables.account.c.deleted_at.is_(None))
_names = tables.sign_in_name
_BY_NAME = Query(
    select(*_RECORD.columns)
    .join_from(
        _names,
        tables.account,
        and_(
            tables.account.c.directory_id == _names.c.directory_id,
            tables.account.c.id == _names.c.account_id,
        ),
    )
    .where(
        _RECORD.of_directory(),
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

    async def by_sign_in_name(self, issuer: str, key: str) -> Account | None:
        """Return the account that has this sign-in name in look-up form, or None."""
        return self.load(await self.one(_BY_NAME, issuer=issuer, key=key))

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
        await super().save(replace(value, deleted_at=now))
        await self.run(_DROP_NAMES, account_id=value.id)

    async def claim(self, value: Account) -> None:
        """Insert the sign-in names; raises `AlreadyExists` when somebody has one of them."""
        for each in value.identities:
            await self.connection.run(
                ADD_NAME,
                directory_id=self.directory_id,
                issuer=each.issuer,
                key=each.key,
                sign_in_type=each.sign_in_type,
                account_id=value.id,
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
