"""The id of an access token, which leads back to the grant it was issued on.

Every access token for a user carries it as `uti`. Nothing rests on its being secret: it says only
which grant to look at, and a token counts only as long as that grant stands.
"""

from uuid import UUID

from gatelodge.crypto.digest import base64url, from_base64url
from gatelodge.model.identifier import GrantId
from gatelodge.randomness import Randomness

CLAIM = "uti"
_GRANT_OCTETS = 16
_OWN_OCTETS = 8


def new_token_id(grant_id: GrantId, randomness: Randomness) -> str:
    """Return an id no other token has, with the id of the grant in it."""
    return base64url(UUID(grant_id).bytes + randomness.octets(_OWN_OCTETS))


def grant_of(token_id: object) -> GrantId | None:
    """Return the id of the grant a token was issued on; None when it names none."""
    try:
        octets = from_base64url(token_id) if isinstance(token_id, str) else b""
    except ValueError:
        return None
    if len(octets) != _GRANT_OCTETS + _OWN_OCTETS:
        return None
    return GrantId(str(UUID(bytes=octets[:_GRANT_OCTETS])))
