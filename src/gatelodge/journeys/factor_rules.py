"""Which second factors a user flow takes, and when it demands one. Pure functions."""

from collections.abc import Iterable
from datetime import timedelta

from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction, Path
from gatelodge.model.message import Channel
from gatelodge.model.own_account import AccountTask
from gatelodge.model.second_factor import (
    MULTIPLE_FACTORS,
    Delivery,
    EnrolledFactor,
    FactorFacts,
    FactorKind,
)
from gatelodge.model.user_flow import SecondFactor, SecondFactorState, UserFlow, UserFlowType

RECENT = timedelta(minutes=5)
"""How long ago somebody must have shown who they are before factors or passkeys change."""
GUARDED = frozenset(AccountTask) - {AccountTask.SESSIONS}
"""What people do with their own account only once they showed a factor, if they have one."""

CHANNELS = {Delivery.SMS: Channel.SMS, Delivery.VOICE: Channel.VOICE}
_KINDS = {
    SecondFactor.EMAIL: FactorKind.EMAIL,
    SecondFactor.PHONE_CALL_OR_SMS: FactorKind.PHONE,
    SecondFactor.PHONE_SMS: FactorKind.PHONE,
    SecondFactor.PHONE_CALL: FactorKind.PHONE,
    SecondFactor.AUTHENTICATOR: FactorKind.AUTHENTICATOR,
    SecondFactor.PASSKEY: FactorKind.PASSKEY,
}
_DELIVERIES = {
    SecondFactor.PHONE_CALL_OR_SMS: (Delivery.SMS, Delivery.VOICE),
    SecondFactor.PHONE_SMS: (Delivery.SMS,),
    SecondFactor.PHONE_CALL: (Delivery.VOICE,),
}
_METHODS = {
    FactorKind.AUTHENTICATOR: "otp",
    FactorKind.EMAIL: "email",
    FactorKind.RECOVERY_CODE: "otp",
    FactorKind.PASSKEY: "user",
}
_OF_PASSKEYS = frozenset({"hwk", "swk", _METHODS[FactorKind.PASSKEY]})
_OF_CODES = {"otp": FactorKind.EMAIL, "sms": FactorKind.PHONE}
_PHONE_METHODS = {Delivery.SMS: "sms", Delivery.VOICE: "tel"}


def state_of(flow: UserFlow) -> SecondFactorState:
    """Return when the user flow asks for a second factor."""
    return flow.multifactor_authentication_configuration.multifactor_authentication_state


def allowed_kinds(flow: UserFlow) -> tuple[FactorKind, ...]:
    """Return the kinds of factor the user flow takes, the preferred one first."""
    methods = flow.multifactor_authentication_configuration.methods
    return tuple(dict.fromkeys(_KINDS[each] for each in methods))


def takes(flow: UserFlow, kind: FactorKind) -> bool:
    """Return whether a factor an account has counts here: a passkey does wherever one is asked."""
    return kind is FactorKind.PASSKEY or kind in allowed_kinds(flow)


def deliveries_of(flow: UserFlow, channels: frozenset[Channel]) -> tuple[Delivery, ...]:
    """Return how a phone may be sent a code: as the user flow says, and as messages leave here.

    A user flow that takes no phones does not say: where one has to be used all the same, any way.
    """
    methods = flow.multifactor_authentication_configuration.methods
    wanted = tuple(each for method in methods for each in _DELIVERIES.get(method, ()))
    return tuple(
        each for each in Delivery if each in (wanted or Delivery) and _leaves(each, channels)
    )


def _leaves(delivery: Delivery, channels: frozenset[Channel]) -> bool:
    return CHANNELS[delivery] in channels


def can_be_used(kind: FactorKind, flow: UserFlow, channels: frozenset[Channel]) -> bool:
    """Return whether a factor of this kind can be asked for at all, as messages leave here."""
    match kind:
        case FactorKind.EMAIL:
            return Channel.EMAIL in channels
        case FactorKind.PHONE:
            return bool(deliveries_of(flow, channels))
        case FactorKind.AUTHENTICATOR | FactorKind.RECOVERY_CODE | FactorKind.PASSKEY:
            return True


def is_resetting(flow: UserFlow, facts: Facts) -> bool:
    """Return whether the person is about to replace a forgotten password."""
    return flow.user_flow_type is UserFlowType.PASSWORD_RESET or facts.path is Path.PASSWORD_RESET


def is_risky(facts: Facts) -> bool:
    """Return whether the device or its network is new to the account: what `conditional` means."""
    return not (facts.device.is_known and facts.device.is_known_network)


def is_demanded(flow: UserFlow, facts: Facts) -> bool:
    """Return whether tokens may only be issued on the proof of a second factor."""
    match state_of(flow):
        case SecondFactorState.OFF:
            return False
        case SecondFactorState.ON:
            return True
        case SecondFactorState.CONDITIONAL:
            return facts.factor.is_missing or is_risky(facts)


def is_needed(flow: UserFlow, left: Iterable[EnrolledFactor]) -> bool:
    """Return whether a factor has to stay: the user flow asks for one, and takes none `left`."""
    is_asked = state_of(flow) is not SecondFactorState.OFF
    return is_asked and not any(takes(flow, each.kind) for each in left)


