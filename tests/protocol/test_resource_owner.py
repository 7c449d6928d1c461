"""RFC 6749 §4.3: a user name and a password, only where a user flow was made for it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from gatelodge.model.application import Application
from gatelodge.model.audit import EventName
from gatelodge.model.user_flow import SecondFactorState
from tests.protocol.world import NATIVE, PASSWORD, SPA, WEB, Form, World, credentials, refusal
from tests.world.makers import Anything

SCOPE = f"openid {NATIVE.app_id} offline_access"


async def sign_in(
    world: World, application: Application = NATIVE, *, flow: str = "B2C_1_Owner", **more: Anything
) -> httpx.Response:
    form: Form = {
        "grant_type": "password",
        "username": "ada7@example.com",
        "password": PASSWORD,
        "scope": SCOPE,
        "response_type": "token id_token",
        **credentials(application),
    }
    return await world.token(flow, **{**form, **more})


async def test_the_right_password_gives_all_three_tokens(world: World) -> None:
    body = (await sign_in(world)).json()
    assert set(body) == {
        "access_token",
        "id_token",
        "token_type",
        "not_before",
        "expires_in",
        "expires_on",
        "resource",
        "id_token_expires_in",
        "profile_info",
        "scope",
        "refresh_token",
        "refresh_token_expires_in",
    }
    assert body["scope"] == SCOPE
    assert (await world.claims(body["access_token"]))["aud"] == NATIVE.app_id
    claims = await world.claims(body["id_token"])
    assert (claims["sub"], claims["tfp"]) == (world.account.id, "B2C_1_Owner")
    refreshed = await world.refresh(body["refresh_token"], NATIVE, flow="B2C_1_Owner")
    assert refreshed.status_code == 200


async def test_a_sign_in_is_recorded(world: World) -> None:
    await sign_in(world, scope="openid")
    events = await world.read().audit_events.latest()
    assert [(each.name, each.actor) for each in events] == [(EventName.SIGN_IN, world.account.id)]


async def disable(world: World) -> None:
    await world.change_account(account_enabled=False)


async def force_change(world: World) -> None:
    now = await world.read().passwords.require(world.account.id)
    forced = replace(now, force_change_next_sign_in=True)
    await world.write(lambda stores: stores.passwords.put(forced))


async def ask_for_a_factor(world: World) -> None:
    flow = await world.read().user_flows.require("B2C_1_Owner")
    always = replace(
        flow.multifactor_authentication_configuration,
        multifactor_authentication_state=SecondFactorState.ON,
    )
    await world.change_flow(flow.id, multifactor_authentication_configuration=always)


async def leave(world: World) -> None:
    """Change nothing."""


@pytest.mark.parametrize(
    ("before", "sent"),
    [
        (leave, {"password": "wrong"}),
        (leave, {"username": "nobody@example.com"}),
        (disable, {}),
        (force_change, {}),
        (ask_for_a_factor, {}),
    ],
    ids=["wrong password", "nobody", "disabled", "must change", "a factor is asked for"],
)
async def test_every_failure_reads_the_same(
    world: World, before: Callable[[World], Awaitable[None]], sent: Form
) -> None:
    await before(world)
    response = await sign_in(world, **sent)
    assert refusal(response) == (400, "access_denied", "AADB2C90225")
    sentence = response.json()["error_description"].splitlines()[0]
    assert sentence == "AADB2C90225: The user name or password is not right."


@pytest.mark.parametrize(
    ("application", "flow", "sent", "expected"),
    [
        (NATIVE, "B2C_1_SuSi", {}, ("unsupported_grant_type", "AADB2C90086")),
        (WEB, "B2C_1_Owner", {}, ("unauthorized_client", "AADB2C90224")),
        (SPA, "B2C_1_Owner", {}, ("unauthorized_client", "AADB2C90224")),
        (NATIVE, "B2C_1_Owner", {"username": ""}, ("invalid_request", "AADB2C90083")),
        (NATIVE, "B2C_1_Owner", {"password": ""}, ("invalid_request", "AADB2C90083")),
        (NATIVE, "B2C_1_Owner", {"scope": ""}, ("invalid_scope", "AADB2C90010")),
        (NATIVE, "B2C_1_Owner", {"scope": "openid none"}, ("invalid_scope", "AADB2C90117")),
    ],
)
async def test_what_the_password_grant_needs(
    world: World,
    application: Application,
    flow: str,
    sent: Form,
    expected: tuple[str, str],
) -> None:
    response = await sign_in(world, application, flow=flow, **sent)
    assert refusal(response) == (400, *expected)


async def test_an_application_without_implicit_tokens_is_refused(world: World) -> None:
    await world.change_application(NATIVE, is_access_token_issuance_enabled=False)
    assert refusal(await sign_in(world)) == (400, "unauthorized_client", "AADB2C90057")


async def test_a_code_does_not_exist_at_such_a_user_flow(world: World) -> None:
    code = await world.code()
    response = await world.redeem(code, flow="B2C_1_Owner")
    assert refusal(response) == (400, "unsupported_grant_type", "AADB2C90086")
