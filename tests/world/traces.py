"""One maker for each model type that signing in leaves behind, with valid defaults."""

from datetime import timedelta
from typing import Any

from gatelodge.model.application import Platform
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.authorization import (
    AuthorizationRequest,
    GrantedScope,
    ResponseMode,
    ResponseType,
)
from gatelodge.model.consent import Consent
from gatelodge.model.device import KnownDevice
from gatelodge.model.failed_source import FailedSource
from gatelodge.model.grant import AuthorizationCode, Grant, RefreshToken
from gatelodge.model.identifier import AccountId, ClientId, GrantId, InteractionId, UserFlowId
from gatelodge.model.installation import Installation
from gatelodge.model.interaction import Interaction
from gatelodge.model.lockout import Lockout
from gatelodge.model.message import Channel, Message
from gatelodge.model.one_time_code import OneTimeCode, SentCodes
from gatelodge.model.passkey import Passkey
from gatelodge.model.proof import Proof, ProofKind
from gatelodge.model.second_factor import EnrolledFactor, FactorKind, RecoveryCode
from gatelodge.model.session import Session
from gatelodge.model.user_role import UserRole
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, numbered

FLOW = UserFlowId("B2C_1_SuSi")
CLIENT = ClientId(numbered(500))
ACCOUNT = AccountId(numbered(7))
"""The id of `an_account()`."""

LATER = BEGINNING + timedelta(hours=1)


def an_authorization_request(**changes: Any) -> AuthorizationRequest:
    """Return a request of a web application for a code."""
    values: dict[str, Any] = {
        "client_id": CLIENT,
        "redirect_uri": "https://app.example/callback",
        "platform": Platform.WEB,
        "response_types": (ResponseType.CODE,),
        "response_mode": ResponseMode.QUERY,
        "scope": GrantedScope(requested="openid", is_openid=True),
    }
    return AuthorizationRequest(**{**values, **changes})


def an_interaction(id: str = "interaction-1", **changes: Any) -> Interaction:
    """Return an interaction that has just begun."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": InteractionId(id),
        "user_flow_id": FLOW,
        "request": an_authorization_request(),
        "browser": "digest-of-the-browser",
        "correlation_id": numbered(900),
        "created_at": BEGINNING,
        "expires_at": LATER,
    }
    return Interaction(**{**values, **changes})


def a_one_time_code(**changes: Any) -> OneTimeCode:
    """Return a code nobody has tried yet."""
    values: dict[str, Any] = {
        "address": "ada@example.com",
        "digest": "digest-of-the-code",
        "expires_at": BEGINNING + timedelta(minutes=10),
    }
    return OneTimeCode(**{**values, **changes})


def a_proof(id: str = "proof-1", **changes: Any) -> Proof:
    """Return the proof that an address was read."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": id,
        "interaction_id": InteractionId("interaction-1"),
        "kind": ProofKind.EMAIL,
        "subject": "ada@example.com",
        "created_at": BEGINNING,
    }
    return Proof(**{**values, **changes})


def a_session(id: str = "session-1", **changes: Any) -> Session:
    """Return a signed-in browser."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": id,
        "account_id": ACCOUNT,
        "user_flow_id": FLOW,
        "client_id": CLIENT,
        "auth_time": BEGINNING,
        "amr": ("pwd",),
        "created_at": BEGINNING,
        "last_used_at": BEGINNING,
        "expires_at": LATER,
    }
    return Session(**{**values, **changes})


def a_grant(id: str = "grant-1", **changes: Any) -> Grant:
    """Return what a user allowed a web application."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": GrantId(id),
        "account_id": ACCOUNT,
        "client_id": CLIENT,
        "user_flow_id": FLOW,
        "platform": Platform.WEB,
        "scope": GrantedScope(requested="openid offline_access", is_openid=True),
        "auth_time": BEGINNING,
        "created_at": BEGINNING,
    }
    return Grant(**{**values, **changes})


def an_authorization_code(id: str = "code-1", **changes: Any) -> AuthorizationCode:
    """Return a code that was not redeemed."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": id,
        "grant_id": GrantId("grant-1"),
        "redirect_uri": "https://app.example/callback",
        "code_challenge": None,
        "is_plain_challenge": False,
        "expires_at": BEGINNING + timedelta(minutes=5),
    }
    return AuthorizationCode(**{**values, **changes})


def a_refresh_token(id: str = "token-1", **changes: Any) -> RefreshToken:
    """Return a refresh token that was not rotated."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": id,
        "grant_id": GrantId("grant-1"),
        "issued_at": BEGINNING,
        "expires_at": BEGINNING + timedelta(days=14),
    }
    return RefreshToken(**{**values, **changes})


