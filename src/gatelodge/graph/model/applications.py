"""`/applications`. Source: microsoft.graph.application, as far as sign-in needs it."""

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
from gatelodge.graph.model.application_changes import (
    added_password,
    changed_application,
    new_application,
    removed_application,
    removed_password,
)
from gatelodge.graph.model.application_details import KEPT
from gatelodge.graph.model.application_keys import (
    KEY_CREDENTIAL,
    PROOF,
    added_key,
    removed_key,
)
from gatelodge.graph.model.application_owners import application_navigations
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
from gatelodge.model.application import Application
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import ClientId
from gatelodge.model.new_application import (
    audience_problem,
    identifier_uri_problem,
)
from gatelodge.storage.lists import APPLICATIONS as LISTS
from gatelodge.storage.stores import Stores

_WRITERS = ("Application Administrator", "Cloud Application Administrator", "Global Administrator")
_WRITE = ("Application.ReadWrite.All", "Directory.ReadWrite.All")
_READ = ("Application.Read.All", "Directory.Read.All", *_WRITE)
_OWNED = ("Application.ReadWrite.OwnedBy",)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS), owned=_OWNED)
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS, owned=_OWNED)

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
            name="deletedDateTime",
            type=Primitive.DATE_TIME,
            attribute="deleted_at",
            is_nullable=True,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="When it was deleted; null for one that is there.",
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
            name="keyCredentials",
            type=KEY_CREDENTIAL,
            is_collection=True,
            doc="Its certificates; one that is sent back without `key` stays as it is.",
        ),
        Property(
            name="tags",
            type=Primitive.STRING,
            is_collection=True,
            max_length=256,
            doc="Words to find it by.",
        ),
        *KEPT,
    ),
    navigations=application_navigations(READ, WRITE),
)


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
    chosen_keys=("appId",),
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.APPLICATION_CREATED,
        prepare=new_application,
        example={
            "displayName": "Shop",
            "web": {"redirectUris": ["https://shop.example/callback"]},
        },
    ),
    update=Update(
        access=WRITE,
        event=EventName.APPLICATION_UPDATED,
        prepare=changed_application,
        is_silent=True,
    ),
    delete=Delete(access=WRITE, event=EventName.APPLICATION_DELETED, prepare=removed_application),
    actions=(
        Action(
            name="addPassword",
            doc="Make a secret; this answer is the only one that contains it.",
            access=WRITE,
            event=EventName.APPLICATION_UPDATED,
            prepare=added_password,
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
            prepare=removed_password,
            parameters=(
                Property(
                    name="keyId",
                    type=Primitive.GUID,
                    is_required=True,
                    doc="The id of the secret.",
                ),
            ),
        ),
        Action(
            name="addKey",
            doc="Add a certificate, proving to hold the key of another one that still counts.",
            access=WRITE,
            event=EventName.APPLICATION_UPDATED,
            prepare=added_key,
            parameters=(
                Property(
                    name="keyCredential",
                    type=KEY_CREDENTIAL,
                    is_required=True,
                    doc="The certificate.",
                ),
                Property(
                    name="passwordCredential",
                    type=NEW_PASSWORD,
                    is_nullable=True,
                    doc="Only null: no private key is ever sent.",
                ),
                PROOF,
            ),
            result=KEY_CREDENTIAL,
        ),
        Action(
            name="removeKey",
            doc="Remove a certificate, proving to hold the key of one that still counts.",
            access=WRITE,
            event=EventName.APPLICATION_UPDATED,
            prepare=removed_key,
            parameters=(
                Property(
                    name="keyId",
                    type=Primitive.GUID,
                    is_required=True,
                    doc="The id of the certificate.",
                ),
                PROOF,
            ),
        ),
    ),
)
