"""`/servicePrincipals`, `/oauth2PermissionGrants` and the roles of applications."""

from typing import Any

from gatelodge.graph.edm import (
    Access,
    Asked,
    ComplexType,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Family,
    Navigation,
    Primitive,
    Property,
    Read,
    Refer,
    Returned,
    Update,
    Writable,
)
from gatelodge.graph.model.application_parts import APP_ROLE, SCOPE
from gatelodge.graph.model.applications import READ, WRITE
from gatelodge.graph.model.delegated_grants import (
    DelegatedGrants,
    changed_delegated_grant,
    delegated_grants_of,
    new_delegated_grant,
    removed_delegated_grant,
)
from gatelodge.graph.model.directory_objects import DIRECTORY_OBJECTS
from gatelodge.graph.model.role_assignments import (
    new_role_assignment,
    removed_role_assignment,
    roles_at_resources,
    roles_of_principals,
)
from gatelodge.graph.model.service_principal_changes import (
    added_owner,
    changed_service_principal,
    new_service_principal,
    owners_of_principals,
    removed_owner,
    removed_service_principal,
)
from gatelodge.model.assignment import AppRoleAssignment, DelegatedGrant
from gatelodge.model.audit import EventName
from gatelodge.model.service_principal import SamlSettings, ServicePrincipal
from gatelodge.storage.principal_lists import SERVICE_PRINCIPALS as LISTS
from gatelodge.storage.principal_lists import principal_of_app_id

_ROLES = ("Application Administrator", "Cloud Application Administrator", "Global Administrator")
_ASSIGN = ("AppRoleAssignment.ReadWrite.All",)
ASSIGN = Access(application=_ASSIGN, delegated=_ASSIGN, roles=("Global Administrator",))
_SEE_ASSIGNED = ("Application.Read.All", "Directory.Read.All", *_ASSIGN, *WRITE.application)
SEE_ASSIGNED = Access(
    application=_SEE_ASSIGNED, delegated=_SEE_ASSIGNED, roles=("Global Reader", *_ROLES)
)
_GRANT = ("DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All")
GRANT = Access(application=_GRANT, delegated=_GRANT, roles=_ROLES)
_SEE_GRANTS = ("Directory.Read.All", *_GRANT)
SEE_GRANTS = Access(
    application=_SEE_GRANTS, delegated=_SEE_GRANTS, roles=("Global Reader", *_ROLES)
)