def a_lockout(key: str = "ada@example.com", **changes: Any) -> Lockout:
    """Return one failed sign-in."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "key": key,
        "failures": 1,
        "last_failure_at": BEGINNING,
    }
    return Lockout(**{**values, **changes})


def sent_codes(address: str = "ada@example.com", **changes: Any) -> SentCodes:
    """Return that one code was sent to an address."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "address": address,
        "window_began_at": BEGINNING,
        "sends": 1,
    }
    return SentCodes(**{**values, **changes})


def a_failed_source(source: str = "192.0.2.7", **changes: Any) -> FailedSource:
    """Return that signing in failed once from an address."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "source": source,
        "window_began_at": BEGINNING,
        "failures": 1,
    }
    return FailedSource(**{**values, **changes})


def a_passkey(**changes: Any) -> Passkey:
    """Return a passkey of the account."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": "credential-1",
        "account_id": ACCOUNT,
        "public_key": "pQECAyYgASFY",
        "sign_count": 0,
        "is_synced": True,
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "display_name": "Telephone",
        "created_at": BEGINNING,
    }
    return Passkey(**{**values, **changes})


def a_known_device(
    device_id: str = "device-1", account_id: AccountId = ACCOUNT, **changes: Any
) -> KnownDevice:
    """Return a device an account signed in with."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "account_id": account_id,
        "device_id": device_id,
        "network": "192.0.2.0/24",
        "first_seen_at": BEGINNING,
        "last_seen_at": BEGINNING,
        "expires_at": LATER,
        "factor_at": BEGINNING,
    }
    return KnownDevice(**{**values, **changes})


def a_message(id: str = "message-1", **changes: Any) -> Message:
    """Return a mail that waits to be sent."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": id,
        "channel": Channel.EMAIL,
        "to": "ada@example.com",
        "subject": "Your code",
        "text": "Your code is 123456.",
        "html": "<p>Your code is 123456.</p>",
        "created_at": BEGINNING,
        "next_attempt_at": BEGINNING,
    }
    return Message(**{**values, **changes})


def an_audit_event(id: str = "event-1", **changes: Any) -> AuditEvent:
    """Return that somebody signed in."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": id,
        "at": BEGINNING,
        "name": EventName.SIGN_IN,
        "actor": CLIENT,
        "target": ACCOUNT,
    }
    return AuditEvent(**{**values, **changes})


def an_installation(**changes: Any) -> Installation:
    """Return whose database this is."""
    values: dict[str, Any] = {
        "is_development": False,
        "key_check": "digest-under-the-master-key",
        "created_at": BEGINNING,
    }
    return Installation(**{**values, **changes})


def a_consent(value: str = "read", **changes: Any) -> Consent:
    """Return that a user lets a client do something at an API."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "account_id": ACCOUNT,
        "app_id": ClientId(numbered(501)),
        "resource_app_id": ClientId(numbered(502)),
        "value": value,
        "created_at": BEGINNING,
    }
    return Consent(**{**values, **changes})


def a_user_role(role_id: str = "role-1", **changes: Any) -> UserRole:
    """Return that a user holds a role at an API."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "account_id": ACCOUNT,
        "resource_app_id": ClientId(numbered(501)),
        "role_id": role_id,
        "created_at": BEGINNING,
    }
    return UserRole(**{**values, **changes})


def a_second_factor(account_id: AccountId = ACCOUNT, **changes: Any) -> EnrolledFactor:
    """Return an authenticator whose secret nobody can open."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "account_id": account_id,
        "id": "factor-1",
        "kind": FactorKind.AUTHENTICATOR,
        "created_at": BEGINNING,
        "sealed_secret": "c2VhbGVk",
    }
    return EnrolledFactor(**{**values, **changes})


def a_recovery_code(
    digest: str = "digest-1", account_id: AccountId = ACCOUNT, **changes: Any
) -> RecoveryCode:
    """Return a recovery code nobody has used."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "account_id": account_id,
        "digest": digest,
        "created_at": BEGINNING,
    }
    return RecoveryCode(**{**values, **changes})
