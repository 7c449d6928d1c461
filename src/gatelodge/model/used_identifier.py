"""An identifier that may be used once."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import DirectoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedIdentifier:
    """The `jti` of an assertion or proof that was accepted; `id` is the digest of who and which."""

    directory_id: DirectoryId
    id: str
    expires_at: datetime
