"""When a step applies. Pure functions of the user flow and the stored interaction."""

from gatelodge.journeys.step import Condition
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.user_flow import SessionScope, UserFlow, UserFlowType


def always(_flow: UserFlow, _interaction: Interaction) -> bool:
    """Hold in every interaction."""
    return True


def nobody_yet(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold until somebody is identified."""
    return interaction.facts.account_id is None


def session_offered(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the browser brought a session."""
    return interaction.facts.session_id is not None


def session_wanted(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when nobody's session was resumed and the user flow keeps sessions at all."""
    scope = flow.single_sign_on_session_configuration.session_scope
    return interaction.facts.session_id is None and scope is not SessionScope.DISABLED


def may_reset_password(flow: UserFlow) -> bool:
    """Return whether a forgotten password is reset in this user flow, as it is configured now."""
    return (
        flow.user_flow_type is UserFlowType.PASSWORD_RESET
        or flow.password_complexity_configuration.is_self_service_password_reset_allowed
    )


def password_expired(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the right password was one that has to be changed."""
    return interaction.facts.must_change_password


def address_wanted(flow: UserFlow, _interaction: Interaction) -> bool:
    """Hold when the user flow has new people prove their address."""
    return flow.is_email_verification_required


def chose(path: Path) -> Condition:
    """Hold when the user took `path` on the first page."""
    return lambda _flow, interaction: interaction.facts.path is path


def either(first: Condition, second: Condition) -> Condition:
    """Hold when one of the conditions does."""
    return lambda flow, interaction: first(flow, interaction) or second(flow, interaction)


def both(first: Condition, second: Condition) -> Condition:
    """Hold when each of the conditions does."""
    return lambda flow, interaction: first(flow, interaction) and second(flow, interaction)
