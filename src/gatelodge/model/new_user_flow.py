"""Make a user flow: its name, its defaults and the rules it has to obey."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from gatelodge.errors import Invalid, Problem
from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.identifier import DirectoryId, UserFlowId
from gatelodge.model.user_flow import (
    RECOMMENDED_VERSION,
    VERSIONS,
    PasswordConfiguration,
    SecondFactorState,
    UserFlow,
    UserFlowType,
)

PREFIX = "B2C_1_"
B2X_PREFIX = "B2X_1_"
_CUSTOM_POLICY_PREFIX = "B2C_1A_"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SIGNING_UP = (UserFlowType.SIGN_UP, UserFlowType.SIGN_UP_OR_SIGN_IN)
KEEPING = (UserFlowType.SIGN_IN, UserFlowType.SIGN_UP_OR_SIGN_IN, UserFlowType.PROFILE_UPDATE)
"""The types whose pages can offer to keep people signed in."""

_EMAIL = AttributeAssignment(id="email", requires_verification=True)
_PROFILE = tuple(
    AttributeAssignment(id=name, is_optional=True)
    for name in ("displayName", "givenName", "surname")
)

DEFAULT_APPLICATION_CLAIMS = (
    "objectId",
    "emails",
    "displayName",
    "givenName",
    "surname",
    "city",
    "country",
    "jobTitle",
    "postalCode",
    "state",
    "streetAddress",
    "newUser",
)


def user_flow_name_problem(name: str) -> str | None:
    """Return what is wrong with a chosen name, or None: it has to fit into an address."""
    if name.upper().startswith(_CUSTOM_POLICY_PREFIX):
        return f"must not begin with {_CUSTOM_POLICY_PREFIX}, which custom policies have."
    if _NAME.fullmatch(_without_prefix(name)) is None:
        return f"must be 1 to 64 ASCII letters, digits, '-' or '_' after the prefix {PREFIX}."
    return None


def user_flow_id(name: str, prefix: str = PREFIX) -> UserFlowId:
    """Return the id for a chosen name: the prefix is put in front unless it is there in any case.

    Raises `Invalid` for a name that could not stand in an address.
    """
    if (problem := user_flow_name_problem(name)) is not None:
        raise Invalid(Problem("id", f"The value of 'id' {problem}"))
    return UserFlowId(prefix + _without_prefix(name, prefix))


def _without_prefix(name: str, prefix: str = PREFIX) -> str:
    return name[len(prefix) :] if name.upper().startswith(prefix) else name


def b2x_user_flow(flow: UserFlow) -> UserFlow:
    """Return a new user flow as one for guests; raises `Invalid` unless its type is theirs."""
    if flow.user_flow_type is not UserFlowType.SIGN_UP_OR_SIGN_IN:
        sentence = "This kind of user flow is of the type signUpOrSignIn."
        raise Invalid(Problem("userFlowType", sentence))
    if flow.user_flow_type_version != 1:
        sentence = "This kind of user flow has the version 1 only."
        raise Invalid(Problem("userFlowTypeVersion", sentence))
    return replace(flow, is_b2x=True, is_language_customization_enabled=True, attributes=(_EMAIL,))


def new_user_flow(
    *,
    directory_id: DirectoryId,
    id: UserFlowId,
    user_flow_type: UserFlowType,
    user_flow_type_version: float,
    created_at: datetime,
) -> UserFlow:
    """Return a user flow with the defaults of its type.

    Raises `Invalid` when the type does not have that version.
    """
    versions = VERSIONS[user_flow_type]
    if user_flow_type_version not in versions:
        raise Invalid(
            Problem(
                "userFlowTypeVersion",
                f"The type '{user_flow_type}' has no version {user_flow_type_version:g};"
                f" it has {', '.join(f'{each:g}' for each in versions)}.",
            )
        )
    return UserFlow(
        directory_id=directory_id,
        id=id,
        user_flow_type=user_flow_type,
        user_flow_type_version=user_flow_type_version,
        created_at=created_at,
        application_claims=DEFAULT_APPLICATION_CLAIMS,
        attributes=_attributes_of(user_flow_type),
        password_complexity_configuration=PasswordConfiguration(
            is_self_service_password_reset_allowed=(
                user_flow_type is UserFlowType.SIGN_UP_OR_SIGN_IN
                and user_flow_type_version == RECOMMENDED_VERSION
            )
        ),
    )


def _attributes_of(user_flow_type: UserFlowType) -> tuple[AttributeAssignment, ...]:
    if user_flow_type in _SIGNING_UP:
        return (_EMAIL, *_PROFILE)
    return _PROFILE if user_flow_type is UserFlowType.PROFILE_UPDATE else ()


def user_flow_problems(flow: UserFlow) -> Iterator[Problem]:
    """Yield what contradicts itself in a user flow whose single values are all in range."""
    lifetimes = flow.token_lifetime_configuration
    rolling = lifetimes.rolling_refresh_token_lifetime_in_days
    if rolling != -1 and rolling < lifetimes.refresh_token_lifetime_in_days:
        yield Problem(
            "tokenLifetimeConfiguration/rollingRefreshTokenLifetimeInDays",
            "The rolling lifetime must be -1 or not below the lifetime of a refresh token.",
        )
    custom = flow.password_complexity_configuration.custom_configuration
    if custom.maximum_length < custom.minimum_length:
        yield Problem(
            "passwordComplexityConfiguration/customConfiguration/maximumLength",
            "The maximum length must not be below the minimum length.",
        )
    keeps = flow.single_sign_on_session_configuration.is_keep_me_signed_in_enabled
    if keeps and flow.user_flow_type not in KEEPING:
        yield Problem(
            "singleSignOnSessionConfiguration/isKeepMeSignedInEnabled",
            f"A user flow of type '{flow.user_flow_type}' does not ask people to sign in.",
        )
    factor = flow.multifactor_authentication_configuration
    is_asked = factor.multifactor_authentication_state is not SecondFactorState.OFF
    if is_asked and flow.user_flow_type is UserFlowType.RESOURCE_OWNER:
        yield Problem(
            "multifactorAuthenticationConfiguration/multifactorAuthenticationState",
            f"A user flow of type '{flow.user_flow_type}' has no page to ask for a factor on.",
        )
