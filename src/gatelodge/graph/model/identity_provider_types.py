"""The types of identity providers, in today's and in the older shape."""

from typing import Any

from gatelodge.crypto.foreign_certificates import certificates_problem
from gatelodge.graph.edm import (
    Asked,
    ComplexType,
    EntityType,
    Enumeration,
    Primitive,
    Property,
    Returned,
    Writable,
)
from gatelodge.model.identity_provider import (
    ClaimsMapping,
    ClientSecretAuthentication,
    IdentityProvider,
    InboundAddress,
    InboundClaims,
    ProviderState,
)
from gatelodge.model.new_identity_provider import (
    built_in_type_problem,
    issuer_problem,
    old_type_problem,
    protocol_problem,
    response_mode_problem,
    response_type_problem,
    scope_problem,
    social_type_problem,
)

_SECRET_LENGTH = 4000
_KEY_LENGTH = 8000


def _text(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {"max_length": 255, **more}
    return Property(name=name, type=Primitive.STRING, doc=doc, **settings)


def _empty_problem(value: str) -> str | None:
    return None if value else "must not be empty."


def _secret(name: str, most: int, doc: str, *, is_required: bool = True) -> Property:
    return _text(
        name,
        doc,
        attribute="secret",
        max_length=most,
        is_required=is_required,
        returned=Returned.MASKED,
        judge=_empty_problem,
    )


_ID = _text("id", "The id, made by the server.", writable=Writable.NEVER, asked=Asked.EVERYTHING)
_CLIENT_ID = _text("clientId", "Who we are at the provider.", is_required=True)

BASE = EntityType(
    name="identityProviderBase",
    python=IdentityProvider,
    doc="An identity provider user flows can offer.",
    properties=(
        _ID,
        _text(
            "displayName",
            "The name people see; by default what it is.",
            max_length=64,
            asked=Asked.EVERYTHING,
        ),
    ),
)
SOCIAL = EntityType(
    name="socialIdentityProvider",
    base=BASE,
    python=IdentityProvider,
    doc="A well-known provider; a directory has one of each type.",
    properties=(
        _CLIENT_ID,
        _secret("clientSecret", _SECRET_LENGTH, "Our secret there; shown as asterisks."),
        _text(
            "identityProviderType",
            "Which provider it is.",
            is_required=True,
            writable=Writable.ON_CREATE,
            judge=social_type_problem,
        ),
    ),
)
BUILT_IN = EntityType(
    name="builtInIdentityProvider",
    base=BASE,
    python=IdentityProvider,
    doc="A way to sign in that needs nobody else.",
    properties=(
        _text(
            "identityProviderType",
            "Which way it is.",
            is_required=True,
            writable=Writable.ON_CREATE,
            judge=built_in_type_problem,
        ),
        Property(
            name="state",
            type=Enumeration(
                "identityProviderState", ProviderState, "Whether a built-in provider is used."
            ),
            doc="Whether it is used.",
        ),
    ),
)
APPLE = EntityType(
    name="appleManagedIdentityProvider",
    base=BASE,
    python=IdentityProvider,
    doc="Sign in with Apple.",
    properties=(
        _text("developerId", "The team at Apple.", is_required=True),
        _text("serviceId", "Who we are at Apple.", is_required=True),
        _text("keyId", "The id of the key.", is_required=True),
        _secret("certificateData", _KEY_LENGTH, "The private key; shown as asterisks."),
    ),
)
CLAIMS_MAPPING = ComplexType(
    name="claimsMapping",
    doc="Which claims of an OpenID provider say what about a user.",
    python=ClaimsMapping,
    properties=(
        _text("userId", "Says who the user is.", is_required=True),
        _text("displayName", "The name shown.", is_required=True),
        _text("givenName", "The first name.", is_nullable=True),
        _text("surname", "The family name.", is_nullable=True),
        _text("email", "The email address.", is_nullable=True),
    ),
)
_OPEN_ID_CONNECT = (
    _CLIENT_ID,
    _secret(
        "clientSecret",
        _SECRET_LENGTH,
        "Our secret there, needed for `code`; shown as asterisks.",
        is_required=False,
    ),
    Property(
        name="claimsMapping",
        type=CLAIMS_MAPPING,
        is_required=True,
        doc="Which of its claims say what about a user.",
    ),
    _text(
        "metadataUrl",
        "Where its discovery document is, with https.",
        is_required=True,
        max_length=1000,
        writable=Writable.ON_CREATE,
    ),
    _text(
        "responseMode",
        "How its answer travels: `form_post` or `query`.",
        is_required=True,
        judge=response_mode_problem,
    ),
    _text(
        "responseType",
        "What it answers with: `code` or `id_token`.",
        is_required=True,
        judge=response_type_problem,
    ),
    _text("scope", "What we ask of it, with `openid`.", is_required=True, judge=scope_problem),
    _text("domainHint", "A word in the address that chooses it at once.", is_nullable=True),
)
OPEN_ID_CONNECT = EntityType(
    name="openIdConnectIdentityProvider",
    base=BASE,
    python=IdentityProvider,
    doc="Any OpenID provider.",
    properties=_OPEN_ID_CONNECT,
)

_INBOUND_CLAIMS = ComplexType(
    name="oidcInboundClaimMappingOverride",
    doc="Which of its claims stand for those of OpenID Connect.",
    python=InboundClaims,
    properties=(
        *(
            _text(name, f"Instead of `{name}`.", is_nullable=True)
            for name in (
                "sub",
                "name",
                "given_name",
                "family_name",
                "email",
                "email_verified",
                "phone_number",
                "phone_number_verified",
            )
        ),
        Property(
            name="address",
            type=ComplexType(
                name="oidcAddressInboundClaims",
                doc="Which members of an address say what.",
                python=InboundAddress,
                properties=tuple(
                    _text(name, f"Instead of `{name}`.", is_nullable=True)
                    for name in ("country", "locality", "postal_code", "region", "street_address")
                ),
            ),
            is_nullable=True,
            doc="Instead of the members of `address`.",
        ),
    ),
)
OIDC = EntityType(
    name="oidcIdentityProvider",
    base=BASE,
    python=IdentityProvider,
    doc="Any OpenID provider, in the shape External ID has.",
    properties=(
        _CLIENT_ID,
        _text(
            "issuer",
            "Who it says it is, with https.",
            attribute="oidc.issuer",
            is_required=True,
            max_length=1000,
            judge=issuer_problem,
        ),
        _text(
            "wellKnownEndpoint",
            "Where its discovery document is; by default where the issuer has it.",
            attribute="metadata_url",
            max_length=1000,
        ),
        _text(
            "responseType",
            "What it answers with: `code` or `id_token`.",
            is_required=True,
            judge=response_type_problem,
        ),
        _text("scope", "What we ask of it, with `openid`.", is_required=True, judge=scope_problem),
        Property(
            name="clientAuthentication",
            type=ComplexType(
                name="oidcClientAuthentication",
                doc="How we show that we are its client.",
                derived=(
                    ComplexType(
                        name="oidcClientSecretAuthentication",
                        doc="By a secret.",
                        python=ClientSecretAuthentication,
                        properties=(
                            _text(
                                "clientSecret",
                                "Our secret there; shown as asterisks.",
                                max_length=_SECRET_LENGTH,
                                returned=Returned.MASKED,
                                judge=_empty_problem,
                            ),
                        ),
                    ),
                ),
            ),
            is_required=True,
            doc="How we show that we are its client: by a secret.",
        ),
        Property(
            name="inboundClaimMapping",
            type=_INBOUND_CLAIMS,
            attribute="oidc.inbound_claim_mapping",
            is_nullable=True,
            doc="Which of its claims stand for those of OpenID Connect.",
        ),
    ),
)
SAML = EntityType(
    name="samlOrWsFedProvider",
    base=BASE,
    python=IdentityProvider,
    doc="A SAML or WS-Federation provider. WS-Federation is kept and not spoken.",
    properties=(
        _text(
            "issuerUri",
            "Who it says it is.",
            attribute="saml.issuer_uri",
            is_required=True,
            max_length=1000,
        ),
        _text(
            "passiveSignInUri",
            "Where people are sent, with https.",
            attribute="saml.passive_sign_in_uri",
            is_required=True,
            max_length=1000,
        ),
        _text(
            "metadataExchangeUri",
            "Where its metadata is.",
            attribute="saml.metadata_exchange_uri",
            is_nullable=True,
            max_length=1000,
        ),
        _text(
            "preferredAuthenticationProtocol",
            "`saml` or `wsFed`.",
            attribute="saml.preferred_authentication_protocol",
            is_required=True,
            judge=protocol_problem,
        ),
        _text(
            "signingCertificate",
            "What it signs with, in base64; in PEM the present and the next one.",
            attribute="saml.signing_certificate",
            is_nullable=True,
            judge=certificates_problem,
            max_length=_KEY_LENGTH,
        ),
    ),
)

OLD = EntityType(
    name="identityProvider",
    python=IdentityProvider,
    doc="An identity provider, in the older shape.",
    properties=(
        _ID,
        _text(
            "name",
            "The name people see; by default what it is.",
            attribute="display_name",
            max_length=64,
            asked=Asked.EVERYTHING,
        ),
        _text(
            "type",
            "Which provider it is.",
            attribute="identity_provider_type",
            is_required=True,
            writable=Writable.ON_CREATE,
            judge=old_type_problem,
            asked=Asked.EVERYTHING,
        ),
        _text("clientId", "Who we are at the provider.", is_nullable=True),
        _secret(
            "clientSecret",
            _SECRET_LENGTH,
            "Our secret there; shown as asterisks.",
            is_required=False,
        ),
    ),
)
OLD_OPEN_ID_CONNECT = EntityType(
    name="openIdConnectProvider",
    base=OLD,
    python=IdentityProvider,
    doc="Any OpenID provider, in the older shape.",
    properties=_OPEN_ID_CONNECT[2:],
)