def _text(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    return Property(name=name, type=Primitive.STRING, doc=doc, **more)


def _server(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    return _text(name, doc, writable=Writable.NEVER, **more)


def _kept(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {"is_nullable": True, "max_length": 1024, **more}
    return _text(name, doc, **settings)


_SAML_SETTINGS = ComplexType(
    name="samlSingleSignOnSettings",
    doc="Settings of single sign-on by SAML.",
    python=SamlSettings,
    properties=(_kept("relayState", "Kept."),),
)

ROLE_ASSIGNMENT = EntityType(
    name="appRoleAssignment",
    python=AppRoleAssignment,
    doc="A role of an API that an application exercises by itself, or that a user holds.",
    properties=(
        _server("id", "The id, which follows from who may do what.", asked=Asked.EVERYTHING),
        Property(
            name="appRoleId",
            type=Primitive.GUID,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="The id of the role.",
        ),
        Property(
            name="principalId",
            type=Primitive.GUID,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="Who holds it: the service principal of an application, or a user.",
        ),
        _server("principalDisplayName", "Its name.", asked=Asked.EVERYTHING),
        _server("principalType", "What it is.", asked=Asked.EQUALITY),
        Property(
            name="resourceId",
            type=Primitive.GUID,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="The service principal of the API.",
        ),
        _server("resourceDisplayName", "Its name.", asked=Asked.EVERYTHING),
    ),
)
ROLE_ASSIGNMENTS = EntitySet(
    title="App role assignments",
    entity=ROLE_ASSIGNMENT,
    family=Family.DIRECTORY,
    read=Read(access=SEE_ASSIGNED),
    create=Create(access=ASSIGN, event=EventName.PERMISSION_GRANTED, prepare=new_role_assignment),
    delete=Delete(
        access=ASSIGN, event=EventName.PERMISSION_REVOKED, prepare=removed_role_assignment
    ),
)

DELEGATED_GRANT = EntityType(
    name="oAuth2PermissionGrant",
    python=DelegatedGrant,
    doc="What a client may do at an API for users.",
    properties=(
        _server("id", "The id, which follows from client, API and user.", asked=Asked.EVERYTHING),
        Property(
            name="clientId",
            type=Primitive.GUID,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="The service principal of the client.",
        ),
        _text(
            "consentType",
            "For whom: AllPrincipals is every user, Principal the one who consented.",
            max_length=64,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
        ),
        _text(
            "principalId",
            "The one user it is for; null for every user.",
            max_length=64,
            is_nullable=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
        ),
        Property(
            name="resourceId",
            type=Primitive.GUID,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="The service principal of the API.",
        ),
        _text("scope", "The scopes, separated by spaces.", is_required=True, max_length=4000),
    ),
)
OAUTH2_PERMISSION_GRANTS = EntitySet(
    title="Delegated permission grants",
    entity=DELEGATED_GRANT,
    doors=(Door(path="/oauth2PermissionGrants", declared=DELEGATED_GRANT),),
    source=DelegatedGrants(),
    family=Family.DIRECTORY,
    unique="clientId",
    read=Read(access=SEE_GRANTS),
    create=Create(access=GRANT, event=EventName.PERMISSION_GRANTED, prepare=new_delegated_grant),
    update=Update(
        access=GRANT,
        event=EventName.PERMISSION_GRANTED,
        prepare=changed_delegated_grant,
        is_silent=True,
    ),
    delete=Delete(
        access=GRANT, event=EventName.PERMISSION_REVOKED, prepare=removed_delegated_grant
    ),
)

SERVICE_PRINCIPAL = EntityType(
    name="servicePrincipal",
    python=ServicePrincipal,
    doc="What stands for an application where permissions are granted.",
    properties=(
        _server("id", "The object id.", asked=Asked.EVERYTHING),
        Property(
            name="appId",
            type=Primitive.GUID,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="The client id of the application.",
        ),
        _server("displayName", "The application's name.", asked=Asked.EVERYTHING),
        _server("appDisplayName", "The application's name.", attribute="display_name"),
        Property(
            name="accountEnabled",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Kept; the application's own `isEnabled` decides.",
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
            name="appRoleAssignmentRequired",
            type=Primitive.BOOLEAN,
            doc="Kept; without an assignment nobody holds a role anyway.",
        ),
        Property(
            name="appOwnerOrganizationId",
            type=Primitive.GUID,
            attribute="directory_id",
            writable=Writable.NEVER,
            doc="The directory.",
        ),
        _server("servicePrincipalType", "What it stands for: Application."),
        _server(
            "servicePrincipalNames", "What names it in requests for tokens.", is_collection=True
        ),
        Property(
            name="appRoles",
            type=APP_ROLE,
            is_collection=True,
            writable=Writable.NEVER,
            doc="Permissions applications can hold of it.",
        ),
        Property(
            name="oauth2PermissionScopes",
            type=SCOPE,
            is_collection=True,
            writable=Writable.NEVER,
            doc="Permissions applications exercise for a user.",
        ),
        _text("tags", "Words to find it by.", is_collection=True, max_length=256),
        _text(
            "alternativeNames",
            "Kept.",
            attribute="details.alternative_names",
            is_collection=True,
            max_length=256,
        ),
        _kept("description", "Kept.", attribute="details.description"),
        _kept("loginUrl", "Kept.", attribute="details.login_url"),
        _kept("notes", "Kept.", attribute="details.notes"),
        _text(
            "notificationEmailAddresses",
            "Kept.",
            attribute="details.notification_email_addresses",
            is_collection=True,
            max_length=254,
        ),
        _kept(
            "preferredSingleSignOnMode",
            "Kept.",
            attribute="details.preferred_single_sign_on_mode",
        ),
        _kept(
            "samlMetadataUrl",
            "Kept.",
            attribute="details.saml_metadata_url",
            returned=Returned.ON_SELECT,
        ),
        Property(
            name="samlSingleSignOnSettings",
            attribute="details.saml_single_sign_on_settings",
            type=_SAML_SETTINGS,
            is_nullable=True,
            doc="Kept.",
        ),
        _server("homepage", "The application's first page.", is_nullable=True),
        _server("logoutUrl", "Where it is told that a user signed out.", is_nullable=True),
        _server("replyUrls", "Where answers may be sent.", is_collection=True),
        _server("signInAudience", "Who may use the application.", is_nullable=True),
    ),
    navigations=(
        Navigation(
            name="appRoleAssignments",
            doc="What the application may do by itself.",
            to=ROLE_ASSIGNMENTS,
            related=roles_of_principals,
            is_contained=True,
        ),
        Navigation(
            name="appRoleAssignedTo",
            doc="Who may do what at this API.",
            to=ROLE_ASSIGNMENTS,
            related=roles_at_resources,
            is_contained=True,
        ),
        Navigation(
            name="oauth2PermissionGrants",
            doc="What the application may do for users.",
            to=OAUTH2_PERMISSION_GRANTS,
            related=delegated_grants_of,
        ),
        Navigation(
            name="owners",
            doc="Who owns it, beside those of the application; they may do nothing more for that.",
            to=DIRECTORY_OBJECTS,
            related=owners_of_principals,
            access=READ,
            is_given=True,
            refer=Refer(
                access=WRITE,
                event=EventName.SERVICE_PRINCIPAL_UPDATED,
                add=added_owner,
                remove=removed_owner,
            ),
        ),
    ),
)
SERVICE_PRINCIPALS = EntitySet(
    title="Service principals",
    entity=SERVICE_PRINCIPAL,
    doors=(Door(path="/servicePrincipals", declared=SERVICE_PRINCIPAL),),
    source=LISTS,
    family=Family.DIRECTORY,
    unique="appId",
    alternate_keys={"appId": principal_of_app_id},
    read=Read(access=READ),
    create=Create(
        access=WRITE, event=EventName.SERVICE_PRINCIPAL_CREATED, prepare=new_service_principal
    ),
    update=Update(
        access=WRITE,
        event=EventName.SERVICE_PRINCIPAL_UPDATED,
        prepare=changed_service_principal,
        is_silent=True,
    ),
    delete=Delete(
        access=WRITE,
        event=EventName.SERVICE_PRINCIPAL_DELETED,
        prepare=removed_service_principal,
    ),
)
