"""Identity providers that people come back from at addresses of their own."""

from collections.abc import Callable

from gatelodge.model.directory import Directory
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.storage.stores import Stores


async def mixed_providers(
    stores: Stores, directory: Directory, is_unbound: Callable[[IdentityProvider], bool]
) -> str | None:
    """Return what an administrator has to register, None where nothing is.

    A hostile provider could send people on to an unbound one and be handed their code (RFC 9700
    §4.4), were it not for the address the code comes to.
    """
    every = await stores.identity_providers.every()
    unbound = sorted(each.id for each in every if is_unbound(each))
    own = sorted(each.id for each in every if each.is_discovered)
    if not unbound or not own:
        return None
    addresses = ", ".join(f"/{directory.domain}/oauth2/authresp/{each}" for each in own)
    return (
        f"directory {directory.domain}: {', '.join(unbound)} repeats no nonce and takes no PKCE; "
        "providers that do not name themselves in their answers (RFC 9207) send people back to "
        f"addresses of their own, to be registered there: {addresses}"
    )
