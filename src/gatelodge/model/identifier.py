"""Identifiers that must not be taken for one another."""

from typing import NewType

DirectoryId = NewType("DirectoryId", str)
"""A tenant's GUID, lower case."""

UserFlowId = NewType("UserFlowId", str)
"""A user flow's id in the case it was created with, `B2C_1_…`."""

AccountId = NewType("AccountId", str)
"""A user's object id (GUID); never given to another user."""

ApplicationId = NewType("ApplicationId", str)
"""An application's object id (GUID)."""

ClientId = NewType("ClientId", str)
"""An application's `appId`, which OAuth calls `client_id` (GUID, lower case)."""

GrantId = NewType("GrantId", str)
InteractionId = NewType("InteractionId", str)
"""Digest of an interaction's handle; the handle itself is never stored."""


def key_of(name: str) -> str:
    """Return the form under which a name is unique and looked up: without regard to case."""
    return name.casefold()
