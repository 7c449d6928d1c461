"""Passkeys: keys that a person's device keeps, and that open an account (WebAuthn Level 3)."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import AccountId, DirectoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A credential of an account.

    `id` is the credential's id in base64url, `public_key` its COSE key in base64url. `sign_count`
    is what the authenticator counted last; one that does not count stays at 0. `is_synced` says
    that it may live on several devices (WebAuthn §6.1.3), `aaguid` names the make of the
    authenticator.
    """

    directory_id: DirectoryId
    id: str
    account_id: AccountId
    public_key: str
    sign_count: int
    is_synced: bool
    aaguid: str
    display_name: str
    created_at: datetime
    last_used_at: datetime | None = None
