"""RFC 7591 and RFC 7592: who may register applications, what is taken, and who configures them."""

from typing import Any

import httpx
import pytest

from gatelodge.model.application import GrantKind
from gatelodge.model.audit import EventName
from gatelodge.model.directory import Switches
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import service_principal_of
from gatelodge.outbound import NotAllowed
from gatelodge.storage.stores import Stores
from tests.protocol.world import API, GRAPH, SPA, WEB, Form, World, a_permission, credentials
from tests.world.makers import TENANT

REGISTER = f"/{TENANT}/B2C_1_SuSi/oauth2/v2.0/register"
HOME = "https://new.example/callback"
METADATA = {"redirect_uris": [HOME], "client_name": "New"}
EC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "one",
}
EVERY, OWN = "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"


@pytest.fixture(autouse=True)
async def open_door(world: World) -> None:
    await world.change_directory(switches=Switches(registers_applications=True))


async def graph_token(world: World, *roles: str) -> str:
    """Return a token for Graph that an application holding these roles acts by itself with."""
    for role in roles:
        permission = a_permission(WEB, GRAPH, GrantKind.ROLE, role)
        await world.write(lambda stores, it=permission: stores.permission_grants.add(it))  # type: ignore[misc]
    form: Form = {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
    }
    response = await world.token(None, **form, **credentials(WEB))
    return str(response.json()["access_token"])


async def register(world: World, token: str, /, **metadata: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await world.http.post(REGISTER, json={**METADATA, **metadata}, headers=headers)


async def registered(world: World, **metadata: Any) -> dict[str, Any]:
    response = await register(world, await graph_token(world, EVERY), **metadata)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def ask(
    world: World, client: dict[str, Any], method: str, token: str | None = None, **more: Any
) -> httpx.Response:
    bearer = client["registration_access_token"] if token is None else token
    headers = {"Authorization": f"Bearer {bearer}"}
    url = client["registration_client_uri"]
    return await world.http.request(method, url, headers=headers, **more)


async def test_an_application_is_registered_and_signs_in(world: World) -> None:
    client = await registered(world)
    assert client["redirect_uris"] == [HOME]
    assert client["token_endpoint_auth_method"] == "client_secret_basic"
    assert client["client_secret_expires_at"] > client["client_id_issued_at"]
    stored = await world.read().applications.by_app_id(ClientId(client["client_id"]))
    assert stored is not None
    assert stored.owner_ids == ()
    for value in (client["client_secret"], client["registration_access_token"]):
        assert value not in repr(stored)
    assert not stored.is_id_token_issuance_enabled
    code = await world.code(stored, scope="openid")
    form = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    assert (await world.redeem(code, stored, **form)).status_code == 200
    events = await world.read().audit_events.latest()
    made = next(each for each in events if each.name is EventName.APPLICATION_CREATED)
    assert (made.actor, made.target) == (WEB.id, stored.id)


async def test_only_an_application_with_the_permission_registers(world: World) -> None:
    nobody = await graph_token(world)
    user = (await world.redeem(await world.code())).json()
    api = await world.token(
        grant_type="client_credentials",
        scope="https://acme.example/api/.default",
        **credentials(WEB),
    )
    refused = [nobody, user["access_token"], user["id_token"], api.json()["access_token"], "x", ""]
    for token in refused:
        response = await register(world, token)
        assert (response.status_code, response.json()["error"]) == (401, "invalid_token"), token
        assert response.headers["www-authenticate"].startswith("Bearer ")
    token = await graph_token(world, OWN)
    response = await register(world, token)
    assert response.status_code == 201
    stored = await world.read().applications.by_app_id(ClientId(response.json()["client_id"]))
    assert stored is not None
    assert stored.owner_ids == (WEB.id,)
    world.clock.move(hours=1)
    assert (await register(world, token)).status_code == 401


async def test_a_permission_taken_away_counts_at_once(world: World) -> None:
    token = await graph_token(world, EVERY)
    await world.write(
        lambda stores: stores.permission_grants.remove(
            WEB.app_id, ClientId(GRAPH), GrantKind.ROLE, EVERY
        )
    )
    assert (await register(world, token)).status_code == 401


async def test_where_nobody_registers_there_is_nothing(world: World) -> None:
    client = await registered(world)
    document = f"/{TENANT}/B2C_1_SuSi/v2.0/.well-known/openid-configuration"
    metadata = (await world.http.get(document)).json()
    assert metadata["registration_endpoint"].endswith(REGISTER.lower().partition(TENANT)[2])
    await world.change_directory(switches=Switches())
    assert "registration_endpoint" not in (await world.http.get(document)).json()
    assert (await register(world, await graph_token(world))).status_code == 404
    assert (await ask(world, client, "GET")).status_code == 404


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"redirect_uris": []}, "invalid_redirect_uri"),
    ({"redirect_uris": [HOME, HOME]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["http://new.example/"]}, "invalid_redirect_uri"),
    ({"redirect_uris": [f"{HOME}#part"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["com.example.new:/"]}, "invalid_redirect_uri"),
    ({"redirect_uris": [f"{HOME}/{'x' * 2048}"]}, "invalid_redirect_uri"),
    ({"redirect_uris": HOME}, "invalid_client_metadata"),
    ({"redirect_uris": [1]}, "invalid_client_metadata"),
    ({"application_type": "desktop"}, "invalid_client_metadata"),
    ({"token_endpoint_auth_method": "tls_client_auth"}, "invalid_client_metadata"),
    ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
    ({"jwks": {"keys": [EC_KEY]}, "jwks_uri": HOME}, "invalid_client_metadata"),
    ({"jwks": {"keys": [{"kty": "oct", "k": "AA"}]}}, "invalid_client_metadata"),
    ({"jwks": {"keys": "x"}}, "invalid_client_metadata"),
    ({"grant_types": ["password"]}, "invalid_client_metadata"),
    ({"grant_types": ["implicit"]}, "invalid_client_metadata"),
    ({"response_types": ["id_token"]}, "invalid_client_metadata"),
    ({"response_types": ["none"]}, "invalid_client_metadata"),
    (
        {
            "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "client_credentials"],
        },
        "invalid_client_metadata",
    ),
    ({"id_token_signed_response_alg": "none"}, "invalid_client_metadata"),
    ({"userinfo_signed_response_alg": "HS256"}, "invalid_client_metadata"),
    ({"id_token_encrypted_response_alg": "RSA-OAEP"}, "invalid_client_metadata"),
    ({"subject_type": "public"}, "invalid_client_metadata"),
    ({"logo_uri": "javascript:alert(1)"}, "invalid_client_metadata"),
    ({"client_name": "x" * 257}, "invalid_client_metadata"),
    ({"client_name": "a\0b"}, "invalid_client_metadata"),
    ({"backchannel_logout_uri": "http://new.example/out"}, "invalid_client_metadata"),
    ({"sector_identifier_uri": "https://unknown.example/"}, "invalid_client_metadata"),
    ({"jwks_uri": "https://inside.example/"}, "invalid_client_metadata"),
    ({"jwks_uri": "https://empty.example/"}, "invalid_client_metadata"),
    ({"jwks_uri": "https://list.example/"}, "invalid_client_metadata"),
    ({"post_logout_redirect_uris": ["http://new.example/"]}, "invalid_redirect_uri"),
    ({"software_statement": "a.b.c"}, "unapproved_software_statement"),
]


