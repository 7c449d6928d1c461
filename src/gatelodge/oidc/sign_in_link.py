"""The link in a mail with a code for signing in: sealed, so that only we can make and read one."""

from urllib.parse import urlencode

import msgspec

from gatelodge.crypto.seal import Sealer, Unsealable
from gatelodge.journeys.place import LinkTo
from gatelodge.oidc.provider import Endpoint, Provider


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """What a link carries: the handle of the interaction the code counts in, and the code."""

    handle: str
    code: str


def link_maker(provider: Provider, sealer: Sealer, handle: str) -> LinkTo:
    """Return what makes the link of a code for the interaction with this handle."""

    def link_to(code: str) -> str:
        token = sealer.seal(msgspec.json.encode(Carried(handle, code)), _place(provider))
        where = f"{provider.directory.domain}/{_policy(provider)}/{Endpoint.LINK}"
        return f"{provider.origin}/{where}?{urlencode({'token': token})}"

    return link_to


def open_link(provider: Provider, sealer: Sealer, token: str) -> Carried | None:
    """Return what a link carries; None for one we did not make for this user flow."""
    try:
        opened = sealer.unseal(token, _place(provider))
    except Unsealable:
        return None
    return msgspec.json.decode(opened, type=Carried)


def _place(provider: Provider) -> str:
    return f"link|{provider.directory.id}|{_policy(provider)}"


def _policy(provider: Provider) -> str:
    return "" if provider.user_flow is None else provider.user_flow.policy
