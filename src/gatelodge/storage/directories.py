"""Directories. The only store that is not bound to one."""

from typing import Any

from sqlalchemy import bindparam, select

from gatelodge.model.directory import Directory
from gatelodge.model.identifier import key_of
from gatelodge.model.service_principal import graph_service_principal
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.service_principals import ServicePrincipals
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(Directory, tables.directory, derived={"domain_key": lambda it: key_of(it.domain)})
_FIND = Query(
    select(*_RECORD.columns).where(
        (tables.directory.c.id == bindparam("name"))
        | (tables.directory.c.domain_key == bindparam("name"))
    )
)
_ALL = Query(select(*_RECORD.columns).order_by(tables.directory.c.domain_key))


class Directories(Store[Directory]):
    """Every tenant of the installation."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    async def add(self, value: Directory) -> None:
        """Insert the directory, and what stands for the Graph API in it."""
        await super().add(value)
        principals = ServicePrincipals(self.connection, value.id)
        await principals.add(graph_service_principal(value))

    async def find(self, name: str) -> Directory | None:
        """Return the directory with this GUID or domain, compared without case."""
        return self.load(await self.connection.one(_FIND, name=key_of(name)))

    async def every(self) -> list[Directory]:
        """Return all directories by domain."""
        rows: list[Any] = await self.connection.all(_ALL)
        return [_RECORD.load(row) for row in rows]
