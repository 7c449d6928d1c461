"""An authorization request an application pushed to us directly (RFC 9126)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import ClientId, DirectoryId

PUSHED_LIFETIME_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedRequest:
    """Parameters that wait for the browser; `id` is the digest of the `request_uri`.

    `client_id` is who pushed them: nobody else can use them. `key_thumbprint` is the key the
    client showed (RFC 9449 §10.1).
    """

    directory_id: DirectoryId
    id: str
    client_id: ClientId
    parameters: Mapping[str, str]
    key_thumbprint: str | None = None
    expires_at: datetime
