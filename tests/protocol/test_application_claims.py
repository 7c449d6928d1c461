"""What an application's registration puts into tokens: roles of users, and claims it asks for."""

from typing import Any

import pytest

from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.application import Application, AppRole, GrantKind
from gatelodge.model.application_details import (
    ApplicationDetails,
    OptionalClaim,
    OptionalClaims,
)
from gatelodge.model.user_role import UserRole
from gatelodge.oidc.optional_claims import OPTIONAL_CLAIMS
from gatelodge.oidc.subject import sid_of
from tests.protocol.test_claims import JsonObject, tokens
from tests.protocol.test_revocation import introspect
from tests.protocol.world import API, API_URI, SPA, WEB, Form, World, a_permission, credentials
from tests.world.makers import TENANT

FORM: Form = {"grant_type": "client_credentials", "scope": f"{API_URI}/.default"}


async def ask_for(world: World, application: Application, kind: str, *names: str) -> None:
    """Register that an application wants claims in one kind of token."""
    claims = tuple(OptionalClaim(name=each) for each in names)
    details = ApplicationDetails(optional_claims=OptionalClaims(**{kind: claims}))
    await world.change_application(application, details=details)


def a_role(value: str, *members: str, **changes: Any) -> AppRole:
    settings = {"allowed_member_types": members or ("User",), **changes}
    return AppRole(id=f"id-of-{value}", value=value, **settings)


async def hold(world: World, application: Application, *values: str) -> None:
    """Let the user hold roles of an application."""
    for value in values:
        role = UserRole(
            directory_id=TENANT,
            account_id=world.account.id,
            resource_app_id=application.app_id,
            role_id=f"id-of-{value}",
            created_at=world.clock(),
        )
        await world.write(lambda stores, role=role: stores.user_roles.add(role))  # type: ignore[misc]


EXPECTED: dict[str, object] = {
    "acct": 0,
    "auth_time": ...,
    "ctry": "SE",
    "email": "ada7@example.com",
    "family_name": "Byron",
    "given_name": "Ada",
    "ipaddr": "203.0.113.7",
    "login_hint": "ada7@example.com",
    "preferred_username": "ada7@example.com",
    "sid": sid_of("session-1"),
    "upn": "ada@acme.example",
    "verified_primary_email": ["ada7@example.com"],
}


@pytest.mark.parametrize("name", OPTIONAL_CLAIMS)
@pytest.mark.parametrize(
    ("application", "kind"), [(WEB, "id_token"), (API, "access_token")], ids=lambda it: str(it)[:9]
)
async def test_a_claim_that_is_asked_for_is_in_that_token(
    world: World, application: Application, kind: str, name: str
) -> None:
    await world.change_flow(application_claims=())
    await world.change_account(
        given_name="Ada",
        surname="Byron",
        user_principal_name="ada@acme.example",
        country="se",
    )
    grant = {"session_id": "session-1", "ip_address": "203.0.113.7"}
    before = await tokens(world, **grant)
    await ask_for(world, application, kind, name, "xms_unknown")
    after = await tokens(world, **grant)
    asked, other = (0, 1) if kind == "id_token" else (1, 0)
    assert set(after[other]) == set(before[other])
    wanted = EXPECTED[name]
    expected = int(world.clock().timestamp()) if wanted is ... else wanted
    assert after[asked][name] == expected
    assert set(after[asked]) - set(before[asked]) <= {name}


async def test_what_the_user_does_not_have_is_not_said(world: World) -> None:
    social = SignInName(
        sign_in_type=SignInType.FEDERATED, issuer="google.com", issuer_assigned_id="1"
    )
    await world.change_account(identities=(social,))
    await ask_for(world, WEB, "id_token", "email", "upn", "preferred_username", "sid")
    claims, _ = await tokens(world)
    assert not {"email", "upn", "preferred_username", "sid"} & set(claims)


