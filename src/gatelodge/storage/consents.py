"""What users let applications do for them."""

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from gatelodge.model.consent import Consent
from gatelodge.model.identifier import AccountId, ClientId
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_consent = tables.consent.c
_RECORD = Record(Consent, tables.consent, key=("account_id", "app_id", "resource_app_id", "value"))
_ORDER = tuple(_consent[name] for name in _RECORD.key)
_IS_ACCOUNT = _consent.account_id == bindparam("account_id")
_IS_CLIENT = _consent.app_id == bindparam("app_id")
_EVERY = Query(select(*_RECORD.columns).where(_RECORD.of_directory()).order_by(*_ORDER))
_OF_ACCOUNT = Query(
    select(*_RECORD.columns).where(_RECORD.of_directory(), _IS_ACCOUNT).order_by(*_ORDER)
)
_OF_CLIENT = Query(
    select(*_RECORD.columns).where(_RECORD.of_directory(), _IS_CLIENT).order_by(*_ORDER)
)
_VALUES = Query(
    select(_consent.value).where(
        _RECORD.of_directory(),
        _IS_ACCOUNT,
        _IS_CLIENT,
        _consent.resource_app_id == bindparam("resource_app_id"),
    )
)
# SQLite took this clause over from PostgreSQL, word for word.
_GIVE = Query(
    insert(tables.consent).on_conflict_do_nothing(
        index_elements=["directory_id", "account_id", "app_id", "resource_app_id", "value"]
    )
)
_AT_EITHER_END = Query(
    delete(tables.consent).where(
        _RECORD.of_directory(),
        or_(_IS_CLIENT, _consent.resource_app_id == bindparam("app_id")),
    )
)


class Consents(Store[Consent]):
    """Consents of users, one row for each permission."""

    record = _RECORD
    __slots__ = ()

    async def give(self, consent: Consent) -> None:
        """Add a consent, unless it was given before."""
        self._check_directory(consent)
        await self.connection.run(_GIVE, **_RECORD.parameters(consent))

    async def values(
        self, account_id: AccountId, app_id: ClientId, resource_app_id: ClientId
    ) -> frozenset[str]:
        """Return what the user lets the client do at that API."""
        rows = await self.all(
            _VALUES, account_id=account_id, app_id=app_id, resource_app_id=resource_app_id
        )
        return frozenset(row[0] for row in rows)

    async def of_account(self, account_id: AccountId) -> list[Consent]:
        """Return everything a user consented to, by client and API."""
        return [_RECORD.load(row) for row in await self.all(_OF_ACCOUNT, account_id=account_id)]

    async def of_client(self, app_id: ClientId) -> list[Consent]:
        """Return everything users let a client do, by user and API."""
        return [_RECORD.load(row) for row in await self.all(_OF_CLIENT, app_id=app_id)]

    async def every(self) -> list[Consent]:
        """Return everything users consented to, by user, client and API."""
        return [_RECORD.load(row) for row in await self.all(_EVERY)]

    async def remove_of(self, app_id: ClientId) -> None:
        """Delete what users let an application do, and let others do at it."""
        await self.run(_AT_EITHER_END, app_id=app_id)
