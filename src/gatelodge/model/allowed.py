"""What the policies of a directory leave of a user flow."""

from dataclasses import replace

from gatelodge.model.directory_policy import DirectoryPolicies
from gatelodge.model.user_flow import AuthenticationMethod, UserFlow, UserFlowType


def is_allowed(method: AuthenticationMethod, policies: DirectoryPolicies) -> bool:
    """Return whether there may be local accounts of this kind at all."""
    methods = policies.authentication_methods
    match method:
        case AuthenticationMethod.USER_NAME:
            return methods.is_user_name_authentication_enabled
        case AuthenticationMethod.PHONE_WITH_ONE_TIME_PASSWORD:
            return methods.is_phone_one_time_password_authentication_enabled
        case (
            AuthenticationMethod.EMAIL_WITH_PASSWORD
            | AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD
        ):
            return methods.is_email_password_authentication_enabled
        case AuthenticationMethod.NONE:
            return True


def allowed(flow: UserFlow, policies: DirectoryPolicies) -> UserFlow:
    """Return the user flow as it may be run.

    Without local accounts of its kind it is left with identity providers. Where nobody signs up
    by oneself, what people of other organizations sign up with only lets them sign in.
    """
    if not is_allowed(flow.authentication_methods, policies):
        flow = replace(flow, authentication_methods=AuthenticationMethod.NONE)
    if flow.is_b2x and not policies.authentication_flows.self_service_sign_up.is_enabled:
        flow = replace(flow, user_flow_type=UserFlowType.SIGN_IN)
    return flow
