"""What every audit event is called where people and programs read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.audit import ActorKind, EventName


class AuditKind(StrEnum):
    """Which of the two lists an event is read in."""

    DIRECTORY = "directory"
    SIGN_IN = "signIn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An event's name in words, and what Graph groups it by.

    `actor_kind` says who acts where the event itself does not; None is the program itself.
    """

    display_name: str
    category: str
    operation: str
    target_type: str
    service: str = "B2C"
    actor_kind: ActorKind | None = None


_CORE = "Core Directory"
_SIGN_INS = frozenset(
    {
        EventName.SIGN_IN,
        EventName.SIGN_IN_REFUSED,
        EventName.ERROR_TOLD,
        EventName.ERRORS_LEFT_OUT,
    }
)
_OPERATIONS = {"created": "Add", "updated": "Update", "deleted": "Delete"}
_VERBS = {"created": "Create", "updated": "Update", "deleted": "Delete"}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUBJECTS: Mapping[str, tuple[str, str, str]] = {
    "userFlow": ("ResourceManagement", "UserFlow", "B2C"),
    "userFlowAttribute": ("ResourceManagement", "UserFlowAttribute", "B2C"),
    "application": ("ApplicationManagement", "Application", _CORE),
    "user": ("UserManagement", "User", _CORE),
    "directory": ("DirectoryManagement", "Directory", _CORE),
}


def _of_person(words: str, operation: str, actor: ActorKind, target_type: str) -> Activity:
    return Activity(
        display_name=words,
        category="Authentication",
        operation=operation,
        target_type=target_type,
        actor_kind=actor,
    )


_USER, _APPLICATION = ActorKind.USER, ActorKind.APPLICATION
_IRREGULAR: Mapping[EventName, Activity] = {
    EventName.SIGN_UP: _of_person("Sign up", "Add", _APPLICATION, "User"),
    EventName.IDENTITY_LINKED: _of_person(
        "Connect an identity provider", "Update", _APPLICATION, "User"
    ),
    EventName.SIGN_IN: _of_person("Sign in", "Authenticate", _USER, "Application"),
    EventName.SIGN_IN_REFUSED: _of_person("Refuse sign-in", "Authenticate", _APPLICATION, "Other"),
    EventName.ERROR_TOLD: _of_person("Tell an error", "Authenticate", _APPLICATION, "Other"),
    EventName.ERRORS_LEFT_OUT: _of_person(
        "Tell many errors", "Authenticate", _APPLICATION, "Other"
    ),
    EventName.PASSWORD_RESET: _of_person("Reset password", "Update", _APPLICATION, "User"),
    EventName.PROFILE_UPDATED: _of_person("Update profile", "Update", _APPLICATION, "User"),
    EventName.EMAIL_CHANGED: _of_person("Change email address", "Update", _APPLICATION, "User"),
    EventName.PASSWORD_CHANGED: _of_person("Change password", "Update", _APPLICATION, "User"),
    EventName.IDENTITY_REMOVED: _of_person("Unlink identity", "Update", _APPLICATION, "User"),
    EventName.SIGNED_OUT_EVERYWHERE: _of_person(
        "Sign out everywhere", "Update", _APPLICATION, "User"
    ),
    EventName.ACCOUNT_DELETED: _of_person("Delete own account", "Delete", _APPLICATION, "User"),
    EventName.LOCKED: _of_person("Lock sign-in name", "Update", _APPLICATION, "Other"),
    EventName.ADDRESS_REFUSED: _of_person("Refuse address", "Update", _APPLICATION, "Other"),
    EventName.CONSENT_GIVEN: _of_person("Consent to application", "Add", _APPLICATION, "User"),
    EventName.FACTOR_ENROLLED: _of_person("Add second factor", "Add", _APPLICATION, "User"),
    EventName.FACTOR_REMOVED: _of_person("Remove second factor", "Delete", _APPLICATION, "User"),
    EventName.FACTOR_LOCKED: _of_person("Lock second factors", "Update", _APPLICATION, "User"),
    EventName.RECOVERY_CODES_MADE: _of_person(
        "Make recovery codes", "Update", _APPLICATION, "User"
    ),
    EventName.RECOVERY_CODE_USED: _of_person("Use recovery code", "Update", _APPLICATION, "User"),
    EventName.MINOR_BLOCKED: _of_person("Block minor", "Authenticate", _APPLICATION, "User"),
    EventName.TERMS_ACCEPTED: _of_person("Accept terms of use", "Update", _APPLICATION, "User"),
    EventName.SIGNED_OUT: _of_person("Sign out", "Update", _USER, "Application"),
    EventName.GRANT_EXCHANGED: _of_person("Exchange grant", "Add", _APPLICATION, "User"),
    EventName.GRANT_REVOKED: _of_person("Revoke grant", "Delete", _APPLICATION, "User"),
    EventName.TOKEN_REUSED: _of_person("End reused grant", "Delete", _APPLICATION, "User"),
    EventName.OBJECT_RESTORED: Activity(
        display_name="Restore directory object",
        category="DirectoryManagement",
        operation="Update",
        target_type="Other",
        service=_CORE,
    ),
    EventName.OBJECT_PURGED: Activity(
        display_name="Hard delete directory object",
        category="DirectoryManagement",
        operation="Delete",
        target_type="Other",
        service=_CORE,
    ),
    EventName.API_CONNECTOR_FAILED: _of_person(
        "Fail to call API connector", "Other", _APPLICATION, "ApiConnector"
    ),
    EventName.API_CONNECTOR_BLOCKED: _of_person(
        "Block user by API connector", "Other", _APPLICATION, "ApiConnector"
    ),
    EventName.API_CONNECTOR_OVERREACHED: _of_person(
        "Refuse claim of API connector", "Other", _APPLICATION, "ApiConnector"
    ),
    EventName.WRITE_REFUSED: Activity(
        display_name="Refuse write",
        category="ResourceManagement",
        operation="Update",
        target_type="Other",
    ),
    EventName.KEYS_ROTATED: Activity(
        display_name="Rotate signing keys",
        category="KeyManagement",
        operation="Update",
        target_type="SigningKey",
    ),
    EventName.DIRECTORY_CREATED: Activity(
        display_name="Create directory",
        category="DirectoryManagement",
        operation="Add",
        target_type="Directory",
        service=_CORE,
    ),
}


def kind_of(name: EventName) -> AuditKind:
    """Return which list an event is read in."""
    return AuditKind.SIGN_IN if name in _SIGN_INS else AuditKind.DIRECTORY


def activity_named(name: EventName) -> Activity:
    """Return what an event is called; a name of the form `subject.action` needs no entry here."""
    if (irregular := _IRREGULAR.get(name)) is not None:
        return irregular
    subject, _, action = name.value.partition(".")
    category, target_type, service = _SUBJECTS.get(
        subject, ("ResourceManagement", subject[:1].upper() + subject[1:], "B2C")
    )
    words = _CAPITAL.sub(" ", subject).lower()
    return Activity(
        display_name=f"{_VERBS.get(action, action.capitalize())} {words}",
        category=category,
        operation=_OPERATIONS.get(action, "Update"),
        target_type=target_type,
        service=service,
    )
