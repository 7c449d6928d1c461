"""Users and applications made with Microsoft's Graph SDK take part in user flows at once."""

from typing import Any
from uuid import uuid4

import pytest
from kiota_abstractions.api_error import APIError
from msal import ConfidentialClientApplication
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.applications.item.add_password.add_password_post_request_body import (
    AddPasswordPostRequestBody,
)
from msgraph_beta.generated.models.api_application import ApiApplication
from msgraph_beta.generated.models.application import Application
from msgraph_beta.generated.models.object_identity import ObjectIdentity
from msgraph_beta.generated.models.password_credential import PasswordCredential
from msgraph_beta.generated.models.password_profile import PasswordProfile
from msgraph_beta.generated.models.permission_scope import PermissionScope
from msgraph_beta.generated.models.pre_authorized_application import PreAuthorizedApplication
from msgraph_beta.generated.models.user import User
from msgraph_beta.generated.models.web_application import WebApplication

from tests.witnesses.people import PASSWORD, a_new_address, sign_in
from tests.world.browser import Browser, page
from tests.world.server import Server

pytestmark = pytest.mark.witness

REDIRECT = "https://orders.example/signin"


def a_user(server: Server, address: str, **more: Any) -> User:
    domain = server.facts["tenant_domain"]
    return User(
        display_name="Iris Tal",
        identities=[
            ObjectIdentity(sign_in_type="emailAddress", issuer=domain, issuer_assigned_id=address)
        ],
        password_profile=PasswordProfile(
            password=PASSWORD, force_change_password_next_sign_in=False
        ),
        password_policies="DisablePasswordExpiration",
        **more,
    )


async def a_client(graph: GraphServiceClient) -> tuple[Application, str]:
    made = await graph.applications.post(
        Application(display_name="Orders", web=WebApplication(redirect_uris=[REDIRECT]))
    )
    assert made is not None
    body = AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="first"))
    secret = await graph.applications.by_application_id(made.id).add_password.post(body)
    assert secret is not None
    assert secret.secret_text
    assert secret.hint == secret.secret_text[:3]
    return made, secret.secret_text


async def an_api(graph: GraphServiceClient, client: Application) -> Application:
    scope_id = uuid4()
    made = await graph.applications.post(
        Application(
            display_name="Orders API",
            identifier_uris=[f"https://acme.example/orders-{scope_id}"],
            api=ApiApplication(
                oauth2_permission_scopes=[
                    PermissionScope(
                        id=scope_id,
                        value="orders.read",
                        type="User",
                        is_enabled=True,
                        admin_consent_display_name="Read orders",
                        admin_consent_description="Lets the application read orders",
                    )
                ],
                pre_authorized_applications=[
                    PreAuthorizedApplication(app_id=client.app_id, permission_ids=[str(scope_id)])
                ],
            ),
        )
    )
    assert made is not None
    return made


def code_flow(server: Server, client: Application, secret: str, scopes: list[str]) -> Any:
    application = ConfidentialClientApplication(
        client.app_id,
        client_credential=secret,
        authority=f"{server.origin}/{server.facts['tenant_domain']}/B2C_1_signin",
    )
    begun = application.initiate_auth_code_flow(
        scopes, redirect_uri=REDIRECT, response_mode="form_post"
    )
    return application, begun


async def test_a_user_made_by_an_administrator_signs_in_at_a_new_application(
    server: Server, graph: GraphServiceClient, browser: Browser
) -> None:
    address = a_new_address("made")
    user = await graph.users.post(a_user(server, address))
    client, secret = await a_client(graph)
    api = await an_api(graph, client)
    scope = f"{api.identifier_uris[0]}/orders.read"
    application, begun = code_flow(server, client, secret, [scope])
    arrived = sign_in(browser, begun["auth_uri"], address, PASSWORD)
    assert arrived.method == "POST"
    assert arrived.url == REDIRECT
    result = application.acquire_token_by_auth_code_flow(begun, dict(arrived.parameters))
    assert result["id_token_claims"]["sub"] == user.id
    assert result["id_token_claims"]["name"] == "Iris Tal"
    assert scope in result["scope"].split()


async def test_a_user_who_may_not_sign_in_any_more_does_not(
    server: Server, graph: GraphServiceClient, browser: Browser
) -> None:
    address = a_new_address("made")
    user = await graph.users.post(a_user(server, address))
    await graph.users.by_user_id(user.id).patch(User(account_enabled=False))
    client, secret = await a_client(graph)
    _, begun = code_flow(server, client, secret, [])
    shown = page(browser.open(begun["auth_uri"]))
    shown = page(browser.press(shown, "next", email=address, password=PASSWORD))
    assert "password" in shown


async def test_a_user_is_listed_read_changed_and_deleted(
    server: Server, graph: GraphServiceClient
) -> None:
    user = await graph.users.post(a_user(server, a_new_address("made"), given_name="Iris"))
    mine = graph.users.by_user_id(user.id)
    assert (await mine.get()).given_name == "Iris"
    assert (await mine.get()).password_profile is None
    await mine.patch(User(surname="Tal"))
    assert (await mine.get()).surname == "Tal"
    assert user.id in {each.id for each in (await graph.users.get()).value}
    await mine.delete()
    with pytest.raises(APIError) as raised:
        await mine.get()
    assert raised.value.response_status_code == 404
    assert raised.value.error.code == "Request_ResourceNotFound"


async def test_an_address_belongs_to_one_user(server: Server, graph: GraphServiceClient) -> None:
    address = a_new_address("made")
    await graph.users.post(a_user(server, address))
    with pytest.raises(APIError) as raised:
        await graph.users.post(a_user(server, address.upper()))
    assert raised.value.response_status_code == 400
    assert raised.value.error.message.startswith("Another object with the same value for property")


async def test_an_application_that_was_deleted_gets_no_token(
    server: Server, graph: GraphServiceClient, browser: Browser
) -> None:
    client, secret = await a_client(graph)
    await graph.applications.by_application_id(client.id).delete()
    tenant = server.facts["tenant_id"]
    answer = server.client.post(
        f"/{tenant}/B2C_1_signin/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": client.app_id,
            "client_secret": secret,
            "scope": f"{server.facts['apps']['api']['app_id_uri']}/.default",
        },
    )
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] in {"invalid_client", "unauthorized_client"}
