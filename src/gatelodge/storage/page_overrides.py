"""What pages of user flows say in other words."""

from typing import Any

from sqlalchemy import bindparam, select

from gatelodge.model.identifier import key_of
from gatelodge.model.language import PageOverride
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(
    PageOverride, tables.language_page, key=("user_flow_key", "language_key", "page_id")
)
_OF_FLOW = Query(
    select(*_RECORD.columns)
    .where(
        _RECORD.of_directory(),
        tables.language_page.c.user_flow_key == bindparam("user_flow_key"),
    )
    .order_by(tables.language_page.c.language_key, tables.language_page.c.page_id)
)


class PageOverrides(Store[PageOverride]):
    """Overrides by user flow, language and page; the first two without case."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the names without case."""
        return tuple(key_of(part) for part in key)

    async def of_user_flow(self, user_flow_id: str) -> list[PageOverride]:
        """Return every override of a user flow."""
        rows = await self.all(_OF_FLOW, user_flow_key=key_of(user_flow_id))
        return [_RECORD.load(row) for row in rows]

    async def put(self, override: PageOverride) -> None:
        """Store an override in place of the one there may be."""
        key = (override.user_flow_key, override.language_key, override.page_id)
        if await self.get(*key) is not None:
            await self.remove(*key)
        await self.add(override)
