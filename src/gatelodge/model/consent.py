"""Consents: what one user lets an application do, where no administrator said it for everybody."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import AccountId, ClientId, DirectoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The permission `value` of the API `resource_app_id` that a user gave the client `app_id`."""

    directory_id: DirectoryId
    account_id: AccountId
    app_id: ClientId
    resource_app_id: ClientId
    value: str
    created_at: datetime
