"""User flows whose pages run scripts of an administrator's."""

from collections.abc import AsyncIterator

from gatelodge.model.directory import Directory
from gatelodge.storage.stores import Stores


async def scripted_pages(stores: Stores, directory: Directory) -> AsyncIterator[str]:
    """Yield a sentence for each such user flow: its scripts can read what people type."""
    for key in await stores.page_scripts.user_flows():
        flow = await stores.user_flows.get(key)
        if flow is not None and flow.is_java_script_enabled:
            yield (
                f"directory {directory.domain}: isJavaScriptEnabled of {flow.id}, scripts of an "
                "administrator's read what people type on its pages"
            )
