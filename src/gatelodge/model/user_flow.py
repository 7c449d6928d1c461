"""A user flow: what an administrator configured, and the OpenID provider it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gatelodge.model.age import NOBODY_ASKED, AgeGating
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.identifier import DirectoryId, UserFlowId, key_of
from gatelodge.model.language import BUILT_IN_LANGUAGES, LanguageSetting
from gatelodge.model.own_account import NOTHING_OFFERED, AccountConfiguration
from gatelodge.model.page_layout import PageLayout
from gatelodge.model.terms_of_use import NO_TERMS, TermsOfUse


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


class AuthenticationMethod(StrEnum):
    """How users of local accounts sign in; `NONE` leaves identity providers alone."""

    EMAIL_WITH_PASSWORD = "emailWithPassword"
    EMAIL_WITH_ONE_TIME_PASSWORD = "emailWithOneTimePassword"
    USER_NAME = "userName"
    PHONE_WITH_ONE_TIME_PASSWORD = "phoneWithOneTimePassword"
    NONE = "none"


_WITH_PASSWORD = frozenset(
    {AuthenticationMethod.EMAIL_WITH_PASSWORD, AuthenticationMethod.USER_NAME}
)


class SecondFactor(StrEnum):
    """What a second factor is."""

    EMAIL = "email"
    PHONE_CALL_OR_SMS = "phoneCallOrSms"
    PHONE_SMS = "phoneSms"
    PHONE_CALL = "phoneCall"
    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"


class SecondFactorState(StrEnum):
    """When a second factor is asked for."""

    OFF = "off"
    ON = "on"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorConfiguration:
    """Whether a second factor is asked for, and which.

    People may choose one of the `alternative_methods` instead. With `are_recovery_codes_issued`
    whoever sets an authenticator up is given codes for the day it is lost.
    """

    multifactor_authentication_state: SecondFactorState = SecondFactorState.OFF
    multifactor_authentication_method: SecondFactor = SecondFactor.EMAIL
    alternative_methods: tuple[SecondFactor, ...] = ()
    are_recovery_codes_issued: bool = True

    @property
    def methods(self) -> tuple[SecondFactor, ...]:
        """Return everything that counts, the preferred one first."""
        return (self.multifactor_authentication_method, *self.alternative_methods)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """How tokens name their issuer, their subject and their user flow."""

    is_issuer_entity_user_flow: bool = False
    is_subject_claim_supported: bool = True
    claim_type_for_user_flow_id: PolicyClaim = PolicyClaim.TFP


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLifetimes:
    """Minutes 5–1440; days 1–90; rolling days 1–365, not below the refresh days, -1 = no end."""

    access_and_id_token_lifetime_in_minutes: int = 60
    refresh_token_lifetime_in_days: int = 14
    rolling_refresh_token_lifetime_in_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfiguration:
    """How long, and for whom, a browser stays signed in; minutes 15–1440, days 1–90."""

    is_session_lifetime_absolute: bool = False
    session_lifetime_in_minutes: int = 1440
    is_keep_me_signed_in_enabled: bool = False
    keep_me_signed_in_days: int = 30
    session_scope: SessionScope = SessionScope.TENANT
    enforce_id_token_hint_on_logout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomPassword:
    """The rules of the level `custom`; lengths 4–256, classes 2–4 or 0 for none.

    Classes do not count where only digits are allowed.
    """

    minimum_length: int = 8
    maximum_length: int = 64
    minimum_character_classes_required: int = 3
    restrict_to_numbers_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordConfiguration:
    """Rules for new passwords, and what becomes of a forgotten or expired one."""

    is_self_service_password_reset_allowed: bool = False
    allow_expired_password_reset: bool = False
    complexity_level: PasswordComplexity = PasswordComplexity.STRONG
    custom_configuration: CustomPassword = CustomPassword()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCodeConfiguration:
    """Codes sent by mail: minutes 1–20, tries 1–5 for one code, codes 1–10 for an address.

    `is_offered_at_sign_in` lets a code stand for the password; `is_link_included` spares typing it.
    """

    code_lifetime_in_minutes: int = 10
    maximum_verification_attempts: int = 5
    maximum_codes_per_hour: int = 10
    is_offered_at_sign_in: bool = False
    is_link_included: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyConfiguration:
    """Whether people sign in with passkeys, and whether new ones are offered to make one."""

    is_sign_in_allowed: bool = False
    is_offered_at_sign_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedApis:
    """The ids of the API connectors a user flow calls at its three points."""

    post_federation_signup: str | None = None
    post_attribute_collection: str | None = None
    pre_token_issuance: str | None = None

    def at(self, point: ConnectorPoint) -> str | None:
        """Return the id of the connector called at a point, None when none is."""
        match point:
            case ConnectorPoint.POST_FEDERATION_SIGNUP:
                return self.post_federation_signup
            case ConnectorPoint.POST_ATTRIBUTE_COLLECTION:
                return self.post_attribute_collection
            case ConnectorPoint.PRE_TOKEN_ISSUANCE:
                return self.pre_token_issuance


_SIGNS_UP = frozenset({UserFlowType.SIGN_UP, UserFlowType.SIGN_UP_OR_SIGN_IN})
ASKED_AT: Mapping[ConnectorPoint, frozenset[UserFlowType]] = {
    ConnectorPoint.POST_FEDERATION_SIGNUP: _SIGNS_UP,
    ConnectorPoint.POST_ATTRIBUTE_COLLECTION: _SIGNS_UP,
    ConnectorPoint.PRE_TOKEN_ISSUANCE: _SIGNS_UP
    | {UserFlowType.SIGN_IN, UserFlowType.PROFILE_UPDATE},
}
"""Which types of user flow come to a point at all; a test holds them to the journeys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFlow:
    """A configured user flow.

    `id` carries the `B2C_1_` prefix, or is a GUID when nobody chose a name; it never changes and
    is compared without case.
    `application_claims` are ids of the attributes that enter tokens when they have a value.
    `attributes` are what sign-up and profile edit ask for, in page order. `identity_providers`
    are ids. One that `is_b2x` is for guests of an organisation's directory.
    """

    directory_id: DirectoryId
    id: UserFlowId
    user_flow_type: UserFlowType
    user_flow_type_version: float
    created_at: datetime
    is_language_customization_enabled: bool = False
    default_language_tag: str | None = "en"
    authentication_methods: AuthenticationMethod = AuthenticationMethod.EMAIL_WITH_PASSWORD
    is_conditional_access_enforced: bool = False
    is_java_script_enabled: bool = False
    multifactor_authentication_configuration: SecondFactorConfiguration = (
        SecondFactorConfiguration()
    )
    token_claims_configuration: TokenClaims = TokenClaims()
    token_lifetime_configuration: TokenLifetimes = TokenLifetimes()
    single_sign_on_session_configuration: SessionConfiguration = SessionConfiguration()
    password_complexity_configuration: PasswordConfiguration = PasswordConfiguration()
    one_time_code_configuration: OneTimeCodeConfiguration = OneTimeCodeConfiguration()
    passkey_configuration: PasskeyConfiguration = PasskeyConfiguration()
    age_gating_configuration: AgeGating = NOBODY_ASKED
    terms_of_use_configuration: TermsOfUse = NO_TERMS
    account_configuration: AccountConfiguration = NOTHING_OFFERED
    application_claims: tuple[str, ...] = ()
    attributes: tuple[AttributeAssignment, ...] = ()
    is_b2x: bool = False
    identity_providers: tuple[str, ...] = ()
    api_connectors: ConnectedApis = ConnectedApis()
    languages: tuple[LanguageSetting, ...] = ()
    page_layouts: tuple[PageLayout, ...] = ()
    revision: int = 0

    @property
    def policy(self) -> str:
        """Return the name in lower case, as endpoint addresses carry it."""
        return self.id.lower()

    @property
    def default_language_key(self) -> str:
        """Return the tag of the language pages have when nothing else decides, in lower case."""
        return key_of(self.default_language_tag or "en")

    def all_languages(self) -> tuple[LanguageSetting, ...]:
        """Return every language in the order of tags; the default one is enabled in any case."""
        found = {tag: LanguageSetting(id=tag, is_enabled=False) for tag in BUILT_IN_LANGUAGES}
        found |= {key_of(each.id): each for each in self.languages}
        default = self.default_language_key
        if default in found:
            found[default] = replace(found[default], is_enabled=True)
        return tuple(found[key] for key in sorted(found))

    @property
    def takes_passwords(self) -> bool:
        """Return whether local accounts have passwords here."""
        return self.authentication_methods in _WITH_PASSWORD

    @property
    def takes_codes(self) -> bool:
        """Return whether a code sent to the address is enough to sign in."""
        is_by_email = self.authentication_methods is AuthenticationMethod.EMAIL_WITH_PASSWORD
        is_offered = self.one_time_code_configuration.is_offered_at_sign_in
        only_codes = AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD
        is_only = self.authentication_methods is only_codes or self.signs_in_by_phone
        return is_only or (is_by_email and is_offered)

    @property
    def signs_in_by_phone(self) -> bool:
        """Return whether a telephone number and a code sent there are all it takes."""
        return self.authentication_methods is AuthenticationMethod.PHONE_WITH_ONE_TIME_PASSWORD

    @property
    def is_email_verification_required(self) -> bool:
        """Return whether a new account's address has to be proved: its assignment says so."""
        return all(each.requires_verification for each in self.attributes if _is_email(each))

    def with_email_verification(self, is_required: bool) -> "UserFlow":
        """Return the user flow with that said by the assignment of the address."""
        assigned = tuple(
            replace(each, requires_verification=is_required) if _is_email(each) else each
            for each in self.attributes
        )
        return replace(self, attributes=assigned)


def _is_email(assignment: AttributeAssignment) -> bool:
    return assignment.id.casefold() == "email"
