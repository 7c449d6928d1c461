"""Users, applications and service principals that were deleted and can still be brought back."""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import bindparam, delete, select

from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import OF_APPLICATION, ServicePrincipal
from gatelodge.storage import tables
from gatelodge.storage.accounts import Accounts, account_record
from gatelodge.storage.applications import Applications
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

T = TypeVar("T")


class Deleted(Store[T]):
    """What was deleted of one kind. To remove it from here is to delete it for good."""

    expired: ClassVar[Query]
    __slots__ = ()

    async def sweep(self, before: datetime) -> int:
        """Delete for good a slice of what was deleted before that; return how many."""
        return await self.run(self.expired, before=before)


_ACCOUNTS = account_record(tables.account.c.deleted_at.is_not(None))


class DeletedAccounts(Deleted[Account]):
    """Users that were deleted, shown with the sign-in names they had."""

    record = _ACCOUNTS
    expired = slice_of(tables.account, "id", tables.account.c.deleted_at < bindparam("before"))
    __slots__ = ()

    async def restore(self, value: Account) -> Account:
        """Bring the account back and claim its names anew.

        Raises `AlreadyExists` when somebody has one of them by now, `Stale` when it is gone.
        """
        back = await self.save(replace(value, deleted_at=None))
        await Accounts(self.connection, self.directory_id).claim(back)
        return back


_APPLICATIONS = Record(
    Application, tables.application, only=tables.application.c.deleted_at.is_not(None)
)

_GRANTS_OF_EXPIRED = Query(
    delete(tables.permission_grant).where(
        tables.permission_grant.c.directory_id == bindparam("of_directory"),
        tables.permission_grant.c.resource_app_id.in_(
            select(tables.application.c.app_id).where(
                _APPLICATIONS.of_directory(), tables.application.c.deleted_at < bindparam("before")
            )
        ),
    )
)


class DeletedApplications(Deleted[Application]):
    """Applications that were deleted."""

    record = _APPLICATIONS
    is_configuration = True
    expired = slice_of(
        tables.application, "id", tables.application.c.deleted_at < bindparam("before")
    )
    __slots__ = ()

    async def sweep(self, before: datetime) -> int:
        """Delete for good what was deleted before that, and what others were granted of it."""
        await self.run(_GRANTS_OF_EXPIRED, before=before)
        return await super().sweep(before)

    async def restore(self, value: Application) -> Application:
        """Bring the application back and claim its identifier URIs anew.

        Raises `AlreadyExists` when another has one of them by now, `Stale` when it is gone.
        """
        back = await self.save(replace(value, deleted_at=None))
        await Applications(self.connection, self.directory_id).claim(back.id, back.identifier_uris)
        return back


_PRINCIPALS: Record[Any] = Record(
    ServicePrincipal,
    tables.service_principal,
    elsewhere=OF_APPLICATION,
    only=tables.service_principal.c.deleted_at.is_not(None),
)
_OF_APPLICATION = Query(
    delete(tables.service_principal).where(
        _PRINCIPALS.of_directory(), tables.service_principal.c.app_id == bindparam("app_id")
    )
)


class DeletedServicePrincipals(Deleted[ServicePrincipal]):
    """Service principals that were deleted, each with what had been granted to it and of it."""

    record = _PRINCIPALS
    is_configuration = True
    expired = slice_of(
        tables.service_principal,
        "id",
        tables.service_principal.c.deleted_at < bindparam("before"),
    )
    __slots__ = ()

    async def restore(self, value: ServicePrincipal) -> ServicePrincipal:
        """Bring the service principal back; raises `Stale` when it is gone."""
        return await self.save(replace(value, deleted_at=None, deleted_grants=None))

    async def remove_of(self, app_id: ClientId) -> None:
        """Delete for good what stood for an application, if there is anything."""
        await self.run(_OF_APPLICATION, app_id=app_id)
