"""`/applications`. Source: microsoft.graph.application, as far as sign-in needs it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gatelodge.crypto.digest import digest_of
from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.access import GRAPH_APP_ID
from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Action,
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Family,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.model.application_parts import (
    API,
    APP_ROLE,
    ISSUED_PASSWORD,
    NEW_PASSWORD,
    PASSWORD_CREDENTIAL,
    PUBLIC_CLIENT,
    REQUIRED_RESOURCE_ACCESS,
    SPA,
    WEB,
)
from gatelodge.model.application import Application, ClientPassword, GrantKind
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import ApplicationId, ClientId
from gatelodge.model.new_application import (
    application_problems,
    audience_problem,
    identifier_uri_problem,
    new_client_password,
    permission_problems,
    without_password,
)
from gatelodge.storage.lists import APPLICATIONS as LISTS
from gatelodge.storage.stores import Stores

_WRITERS = ("Application Administrator", "Cloud Application Administrator", "Global Administrator")
_WRITE = ("Application.ReadWrite.All", "Directory.ReadWrite.All")
_READ = ("Application.Read.All", "Directory.Read.All", *_WRITE)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS))
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)

APPLICATION = EntityType(
    name="application",
    python=Application,
    doc="A registered application: an OAuth client, an API, or both.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The object id.",
        ),
        Property(
            name="appId",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id the application presents, which OAuth calls `client_id`.",
        ),
        Property(
            name="displayName",
            type=Primitive.STRING,
            is_required=True,
            max_length=256,
            asked=Asked.EVERYTHING,
            doc="The name people see.",
        ),
        Property(
            name="createdDateTime",
            type=Primitive.DATE_TIME,
            attribute="created_at",
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="When it was registered.",
        ),
        Property(
            name="signInAudience",
            type=Primitive.STRING,
            judge=audience_problem,
            doc="Whose accounts may sign in.",
        ),
        Property(
            name="identifierUris",
            type=Primitive.STRING,
            is_collection=True,
            max_length=255,
            judge=identifier_uri_problem,
            asked=Asked.EVERYTHING,
            doc="App ID URIs: what scopes of this API begin with.",
        ),
        Property(
            name="isFallbackPublicClient",
            type=Primitive.BOOLEAN,
            doc="Whether it is an installed application that can keep no secret.",
        ),
        Property(
            name="isEnabled",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether it may do anything at all; not in the cloud service.",
        ),
        Property(name="web", type=WEB, doc="Settings of a web application."),
        Property(name="spa", type=SPA, doc="Settings of a single-page application."),
        Property(name="publicClient", type=PUBLIC_CLIENT, doc="Settings of an installed one."),
        Property(name="api", type=API, doc="Settings of an API."),
        Property(
            name="appRoles",
            type=APP_ROLE,
            is_collection=True,
            doc="Permissions applications can hold of this API.",
        ),
        Property(
            name="requiredResourceAccess",
            type=REQUIRED_RESOURCE_ACCESS,
            is_collection=True,
            doc="Permissions it asks for; asking alone grants nothing.",
        ),
        Property(
            name="passwordCredentials",
            type=PASSWORD_CREDENTIAL,
            is_collection=True,
            writable=Writable.NEVER,
            doc="Its secrets, without their values.",
        ),
        Property(
            name="tags",
            type=Primitive.STRING,
            is_collection=True,
            max_length=256,
            doc="Words to find it by.",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPassword:
    """A secret in the one answer that contains it."""

    key_id: str
    hint: str
    display_name: str | None
    start_at: datetime
    end_at: datetime
    secret_text: str
    custom_key_identifier: None = None


async def _new(situation: Situation, given: Given) -> Change:
    application = _checked(
        merged(
            Application(
                directory_id=situation.directory.id,
                id=ApplicationId(situation.randomness.uuid()),
                app_id=ClientId(situation.randomness.uuid()),
                display_name="",
                created_at=situation.now,
            ),
            given,
        )
    )
    return Change(application, lambda stores: stores.applications.add(application))


async def _changed(situation: Situation, application: Application, given: Given) -> Change:
    await _protect(situation, application)
    changed = _checked(merged(application, given), application)
    return Change(changed, _saving(changed))


async def _removed(situation: Situation, application: Application, _: Given) -> Change:
    await _protect(situation, application)
    if application.app_id == situation.directory.extensions_app_id:
        raise Invalid(Problem("appId", "This application holds the custom attributes of users."))
    return Change(None, lambda stores: stores.applications.remove(application.id))


async def _password_added(situation: Situation, application: Application, given: Given) -> Change:
    await _protect(situation, application)
    part = given.get("password_credential")
    asked = part.given if isinstance(part, Part) else {}
    secret = situation.randomness.opaque(32)
    password = new_client_password(
        key_id=situation.randomness.uuid(),
        digest=digest_of(secret),
        hint=secret[:3],
        display_name=asked.get("display_name"),
        start_at=asked.get("start_at") or situation.now,
        end_at=asked.get("end_at"),
    )
    if password.end_at <= password.start_at:
        raise Invalid(Problem("endDateTime", "A secret must end after it begins."))
    kept = (*application.password_credentials, password)
    changed = replace(application, password_credentials=kept)
    return Change(_issued(password, secret), _saving(changed))


def _issued(password: ClientPassword, secret: str) -> IssuedPassword:
    return IssuedPassword(
        key_id=password.key_id,
        hint=password.hint,
        display_name=password.display_name,
        start_at=password.start_at,
        end_at=password.end_at,
        secret_text=secret,
    )


async def _password_removed(situation: Situation, application: Application, given: Given) -> Change:
    await _protect(situation, application)
    changed = without_password(application, given["key_id"])
    if changed == application:
        raise Invalid(Problem("keyId", "No password credential has this keyId."))
    return Change(None, _saving(changed))


def _saving(application: Application) -> Callable[[Stores], Coroutine[Any, Any, None]]:
    async def write(stores: Stores) -> None:
        await stores.applications.save(application)

    return write


def _checked(application: Application, before: Application | None = None) -> Application:
    problems = list(application_problems(application))
    if before is not None:
        problems += permission_problems(before, application)
    if problems:
        raise Invalid(*problems)
    return application


async def _protect(situation: Situation, application: Application) -> None:
    """Refuse to let a caller act through an application that may do more than itself."""
    if situation.is_privileged or application.id == situation.actor:
        return
    held = await situation.stores.permission_grants.values(
        application.app_id, ClientId(GRAPH_APP_ID), GrantKind.ROLE
    )
    if not situation.permissions.issuperset(held):
        raise Forbidden("the application holds permissions the caller does not")


async def _by_app_id(stores: Stores, app_id: str) -> Application | None:
    return await stores.applications.by_app_id(ClientId(app_id.lower()))


APPLICATIONS = EntitySet(
    title="Applications",
    entity=APPLICATION,
    doors=(Door(path="/applications", declared=APPLICATION),),
    source=LISTS,
    family=Family.DIRECTORY,
    unique="identifierUris",
    alternate_keys={"appId": _by_app_id},
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.APPLICATION_CREATED,
        prepare=_new,
        example={
            "displayName": "Shop",
            "web": {"redirectUris": ["https://shop.example/callback"]},
        },
    ),
    update=Update(
        access=WRITE, event=EventName.APPLICATION_UPDATED, prepare=_changed, is_silent=True
    ),
    delete=Delete(access=WRITE, event=EventName.APPLICATION_DELETED, prepare=_removed),
    actions=(
        Action(
            name="addPassword",
            doc="Make a secret; this answer is the only one that contains it.",
            access=WRITE,
            event=EventName.APPLICATION_UPDATED,
            prepare=_password_added,
            parameters=(
                Property(
                    name="passwordCredential",
                    type=NEW_PASSWORD,
                    is_nullable=True,
                    doc="What the secret is called and when it ends.",
                ),
            ),
            result=ISSUED_PASSWORD,
        ),
        Action(
            name="removePassword",
            doc="Remove a secret.",
            access=WRITE,
            event=EventName.APPLICATION_UPDATED,
            prepare=_password_removed,
            parameters=(
                Property(
                    name="keyId",
                    type=Primitive.GUID,
                    is_required=True,
                    doc="The id of the secret.",
                ),
            ),
        ),
    ),
)
