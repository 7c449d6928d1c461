"""Which app roles users hold."""

from sqlalchemy import bindparam, select

from gatelodge.model.identifier import AccountId, ClientId
from gatelodge.model.user_role import UserRole
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_role = tables.user_role.c
_RECORD = Record(UserRole, tables.user_role, key=("account_id", "resource_app_id", "role_id"))
_ORDER = tuple(_role[name] for name in _RECORD.key)
_IS_ACCOUNT = _role.account_id == bindparam("account_id")
_IS_API = _role.resource_app_id == bindparam("resource_app_id")
_OF_ACCOUNT = Query(
    select(*_RECORD.columns).where(_RECORD.of_directory(), _IS_ACCOUNT).order_by(*_ORDER)
)
_AT_API = Query(select(*_RECORD.columns).where(_RECORD.of_directory(), _IS_API).order_by(*_ORDER))
_IDS = Query(select(_role.role_id).where(_RECORD.of_directory(), _IS_ACCOUNT, _IS_API))


class UserRoles(Store[UserRole]):
    """App roles of users, one row for each."""

    record = _RECORD
    __slots__ = ()

    async def ids(self, account_id: AccountId, resource_app_id: ClientId) -> frozenset[str]:
        """Return the ids of the roles a user holds at an API."""
        rows = await self.all(_IDS, account_id=account_id, resource_app_id=resource_app_id)
        return frozenset(row[0] for row in rows)

    async def of_account(self, account_id: AccountId) -> list[UserRole]:
        """Return every role of a user, by API."""
        return [_RECORD.load(row) for row in await self.all(_OF_ACCOUNT, account_id=account_id)]

    async def at_api(self, resource_app_id: ClientId) -> list[UserRole]:
        """Return everybody's roles at an API, by user."""
        rows = await self.all(_AT_API, resource_app_id=resource_app_id)
        return [_RECORD.load(row) for row in rows]
