"""Which factors a user flow takes, and what can be asked for at all."""

import pytest

from gatelodge.journeys.factor_rules import (
    candidates,
    deliveries_of,
    factor_of_session,
    is_demanded,
)
from gatelodge.model.device import Device
from gatelodge.model.interaction import Facts, Path
from gatelodge.model.message import Channel
from gatelodge.model.second_factor import (
    EMAIL_ID,
    PHONE_IDS,
    Delivery,
    EnrolledFactor,
    FactorFacts,
    FactorKind,
    PhoneType,
)
from gatelodge.model.user_flow import (
    SecondFactor,
    SecondFactorConfiguration,
    SecondFactorState,
    UserFlow,
    UserFlowType,
)
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, a_user_flow, an_account

APP, PHONE, MAIL = FactorKind.AUTHENTICATOR, FactorKind.PHONE, FactorKind.EMAIL
EVERY = frozenset(Channel)
NO_MESSAGES: frozenset[Channel] = frozenset()


def a_flow(
    *methods: SecondFactor,
    state: SecondFactorState = SecondFactorState.ON,
    kind: UserFlowType = UserFlowType.SIGN_IN,
) -> UserFlow:
    return a_user_flow(
        user_flow_type=kind,
        multifactor_authentication_configuration=SecondFactorConfiguration(
            multifactor_authentication_state=state,
            multifactor_authentication_method=methods[0],
            alternative_methods=methods[1:],
        ),
    )


def a_factor(kind: FactorKind) -> EnrolledFactor:
    ids = {APP: "app", PHONE: PHONE_IDS[PhoneType.MOBILE], MAIL: EMAIL_ID}
    addresses = {PHONE: "+4915123456789", MAIL: "ada@example.com"}
    return EnrolledFactor(
        directory_id=TENANT,
        account_id=an_account().id,
        id=ids[kind],
        kind=kind,
        created_at=BEGINNING,
        address=addresses.get(kind),
    )


S = SecondFactor
READ = Facts(path=Path.PASSWORD_RESET, email="Ada@example.com", is_email_proved=True)


@pytest.mark.parametrize(
    ("methods", "facts", "channels", "has", "offered"),
    [
        ((S.AUTHENTICATOR,), Facts(), EVERY, (APP, PHONE), (APP,)),
        ((S.AUTHENTICATOR, S.PHONE_SMS), Facts(), EVERY, (APP, PHONE), (APP, PHONE)),
        ((S.EMAIL,), Facts(), EVERY, (APP, PHONE), (APP, PHONE)),
        ((S.PHONE_SMS,), Facts(), NO_MESSAGES, (PHONE,), ()),
        ((S.PHONE_CALL,), Facts(), frozenset({Channel.SMS}), (PHONE,), ()),
        ((S.PHONE_CALL_OR_SMS,), Facts(), frozenset({Channel.SMS}), (PHONE,), (PHONE,)),
        ((S.EMAIL,), Facts(), frozenset({Channel.SMS}), (MAIL,), ()),
        ((S.EMAIL,), READ, EVERY, (MAIL,), ()),
        ((S.EMAIL,), READ, EVERY, (MAIL, APP), (APP,)),
        ((S.AUTHENTICATOR,), READ, EVERY, (PHONE, APP), (PHONE, APP)),
    ],
)
def test_what_may_be_asked_for(
    methods: tuple[SecondFactor, ...],
    facts: Facts,
    channels: frozenset[Channel],
    has: tuple[FactorKind, ...],
    offered: tuple[FactorKind, ...],
) -> None:
    found = candidates(a_flow(*methods), facts, [a_factor(each) for each in has], channels)
    assert tuple(each.kind for each in found) == offered


@pytest.mark.parametrize(
    ("method", "channels", "ways"),
    [
        (S.PHONE_CALL_OR_SMS, EVERY, (Delivery.SMS, Delivery.VOICE)),
        (S.PHONE_CALL, EVERY, (Delivery.VOICE,)),
        (S.PHONE_SMS, frozenset({Channel.VOICE}), ()),
        (S.EMAIL, frozenset({Channel.VOICE}), (Delivery.VOICE,)),
    ],
)
def test_how_a_phone_hears_a_code(
    method: SecondFactor, channels: frozenset[Channel], ways: tuple[Delivery, ...]
) -> None:
    assert deliveries_of(a_flow(method), channels) == ways


HERE = Device(id="device", is_known=True, is_known_network=True)


@pytest.mark.parametrize(
    ("state", "device", "is_missing", "demanded"),
    [
        (SecondFactorState.OFF, Device(), True, False),
        (SecondFactorState.ON, HERE, False, True),
        (SecondFactorState.CONDITIONAL, HERE, False, False),
        (SecondFactorState.CONDITIONAL, HERE, True, True),
        (SecondFactorState.CONDITIONAL, Device(is_known=True), False, True),
        (SecondFactorState.CONDITIONAL, Device(is_known_network=True), False, True),
    ],
)
def test_when_tokens_need_a_factor(
    state: SecondFactorState, device: Device, is_missing: bool, demanded: bool
) -> None:
    facts = Facts(device=device, factor=FactorFacts(is_missing=is_missing))
    assert is_demanded(a_flow(S.EMAIL, state=state), facts) is demanded


@pytest.mark.parametrize(
    ("methods", "amr", "kind"),
    [
        ((S.AUTHENTICATOR,), ("pwd", "otp", "mfa"), APP),
        ((S.AUTHENTICATOR,), ("pwd", "email", "mfa"), None),
        ((S.PHONE_SMS,), ("pwd", "tel", "mfa"), PHONE),
        ((S.EMAIL, S.AUTHENTICATOR), ("pwd", "otp", "mfa"), APP),
        ((S.AUTHENTICATOR,), ("pwd",), None),
        ((S.AUTHENTICATOR,), ("otp",), None),
        ((S.AUTHENTICATOR,), ("otp", "sms", "mfa"), None),
        ((S.AUTHENTICATOR,), ("otp", "mfa"), APP),
        ((S.AUTHENTICATOR,), (), None),
    ],
)
def test_a_session_counts_with_a_factor_the_user_flow_takes(
    methods: tuple[SecondFactor, ...], amr: tuple[str, ...], kind: FactorKind | None
) -> None:
    assert factor_of_session(a_flow(*methods), amr) is kind
