"""Scripts of administrators' own pages."""

from typing import Any

from sqlalchemy import select

from gatelodge.model.identifier import key_of
from gatelodge.model.page_script import PageScript
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(PageScript, tables.page_script, key=("user_flow_key", "page_id", "digest"))
_FLOWS = Query(
    select(tables.page_script.c.user_flow_key)
    .where(_RECORD.of_directory())
    .distinct()
    .order_by(tables.page_script.c.user_flow_key)
)


class PageScripts(Store[PageScript]):
    """Scripts by user flow (without case), page and digest; they end with their template."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the user flow without case, the page and the digest."""
        return (key_of(key[0]), *key[1:])

    async def user_flows(self) -> tuple[str, ...]:
        """Return the keys of the user flows whose pages have scripts."""
        return tuple(row[0] for row in await self.all(_FLOWS))
