"""The structured values of an application."""

from gatelodge.graph.edm import ComplexType, Primitive, Property, Returned
from gatelodge.graph.model.application_details import KEPT_OF_API
from gatelodge.model.application import (
    AppRole,
    PreAuthorizedApplication,
    RequiredResourceAccess,
    ResourceAccess,
    Scope,
)
from gatelodge.model.new_application import native_uri_problem, web_uri_problem

_STRING, _BOOLEAN, _GUID = Primitive.STRING, Primitive.BOOLEAN, Primitive.GUID


def _redirect_uris(prefix: str, *, is_native: bool = False) -> Property:
    return Property(
        name="redirectUris",
        attribute=f"{prefix}_redirect_uris",
        type=_STRING,
        is_collection=True,
        max_length=256,
        judge=native_uri_problem if is_native else web_uri_problem,
        doc="Where answers may be sent.",
    )


WEB = ComplexType(
    name="webApplication",
    doc="Settings of a web application.",
    properties=(
        _redirect_uris("web"),
        Property(
            name="logoutUrl",
            attribute="web_logout_url",
            type=_STRING,
            is_nullable=True,
            max_length=255,
            judge=web_uri_problem,
            doc="Called in the browser when the user signs out elsewhere.",
        ),
        Property(
            name="backChannelLogoutUrl",
            attribute="web_back_channel_logout_url",
            type=_STRING,
            is_nullable=True,
            max_length=255,
            judge=web_uri_problem,
            doc="Called by the server, with a signed token, when a session of the user ends.",
        ),
        Property(
            name="homePageUrl",
            attribute="web_home_page_url",
            type=_STRING,
            is_nullable=True,
            max_length=255,
            judge=web_uri_problem,
            doc="The application's first page.",
        ),
        Property(
            name="implicitGrantSettings",
            type=ComplexType(
                name="implicitGrantSettings",
                doc="Which tokens may pass through the browser.",
                properties=(
                    Property(
                        name="enableIdTokenIssuance",
                        attribute="is_id_token_issuance_enabled",
                        type=_BOOLEAN,
                        doc="Whether ID tokens may.",
                    ),
                    Property(
                        name="enableAccessTokenIssuance",
                        attribute="is_access_token_issuance_enabled",
                        type=_BOOLEAN,
                        doc="Whether access tokens may.",
                    ),
                ),
            ),
            doc="Which tokens may pass through the browser.",
        ),
    ),
)
SPA = ComplexType(
    name="spaApplication",
    doc="Settings of a single-page application.",
    properties=(_redirect_uris("spa"),),
)
PUBLIC_CLIENT = ComplexType(
    name="publicClientApplication",
    doc="Settings of an installed application.",
    properties=(_redirect_uris("public_client", is_native=True),),
)


def _sentence(name: str, doc: str, *, is_nullable: bool = False) -> Property:
    return Property(name=name, type=_STRING, doc=doc, is_nullable=is_nullable, max_length=1000)


