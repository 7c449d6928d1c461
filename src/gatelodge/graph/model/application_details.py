"""Properties of applications that are kept and change nothing."""

from typing import Any

from gatelodge.graph.edm import ComplexType, Primitive, Property, Returned
from gatelodge.model.application_details import OptionalClaim, OptionalClaims

_CLAIM = ComplexType(
    name="optionalClaim",
    doc="A claim an application asks for.",
    python=OptionalClaim,
    properties=(
        Property(
            name="name", type=Primitive.STRING, is_required=True, max_length=256, doc="Its name."
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
KEPT = (
    _kept("optionalClaims", "optional_claims", type=_OPTIONAL_CLAIMS),
    _kept("groupMembershipClaims", "group_membership_claims"),
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
