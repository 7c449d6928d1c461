"""When a step applies. Pure functions of the user flow and the stored interaction."""

from gatelodge.journeys.step import Condition
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.authorization import Prompt
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.user_flow import SecondFactorState, SessionScope, UserFlow, UserFlowType


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


def device_asked(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when it matters whether somebody who is identified was here before."""
    state = flow.multifactor_authentication_configuration.multifactor_authentication_state
    return interaction.facts.account_id is not None and state is SecondFactorState.CONDITIONAL


def consent_wanted(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the application asks for consent, or for what nobody allowed it for everybody."""
    request = interaction.request
    return Prompt.CONSENT in request.prompts or bool(request.scope.consentable)


def may_reset_password(flow: UserFlow) -> bool:
    """Return whether a forgotten password is reset in this user flow, as it is configured now."""
    return (
        flow.user_flow_type is UserFlowType.PASSWORD_RESET
        or flow.password_complexity_configuration.is_self_service_password_reset_allowed
    )


def password_expired(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the right password was one that has to be changed."""
    return interaction.facts.must_change_password


def address_wanted(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the user flow has new people prove their address, and they have not yet.

    Where a code stands for the password the address is always proved: it is all there is.
    """
    if flow.signs_in_by_phone:
        return False
    is_wanted = flow.is_email_verification_required or not flow.takes_passwords
    return is_wanted and not interaction.facts.is_email_proved


def passkey_offered(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when who just signed up may make a passkey."""
    return flow.passkey_configuration.is_offered_at_sign_up and interaction.facts.is_new_account


def ages_asked(flow: UserFlow, _interaction: Interaction) -> bool:
    """Hold when the user flow lets minors in or not."""
    return flow.age_gating_configuration.is_age_gating_enabled


def identified(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold once somebody is identified."""
    return interaction.facts.account_id is not None


def connected(point: ConnectorPoint) -> Condition:
    """Hold when the user flow asks an API connector at `point`."""
    return lambda flow, _interaction: flow.api_connectors.at(point) is not None


def account_managed(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold while somebody is at a task with the own account."""
    return interaction.facts.account.task is not None


def chose(path: Path) -> Condition:
    """Hold when the user took `path` on the first page."""
    return lambda _flow, interaction: interaction.facts.path is path


def linking(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when who came from a provider showed in another way which account is theirs."""
    facts = interaction.facts
    is_shown = facts.account_id is not None and facts.path is not Path.PROVIDER
    return facts.arrival is not None and is_shown


def arrived_first(_flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when a provider identified somebody who has no account yet."""
    facts = interaction.facts
    is_here = facts.path is Path.PROVIDER and facts.arrival is not None
    return is_here and (facts.account_id is None or facts.is_new_account)


def either(first: Condition, second: Condition) -> Condition:
    """Hold when one of the conditions does."""
    return lambda flow, interaction: first(flow, interaction) or second(flow, interaction)


def both(first: Condition, second: Condition) -> Condition:
    """Hold when each of the conditions does."""
    return lambda flow, interaction: first(flow, interaction) and second(flow, interaction)