@pytest.mark.parametrize(
    ("is_proved", "said"), [(False, None), (None, "ada7@example.com"), (True, "ada7@example.com")]
)
async def test_an_address_that_was_only_typed_is_no_optional_claim(
    world: World, is_proved: bool | None, said: str | None
) -> None:
    await world.change_account(is_email_proved=is_proved)
    names = ("email", "verified_primary_email")
    await ask_for(world, WEB, "id_token", *names)
    await ask_for(world, API, "access_token", *names)
    for claims in await tokens(world):
        assert claims.get("email") == said
        assert claims.get("verified_primary_email") == (None if said is None else [said])


async def test_a_country_that_is_no_code_is_not_said(world: World) -> None:
    await world.change_account(country="Sweden")
    await ask_for(world, WEB, "id_token", "ctry")
    claims, _ = await tokens(world)
    assert "ctry" not in claims


async def test_nothing_an_application_asks_for_takes_the_place_of_the_protocol(
    world: World,
) -> None:
    claims, access = await tokens(world)
    await ask_for(world, WEB, "id_token", *sorted({*claims, *access}))
    again, _ = await tokens(world)
    assert {name: again[name] for name in claims if name != "at_hash"} == {
        name: value for name, value in claims.items() if name != "at_hash"
    }


async def test_a_user_s_roles_are_said_where_they_count(world: World) -> None:
    await world.change_application(
        API,
        app_roles=(
            a_role("Read"),
            a_role("Both", "User", "Application"),
            a_role("Sync", "Application"),
            a_role("Old", is_enabled=False),
        ),
    )
    await hold(world, API, "Read", "Both", "Sync", "Old")
    identity, access = await tokens(world)
    assert "roles" not in identity
    assert access["roles"] == ["Read", "Both"]
    body = (await world.redeem(await world.code())).json()
    assert (await introspect(world, body["access_token"]))["roles"] == ["Read", "Both"]
    await world.change_application(WEB, app_roles=(a_role("Seller"),))
    await hold(world, WEB, "Seller")
    identity, access = await tokens(world)
    assert (identity["roles"], access["roles"]) == (["Seller"], ["Read", "Both"])


async def test_a_role_that_is_taken_away_is_not_in_the_next_token(world: World) -> None:
    await world.change_application(WEB, app_roles=(a_role("Seller"),))
    assert "roles" not in (await tokens(world))[0]
    await hold(world, WEB, "Seller")
    body = (await world.redeem(await world.code())).json()
    await world.write(
        lambda stores: stores.user_roles.remove(world.account.id, WEB.app_id, "id-of-Seller")
    )
    body = (await world.refresh(body["refresh_token"])).json()
    assert "roles" not in await world.claims(body["id_token"])


async def test_an_application_holds_only_roles_the_api_still_has(world: World) -> None:
    permission = a_permission(WEB, API.app_id, GrantKind.ROLE, "Gone")
    await world.write(lambda stores: stores.permission_grants.add(permission))

    async def roles() -> object:
        response = await world.token(**FORM, **credentials(WEB))
        claims: JsonObject = await world.claims(response.json()["access_token"])
        return claims["roles"]

    assert await roles() == ["Sync"]
    await world.change_application(API, app_roles=(a_role("Sync", is_enabled=False),))
    assert await roles() == []


ENDPOINTS = ("token", "revoke", "introspect", "devicecode", "par")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    ("application", "origin", "is_read"),
    [
        (SPA, "http://localhost:3001", True),
        (SPA, "http://localhost:3001/", False),
        (SPA, "http://localhost", False),
        (SPA, "https://app.example", False),
        (WEB, "https://app.example", False),
    ],
    ids=["registered", "with a path", "without its port", "another's", "a server's"],
)
async def test_only_pages_of_a_registered_origin_read_an_answer(
    world: World, endpoint: str, application: Application, origin: str, is_read: bool
) -> None:
    response = await world.http.post(
        f"/{TENANT}/B2C_1_SuSi/oauth2/v2.0/{endpoint}",
        data={**credentials(application), "scope": "openid"},
        headers={"Origin": origin},
    )
    assert response.headers.get("access-control-allow-origin") == (origin if is_read else None)
    assert response.headers["vary"] == "Origin"
