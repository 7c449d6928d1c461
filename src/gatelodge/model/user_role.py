"""User roles: which of an API's app roles a user holds."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import AccountId, ClientId, DirectoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRole:
    """The app role `role_id` of the API `resource_app_id`, held by a user.

    The role is named by its id, so that its value may be changed while people hold it.
    """

    directory_id: DirectoryId
    account_id: AccountId
    resource_app_id: ClientId
    role_id: str
    created_at: datetime
