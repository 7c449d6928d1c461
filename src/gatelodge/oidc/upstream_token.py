"""The claim `idp_access_token`: what the identity provider gave us to ask it more."""

from typing import Any

from gatelodge.crypto.seal import Sealer, Unsealable
from gatelodge.journeys.upstream import ACCESS_TOKEN, token_place
from gatelodge.model.grant import Grant
from gatelodge.model.user_flow import UserFlow


def access_token_of(grant: Grant, user_flow: UserFlow, sealer: Sealer) -> dict[str, Any]:
    """Return the claim, if the user flow still hands the token on.

    It goes into the ID token a client redeems its code for, and nowhere else: not through the
    browser, not to APIs, not a second time.
    """
    sealed = None if grant.upstream is None else grant.upstream.access_token
    if sealed is None or ACCESS_TOKEN not in user_flow.application_claims:
        return {}
    try:
        token = sealer.unseal(sealed, token_place(grant.directory_id)).decode()
    except (Unsealable, UnicodeDecodeError):
        return {}
    return {"idp_access_token": token}
