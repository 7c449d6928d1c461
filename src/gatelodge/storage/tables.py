"""Every table. A column has the name of the dataclass attribute it holds; a test keeps them equal.

`key` columns hold the form a name is looked up by. Every row belongs to a directory,
except those that say whose installation this is and how far the audit log is linked.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.account_details import AccountDetails
from gatelodge.model.age import AgeGating, AgeGroup, ConsentForMinor
from gatelodge.model.api_connector import ClientCertificate
from gatelodge.model.application import (
    AppRole,
    ClientKey,
    ClientPassword,
    GrantKind,
    PermissionGrant,
    Platform,
    PreAuthorizedApplication,
    RequiredResourceAccess,
    Scope,
)
from gatelodge.model.application_details import ApplicationDetails
from gatelodge.model.attribute import AttributeAssignment, DataType
from gatelodge.model.audit import ActorKind, EventName, PropertyChange
from gatelodge.model.audit_activity import AuditKind
from gatelodge.model.authentication_event import (
    ExtensionCall,
    ExtensionClient,
    HttpEndpoint,
    Moments,
    ReturnedClaim,
    TokenAuthentication,
)
from gatelodge.model.authorization import AuthorizationRequest, GrantedScope
from gatelodge.model.branding import BrandImage
from gatelodge.model.directory import Switches
from gatelodge.model.directory_policy import DirectoryPolicies
from gatelodge.model.federation import Upstream
from gatelodge.model.identity_provider import (
    ClaimsMapping,
    OidcSettings,
    ProviderKind,
    ProviderState,
    SamlSettings,
)
from gatelodge.model.interaction import Facts
from gatelodge.model.language import LanguageSetting
from gatelodge.model.message import Channel
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.page_layout import PageLayout
from gatelodge.model.page_script import ScriptPlace
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import FactorKind
from gatelodge.model.service_principal import PrincipalDetails
from gatelodge.model.sign_in_identifier import SignInIdentifierName
from gatelodge.model.signing_key import Algorithm
from gatelodge.model.terms_of_use import AcceptedTerms, TermsOfUse
from gatelodge.model.trace import TraceEntry
from gatelodge.model.user_flow import (
    AuthenticationMethod,
    ConnectedApis,
    OneTimeCodeConfiguration,
    PasskeyConfiguration,
    PasswordConfiguration,
    SecondFactorConfiguration,
    SessionConfiguration,
    TokenClaims,
    TokenLifetimes,
    UserFlowType,
)
from gatelodge.storage.columns import Flag, Json, Member, Name, Octets, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _look_up(name: str) -> Column[Any]:
    """Return a column for the look-up form of a name, which may be longer than the name itself."""
    return Column(name, Name(longest_octets=2000), nullable=False)


def _text_or_none(name: str) -> Column[Any]:
    return Column(name, Text)


def _time(name: str) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=False)


def _time_or_none(name: str) -> Column[Any]:
    return Column(name, UtcDateTime)


def _flag(name: str) -> Column[Any]:
    return Column(name, Flag, nullable=False)


def _json(name: str, python: Any) -> Column[Any]:
    return Column(name, Json(python), nullable=False)


def _json_or_none(name: str, python: Any) -> Column[Any]:
    return Column(name, Json(python))


def _settings(name: str, python: Any) -> Column[Any]:
    return Column(name, Json(python, is_repeated=True), nullable=False)


def _later_settings(name: str, python: Any) -> Column[Any]:
    """Return a column for settings that rows of older schemas do not have."""
    return Column(name, Json(python, is_repeated=True), nullable=False, server_default="{}")


def _revision() -> Column[Any]:
    return Column("revision", Integer, nullable=False)


def _count(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def _large_count(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False)


def _of_directory() -> Column[Any]:
    return Column("directory_id", Text, nullable=False)


def _in_directory() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["directory_id"], ["directory.id"])


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["directory_id", "account_id"],
        ["account.directory_id", "account.id"],
        ondelete="CASCADE",
    )


def _standing_and_deleted(table: str) -> tuple[Index, Index]:
    """Return an index of the rows that were not deleted, and one of those that were."""
    standing, deleted = text("deleted_at IS NULL"), text("deleted_at IS NOT NULL")
    return (
        Index(
            f"ix_{table}_standing",
            "directory_id",
            "id",
            sqlite_where=standing,
            postgresql_where=standing,
        ),
        Index(
            f"ix_{table}_deleted",
            "directory_id",
            "deleted_at",
            "id",
            sqlite_where=deleted,
            postgresql_where=deleted,
        ),
    )


installation = Table(
    "installation",
    metadata,
    Column("id", Text, primary_key=True),
    _flag("is_development"),
    _text("key_check"),
    _time("created_at"),
    _count("starts"),
)

directory = Table(
    "directory",
    metadata,
    Column("id", Text, primary_key=True),
    _text("domain"),
    Column("domain_key", Text, nullable=False, unique=True),
    _text("display_name"),
    _text("extensions_app_id"),
    _time("created_at"),
    _json("switches", Switches),
    _json("policies", DirectoryPolicies),
    _revision(),
)

user_flow = Table(
    "user_flow",
    metadata,
    _of_directory(),
    _text("key"),
    _text("id"),
    Column("user_flow_type", Member(UserFlowType), nullable=False),
    Column("user_flow_type_version", Double, nullable=False),
    _time("created_at"),
    _flag("is_language_customization_enabled"),
    _text_or_none("default_language_tag"),
    Column("authentication_methods", Member(AuthenticationMethod), nullable=False),
    _flag("is_conditional_access_enforced"),
    _flag("is_java_script_enabled"),
    _settings("multifactor_authentication_configuration", SecondFactorConfiguration),
    _settings("token_claims_configuration", TokenClaims),
    _settings("token_lifetime_configuration", TokenLifetimes),
    _settings("single_sign_on_session_configuration", SessionConfiguration),
    _settings("password_complexity_configuration", PasswordConfiguration),
    _settings("one_time_code_configuration", OneTimeCodeConfiguration),
    _later_settings("passkey_configuration", PasskeyConfiguration),
    _later_settings("age_gating_configuration", AgeGating),
    _later_settings("terms_of_use_configuration", TermsOfUse),
    _later_settings("account_configuration", AccountConfiguration),
    _settings("application_claims", tuple[str, ...]),
    _settings("attributes", tuple[AttributeAssignment, ...]),
    _flag("is_b2x"),
    _settings("identity_providers", tuple[str, ...]),
    _settings("api_connectors", ConnectedApis),
    _settings("languages", tuple[LanguageSetting, ...]),
    _settings("page_layouts", tuple[PageLayout, ...]),
    _revision(),
    PrimaryKeyConstraint("directory_id", "key"),
    _in_directory(),
)

passkey = Table(
    "passkey",
    metadata,
    _of_directory(),
    _text("id"),
    _text("account_id"),
    _text("public_key"),
    _large_count("sign_count"),
    _flag("is_synced"),
    _text("aaguid"),
    _text("display_name"),
    _time("created_at"),
    _time_or_none("last_used_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    ForeignKeyConstraint(
        ["directory_id", "account_id"],
        ["account.directory_id", "account.id"],
        ondelete="CASCADE",
    ),
    Index(None, "directory_id", "account_id"),
)

branding = Table(
    "branding",
    metadata,
    _of_directory(),
    _text("id"),
    _text_or_none("background_color"),
    _text_or_none("accent_color"),
    _text_or_none("sign_in_page_text"),
    _text_or_none("username_hint_text"),
    _text_or_none("custom_terms_of_use_text"),
    _text_or_none("custom_terms_of_use_url"),
    _text_or_none("custom_privacy_and_cookies_text"),
    _text_or_none("custom_privacy_and_cookies_url"),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
)

brand_picture = Table(
    "brand_picture",
    metadata,
    _of_directory(),
    _text("locale"),
    Column("name", Member(BrandImage), nullable=False),
    _text("media_type"),
    _text("digest"),
    Column("content", Octets, nullable=False),
    PrimaryKeyConstraint("directory_id", "locale", "name"),
)

page_template = Table(
    "page_template",
    metadata,
    _of_directory(),
    _text("user_flow_key"),
    _text("page_id"),
    _text("before"),
    _text("after"),
    _json("sources", tuple[str, ...]),
    _time("fetched_at"),
    _json("scripts", tuple[ScriptPlace, ...]),
    PrimaryKeyConstraint("directory_id", "user_flow_key", "page_id"),
    ForeignKeyConstraint(
        ["directory_id", "user_flow_key"],
        ["user_flow.directory_id", "user_flow.key"],
        ondelete="CASCADE",
    ),
)

page_script = Table(
    "page_script",
    metadata,
    _of_directory(),
    _text("user_flow_key"),
    _text("page_id"),
    _text("digest"),
    _text("text"),
    PrimaryKeyConstraint("directory_id", "user_flow_key", "page_id", "digest"),
    ForeignKeyConstraint(
        ["directory_id", "user_flow_key", "page_id"],
        ["page_template.directory_id", "page_template.user_flow_key", "page_template.page_id"],
        ondelete="CASCADE",
    ),
)

language_page = Table(
    "language_page",
    metadata,
    _of_directory(),
    _text("user_flow_key"),
    _text("language_key"),
    _text("page_id"),
    _text("content"),
    PrimaryKeyConstraint("directory_id", "user_flow_key", "language_key", "page_id"),
    ForeignKeyConstraint(
        ["directory_id", "user_flow_key"],
        ["user_flow.directory_id", "user_flow.key"],
        ondelete="CASCADE",
    ),
)

user_attribute = Table(
    "user_attribute",
    metadata,
    _of_directory(),
    _text("key"),
    _text("id"),
    _text("display_name"),
    _text("display_name_key"),
    _text_or_none("description"),
    Column("data_type", Member(DataType), nullable=False),
    _revision(),
    PrimaryKeyConstraint("directory_id", "key"),
    UniqueConstraint("directory_id", "display_name_key"),
    _in_directory(),
)

identity_provider = Table(
    "identity_provider",
    metadata,
    _of_directory(),
    _text("key"),
    _text("id"),
    Column("kind", Member(ProviderKind), nullable=False),
    _text("identity_provider_type"),
    _text("display_name"),
    _text_or_none("client_id"),
    _text_or_none("secret"),
    _text_or_none("metadata_url"),
    _text_or_none("response_mode"),
    _text_or_none("response_type"),
    _text_or_none("scope"),
    _text_or_none("domain_hint"),
    Column("claims_mapping", Json(ClaimsMapping)),
    _text_or_none("developer_id"),
    _text_or_none("service_id"),
    _text_or_none("key_id"),
    Column("state", Member(ProviderState)),
    Column("oidc", Json(OidcSettings)),
    Column("saml", Json(SamlSettings)),
    _revision(),
    PrimaryKeyConstraint("directory_id", "key"),
    _in_directory(),
)

api_connector = Table(
    "api_connector",
    metadata,
    _of_directory(),
    _text("id"),
    _text("display_name"),
    _text("target_url"),
    _text_or_none("username"),
    _text_or_none("password"),
    _json("certificates", tuple[ClientCertificate, ...]),
    _text_or_none("private_key"),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    _in_directory(),
)

events_flow = Table(
    "events_flow",
    metadata,
    _of_directory(),
    _text("id"),
    _text("display_name"),
    _text_or_none("description"),
    _count("priority"),
    _flag("include_all_applications"),
    _json("app_ids", tuple[str, ...]),
    _json("moments", Moments),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    UniqueConstraint("directory_id", "display_name"),
    _in_directory(),
)

event_listener = Table(
    "event_listener",
    metadata,
    _of_directory(),
    _text("id"),
    _text("kind"),
    _text_or_none("display_name"),
    _count("priority"),
    _text_or_none("authentication_events_flow_id"),
    _flag("include_all_applications"),
    _json("app_ids", tuple[str, ...]),
    _json("moments", Moments),
    Column("extension_call", Json(ExtensionCall)),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    _in_directory(),
)

event_extension = Table(
    "event_extension",
    metadata,
    _of_directory(),
    _text("id"),
    _text("kind"),
    _text("display_name"),
    _text_or_none("description"),
    Column("authentication_configuration", Json(TokenAuthentication)),
    Column("endpoint_configuration", Json(HttpEndpoint)),
    Column("client_configuration", Json(ExtensionClient)),
    _json("claims_for_token_configuration", tuple[ReturnedClaim, ...]),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    _in_directory(),
)

sign_in_identifier = Table(
    "sign_in_identifier",
    metadata,
    _of_directory(),
    Column("name", Member(SignInIdentifierName), nullable=False),
    _flag("is_enabled"),
    _text_or_none("validation_reg_ex"),
    _revision(),
    PrimaryKeyConstraint("directory_id", "name"),
    _in_directory(),
)

trust_framework_policy = Table(
    "trust_framework_policy",
    metadata,
    _of_directory(),
    _text("key"),
    _text("id"),
    _text("content"),
    _revision(),
    PrimaryKeyConstraint("directory_id", "key"),
    _in_directory(),
)

service_principal = Table(
    "service_principal",
    metadata,
    _of_directory(),
    _text("id"),
    _text("app_id"),
    _text("display_name"),
    _time("created_at"),
    _flag("account_enabled"),
    _flag("app_role_assignment_required"),
    _json("tags", tuple[str, ...]),
    _json("details", PrincipalDetails),
    _time_or_none("deleted_at"),
    Column("deleted_grants", Json(tuple[PermissionGrant, ...])),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    UniqueConstraint("directory_id", "app_id"),
    ForeignKeyConstraint(["directory_id"], ["directory.id"], ondelete="CASCADE"),
    *_standing_and_deleted("service_principal"),
)

application = Table(
    "application",
    metadata,
    _of_directory(),
    _text("id"),
    _text("app_id"),
    _text("display_name"),
    _time("created_at"),
    _text("sign_in_audience"),
    _settings("identifier_uris", tuple[str, ...]),
    _settings("web_redirect_uris", tuple[str, ...]),
    _settings("spa_redirect_uris", tuple[str, ...]),
    _settings("public_client_redirect_uris", tuple[str, ...]),
    _text_or_none("web_logout_url"),
    _text_or_none("web_back_channel_logout_url"),
    _text_or_none("web_home_page_url"),
    _flag("is_id_token_issuance_enabled"),
    _flag("is_access_token_issuance_enabled"),
    _flag("is_fallback_public_client"),
    _flag("is_enabled"),
    _settings("oauth2_permission_scopes", tuple[Scope, ...]),
    _settings("pre_authorized_applications", tuple[PreAuthorizedApplication, ...]),
    _settings("app_roles", tuple[AppRole, ...]),
    _settings("required_resource_access", tuple[RequiredResourceAccess, ...]),
    _settings("password_credentials", tuple[ClientPassword, ...]),
    _settings("key_credentials", tuple[ClientKey, ...]),
    _flag("requires_pushed_requests"),
    _text_or_none("registration_token"),
    _settings("tags", tuple[str, ...]),
    _settings("owner_ids", tuple[str, ...]),
    _settings("details", ApplicationDetails),
    _time_or_none("deleted_at"),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    UniqueConstraint("directory_id", "app_id"),
    _in_directory(),
    *_standing_and_deleted("application"),
)

identifier_uri = Table(
    "identifier_uri",
    metadata,
    _of_directory(),
    _text("uri"),
    _text("application_id"),
    PrimaryKeyConstraint("directory_id", "uri"),
    ForeignKeyConstraint(
        ["directory_id", "application_id"],
        ["application.directory_id", "application.id"],
        ondelete="CASCADE",
    ),
)

permission_grant = Table(
    "permission_grant",
    metadata,
    _of_directory(),
    _text("app_id"),
    _text("resource_app_id"),
    Column("kind", Member(GrantKind), nullable=False),
    _text("value"),
    PrimaryKeyConstraint("directory_id", "app_id", "resource_app_id", "kind", "value"),
    ForeignKeyConstraint(
        ["directory_id", "app_id"],
        ["application.directory_id", "application.app_id"],
        ondelete="CASCADE",
    ),
)

account = Table(
    "account",
    metadata,
    _of_directory(),
    _text("id"),
    _time("created_at"),
    _text("display_name"),
    _time("sign_in_sessions_valid_from"),
    Column("identities", Json(tuple[SignInName, ...]), nullable=False, server_default="[]"),
    _flag("account_enabled"),
    _text_or_none("given_name"),
    _text_or_none("surname"),
    _text_or_none("city"),
    _text_or_none("country"),
    _text_or_none("state"),
    _text_or_none("street_address"),
    _text_or_none("postal_code"),
    _text_or_none("job_title"),
    _text_or_none("mail"),
    Column("is_email_proved", Flag),
    _time_or_none("updated_at"),
    _text_or_none("mobile_phone"),
    _text_or_none("mail_nickname"),
    _text_or_none("user_principal_name"),
    _text_or_none("creation_type"),
    _text_or_none("password_policies"),
    _json("extensions", Mapping[str, Any]),
    _json("directory_roles", tuple[str, ...]),
    Column("show_in_address_list", Flag),
    _json_or_none("kept_details", AccountDetails),
    _text_or_none("date_of_birth"),
    Column("age_group", Member(AgeGroup)),
    Column("consent_provided_for_minor", Member(ConsentForMinor)),
    _json_or_none("accepted_terms", tuple[AcceptedTerms, ...]),
    _revision(),
    _look_up("display_name_key"),
    _look_up("mail_key"),
    _look_up("user_principal_name_key"),
    _time_or_none("deleted_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    _in_directory(),
    Index(None, "directory_id", "created_at", "id"),
    Index(None, "directory_id", "display_name_key", "id"),
    Index(None, "directory_id", "mail_key", "id"),
    Index(None, "directory_id", "user_principal_name_key", "id"),
    # Counting users reads this index alone.
    *_standing_and_deleted("account"),
)

# Who may be found by which name. What an account's names are is written in the account.
sign_in_name = Table(
    "sign_in_name",
    metadata,
    _of_directory(),
    _text("issuer"),
    _text("key"),
    Column("sign_in_type", Member(SignInType), nullable=False),
    _text("account_id"),
    PrimaryKeyConstraint("directory_id", "issuer", "key"),
    _of_account(),
    Index(None, "directory_id", "account_id"),
    Index(None, "directory_id", "key"),
)

password_credential = Table(
    "password_credential",
    metadata,
    _of_directory(),
    _text("account_id"),
    _text("hash"),
    _time("changed_at"),
    _flag("force_change_next_sign_in"),
    PrimaryKeyConstraint("directory_id", "account_id"),
    _of_account(),
)

second_factor = Table(
    "second_factor",
    metadata,
    _of_directory(),
    _text("account_id"),
    _text("id"),
    Column("kind", Member(FactorKind), nullable=False),
    _time("created_at"),
    _text_or_none("address"),
    _text_or_none("sealed_secret"),
    _count("last_step"),
    PrimaryKeyConstraint("directory_id", "account_id", "id"),
    _of_account(),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    _of_directory(),
    _text("account_id"),
    _text("digest"),
    _time("created_at"),
    _time_or_none("used_at"),
    PrimaryKeyConstraint("directory_id", "account_id", "digest"),
    _of_account(),
)

lockout = Table(
    "lockout",
    metadata,
    _of_directory(),
    _text("key"),
    _count("failures"),
    _count("lockouts"),
    _time_or_none("locked_until"),
    _time("last_failure_at"),
    _text_or_none("fingerprint"),
    PrimaryKeyConstraint("directory_id", "key"),
    Index(None, "last_failure_at"),
)

failed_source = Table(
    "failed_source",
    metadata,
    _of_directory(),
    _text("source"),
    _time("window_began_at"),
    _count("failures"),
    PrimaryKeyConstraint("directory_id", "source"),
    Index(None, "window_began_at"),
)

sent_code = Table(
    "sent_code",
    metadata,
    _of_directory(),
    _text("address"),
    _time("window_began_at"),
    _count("sends"),
    PrimaryKeyConstraint("directory_id", "address"),
    Index(None, "window_began_at"),
)

known_device = Table(
    "known_device",
    metadata,
    _of_directory(),
    _text("account_id"),
    _text("device_id"),
    _text("network"),
    _time("first_seen_at"),
    _time("last_seen_at"),
    _time("expires_at"),
    _time_or_none("factor_at"),
    PrimaryKeyConstraint("directory_id", "account_id", "device_id", "network"),
    _of_account(),
    Index(None, "expires_at"),
)

interaction = Table(
    "interaction",
    metadata,
    _of_directory(),
    _text("id"),
    _text("user_flow_id"),
    _json("request", AuthorizationRequest),
    _text("browser"),
    _text("correlation_id"),
    _time("created_at"),
    _time("expires_at"),
    _json("facts", Facts),
    _json("completed", tuple[str, ...]),
    _text_or_none("answer"),
    _text_or_none("code_id"),
    _json_or_none("trace", tuple[TraceEntry, ...]),
    _revision(),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "expires_at"),
    Index(None, "directory_id", "correlation_id"),
)

journey_trace = Table(
    "journey_trace",
    metadata,
    _of_directory(),
    _text("correlation_id"),
    _text("user_flow_id"),
    _time("created_at"),
    _json("entries", tuple[TraceEntry, ...]),
    PrimaryKeyConstraint("directory_id", "correlation_id"),
    Index(None, "directory_id", "created_at"),
)

proof = Table(
    "proof",
    metadata,
    _of_directory(),
    _text("id"),
    _text("interaction_id"),
    Column("kind", Member(ProofKind), nullable=False),
    _text("subject"),
    _text_or_none("account_id"),
    _time("created_at"),
    _time_or_none("consumed_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "directory_id", "interaction_id"),
    Index(None, "created_at"),
)

session = Table(
    "session",
    metadata,
    _of_directory(),
    _text("id"),
    _text("account_id"),
    _text("user_flow_id"),
    _text("client_id"),
    _time("auth_time"),
    _json("amr", tuple[str, ...]),
    _time("created_at"),
    _time("last_used_at"),
    _time("expires_at"),
    _flag("is_kept"),
    _json_or_none("upstream", Upstream),
    PrimaryKeyConstraint("directory_id", "id"),
    _of_account(),
    Index(None, "directory_id", "account_id"),
    Index(None, "expires_at"),
)

grant = Table(
    "oauth_grant",
    metadata,
    _of_directory(),
    _text("id"),
    _text("account_id"),
    _text("client_id"),
    _text("user_flow_id"),
    Column("platform", Member(Platform), nullable=False),
    _json("scope", GrantedScope),
    _time("auth_time"),
    _json("amr", tuple[str, ...]),
    _text_or_none("nonce"),
    _flag("is_new_account"),
    _text_or_none("session_id"),
    _time("created_at"),
    _time_or_none("revoked_at"),
    _text_or_none("key_thumbprint"),
    _text_or_none("parent_id"),
    _json_or_none("connector_claims", dict[str, Any]),
    _json_or_none("upstream", Upstream),
    _text_or_none("own_host"),
    _text_or_none("ip_address"),
    PrimaryKeyConstraint("directory_id", "id"),
    _of_account(),
    Index(None, "directory_id", "account_id"),
    Index(None, "created_at"),
)


def _of_grant() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["directory_id", "grant_id"],
        ["oauth_grant.directory_id", "oauth_grant.id"],
        ondelete="CASCADE",
    )


user_role = Table(
    "user_role",
    metadata,
    _of_directory(),
    _text("account_id"),
    _text("resource_app_id"),
    _text("role_id"),
    _time("created_at"),
    PrimaryKeyConstraint("directory_id", "account_id", "resource_app_id", "role_id"),
    _of_account(),
    ForeignKeyConstraint(
        ["directory_id", "resource_app_id"],
        ["application.directory_id", "application.app_id"],
        ondelete="CASCADE",
    ),
    Index(None, "directory_id", "resource_app_id"),
)

consent = Table(
    "consent",
    metadata,
    _of_directory(),
    _text("account_id"),
    _text("app_id"),
    _text("resource_app_id"),
    _text("value"),
    _time("created_at"),
    PrimaryKeyConstraint("directory_id", "account_id", "app_id", "resource_app_id", "value"),
    _of_account(),
    ForeignKeyConstraint(
        ["directory_id", "app_id"],
        ["application.directory_id", "application.app_id"],
        ondelete="CASCADE",
    ),
    Index(None, "directory_id", "app_id"),
)

authorization_code = Table(
    "authorization_code",
    metadata,
    _of_directory(),
    _text("id"),
    _text("grant_id"),
    _text("redirect_uri"),
    _text_or_none("code_challenge"),
    _flag("is_plain_challenge"),
    _time("expires_at"),
    _time_or_none("redeemed_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    _of_grant(),
    Index(None, "directory_id", "grant_id"),
    Index(None, "expires_at"),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    _of_directory(),
    _text("id"),
    _text("grant_id"),
    _time("issued_at"),
    _time("expires_at"),
    _time_or_none("rotated_at"),
    _text_or_none("successor_id"),
    _text_or_none("replay"),
    PrimaryKeyConstraint("directory_id", "id"),
    _of_grant(),
    Index(None, "directory_id", "grant_id"),
    Index(None, "expires_at"),
)

pushed_request = Table(
    "pushed_request",
    metadata,
    _of_directory(),
    _text("id"),
    _text("client_id"),
    _json("parameters", Mapping[str, str]),
    _text_or_none("key_thumbprint"),
    _time("expires_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "expires_at"),
)

device_request = Table(
    "device_request",
    metadata,
    _of_directory(),
    _text("id"),
    _text("user_code"),
    _text("client_id"),
    _text("user_flow_id"),
    _json("scope", GrantedScope),
    _count("interval_s"),
    _time("created_at"),
    _time("expires_at"),
    _time_or_none("polled_at"),
    _text_or_none("grant_id"),
    _flag("is_refused"),
    _time_or_none("redeemed_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    UniqueConstraint("directory_id", "user_code"),
    Index(None, "expires_at"),
)

used_identifier = Table(
    "used_identifier",
    metadata,
    _of_directory(),
    _text("id"),
    _time("expires_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "expires_at"),
)

signing_key = Table(
    "signing_key",
    metadata,
    _of_directory(),
    _text("id"),
    Column("algorithm", Member(Algorithm), nullable=False),
    _text("public_jwk"),
    _text("sealed_private_key"),
    _time("created_at"),
    _time("active_at"),
    _time_or_none("retired_at"),
    PrimaryKeyConstraint("directory_id", "id"),
    _in_directory(),
)

message = Table(
    "message",
    metadata,
    _of_directory(),
    _text("id"),
    Column("channel", Member(Channel), nullable=False),
    _text("to"),
    _text("subject"),
    _text("text"),
    _text("html"),
    _text_or_none("code"),
    _time("created_at"),
    _time_or_none("sent_at"),
    _count("attempts"),
    _time("next_attempt_at"),
    _count("sequence"),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "sent_at", "next_attempt_at"),
    Index(None, "directory_id", "sequence"),
)

logout_notice = Table(
    "logout_notice",
    metadata,
    _of_directory(),
    _text("id"),
    _text("client_id"),
    _text("user_flow_id"),
    _text("account_id"),
    _text("session_id"),
    _time("created_at"),
    _count("attempts"),
    _time("next_attempt_at"),
    _text_or_none("own_host"),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "next_attempt_at"),
)

audit_event = Table(
    "audit_event",
    metadata,
    _of_directory(),
    _text("id"),
    _time("at"),
    Column("name", Member(EventName), nullable=False),
    _text("actor"),
    _text("target"),
    _flag("is_success"),
    Column("actor_kind", Member(ActorKind)),
    _text_or_none("correlation_id"),
    _text_or_none("ip_address"),
    _json("detail", Mapping[str, str]),
    _json("changes", tuple[PropertyChange, ...]),
    Column("kind", Member(AuditKind), nullable=False),
    _text("mark"),
    _large_count("sequence"),
    _text("digest"),
    PrimaryKeyConstraint("directory_id", "id"),
    Index(None, "directory_id", "kind", "at"),
    # The chain in order, and in front of it, at 0, what waits to be linked in the order it will be.
    Index(None, "sequence", "at", "directory_id", "id"),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("id", Text, primary_key=True),
    _large_count("sequence"),
    _text("digest"),
    _large_count("swept_sequence"),
    _text("swept_digest"),
    _time("at"),
    _text("mac"),
)


def _bound_names(table: Table) -> None:
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    names = [column for each in (table.primary_key, *unique) for column in each.columns]
    names += [column for each in table.indexes for column in each.columns]
    for column in names:
        if type(column.type) is Text:
            column.type = Name()


for _table in metadata.tables.values():
    _bound_names(_table)
