"""The table of journeys: what every way through it demands, whatever is configured."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from gatelodge.journeys.catalogue import ROWS, journey_for, resumes_sessions
from gatelodge.journeys.conditions import may_reset_password
from gatelodge.journeys.engine import next_step
from gatelodge.journeys.step import StepName
from gatelodge.model.application import Platform
from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.authorization import (
    AuthorizationRequest,
    GrantedScope,
    Prompt,
    ResponseMode,
    ResponseType,
)
from gatelodge.model.identifier import AccountId, ClientId, InteractionId, UserFlowId
from gatelodge.model.interaction import Facts, Interaction, Path
from gatelodge.model.user_flow import (
    PasswordConfiguration,
    SessionConfiguration,
    SessionScope,
    UserFlow,
    UserFlowType,
)
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, a_user_flow

S = StepName
SOMEBODY = AccountId("somebody")
IDENTIFYING = {S.RESUME_SESSION, S.CHOOSE, S.CHECK_PASSWORD, S.REGISTER, S.NEW_PASSWORD}
REQUEST = AuthorizationRequest(
    client_id=ClientId("client"),
    redirect_uri="https://app.example/cb",
    platform=Platform.WEB,
    response_types=(ResponseType.CODE,),
    response_mode=ResponseMode.QUERY,
    scope=GrantedScope(requested="openid", is_openid=True),
)


def an_interaction(facts: Facts) -> Interaction:
    return Interaction(
        directory_id=TENANT,
        id=InteractionId("interaction"),
        user_flow_id=UserFlowId("B2C_1_SuSi"),
        request=REQUEST,
        browser="browser",
        correlation_id="correlation",
        created_at=BEGINNING,
        expires_at=BEGINNING,
        facts=facts,
    )


def configured(user_flow_type: UserFlowType, scope: SessionScope, is_reset_on: bool) -> UserFlow:
    return a_user_flow(
        user_flow_type=user_flow_type,
        attributes=(AttributeAssignment(id="email", requires_verification=True),),
        single_sign_on_session_configuration=SessionConfiguration(session_scope=scope),
        password_complexity_configuration=PasswordConfiguration(
            is_self_service_password_reset_allowed=is_reset_on
        ),
    )


def ways(flow: UserFlow, interaction: Interaction) -> Iterator[tuple[StepName, ...]]:
    """Yield every order in which the steps of a user flow can be finished."""
    step = next_step(flow, interaction)
    if step is None:
        yield tuple(StepName(each) for each in interaction.completed)
        return
    for facts in _outcomes(step.name, flow, interaction.facts):
        yield from ways(flow, interaction.after(step.name, facts))


def _outcomes(step: StepName, flow: UserFlow, facts: Facts) -> Iterator[Facts]:
    """Yield what may be known after a step that was finished."""
    if step is S.RESUME_SESSION:
        yield replace(facts, session_id=None)
        yield replace(facts, account_id=SOMEBODY)
    elif step is S.CHOOSE:
        if flow.user_flow_type is not UserFlowType.SIGN_UP:
            yield replace(facts, path=Path.LOCAL, account_id=SOMEBODY)
            yield replace(facts, path=Path.LOCAL, account_id=SOMEBODY, must_change_password=True)
        yield replace(facts, path=Path.SIGN_UP)
        yield replace(facts, path=Path.PASSWORD_RESET)
    elif step in IDENTIFYING:
        yield replace(facts, account_id=SOMEBODY)
    else:
        yield facts


EVERYTHING = [
    pytest.param(*each, id="-".join(str(part) for part in each))
    for each in product(UserFlowType, SessionScope, (True, False), (None, "session"), (True, False))
]


@pytest.mark.parametrize(("kind", "scope", "is_reset_on", "session", "is_proved"), EVERYTHING)
def test_every_way_demands_what_it_stands_for(
    kind: UserFlowType,
    scope: SessionScope,
    is_reset_on: bool,
    session: str | None,
    is_proved: bool,
) -> None:
    flow = configured(kind, scope, is_reset_on).with_email_verification(is_proved)
    offered = session if resumes_sessions(kind) else None
    found = list(ways(flow, an_interaction(Facts(session_id=offered))))
    assert found
    for way in found:
        assert len(way) == len(set(way))
        done = set(way)
        if S.REGISTER in done:
            assert (S.VERIFY_EMAIL in done) is is_proved
            assert way.index(S.CHOOSE) < way.index(S.COLLECT_ATTRIBUTES)
        if S.REGISTER in done and is_proved:
            assert way.index(S.VERIFY_EMAIL) < way.index(S.COLLECT_ATTRIBUTES)
        if S.REGISTER in done:
            assert way.index(S.COLLECT_ATTRIBUTES) < way.index(S.REGISTER)
        if S.CHANGE_PASSWORD in done:
            assert way.index(S.CHANGE_PASSWORD) == way.index(S.CHOOSE) + 1
        if S.NEW_PASSWORD in done:
            assert way.index(S.VERIFY_EMAIL) < way.index(S.NEW_PASSWORD)
        if S.UPDATE_PROFILE in done:
            assert way.index(S.UPDATE_PROFILE) > min(
                way.index(each) for each in done & {S.RESUME_SESSION, S.CHOOSE}
            )
        if scope is SessionScope.DISABLED:
            assert S.START_SESSION not in done


@pytest.mark.parametrize("kind", UserFlowType)
def test_what_nobody_granted_is_asked_for_before_the_session_begins(kind: UserFlowType) -> None:
    scope = GrantedScope(requested="a/look", consentable=("look",))
    flow = configured(kind, SessionScope.TENANT, is_reset_on=True)
    for request in (
        replace(REQUEST, scope=scope),
        replace(REQUEST, prompts=(Prompt.CONSENT,)),
    ):
        begun = replace(an_interaction(Facts()), request=request)
        for way in ways(flow, begun):
            is_asked = S.CONSENT in way
            assert is_asked is (kind is not UserFlowType.RESOURCE_OWNER)
            assert not is_asked or way[-2:] == (S.CONSENT, S.START_SESSION)


def test_sign_in_never_registers_and_sign_up_never_resets() -> None:
    steps = {kind: {step.name for step in journey_for(kind)} for kind in UserFlowType}
    assert S.REGISTER not in steps[UserFlowType.SIGN_IN]
    assert S.NEW_PASSWORD not in steps[UserFlowType.SIGN_UP]
    assert S.REGISTER not in steps[UserFlowType.PROFILE_UPDATE]
    assert steps[UserFlowType.RESOURCE_OWNER] == {S.CHECK_PASSWORD}


def test_every_step_is_in_the_table() -> None:
    assert {name for name, _, _ in ROWS} == set(StepName)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (UserFlowType.SIGN_UP, False),
        (UserFlowType.PASSWORD_RESET, False),
        (UserFlowType.RESOURCE_OWNER, False),
        (UserFlowType.SIGN_IN, True),
        (UserFlowType.SIGN_UP_OR_SIGN_IN, True),
        (UserFlowType.PROFILE_UPDATE, True),
    ],
)
def test_a_session_counts_only_where_it_is_resumed(kind: UserFlowType, counts: bool) -> None:
    assert resumes_sessions(kind) is counts


def test_resetting_is_the_switch_s_but_for_its_own_user_flow() -> None:
    for kind in UserFlowType:
        off = configured(kind, SessionScope.TENANT, is_reset_on=False)
        assert may_reset_password(off) is (kind is UserFlowType.PASSWORD_RESET)
        assert may_reset_password(configured(kind, SessionScope.TENANT, is_reset_on=True))
