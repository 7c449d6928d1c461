"""Audit events as `/auditLogs` shows them: with words, and with the names behind the ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.audit import ActorKind, AuditEvent, PropertyChange
from gatelodge.model.audit_activity import activity_named

CODE_PREFIX = "AADB2C"
INVALID_CREDENTIALS = 50126
"""The code the cloud service gives a sign-in that was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an id today; only an application has a client id."""

    id: str
    display_name: str
    app_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody or something an event is about; of what is gone by now only the id is known."""

    id: str
    type: str
    display_name: str | None = None
    app_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryAudit:
    """An entry of `/auditLogs/directoryAudits` (Graph: directoryAudit).

    `user` or `application` began it; neither when the program did by itself.
    """

    id: str
    at: datetime
    name: str
    category: str
    activity_display_name: str
    operation: str
    service: str
    is_success: bool
    reason: str
    correlation_id: str | None
    ip_address: str | None
    user: Party | None
    application: Party | None
    target: Party
    changes: tuple[PropertyChange, ...]
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """An entry of `/auditLogs/signIns` (Graph: signIn).

    A refused sign-in names no user: who it would have been is not known. Errors that are told of
    together say how many `times`.
    """

    id: str
    at: datetime
    is_success: bool
    reason: str
    correlation_id: str | None
    ip_address: str | None
    user_agent: str | None
    user_flow_id: str | None
    user: Party | None
    application: Party | None
    times: str | None = None
    second_factor: str | None = None


def directory_audit(event: AuditEvent, known: Mapping[str, Known]) -> DirectoryAudit:
    """Return the entry of an event; `known` is what ids stand for, client ids among them."""
    activity = activity_named(event.name)
    kind = event.actor_kind or activity.actor_kind
    return DirectoryAudit(
        id=event.id,
        at=event.at,
        name=event.name.value,
        category=activity.category,
        activity_display_name=activity.display_name,
        operation=activity.operation,
        service=activity.service,
        is_success=event.is_success,
        reason=_reason(event),
        correlation_id=event.correlation_id,
        ip_address=event.ip_address,
        user=_party(event.actor, "User", known) if kind is ActorKind.USER else None,
        application=(
            _party(event.actor, "Application", known) if kind is ActorKind.APPLICATION else None
        ),
        target=_party(event.target, activity.target_type, known),
        changes=event.changes,
        detail=event.detail,
    )


def sign_in(event: AuditEvent, known: Mapping[str, Known]) -> SignIn:
    """Return the entry of a sign-in or of one that was refused.

    What is told of no application is told of the directory, which is none.
    """
    is_done = event.is_success
    place = event.target if is_done else event.actor
    return SignIn(
        id=event.id,
        at=event.at,
        is_success=event.is_success,
        reason=_reason(event),
        correlation_id=event.correlation_id,
        ip_address=event.ip_address,
        user_agent=event.detail.get("userAgent"),
        user_flow_id=event.detail.get("userFlow"),
        user=_party(event.actor, "User", known) if is_done else None,
        application=None if place == event.directory_id else _party(place, "Application", known),
        times=event.detail.get("times"),
        second_factor=event.detail.get("secondFactor"),
    )


def _party(id: str, type: str, known: Mapping[str, Known]) -> Party:
    found = known.get(id)
    if found is None:
        return Party(id=id, type=type)
    return Party(id=id, type=type, display_name=found.display_name, app_id=found.app_id)


def _reason(event: AuditEvent) -> str:
    return event.detail.get("reason") or event.detail.get("code", "")