async def test_metadata_that_cannot_be_are_refused_with_the_standard_s_word(world: World) -> None:
    token = await graph_token(world, EVERY)
    world.documents.found["https://inside.example/"] = NotAllowed("not public")
    world.documents.found["https://empty.example/"] = {"keys": [{"kty": "oct", "k": "AA"}]}
    world.documents.found["https://list.example/"] = [EC_KEY]
    for metadata, error in WRONG:
        response = await register(world, token, **metadata)
        assert (response.status_code, response.json()["error"]) == (400, error), metadata
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for body in (b"", b"[]", b"{", b'"x"', b"[" * 5000, b'{"redirect_uris": ["\xff"]}'):
        response = await world.http.post(REGISTER, content=body, headers=headers)
        assert response.status_code == 400, body
    long = await world.http.post(REGISTER, content=b" " * 70_000, headers=headers)
    assert long.status_code == 413
    wrong = {**headers, "Content-Type": "text/plain"}
    assert (await world.http.post(REGISTER, content=b"{}", headers=wrong)).status_code == 415
    assert (await world.http.get(REGISTER, headers=headers)).status_code == 405


@pytest.mark.parametrize(
    ("metadata", "kept"),
    [
        (
            {"token_endpoint_auth_method": "none"},
            {"spa_redirect_uris": (HOME,), "password_credentials": (), "key_credentials": ()},
        ),
        (
            {"application_type": "native", "redirect_uris": ["http://localhost/cb"]},
            {"public_client_redirect_uris": ("http://localhost/cb",)},
        ),
        (
            {
                "grant_types": ["implicit", "authorization_code"],
                "response_types": ["code id_token token"],
                "backchannel_logout_uri": "https://new.example/back",
                "frontchannel_logout_uri": "https://new.example/front",
                "require_pushed_authorization_requests": True,
                "unheard_of": {"a": 1},
                "client_uri": "",
            },
            {
                "is_id_token_issuance_enabled": True,
                "is_access_token_issuance_enabled": True,
                "web_back_channel_logout_url": "https://new.example/back",
                "web_logout_url": "https://new.example/front",
                "requires_pushed_requests": True,
                "web_home_page_url": None,
            },
        ),
    ],
    ids=["public", "native", "hybrid"],
)
async def test_every_kind_of_application_registers(
    world: World, metadata: dict[str, Any], kept: dict[str, Any]
) -> None:
    client = await registered(world, **metadata)
    stored = await world.read().applications.by_app_id(ClientId(client["client_id"]))
    assert {name: getattr(stored, name) for name in kept} == kept
    assert ("client_secret" in client) is (metadata.get("token_endpoint_auth_method") != "none")


