"""User flows where one identity provider could hand another's answer on as its own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from gatelodge.model.directory import Directory
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.query import Slice
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.lists import USER_FLOWS
from gatelodge.storage.stores import Stores


async def mixed_providers(
    stores: Stores, directory: Directory, is_unbound: Callable[[IdentityProvider], bool]
) -> AsyncIterator[str]:
    """Yield a sentence for each such user flow of a directory.

    A hostile provider sends people on to an unbound one and keeps their code (RFC 9700 §4.4).
    """
    part: Slice | None = Slice(limit=200)
    while part is not None:
        page = await USER_FLOWS.page(stores, part)
        for flow in page.values:
            offered = await _offered(stores, flow)
            unbound = sorted(each.id for each in offered if is_unbound(each))
            own = sorted(each.id for each in offered if each.is_discovered)
            if unbound and own:
                yield (
                    f"directory {directory.domain}: {flow.id} offers {', '.join(unbound)}, which "
                    "repeats no nonce and takes no PKCE, beside providers that could pass its "
                    f"answers off as theirs: {', '.join(own)}"
                )
        part = None if page.end is None else replace(part, after=page.end)


async def _offered(stores: Stores, flow: UserFlow) -> list[IdentityProvider]:
    found = [await stores.identity_providers.get(each) for each in flow.identity_providers]
    return [each for each in found if each is not None]
