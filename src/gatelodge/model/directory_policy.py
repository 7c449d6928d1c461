"""What a directory allows as a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationMethodsPolicy:
    """Which kinds of local accounts there are."""

    id: str = "b2CAuthenticationMethodsPolicy"
    is_email_password_authentication_enabled: bool = True
    is_user_name_authentication_enabled: bool = True
    is_phone_one_time_password_authentication_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfServiceSignUp:
    """Whether people may sign themselves up."""

    is_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationFlowsPolicy:
    """Whether user flows let people sign themselves up."""

    id: str = "authenticationFlowsPolicy"
    display_name: str = "Authentication flows policy"
    description: str = "How people come to have accounts."
    self_service_sign_up: SelfServiceSignUp = SelfServiceSignUp()


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPolicies:
    """Every policy of a directory."""

    authentication_methods: AuthenticationMethodsPolicy = AuthenticationMethodsPolicy()
    authentication_flows: AuthenticationFlowsPolicy = AuthenticationFlowsPolicy()
