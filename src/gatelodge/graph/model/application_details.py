"""Properties of applications that are kept; of them only `optionalClaims` acts."""

from typing import Any

from gatelodge.graph.edm import ComplexType, Primitive, Property, Returned
from gatelodge.model.application_details import OptionalClaim, OptionalClaims
from gatelodge.model.new_application import membership_problem, optional_claim_problem

_CLAIM = ComplexType(
    name="optionalClaim",
    doc="A claim an application asks for.",
    python=OptionalClaim,
    properties=(
        Property(
            name="name",
            type=Primitive.STRING,
            is_required=True,
            max_length=256,
            judge=optional_claim_problem,
            doc="Its name: acct, auth_time, email, family_name, given_name, preferred_username, sid"
            " and upn act, others are kept.",
        ),
        Property(
            name="source",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=256,
            doc="Where it comes from.",
        ),
        Property(name="essential", type=Primitive.BOOLEAN, doc="Whether it is needed."),
        Property(
            name="additionalProperties",
            type=Primitive.STRING,
            is_collection=True,
            max_length=256,
            doc="How it is formed.",
        ),
    ),
)


def _claims(name: str, doc: str) -> Property:
    return Property(name=name, type=_CLAIM, is_collection=True, doc=doc)


_OPTIONAL_CLAIMS = ComplexType(
    name="optionalClaims",
    doc="Claims asked for, by kind of token.",
    python=OptionalClaims,
    properties=(
        _claims("idToken", "In ID tokens."),
        _claims("accessToken", "In access tokens."),
        _claims("saml2Token", "In SAML tokens."),
    ),
)


def _kept(name: str, attribute: str, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {"type": Primitive.STRING, "is_nullable": True, **more}
    if settings["type"] is Primitive.STRING:
        settings.setdefault("max_length", 1024)
    return Property(name=name, attribute=f"details.{attribute}", doc="Kept.", **settings)


KEPT_OF_API = (
    _kept(
        "requestedAccessTokenVersion",
        "requested_access_token_version",
        type=Primitive.INT32,
        minimum=1,
        maximum=2,
    ),
    _kept("acceptMappedClaims", "accept_mapped_claims", type=Primitive.BOOLEAN),
    _kept(
        "knownClientApplications",
        "known_client_applications",
        type=Primitive.GUID,
        is_collection=True,
        is_nullable=False,
    ),
)
_INFORMATIONAL_URL = ComplexType(
    name="informationalUrl",
    doc="Pages about the application.",
    properties=(
        _kept("marketingUrl", "marketing_url"),
        _kept("privacyStatementUrl", "privacy_statement_url"),
        _kept("supportUrl", "support_url"),
        _kept("termsOfServiceUrl", "terms_of_service_url"),
    ),
)
KEPT = (
    Property(name="info", type=_INFORMATIONAL_URL, doc="Pages about the application."),
    Property(
        name="optionalClaims",
        attribute="details.optional_claims",
        type=_OPTIONAL_CLAIMS,
        is_nullable=True,
        doc="Claims it asks for beyond those the user flow selects.",
    ),
    Property(
        name="groupMembershipClaims",
        attribute="details.group_membership_claims",
        type=Primitive.STRING,
        is_nullable=True,
        judge=membership_problem,
        doc="Kept; null or None, since users are in no groups.",
    ),
    _kept("description", "description"),
    _kept("notes", "notes"),
    _kept("isDeviceOnlyAuthSupported", "is_device_only_auth_supported", type=Primitive.BOOLEAN),
    _kept(
        "oauth2RequirePostResponse",
        "oauth2_require_post_response",
        type=Primitive.BOOLEAN,
        is_nullable=False,
        returned=Returned.ON_SELECT,
    ),
    _kept("samlMetadataUrl", "saml_metadata_url"),
    _kept("serviceManagementReference", "service_management_reference"),
    _kept("defaultRedirectUri", "default_redirect_uri"),
)
