"""A user flow: what an administrator configured, and the OpenID provider it becomes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.identifier import DirectoryId, UserFlowId


class UserFlowType(StrEnum):
    """The kinds of user flow; values are the members of Graph's `userFlowType`."""

    SIGN_UP = "signUp"
    SIGN_IN = "signIn"
    SIGN_UP_OR_SIGN_IN = "signUpOrSignIn"
    PASSWORD_RESET = "passwordReset"
    PROFILE_UPDATE = "profileUpdate"
    RESOURCE_OWNER = "resourceOwner"


VERSIONS: dict[UserFlowType, tuple[float, ...]] = {
    UserFlowType.SIGN_UP: (1.0, 2.0, 3.0),
    UserFlowType.SIGN_IN: (1.0, 2.0, 3.0),
    UserFlowType.SIGN_UP_OR_SIGN_IN: (1.0, 2.0, 3.0),
    UserFlowType.PASSWORD_RESET: (1.0, 1.1, 2.0, 3.0),
    UserFlowType.PROFILE_UPDATE: (1.0, 2.0, 3.0),
    UserFlowType.RESOURCE_OWNER: (1.0,),
}
"""Which `userFlowTypeVersion` each type has."""

RECOMMENDED_VERSION = 3.0


class PolicyClaim(StrEnum):
    """Which claim names the user flow in a token."""

    TFP = "tfp"
    ACR = "acr"


class PasswordComplexity(StrEnum):
    """Named rule sets for new passwords."""

    SIMPLE = "simple"
    STRONG = "strong"
    CUSTOM = "custom"
    NIST = "nist"


class SessionScope(StrEnum):
    """Which other requests a single sign-on session serves."""

    TENANT = "tenant"
    APPLICATION = "application"
    POLICY = "policy"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """How tokens name their issuer and user flow."""

    is_issuer_entity_user_flow: bool = False
    claim_type_for_user_flow_id: PolicyClaim = PolicyClaim.TFP


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLifetimes:
    """Minutes 5–1440; days 1–90; rolling days 1–365, not below the refresh days, -1 = no end."""

    access_and_id_token_lifetime_in_minutes: int = 60
    refresh_token_lifetime_in_days: int = 14
    rolling_refresh_token_lifetime_in_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfiguration:
    """How long, and for whom, a browser stays signed in; minutes 15–1440."""

    is_session_lifetime_absolute: bool = False
    session_lifetime_in_minutes: int = 1440
    session_scope: SessionScope = SessionScope.TENANT
    enforce_id_token_hint_on_logout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordConfiguration:
    """Rules for new passwords, and whether a forgotten one is reset inside the flow."""

    is_self_service_password_reset_allowed: bool = False
    complexity_level: PasswordComplexity = PasswordComplexity.STRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFlow:
    """A configured user flow.

    `id` carries the `B2C_1_` prefix, or is a GUID when nobody chose a name; it never changes and
    is compared without case.
    `application_claims` are ids of the attributes that enter tokens when they have a value.
    `attributes` are what sign-up and profile edit ask for, in page order.
    """

    directory_id: DirectoryId
    id: UserFlowId
    user_flow_type: UserFlowType
    user_flow_type_version: float
    created_at: datetime
    is_language_customization_enabled: bool = False
    default_language_tag: str | None = "en"
    authentication_methods: str = "emailWithPassword"
    token_claims_configuration: TokenClaims = TokenClaims()
    token_lifetime_configuration: TokenLifetimes = TokenLifetimes()
    single_sign_on_session_configuration: SessionConfiguration = SessionConfiguration()
    password_complexity_configuration: PasswordConfiguration = PasswordConfiguration()
    application_claims: tuple[str, ...] = ()
    attributes: tuple[AttributeAssignment, ...] = ()
    revision: int = 0

    @property
    def policy(self) -> str:
        """Return the name in lower case, as endpoint addresses carry it."""
        return self.id.lower()
