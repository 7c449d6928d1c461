"""`/auditLogs`: who did what, and who signed in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gatelodge.graph.edm import (
    Access,
    Asked,
    ComplexType,
    Door,
    EntitySet,
    EntityType,
    Family,
    Primitive,
    Property,
    Read,
    Writable,
)
from gatelodge.graph.model.journey_traces import JOURNEY, SignInsWithJourneys
from gatelodge.graph.model.sign_in_entry import FactorDetail, SignInEntry, Status
from gatelodge.model.directory_audit import DirectoryAudit, Party
from gatelodge.model.query import Filter, Page, Slice
from gatelodge.storage.audit_lists import DIRECTORY_AUDITS as AUDITS
from gatelodge.storage.audit_lists import AuditList
from gatelodge.storage.stores import Stores

_ROLES = ("Reports Reader", "Security Reader", "Global Reader", "Global Administrator")
_AUDITS = ("AuditLog.Read.All", "Directory.Read.All", "Directory.ReadWrite.All")
READ_AUDITS = Access(application=_AUDITS, delegated=_AUDITS, roles=_ROLES)
READ_SIGN_INS = Access(application=_AUDITS[:1], delegated=_AUDITS[:1], roles=_ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiator:
    """Who began it: a user or an application."""

    user: Party | None
    application: Party | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifiedProperty:
    """What became of a property, both values as JSON."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResource:
    """What it was done to."""

    id: str
    type: str
    display_name: str | None
    modified_properties: tuple[ModifiedProperty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyValue:
    """One more detail."""

    key: str
    value: str


def _modified(audit: DirectoryAudit) -> tuple[ModifiedProperty, ...]:
    return tuple(
        ModifiedProperty(name=each.name, old=each.old, new=each.new) for each in audit.changes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An audit in the nested shape Graph gives it."""

    id: str
    at: datetime
    name: str
    category: str
    activity_display_name: str
    operation_type: str
    logged_by_service: str
    result: str
    result_reason: str
    correlation_id: str | None
    initiated_by: Initiator
    target_resources: tuple[TargetResource, ...]
    additional_details: tuple[KeyValue, ...]


def audit_entry(audit: DirectoryAudit) -> AuditEntry:
    """Return an audit in Graph's shape."""
    target = TargetResource(
        id=audit.target.id,
        type=audit.target.type,
        display_name=audit.target.display_name,
        modified_properties=_modified(audit),
    )
    return AuditEntry(
        id=audit.id,
        at=audit.at,
        name=audit.name,
        category=audit.category,
        activity_display_name=audit.activity_display_name,
        operation_type=audit.operation,
        logged_by_service=audit.service,
        result="success" if audit.is_success else "failure",
        result_reason=audit.reason,
        correlation_id=audit.correlation_id,
        initiated_by=Initiator(user=audit.user, application=audit.application),
        target_resources=(target,),
        additional_details=tuple(
            KeyValue(key=name, value=each) for name, each in audit.detail.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class Nested:
    """A list of the audit log whose entries are given Graph's shape."""

    entries: AuditList[Any]
    shape: Callable[[Any], Any]

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        page = await self.entries.page(stores, part)
        return replace(page, values=tuple(self.shape(each) for each in page.values))

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        return await self.entries.count(stores, where)

    async def find(self, stores: Stores, key: str) -> Any:  # noqa: ANN401
        """Return one entry by its id, or None."""
        found = await self.entries.find(stores, key)
        return None if found is None else self.shape(found)


_STRING = Primitive.STRING
_WORD: dict[str, Any] = {"asked": Asked.EQUALITY, "is_sorted": False}


def _told(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {"type": _STRING, "writable": Writable.NEVER, **more}
    return Property(name=name, doc=doc, **settings)


_ID = _told("id", "The id.", asked=Asked.EQUALITY)
_CORRELATION = _told(
    "correlationId",
    "What belongs together.",
    is_nullable=True,
    asked=Asked.EQUALITY,
)
_USER = ComplexType(
    name="auditUserIdentity",
    doc="A user who acts.",
    python=Party,
    properties=(
        _told("id", "The object id.", **_WORD),
        _told("displayName", "The name, as long as it exists.", is_nullable=True),
    ),
)
_APP = ComplexType(
    name="appIdentity",
    doc="An application that acts.",
    python=Party,
    properties=(
        _told(
            "appId",
            "The client id, as long as it exists.",
            is_nullable=True,
            asked=Asked.EQUALITY,
        ),
        _told("displayName", "The name, as long as it exists.", is_nullable=True),
        _told("id", "What the log has of it: the object id or the client id."),
    ),
)
_INITIATOR = ComplexType(
    name="auditActivityInitiator",
    doc="Who began it; nobody when the program did by itself.",
    python=Initiator,
    properties=(
        _told("user", "The user.", type=_USER, is_nullable=True),
        _told("app", "The application.", type=_APP, is_nullable=True, attribute="application"),
    ),
)
_MODIFIED = ComplexType(
    name="modifiedProperty",
    doc="What became of a property; a secret has no values.",
    python=ModifiedProperty,
    properties=(
        _told("displayName", "The property.", attribute="name"),
        _told("oldValue", "The value before, as JSON.", attribute="old", is_nullable=True),
        _told("newValue", "The value after, as JSON.", attribute="new", is_nullable=True),
    ),
)
_TARGET = ComplexType(
    name="targetResource",
    doc="What it was done to.",
    python=TargetResource,
    properties=(
        _told("id", "The id.", asked=Asked.EQUALITY),
        _told("displayName", "The name, as long as it exists.", is_nullable=True),
        _told("type", "What it is.", asked=Asked.EQUALITY),
        _told("modifiedProperties", "What was changed.", type=_MODIFIED, is_collection=True),
    ),
)
_KEY_VALUE = ComplexType(
    name="keyValue",
    doc="One more detail.",
    python=KeyValue,
    properties=(_told("key", "What it is about."), _told("value", "What is known.")),
)
DIRECTORY_AUDIT = EntityType(
    name="directoryAudit",
    python=AuditEntry,
    doc="Something that was done to the directory, or refused.",
    properties=(
        _ID,
        _told(
            "activityDateTime",
            "When.",
            type=Primitive.DATE_TIME,
            attribute="at",
            asked=Asked.EVERYTHING,
        ),
        _told("activityDisplayName", "What, in words.", asked=Asked.EVERYTHING, is_sorted=False),
        _told("category", "What kind of thing.", **_WORD),
        _CORRELATION,
        _told("result", "success or failure.", **_WORD),
        _told("resultReason", "Why it was refused."),
        _told("loggedByService", "Which part of the service.", **_WORD),
        _told("operationType", "Add, Update, Delete or another word.", **_WORD),
        _told("initiatedBy", "Who began it.", type=_INITIATOR),
        _told(
            "targetResources",
            "What it was done to.",
            type=_TARGET,
            is_collection=True,
            asked=Asked.EVERYTHING,
        ),
        _told("additionalDetails", "What else is known.", type=_KEY_VALUE, is_collection=True),
    ),
)
SIGN_IN = EntityType(
    name="signIn",
    python=SignInEntry,
    doc="A sign-in through a user flow, or one that was refused.",
    properties=(
        _ID,
        _told(
            "createdDateTime",
            "When.",
            type=Primitive.DATE_TIME,
            attribute="at",
            asked=Asked.EVERYTHING,
        ),
        _told(
            "userId",
            "Who; null for one that was refused.",
            is_nullable=True,
            **_WORD,
        ),
        _told("userDisplayName", "The name.", is_nullable=True),
        _told("appId", "Where.", is_nullable=True, **_WORD),
        _told("appDisplayName", "The name of where.", is_nullable=True),
        _told("ipAddress", "From where.", is_nullable=True, asked=Asked.EQUALITY),
        _told("clientAppUsed", "How: Browser."),
        _CORRELATION,
        _told(
            "status",
            "How it ended.",
            type=ComplexType(
                name="signInStatus",
                doc="How a sign-in ended.",
                python=Status,
                properties=(
                    _told(
                        "errorCode", "0 for a success.", type=Primitive.INT32, asked=Asked.EQUALITY
                    ),
                    _told("failureReason", "Why it was refused.", is_nullable=True),
                ),
            ),
        ),
        _told(
            "authenticationRequirement",
            "singleFactorAuthentication, or multiFactorAuthentication with a second factor.",
        ),
        _told(
            "mfaDetail",
            "The second factor that was shown.",
            is_nullable=True,
            type=ComplexType(
                name="mfaDetail",
                doc="A second factor somebody showed.",
                python=FactorDetail,
                properties=(
                    _told("authMethod", "Which it was."),
                    _told("authDetail", "Always null.", is_nullable=True),
                ),
            ),
        ),
        JOURNEY,
    ),
)

DIRECTORY_AUDITS = EntitySet(
    title="Directory audits",
    entity=DIRECTORY_AUDIT,
    doors=(Door(path="/auditLogs/directoryAudits", declared=DIRECTORY_AUDIT),),
    source=Nested(AUDITS, audit_entry),
    family=Family.DIRECTORY,
    read=Read(access=READ_AUDITS),
)
SIGN_INS = EntitySet(
    title="Sign-ins",
    entity=SIGN_IN,
    doors=(Door(path="/auditLogs/signIns", declared=SIGN_IN),),
    source=SignInsWithJourneys(),
    family=Family.DIRECTORY,
    read=Read(access=READ_SIGN_INS),
)