async def test_a_client_reads_replaces_and_deletes_itself(world: World) -> None:
    client = await registered(world, contacts=["it@new.example"], logo_uri="https://new.example/l")
    read = (await ask(world, client, "GET")).json()
    secrets = {"client_secret"}
    assert {name: read[name] for name in client if name not in secrets} == {
        name: value for name, value in client.items() if name not in secrets
    }
    changed = {**METADATA, "client_id": client["client_id"], "client_name": "Newer"}
    for wrong in (
        {**changed, "client_id": SPA.app_id},
        {**changed, "client_secret": "another"},
        METADATA,
        {**changed, "redirect_uris": ["x"]},
    ):
        assert (await ask(world, client, "PUT", json=wrong)).status_code == 400
    answer = await ask(
        world, client, "PUT", json={**changed, "client_secret": client["client_secret"]}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["client_name"] == "Newer"
    assert not {"contacts", "logo_uri", "client_secret"} & set(answer.json())
    stored = await world.read().applications.by_app_id(ClientId(client["client_id"]))
    assert stored is not None
    assert len(stored.password_credentials) == 1
    public = {**changed, "token_endpoint_auth_method": "none"}
    assert (await ask(world, client, "PUT", json=public)).status_code == 200
    again = await ask(world, client, "PUT", json=changed)
    assert again.json()["client_secret"] != client["client_secret"]
    assert (await ask(world, client, "POST")).status_code == 405
    assert (await ask(world, client, "DELETE")).status_code == 204
    assert (await ask(world, client, "GET")).status_code == 401
    assert await world.read().applications.by_app_id(ClientId(client["client_id"])) is None


async def test_nobody_configures_another_client(world: World) -> None:
    client = await registered(world)
    other = (await register(world, await graph_token(world))).json()
    for token in (other["registration_access_token"], await graph_token(world), "x", ""):
        for method in ("GET", "PUT", "DELETE"):
            answer = await ask(world, client, method, token, json=METADATA)
            assert answer.status_code == 401, (method, token)
    seeded = {**client, "registration_client_uri": f"{REGISTER}/{API.app_id}"}
    assert (await ask(world, seeded, "DELETE")).status_code == 401
    assert await world.read().applications.by_app_id(API.app_id) is not None


async def test_what_metadata_refer_to_is_read(world: World) -> None:
    sector, keys = "https://new.example/sector.json", "https://new.example/keys.json"
    world.documents.found[sector] = [HOME, "https://new.example/other"]
    world.documents.found[keys] = {"keys": [EC_KEY, {**EC_KEY, "use": "enc", "kid": "two"}]}
    client = await registered(
        world,
        sector_identifier_uri=sector,
        jwks_uri=keys,
        token_endpoint_auth_method="private_key_jwt",
    )
    assert "client_secret" not in client
    stored = await world.read().applications.by_app_id(ClientId(client["client_id"]))
    assert stored is not None
    assert stored.key_credentials == ()
    assert stored.is_confidential
    token = await graph_token(world)
    for document in ([], ["https://elsewhere.example/"], {"x": 1}, b"{", b"[" * 5000):
        world.documents.found[sector] = document
        response = await register(world, token, sector_identifier_uri=sector)
        assert response.json()["error"] == "invalid_client_metadata"


async def test_a_registrar_that_is_switched_off_registers_nothing(world: World) -> None:
    token = await graph_token(world, EVERY)
    await world.change_application(WEB, is_enabled=False)
    assert (await register(world, token)).status_code == 401


async def test_a_registration_goes_with_what_was_granted_to_it(world: World) -> None:
    client = await registered(world)
    app_id = ClientId(client["client_id"])
    stored = await world.read().applications.by_app_id(app_id)
    assert stored is not None
    principal = service_principal_of(stored, world.clock())
    permission = a_permission(stored, API.app_id, GrantKind.SCOPE, "read")

    async def grant(stores: Stores) -> None:
        await stores.service_principals.add(principal)
        await stores.permission_grants.add(permission)

    await world.write(grant)
    assert (await ask(world, client, "DELETE")).status_code == 204
    assert await world.read().service_principals.by_app_id(app_id) is None
    held = await world.read().permission_grants.values(app_id, API.app_id, GrantKind.SCOPE)
    assert held == ()
    aside = await world.read().deleted_applications.get(stored.id)
    assert aside is not None
    assert aside.app_id == app_id


async def test_a_registration_that_was_changed_meanwhile_is_not_overwritten(world: World) -> None:
    client = await registered(world)
    app_id = ClientId(client["client_id"])
    stored = await world.read().applications.by_app_id(app_id)
    assert stored is not None

    async def meanwhile() -> None:
        await world.change_application(stored, display_name="Changed by an administrator")

    world.documents.meanwhile = meanwhile
    sector = "https://new.example/sector.json"
    world.documents.found[sector] = [HOME]
    changed = {**METADATA, "client_id": app_id, "sector_identifier_uri": sector}
    assert (await ask(world, client, "PUT", json=changed)).status_code == 409
    kept = await world.read().applications.by_app_id(app_id)
    assert kept is not None
    assert kept.display_name == "Changed by an administrator"
    await world.change_application(stored, is_enabled=False)
    assert (await ask(world, client, "GET")).status_code == 401
