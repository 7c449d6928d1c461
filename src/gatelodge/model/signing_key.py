"""Signing keys of a directory."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId


class Algorithm(StrEnum):
    """JWS algorithms tokens are signed with (RFC 7518 §3.1)."""

    RS256 = "RS256"
    ES256 = "ES256"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key pair: public part as a JWK, private part sealed under the installation's key.

    Published from `created_at`, signs from `active_at`, disappears at `retired_at`.
    """

    directory_id: DirectoryId
    id: str
    algorithm: Algorithm
    public_jwk: str
    sealed_private_key: str
    created_at: datetime
    active_at: datetime
    retired_at: datetime | None = None
