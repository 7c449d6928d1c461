"""Whom the browser tells that a session ended (OIDC Front-Channel Logout 1.0)."""

from gatelodge.model.session import Session
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.return_address import encode_parameters
from gatelodge.oidc.subject import sid_of
from gatelodge.storage.stores import Stores


async def frames_of(
    providers: Providers, provider: Provider, stores: Stores, session: Session
) -> tuple[str, ...]:
    """Return the address of each frame, with `iss` and `sid` (§3): one for each application.

    An application that signed the person in through user flows of different issuers has one for
    each of them.
    """
    frames: dict[str, None] = {}
    for client_id, user_flow_id in await stores.grants.participants(session.account_id, session.id):
        application = await providers.application(provider, client_id)
        issuer = await providers.beside(provider, user_flow_id)
        if application is None or issuer is None or application.web_logout_url is None:
            continue
        url = application.web_logout_url
        told = encode_parameters([("iss", issuer.issuer), ("sid", sid_of(session.id))])
        frames[f"{url}{'&' if '?' in url else '?'}{told}"] = None
    return tuple(frames)
