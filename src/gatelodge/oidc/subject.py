"""How tokens name the user they are about, and the browser session they come from."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from gatelodge.crypto.digest import base64url
from gatelodge.model.identifier import AccountId
from gatelodge.model.user_flow import UserFlow

UNSUPPORTED = "Not supported currently. Use oid claim."
"""What stands in `sub` where a user flow does not support it: B2C's very words."""


def subject_claims(flow: UserFlow, account_id: AccountId) -> dict[str, str]:
    """Return `sub`, and `oid` with it where `sub` names nobody."""
    if flow.token_claims_configuration.is_subject_claim_supported:
        return {"sub": account_id}
    return {"sub": UNSUPPORTED, "oid": account_id}


def account_named(claims: Mapping[str, Any]) -> str:
    """Return the id of the account a token of ours is about."""
    subject = str(claims.get("sub"))
    return str(claims.get("oid")) if subject == UNSUPPORTED else subject


def sid_of(session_id: str) -> str:
    """Return `sid`: it names a session to applications and finds none here."""
    return base64url(sha256(f"sid|{session_id}".encode()).digest()[:16])
