"""Audit events: who did what, to what, with which result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId


class EventName(StrEnum):
    """The closed list of what is recorded, as subject.action."""

    USER_FLOW_CREATED = "userFlow.created"
    USER_FLOW_UPDATED = "userFlow.updated"
    USER_FLOW_DELETED = "userFlow.deleted"
    ATTRIBUTE_CREATED = "userFlowAttribute.created"
    ATTRIBUTE_UPDATED = "userFlowAttribute.updated"
    ATTRIBUTE_DELETED = "userFlowAttribute.deleted"
    APPLICATION_CREATED = "application.created"
    APPLICATION_UPDATED = "application.updated"
    APPLICATION_DELETED = "application.deleted"
    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"
    USER_DELETED = "user.deleted"
    SIGN_UP = "account.signedUp"
    SIGN_IN = "account.signedIn"
    SIGN_IN_REFUSED = "account.signInRefused"
    PASSWORD_RESET = "account.passwordReset"
    PROFILE_UPDATED = "account.profileUpdated"
    LOCKED = "account.locked"
    SIGNED_OUT = "account.signedOut"
    TOKEN_REUSED = "grant.reused"
    KEYS_ROTATED = "signingKeys.rotated"
    DIRECTORY_CREATED = "directory.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One event. `actor` and `target` are ids, never names or values; `detail` holds no secrets."""

    directory_id: DirectoryId
    id: str
    at: datetime
    name: EventName
    actor: str
    target: str
    is_success: bool = True
    correlation_id: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