def factor_wanted(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when a factor may have to be asked for.

    That is where the user flow asks for one, and before any forgotten password is replaced:
    whoever reads somebody's mail must not get past the factor that way.
    """
    facts = interaction.facts
    if facts.factor.proved is not None:
        return False
    is_asked = state_of(flow) is not SecondFactorState.OFF
    return is_asked or is_resetting(flow, facts) or changes_account(facts)


def changes_account(facts: Facts) -> bool:
    """Return whether the person is at what only the owner of the account may do to it.

    That a provider leads to it from now on, once somebody signed in to it, is one of these.
    """
    is_linking = facts.arrival is not None and facts.path is not Path.PROVIDER
    return facts.factor.is_managed or facts.account.task in GUARDED or is_linking


def factor_missing(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the account has no factor that the user flow takes, and one is wanted."""
    factor = interaction.facts.factor
    is_asked = state_of(flow) is not SecondFactorState.OFF
    return factor.is_missing and (is_asked or factor.is_managed)


def lets_manage_factors(flow: UserFlow) -> bool:
    """Return whether people look after their factors in profile edit."""
    is_asked = state_of(flow) is not SecondFactorState.OFF
    return is_asked and flow.account_configuration.are_factors_manageable


def factors_managed(flow: UserFlow, interaction: Interaction) -> bool:
    """Hold when the person wants to see and change the account's factors, and may."""
    return interaction.facts.factor.is_managed and lets_manage_factors(flow)


def candidates(
    flow: UserFlow,
    facts: Facts,
    factors: Iterable[EnrolledFactor],
    channels: frozenset[Channel],
) -> tuple[EnrolledFactor, ...]:
    """Return the factors of an account that may be asked for.

    Those the user flow takes, and passkeys; where it takes none of them, and before a password is
    replaced, all there are: somebody with a factor never gets anywhere without one. A mailbox that
    was read already in place of a password does not count again.
    """
    known = [
        each
        for each in factors
        if can_be_used(each.kind, flow, channels) and not is_read_already(facts, each)
    ]
    taken = [each for each in known if takes(flow, each.kind)]
    return tuple(known if is_resetting(flow, facts) or not taken else taken)


def is_read_already(facts: Facts, factor: EnrolledFactor) -> bool:
    """Return whether this interaction rests on the very mailbox or phone the factor is.

    A session that began with a code does not know of which: it may be any the account has.
    """
    if facts.path is None and code_behind(facts.amr) is factor.kind:
        return True
    if factor.kind is FactorKind.PHONE:
        return facts.phone is not None and facts.phone == factor.address
    is_mailbox = factor.kind is FactorKind.EMAIL
    return is_mailbox and mailbox_stands_in(facts, factor.address or "")


def mailbox_stands_in(facts: Facts, address: str) -> bool:
    """Return whether an address was read in place of a password, so that it is no second factor."""
    if facts.email is None or key_of(address) != key_of(facts.email):
        return False
    if facts.path in {Path.PROVIDER, Path.LOCAL}:
        return False
    if facts.path is Path.SIGN_UP:
        return "pwd" not in facts.amr and facts.is_email_proved
    return facts.path is Path.MAILED_CODE or facts.is_email_proved


def methods_of(kind: FactorKind, delivery: Delivery | None) -> tuple[str, ...]:
    """Return what a proved factor adds to `amr` (RFC 8176 §2)."""
    if kind is FactorKind.PHONE:
        return (_PHONE_METHODS[delivery or Delivery.SMS], MULTIPLE_FACTORS)
    return (_METHODS[kind], MULTIPLE_FACTORS)


def passkey_methods(*, is_synced: bool, is_user_verified: bool) -> tuple[str, ...]:
    """Return what a passkey adds to `amr`: where its key is, and whether it asked who holds it."""
    key = "swk" if is_synced else "hwk"
    return (key, *(_METHODS[FactorKind.PASSKEY],) * is_user_verified, MULTIPLE_FACTORS)


def knows_owner(factor: FactorFacts) -> bool:
    """Return whether what was shown is a passkey that made sure who holds it: both factors.

    One that was only just made says nothing: whoever is at an open browser can make one.
    """
    is_known_passkey = factor.proved is FactorKind.PASSKEY and not factor.is_new
    return is_known_passkey and _METHODS[FactorKind.PASSKEY] in factor.methods


def code_behind(amr: tuple[str, ...]) -> FactorKind | None:
    """Return what a session began with if that was a code in place of a password."""
    return _OF_CODES.get(next(iter(amr), ""))


def factor_of_session(flow: UserFlow, amr: tuple[str, ...]) -> FactorKind | None:
    """Return the factor a session began with, if the user flow takes it.

    What came before the last word in front of `mfa` is the first factor: an emailed code in place
    of a password is called the same as a code of an authenticator.
    """
    if MULTIPLE_FACTORS not in amr:
        return None
    at = amr.index(MULTIPLE_FACTORS)
    shown = {*amr[max(at - 1, 0) : at], *amr[at + 1 :]}
    if shown & _OF_PASSKEYS:
        return FactorKind.PASSKEY
    for kind in allowed_kinds(flow):
        ways = (Delivery.SMS, Delivery.VOICE) if kind is FactorKind.PHONE else (None,)
        if any(methods_of(kind, each)[0] in shown for each in ways):
            return kind
    return None
