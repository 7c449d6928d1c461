"""Applications, their identifier URIs and the permissions they were granted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Text, bindparam, delete, insert, or_, select, type_coerce

from gatelodge.model.application import Application, GrantKind, PermissionGrant
from gatelodge.model.identifier import ApplicationId, ClientId
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Application, tables.application, only=tables.application.c.deleted_at.is_(None))
_BY_APP_ID = Query(
    select(*_RECORD.columns).where(
        _RECORD.of_directory(), tables.application.c.app_id == bindparam("app_id")
    )
)
_BY_URI = Query(
    select(*_RECORD.columns)
    .join(
        tables.identifier_uri,
        (tables.identifier_uri.c.directory_id == tables.application.c.directory_id)
        & (tables.identifier_uri.c.application_id == tables.application.c.id),
    )
    .where(_RECORD.of_directory(), tables.identifier_uri.c.uri == bindparam("uri"))
)
_TRUSTING = Query(
    select(tables.application.c.id)
    .where(
        tables.application.c.directory_id == bindparam("of_directory"),
        type_coerce(tables.application.c.pre_authorized_applications, Text()).like(
            bindparam("pattern", type_=Text())
        ),
    )
    .limit(1)
)
_ADD_URI = Query(insert(tables.identifier_uri))
_DROP_URIS = Query(
    delete(tables.identifier_uri).where(
        tables.identifier_uri.c.directory_id == bindparam("of_directory"),
        tables.identifier_uri.c.application_id == bindparam("application_id"),
    )
)


class Applications(Store[Application]):
    """Applications by object id, client id or identifier URI."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    async def by_app_id(self, app_id: ClientId) -> Application | None:
        """Return the application with this client id (lower case), or None."""
        return self.load(await self.one(_BY_APP_ID, app_id=app_id))

    async def by_identifier_uri(self, uri: str) -> Application | None:
        """Return the API that owns this App ID URI, or None."""
        return self.load(await self.one(_BY_URI, uri=uri))

    async def is_pre_authorized(self, app_id: ClientId) -> bool:
        """Return whether an API, be it deleted, trusts this client id (a GUID, lower case)."""
        return await self.one(_TRUSTING, pattern=f"%{app_id}%") is not None

    async def add(self, value: Application) -> None:
        """Insert the application and claim its identifier URIs."""
        await super().add(value)
        await self.claim(value.id, value.identifier_uris)

    async def save(self, value: Application) -> Application:
        """Replace the application and its identifier URIs."""
        saved = await super().save(value)
        await self.run(_DROP_URIS, application_id=value.id)
        await self.claim(value.id, value.identifier_uris)
        return saved

    async def delete(self, value: Application, now: datetime) -> None:
        """Put the application aside: it is found no more, and its identifier URIs are free again.

        Raises `Stale` when somebody else was faster.
        """
        await super().save(replace(value, deleted_at=now))
        await self.run(_DROP_URIS, application_id=value.id)

    async def claim(self, application_id: ApplicationId, uris: tuple[str, ...]) -> None:
        """Insert the identifier URIs; raises `AlreadyExists` when another has one of them."""
        for uri in uris:
            await self.connection.run(
                _ADD_URI, directory_id=self.directory_id, uri=uri, application_id=application_id
            )


_GRANTS = Record(
    PermissionGrant,
    tables.permission_grant,
    key=("app_id", "resource_app_id", "kind", "value"),
)
_VALUES = Query(
    select(tables.permission_grant.c.value)
    .where(
        _GRANTS.of_directory(),
        tables.permission_grant.c.app_id == bindparam("app_id"),
        tables.permission_grant.c.resource_app_id == bindparam("resource_app_id"),
        tables.permission_grant.c.kind == bindparam("kind"),
    )
    .order_by(tables.permission_grant.c.value)
)


_EVERY = Query(
    select(*_GRANTS.columns)
    .where(_GRANTS.of_directory(), tables.permission_grant.c.kind == bindparam("kind"))
    .order_by(*(tables.permission_grant.c[name] for name in _GRANTS.key))
)
_IS_OF = or_(
    tables.permission_grant.c.app_id == bindparam("app_id"),
    tables.permission_grant.c.resource_app_id == bindparam("app_id"),
)
_OF = Query(select(*_GRANTS.columns).where(_GRANTS.of_directory(), _IS_OF))
_DROP_OF = Query(delete(tables.permission_grant).where(_GRANTS.of_directory(), _IS_OF))


class PermissionGrants(Store[PermissionGrant]):
    """What administrators granted to applications."""

    record = _GRANTS
    is_configuration = True
    __slots__ = ()

    async def every(self, kind: GrantKind) -> list[PermissionGrant]:
        """Return everything granted of that kind, by client and API."""
        return [_GRANTS.load(row) for row in await self.all(_EVERY, kind=kind)]

    async def of(self, app_id: ClientId) -> tuple[PermissionGrant, ...]:
        """Return what an application was granted, and what others were granted of it."""
        return tuple(_GRANTS.load(row) for row in await self.all(_OF, app_id=app_id))

    async def put_back(self, grants: Iterable[PermissionGrant]) -> None:
        """Grant again what is granted no more, as far as its clients are still there."""
        applications = Applications(self.connection, self.directory_id)
        for each in grants:
            is_there = await self.get(each.app_id, each.resource_app_id, each.kind, each.value)
            if is_there is None and await applications.by_app_id(each.app_id) is not None:
                await self.add(each)

    async def remove_of(self, app_id: ClientId) -> None:
        """Revoke what an application was granted, and what others were granted of it."""
        await self.run(_DROP_OF, app_id=app_id)

    async def values(
        self, app_id: ClientId, resource_app_id: ClientId, kind: GrantKind
    ) -> tuple[str, ...]:
        """Return the scope or role values the client holds of that API, sorted."""
        rows = await self.all(_VALUES, app_id=app_id, resource_app_id=resource_app_id, kind=kind)
        return tuple(row[0] for row in rows)
