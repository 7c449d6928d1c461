"""Administrators' own pages around our forms."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from gatelodge.model.identifier import key_of
from gatelodge.model.page_template import PageTemplate
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(PageTemplate, tables.page_template, key=("user_flow_key", "page_id"))
_OF_FLOW = Query(
    select(*_RECORD.columns)
    .where(
        _RECORD.of_directory(), tables.page_template.c.user_flow_key == bindparam("user_flow_key")
    )
    .order_by(tables.page_template.c.page_id)
)


class PageTemplates(Store[PageTemplate]):
    """Templates by user flow (without case) and page."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the user flow without case, and the page."""
        return (key_of(key[0]), *key[1:])

    async def of_user_flow(self, user_flow_id: str) -> Sequence[PageTemplate]:
        """Return every template of a user flow."""
        rows = await self.all(_OF_FLOW, user_flow_key=key_of(user_flow_id))
        return [_RECORD.load(row) for row in rows]

    async def put(self, template: PageTemplate) -> None:
        """Store a template in place of the one there may be."""
        await self.discard(template.user_flow_key, template.page_id)
        await self.add(template)

    async def discard(self, user_flow_id: str, page_id: str) -> None:
        """Delete a template if there is one."""
        if await self.get(user_flow_id, page_id) is not None:
            await self.remove(user_flow_id, page_id)