SCOPE = ComplexType(
    name="permissionScope",
    doc="A permission applications exercise for a user.",
    python=Scope,
    properties=(
        Property(name="id", type=_GUID, is_required=True, doc="The permission's id."),
        Property(
            name="value",
            type=_STRING,
            is_required=True,
            max_length=120,
            doc="The word in `scope` and `scp`.",
        ),
        Property(name="isEnabled", type=_BOOLEAN, doc="Whether it can be asked for."),
        Property(name="type", type=_STRING, max_length=10, doc="Who may consent: Admin or User."),
        _sentence("adminConsentDisplayName", "Its name for administrators."),
        _sentence("adminConsentDescription", "Its description for administrators."),
        _sentence("userConsentDisplayName", "Its name for users.", is_nullable=True),
        _sentence("userConsentDescription", "Its description for users.", is_nullable=True),
    ),
)
PRE_AUTHORIZED = ComplexType(
    name="preAuthorizedApplication",
    doc="A client trusted with scopes without consent.",
    python=PreAuthorizedApplication,
    properties=(
        Property(name="appId", type=_GUID, is_required=True, doc="The client."),
        Property(
            name="delegatedPermissionIds",
            other_names=("permissionIds",),
            beta_name="permissionIds",
            type=_GUID,
            is_collection=True,
            doc="Ids of the scopes.",
        ),
    ),
)
API = ComplexType(
    name="apiApplication",
    doc="Settings of an API.",
    properties=(
        *KEPT_OF_API,
        Property(
            name="oauth2PermissionScopes",
            type=SCOPE,
            is_collection=True,
            doc="Permissions applications exercise for a user.",
        ),
        Property(
            name="preAuthorizedApplications",
            type=PRE_AUTHORIZED,
            is_collection=True,
            doc="Clients trusted without consent.",
        ),
    ),
)
APP_ROLE = ComplexType(
    name="appRole",
    doc="A permission an application exercises by itself.",
    python=AppRole,
    properties=(
        Property(name="id", type=_GUID, is_required=True, doc="The permission's id."),
        Property(
            name="value", type=_STRING, is_required=True, max_length=120, doc="The word in `roles`."
        ),
        _sentence("displayName", "Its name."),
        _sentence("description", "What it allows."),
        Property(name="isEnabled", type=_BOOLEAN, doc="Whether it can be granted."),
        Property(
            name="allowedMemberTypes",
            type=_STRING,
            is_collection=True,
            max_length=20,
            doc="Who may hold it: Application or User.",
        ),
    ),
)
REQUIRED_RESOURCE_ACCESS = ComplexType(
    name="requiredResourceAccess",
    doc="Permissions asked of one API.",
    python=RequiredResourceAccess,
    properties=(
        Property(name="resourceAppId", type=_GUID, is_required=True, doc="The API."),
        Property(
            name="resourceAccess",
            type=ComplexType(
                name="resourceAccess",
                doc="One permission.",
                python=ResourceAccess,
                properties=(
                    Property(name="id", type=_GUID, is_required=True, doc="The permission."),
                    Property(
                        name="type",
                        type=_STRING,
                        is_required=True,
                        max_length=10,
                        doc="Scope or Role.",
                    ),
                ),
            ),
            is_collection=True,
            doc="The permissions.",
        ),
    ),
)
_NAMES_AND_TIMES = (
    Property(
        name="displayName", type=_STRING, is_nullable=True, max_length=256, doc="What it is called."
    ),
    Property(
        name="startDateTime",
        attribute="start_at",
        type=Primitive.DATE_TIME,
        is_nullable=True,
        doc="When it begins to count.",
    ),
    Property(
        name="endDateTime",
        attribute="end_at",
        type=Primitive.DATE_TIME,
        is_nullable=True,
        doc="When it ends; two years from its beginning unless given.",
    ),
)


def _credential(*, is_issued: bool, python: type) -> ComplexType:
    returned = Returned.BY_DEFAULT if is_issued else Returned.NEVER
    return ComplexType(
        name="passwordCredential",
        doc="A secret.",
        python=python,
        properties=(
            *_NAMES_AND_TIMES,
            Property(name="keyId", type=_GUID, doc="Its id."),
            Property(name="hint", type=_STRING, doc="Its first three characters."),
            Property(
                name="secretText",
                type=_STRING,
                is_nullable=True,
                returned=returned,
                doc="Its value; only the answer that makes it contains it.",
            ),
            Property(
                name="customKeyIdentifier",
                type=Primitive.BINARY,
                is_nullable=True,
                returned=Returned.NEVER,
                doc="Always null.",
            ),
        ),
    )


PASSWORD_CREDENTIAL = _credential(is_issued=False, python=object)
ISSUED_PASSWORD = _credential(is_issued=True, python=object)
NEW_PASSWORD = ComplexType(
    name="passwordCredential", doc="A secret.", python=dict, properties=_NAMES_AND_TIMES
)
