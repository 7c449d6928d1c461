"""An error nobody has to sign in for: written down, but never so often that a disk fills up."""

from collections import Counter

import pytest

from gatelodge.graph.model.sign_in_entry import sign_in_entry
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.directory_audit import sign_in
from gatelodge.oidc.error_limit import MOST_OF_A_CODE, MOST_OF_A_DIRECTORY, ErrorLimit
from gatelodge.oidc.errors import Code
from tests.protocol.world import WEB, World, credentials
from tests.world.clock import MovableClock
from tests.world.makers import TENANT


async def events(world: World, name: EventName) -> list[AuditEvent]:
    return [each for each in await world.read().audit_events.latest() if each.name is name]


async def wrong_secrets(world: World, number: int) -> None:
    for _ in range(number):
        answer = await world.token(
            grant_type="client_credentials", client_id=WEB.app_id, client_secret="wrong"
        )
        assert answer.json()["error"] == "invalid_client"


async def test_a_flood_of_one_error_leaves_a_few_events_and_a_sum(world: World) -> None:
    await wrong_secrets(world, 3 * MOST_OF_A_CODE)
    assert len(await events(world, EventName.ERROR_TOLD)) == MOST_OF_A_CODE
    await world.token(grant_type="nonsense", **credentials(WEB))
    codes = Counter(each.detail["code"] for each in await events(world, EventName.ERROR_TOLD))
    assert len(codes) == 2
    await world.errors.tell_left_out()
    assert await events(world, EventName.ERRORS_LEFT_OUT) == []
    world.clock.move(minutes=1)
    await world.errors.tell_left_out()
    (left_out,) = await events(world, EventName.ERRORS_LEFT_OUT)
    assert left_out.detail["code"] == Code.SECRET_WRONG
    assert left_out.detail["times"] == str(2 * MOST_OF_A_CODE)
    shown = sign_in_entry(sign_in(left_out, {}))
    assert shown.status.failure_reason == f"{Code.SECRET_WRONG} ({2 * MOST_OF_A_CODE} times)"
    assert shown.status.error_code == int(Code.SECRET_WRONG.removeprefix("AADB2C"))
    assert shown.app_id is None, "a directory is no application"
    await wrong_secrets(world, 1)
    assert len(await events(world, EventName.ERROR_TOLD)) == MOST_OF_A_CODE + 2
    await world.errors.tell_left_out(at_once=True)
    assert len(await events(world, EventName.ERRORS_LEFT_OUT)) == 1


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


def test_many_codes_together_have_a_bound_as_well(clock: MovableClock) -> None:
    limit = ErrorLimit(clock)
    admitted = [limit.admits(TENANT, code) for code in list(Code) * MOST_OF_A_CODE]
    assert sum(admitted) == MOST_OF_A_DIRECTORY
    left_out = limit.take_left_out(at_once=True)
    assert sum(each.times for each in left_out) == len(admitted) - MOST_OF_A_DIRECTORY
    assert limit.take_left_out(at_once=True) == []


def test_what_was_left_out_is_told_of_whatever_the_clock_does(clock: MovableClock) -> None:
    limit = ErrorLimit(clock)
    for _ in range(MOST_OF_A_CODE + 1):
        limit.admits(TENANT, Code.SECRET_WRONG)
    clock.move(seconds=-3600)
    assert limit.admits(TENANT, Code.SECRET_WRONG)
    (left_out,) = limit.take_left_out()
    assert left_out.times == 1
