"""Service principals."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select, update

from gatelodge.model.application import PermissionGrant
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import OF_APPLICATION, ServicePrincipal
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(
    ServicePrincipal,
    tables.service_principal,
    elsewhere=OF_APPLICATION,
    only=tables.service_principal.c.deleted_at.is_(None),
)
_IS_APP_ID = tables.service_principal.c.app_id == bindparam("app_id")
_BY_APP_ID = Query(select(*_RECORD.columns).where(_RECORD.of_directory(), _IS_APP_ID))
_RENAME = Query(
    update(tables.service_principal)
    .where(_RECORD.of_directory(), _IS_APP_ID)
    .values(display_name=bindparam("new_name"))
)


class ServicePrincipals(Store[ServicePrincipal]):
    """Service principals by object id or client id."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    async def by_app_id(self, app_id: ClientId) -> ServicePrincipal | None:
        """Return what stands for the application with this client id (lower case), or None."""
        return self.load(await self.one(_BY_APP_ID, app_id=app_id))

    async def rename(self, app_id: ClientId, display_name: str) -> None:
        """Let what stands for an application, if there is anything, have the same name."""
        await self.run(_RENAME, app_id=app_id, new_name=display_name)

    async def delete(
        self, value: ServicePrincipal, now: datetime, grants: tuple[PermissionGrant, ...]
    ) -> None:
        """Put it aside with what was granted to it and of it; it is found no more.

        Raises `Stale` when somebody else was faster.
        """
        await super().save(replace(value, deleted_at=now, deleted_grants=grants))
