"""Refuse to delete what user flows still use."""

from collections.abc import Callable
from dataclasses import replace

from gatelodge.errors import InUse
from gatelodge.model.query import Slice
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.lists import USER_FLOWS
from gatelodge.storage.stores import Stores


async def refuse_in_use(stores: Stores, what: str, uses: Callable[[UserFlow], bool]) -> None:
    """Raise `InUse` with the names of the user flows that use it."""
    part = Slice(limit=200)
    found: list[str] = []
    while True:
        page = await USER_FLOWS.page(stores, part)
        found += [flow.id for flow in page.values if uses(flow)]
        if page.end is None:
            break
        part = replace(part, after=page.end)
    if found:
        raise InUse(f"The {what} is in use by user flows: {', '.join(found)}.")
