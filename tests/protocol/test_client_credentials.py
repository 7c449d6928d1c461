"""RFC 6749 §4.4: an application acts for itself, at an API or at Graph."""

import pytest

from gatelodge.model.application import Application, GrantKind, PermissionGrant
from tests.protocol.world import (
    API,
    API_URI,
    FULL_SCOPE,
    GRAPH,
    NATIVE,
    ORIGIN,
    SPA,
    WEB,
    Form,
    World,
    a_permission,
    credentials,
    refusal,
)

FORM: Form = {"grant_type": "client_credentials", **credentials(WEB)}
TELEMETRY: Form = {"x-client-SKU": "MSAL.Python", "x-client-last-telemetry": "4|0|||"}
GRAPH_SCOPE = "https://graph.microsoft.com/.default"


async def test_an_api_gets_six_properties_and_the_roles_granted(world: World) -> None:
    response = await world.token(**FORM, scope=f"{API_URI}/.default")
    body = response.json()
    assert set(body) == {
        "access_token",
        "token_type",
        "not_before",
        "expires_in",
        "expires_on",
        "resource",
    }
    now = int(world.clock().timestamp())
    assert await world.claims(body["access_token"]) == {
        "iss": f"{ORIGIN}/{world.directory.id}/v2.0/",
        "aud": API.app_id,
        "sub": WEB.id,
        "oid": WEB.id,
        "tid": world.directory.id,
        "appid": WEB.app_id,
        "azp": WEB.app_id,
        "tfp": "B2C_1_SuSi",
        "roles": ["Sync"],
        "idtyp": "app",
        "ver": "1.0",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
    }


@pytest.mark.parametrize("flow", ["B2C_1_SuSi", "B2C_1_Edit", "b2c_1_owner"])
async def test_any_user_flow_will_do(world: World, flow: str) -> None:
    response = await world.token(flow, **FORM, scope=f"{API.app_id}/.default")
    assert response.json()["resource"] == API.app_id


async def test_without_roles_the_token_has_none(world: World) -> None:
    response = await world.token(**FORM, scope=f"{WEB.app_id}/.default")
    claims = await world.claims(response.json()["access_token"])
    assert (claims["aud"], claims["roles"]) == (WEB.app_id, [])


@pytest.mark.parametrize(
    "scope",
    [
        GRAPH_SCOPE,
        "https://graph.microsoft.com//.default",
        f"{GRAPH}/.default",
        f"{ORIGIN}/.default",
        "https://login.acme.example/.default",
    ],
)
@pytest.mark.parametrize("tenant", ["acme.example", "ACME.example"])
async def test_graph_is_known_by_each_of_its_names(world: World, scope: str, tenant: str) -> None:
    await grant_graph(world, "User.Read.All", "IdentityUserFlow.ReadWrite.All")
    response = await world.http.post(f"/{tenant}/oauth2/v2.0/token", data={**FORM, "scope": scope})
    assert response.status_code == 200
    claims = await world.claims(response.json()["access_token"])
    now = int(world.clock().timestamp())
    assert claims.pop("uti")
    assert claims == {
        "iss": f"{ORIGIN}/{world.directory.id}/v2.0",
        "aud": "https://graph.microsoft.com",
        "tid": world.directory.id,
        "appid": WEB.app_id,
        "azp": WEB.app_id,
        "oid": WEB.id,
        "sub": WEB.id,
        "roles": ["IdentityUserFlow.ReadWrite.All", "User.Read.All"],
        "idtyp": "app",
        "ver": "2.0",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
    }


async def grant_graph(world: World, *roles: str) -> None:
    for role in roles:
        permission = a_permission(WEB, GRAPH, GrantKind.ROLE, role)
        await add(world, permission)


async def add(world: World, permission: PermissionGrant) -> None:
    await world.write(lambda stores: stores.permission_grants.add(permission))


async def test_a_role_that_is_taken_away_is_gone_from_the_next_token(world: World) -> None:
    await grant_graph(world, "User.Read.All")
    key = (WEB.app_id, GRAPH, GrantKind.ROLE, "User.Read.All")
    await world.token(None, **FORM, scope=GRAPH_SCOPE)
    await world.write(lambda stores: stores.permission_grants.remove(*key))
    response = await world.token(None, **FORM, scope=GRAPH_SCOPE)
    assert (await world.claims(response.json()["access_token"]))["roles"] == []


async def test_parameters_clients_add_are_passed_over(world: World) -> None:
    response = await world.token(
        None,
        **FORM,
        scope=GRAPH_SCOPE,
        claims='{"access_token":{"xms_cc":{"values":["CP1"]}}}',
        client_info="1",
        **TELEMETRY,
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("flow", "scope", "expected"),
    [
        ("B2C_1_SuSi", "", (400, "invalid_scope", "AADB2C90010")),
        ("B2C_1_SuSi", " ", (400, "invalid_scope", "AADB2C90117")),
        ("B2C_1_SuSi", ".default", (400, "invalid_scope", "AADB2C90117")),
        ("B2C_1_SuSi", "/.default", (400, "invalid_scope", "AADB2C90117")),
        ("B2C_1_SuSi", f"{API_URI}/read", (400, "invalid_scope", "AADB2C90117")),
        ("B2C_1_SuSi", FULL_SCOPE, (400, "invalid_scope", "AADB2C90146")),
        ("B2C_1_SuSi", "https://acme.example/none/.default", (400, "invalid_scope", "AADB2C90117")),
        ("B2C_1_SuSi", GRAPH_SCOPE, (400, "invalid_scope", "AADB2C90117")),
        (None, f"{API_URI}/.default", (400, "invalid_scope", "AADB2C90117")),
        (
            None,
            "https://graph.microsoft.com.evil.example/.default",
            (400, "invalid_scope", "AADB2C90117"),
        ),
        (None, "HTTPS://GRAPH.MICROSOFT.COM/User.Read.All", (400, "invalid_scope", "AADB2C90117")),
    ],
)
async def test_a_scope_has_to_name_one_api_as_a_whole(
    world: World, flow: str | None, scope: str, expected: tuple[int, str, str]
) -> None:
    assert refusal(await world.token(flow, **FORM, scope=scope)) == expected


@pytest.mark.parametrize("application", [SPA, NATIVE])
@pytest.mark.parametrize("flow", [None, "B2C_1_SuSi"])
async def test_a_public_client_cannot_act_for_itself(
    world: World, application: Application, flow: str | None
) -> None:
    form: Form = {"grant_type": "client_credentials", **credentials(application)}
    response = await world.token(flow, **form, scope=GRAPH_SCOPE)
    assert refusal(response) == (400, "unauthorized_client", "AADB2C90079")


async def test_a_switched_off_api_gets_no_token(world: World) -> None:
    await world.change_application(API, is_enabled=False)
    response = await world.token(**FORM, scope=f"{API_URI}/.default")
    assert refusal(response) == (400, "invalid_scope", "AADB2C90117")
