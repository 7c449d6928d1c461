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
    IDENTITY_PROVIDER_CREATED = "identityProvider.created"
    IDENTITY_PROVIDER_UPDATED = "identityProvider.updated"
    IDENTITY_PROVIDER_DELETED = "identityProvider.deleted"
    API_CONNECTOR_CREATED = "apiConnector.created"
    API_CONNECTOR_UPDATED = "apiConnector.updated"
    API_CONNECTOR_DELETED = "apiConnector.deleted"
    API_CONNECTOR_FAILED = "apiConnector.failed"
    API_CONNECTOR_BLOCKED = "apiConnector.blocked"
    API_CONNECTOR_OVERREACHED = "apiConnector.overreached"
    EVENTS_FLOW_CREATED = "authenticationEventsFlow.created"
    EVENTS_FLOW_UPDATED = "authenticationEventsFlow.updated"
    EVENTS_FLOW_DELETED = "authenticationEventsFlow.deleted"
    EVENT_LISTENER_CREATED = "authenticationEventListener.created"
    EVENT_LISTENER_UPDATED = "authenticationEventListener.updated"
    EVENT_LISTENER_DELETED = "authenticationEventListener.deleted"
    EVENT_EXTENSION_CREATED = "customAuthenticationExtension.created"
    EVENT_EXTENSION_UPDATED = "customAuthenticationExtension.updated"
    EVENT_EXTENSION_DELETED = "customAuthenticationExtension.deleted"
    SIGN_IN_IDENTIFIER_CREATED = "signInIdentifier.created"
    SIGN_IN_IDENTIFIER_UPDATED = "signInIdentifier.updated"
    SIGN_IN_IDENTIFIER_DELETED = "signInIdentifier.deleted"
    TRUST_FRAMEWORK_POLICY_CREATED = "trustFrameworkPolicy.created"
    TRUST_FRAMEWORK_POLICY_UPDATED = "trustFrameworkPolicy.updated"
    TRUST_FRAMEWORK_POLICY_DELETED = "trustFrameworkPolicy.deleted"
    SERVICE_PRINCIPAL_CREATED = "servicePrincipal.created"
    SERVICE_PRINCIPAL_UPDATED = "servicePrincipal.updated"
    SERVICE_PRINCIPAL_DELETED = "servicePrincipal.deleted"
    PERMISSION_GRANTED = "permission.granted"
    PERMISSION_REVOKED = "permission.revoked"
    DIRECTORY_UPDATED = "directory.updated"
    APPLICATION_CREATED = "application.created"
    APPLICATION_UPDATED = "application.updated"
    APPLICATION_DELETED = "application.deleted"
    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"
    USER_DELETED = "user.deleted"
    OBJECT_RESTORED = "directoryObject.restored"
    OBJECT_PURGED = "directoryObject.deletedForGood"
    SIGN_UP = "account.signedUp"
    SIGN_IN = "account.signedIn"
    SIGN_IN_REFUSED = "account.signInRefused"
    ERROR_TOLD = "error.told"
    ERRORS_LEFT_OUT = "error.leftOut"
    PASSWORD_RESET = "account.passwordReset"
    PROFILE_UPDATED = "account.profileUpdated"
    EMAIL_CHANGED = "account.emailChanged"
    PASSWORD_CHANGED = "account.passwordChanged"
    IDENTITY_LINKED = "account.identityLinked"
    IDENTITY_REMOVED = "account.identityRemoved"
    SIGNED_OUT_EVERYWHERE = "account.signedOutEverywhere"
    ACCOUNT_DELETED = "account.deleted"
    LOCKED = "account.locked"
    ADDRESS_REFUSED = "address.refused"
    FACTOR_ENROLLED = "secondFactor.enrolled"
    FACTOR_REMOVED = "secondFactor.removed"
    FACTOR_LOCKED = "secondFactor.locked"
    RECOVERY_CODES_MADE = "recoveryCodes.made"
    RECOVERY_CODE_USED = "recoveryCodes.used"
    METHOD_CREATED = "authenticationMethod.created"
    METHOD_UPDATED = "authenticationMethod.updated"
    METHOD_DELETED = "authenticationMethod.deleted"
    MINOR_BLOCKED = "account.minorBlocked"
    TERMS_ACCEPTED = "account.termsAccepted"
    SIGNED_OUT = "account.signedOut"
    TOKEN_REUSED = "grant.reused"
    GRANT_REVOKED = "grant.revoked"
    GRANT_EXCHANGED = "grant.exchanged"
    CONSENT_GIVEN = "account.consented"
    WRITE_REFUSED = "graph.writeRefused"
    KEYS_ROTATED = "signingKeys.rotated"
    DIRECTORY_CREATED = "directory.created"


class ActorKind(StrEnum):
    """Who acts, where the event's name alone does not tell."""

    USER = "user"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyChange:
    """What became of one property: both values as JSON text.

    A value that was not there, or is not there any more, is None. When both are None the property
    was changed and its values are nobody's business.
    """

    name: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One event. `actor` and `target` are ids, never names or values; `detail` holds no secrets.

    `ip_address` is where the request came from, as the server saw it; None where nobody asked.
    """

    directory_id: DirectoryId
    id: str
    at: datetime
    name: EventName
    actor: str
    target: str
    is_success: bool = True
    actor_kind: ActorKind | None = None
    correlation_id: str | None = None
    ip_address: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[PropertyChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCheckpoint:
    """How far the chain over all events reaches, and where it begins since older ones were swept.

    `sequence` and `digest` are the last link's, `swept_sequence` and `swept_digest` those of the
    last link that was swept: both are 0 and empty at first. `mac` covers everything else under
    the master key.
    """

    id: str = "chain"
    sequence: int = 0
    digest: str = ""
    swept_sequence: int = 0
    swept_digest: str = ""
    at: datetime
    mac: str = ""
