"""The SDK through what user flows refer to, and through every option of a list."""

from typing import Any
from uuid import uuid4

import pytest
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.directory_objects.get_by_ids.get_by_ids_post_request_body import (
    GetByIdsPostRequestBody,
)
from msgraph_beta.generated.identity.api_connectors.item.upload_client_certificate.upload_client_certificate_post_request_body import (  # noqa: E501
    UploadClientCertificatePostRequestBody,
)
from msgraph_beta.generated.models.api_application import ApiApplication
from msgraph_beta.generated.models.app_role import AppRole
from msgraph_beta.generated.models.app_role_assignment import AppRoleAssignment
from msgraph_beta.generated.models.application import Application
from msgraph_beta.generated.models.b2c_identity_user_flow import B2cIdentityUserFlow
from msgraph_beta.generated.models.basic_authentication import BasicAuthentication
from msgraph_beta.generated.models.claims_mapping import ClaimsMapping
from msgraph_beta.generated.models.client_certificate_authentication import (
    ClientCertificateAuthentication,
)
from msgraph_beta.generated.models.extension_property import ExtensionProperty
from msgraph_beta.generated.models.identity_api_connector import IdentityApiConnector
from msgraph_beta.generated.models.identity_user_flow_attribute import IdentityUserFlowAttribute
from msgraph_beta.generated.models.identity_user_flow_attribute_data_type import (
    IdentityUserFlowAttributeDataType as DataType,
)
from msgraph_beta.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
from msgraph_beta.generated.models.open_id_connect_identity_provider import (
    OpenIdConnectIdentityProvider,
)
from msgraph_beta.generated.models.open_id_connect_response_mode import OpenIdConnectResponseMode
from msgraph_beta.generated.models.open_id_connect_response_types import (
    OpenIdConnectResponseTypes,
)
from msgraph_beta.generated.models.password_authentication_method import (
    PasswordAuthenticationMethod,
)
from msgraph_beta.generated.models.permission_scope import PermissionScope
from msgraph_beta.generated.models.service_principal import ServicePrincipal
from msgraph_beta.generated.models.user import User
from msgraph_beta.generated.models.user_flow_type import UserFlowType
from msgraph_beta.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core import PageIterator

from tests.graph.test_api_connectors import file_of
from tests.witnesses.graph import a_new_name
from tests.witnesses.people import a_new_address
from tests.witnesses.test_graph_sdk_directory import a_user
from tests.world.server import Server

pytestmark = [
    pytest.mark.witness,
    pytest.mark.filterwarnings("ignore:.*API is deprecated"),
    pytest.mark.filterwarnings(r"ignore:\s*as of .* and will be removed"),
]

UserQuery = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters


def asking(query: Any = None, **headers: str) -> RequestConfiguration:
    sent = HeadersCollection()
    for name, value in headers.items():
        sent.add(name.replace("_", "-"), value)
    return RequestConfiguration(query_parameters=query, headers=sent)


@pytest.mark.parametrize("kind", [each for each in DataType if "future" not in each.value.lower()])
async def test_attributes_of_every_type_are_made(graph: GraphServiceClient, kind: DataType) -> None:
    attributes = graph.identity.user_flow_attributes
    made = await attributes.post(
        IdentityUserFlowAttribute(
            display_name=f"Kind {uuid4()}", description="Asked by a test", data_type=kind
        )
    )
    assert made.data_type is kind
    one = attributes.by_identity_user_flow_attribute_id(made.id)
    await one.patch(IdentityUserFlowAttribute(description="Asked twice"))
    assert (await one.get()).description == "Asked twice"
    await one.delete()
    with pytest.raises(APIError):
        await one.get()


async def test_a_provider_keeps_its_secret(graph: GraphServiceClient) -> None:
    providers = graph.identity.identity_providers
    assert "Google" in (await providers.available_provider_types.get()).value
    made = await providers.post(
        OpenIdConnectIdentityProvider(
            display_name=f"Partner {uuid4()}",
            client_id="us",
            client_secret="a-secret-of-theirs",
            scope="openid",
            response_mode=OpenIdConnectResponseMode.Query,
            response_type=OpenIdConnectResponseTypes.Code,
            claims_mapping=ClaimsMapping(user_id="sub", display_name="name"),
            metadata_url="https://login.example/.well-known/openid-configuration",
        )
    )
    one = providers.by_identity_provider_base_id(made.id)
    found = await one.get()
    assert isinstance(found, OpenIdConnectIdentityProvider)
    assert found.client_secret != "a-secret-of-theirs"
    assert found.response_mode is OpenIdConnectResponseMode.Query
    assert found.claims_mapping.user_id == "sub"
    found.display_name = "Partner"
    await one.patch(found)
    assert (await one.get()).display_name == "Partner"
    await one.delete()


async def test_a_connector_changes_its_password_for_a_certificate(
    graph: GraphServiceClient,
) -> None:
    made = await graph.identity.api_connectors.post(
        IdentityApiConnector(
            display_name="Check",
            target_url="https://hooks.example/check",
            authentication_configuration=BasicAuthentication(username="u", password="p-of-theirs"),
        )
    )
    one = graph.identity.api_connectors.by_identity_api_connector_id(made.id)
    file = UploadClientCertificatePostRequestBody(pkcs12_value=file_of("p"), password="p")
    await one.upload_client_certificate.post(file)
    authentication = (await one.get()).authentication_configuration
    assert isinstance(authentication, ClientCertificateAuthentication)
    assert authentication.certificate_list[0].is_active is True
    await one.delete()


async def test_users_are_searched_ordered_counted_and_followed_by_pages(
    server: Server, graph: GraphServiceClient
) -> None:
    word = f"Quill{uuid4().hex}"
    made = []
    for name in ("Ada", "Berta", "Cleo"):
        user = a_user(server, a_new_address("quill"))
        user.display_name = f"{word} {name}"
        made.append((await graph.users.post(user)).id)
    searched = UserQuery(
        search=f'"displayName:{word}"', orderby=["displayName desc"], count=True, select=["id"]
    )
    found = await graph.users.get(asking(searched, ConsistencyLevel="eventual"))
    assert [each.id for each in found.value] == made[::-1]
    assert found.odata_count == 3
    assert found.value[0].display_name is None
    pages = UserQuery(filter=f"startsWith(displayName,'{word}')", expand=["manager"])
    first = await graph.users.get(asking(pages, Prefer="odata.maxpagesize=2"))
    assert len(first.value) == 2
    seen: list[str] = []

    def note(user: User) -> bool:
        seen.append(str(user.id))
        return True

    await PageIterator(first, graph.request_adapter).iterate(note)
    assert sorted(seen) == sorted(made)
    objects = await graph.directory_objects.get_by_ids.post(
        GetByIdsPostRequestBody(ids=made, types=["user"])
    )
    assert all(isinstance(each, User) for each in objects.value)
    assert {each.id for each in objects.value} == set(made)


async def test_a_user_has_methods_and_can_be_signed_out(
    server: Server, graph: GraphServiceClient
) -> None:
    made = await graph.users.post(a_user(server, a_new_address("methods")))
    one = graph.users.by_user_id(made.id)
    (method,) = (await one.authentication.methods.get()).value
    assert isinstance(method, PasswordAuthenticationMethod)
    assert (await one.revoke_sign_in_sessions.post()).value is True


async def test_a_user_flow_changes_only_if_nobody_changed_it_before(
    graph: GraphServiceClient,
) -> None:
    made = await graph.identity.b2c_user_flows.post(
        B2cIdentityUserFlow(
            id=a_new_name(), user_flow_type=UserFlowType.SignIn, user_flow_type_version=3.0
        )
    )
    one = graph.identity.b2c_user_flows.by_b2c_identity_user_flow_id(made.id)
    tag = (await one.get()).additional_data["@odata.etag"]
    changed = await one.patch(B2cIdentityUserFlow(default_language_tag="fr"), asking(If_Match=tag))
    assert changed.default_language_tag == "fr"
    with pytest.raises(APIError) as late:
        await one.patch(B2cIdentityUserFlow(default_language_tag="de"), asking(If_Match=tag))
    assert late.value.response_status_code == 412
    silent = asking(Prefer="return=minimal")
    assert await one.patch(B2cIdentityUserFlow(default_language_tag="nl"), silent) is None
    assert (await one.get()).default_language_tag == "nl"
    await one.delete()


async def test_a_service_principal_gives_roles_and_permissions(
    server: Server, graph: GraphServiceClient
) -> None:
    role = AppRole(
        id=uuid4(),
        value="run",
        display_name="Run",
        description="Runs",
        is_enabled=True,
        allowed_member_types=["User", "Application"],
    )
    scope = PermissionScope(
        id=uuid4(),
        value="read",
        type="Admin",
        is_enabled=True,
        admin_consent_display_name="Read",
        admin_consent_description="Reads",
    )
    api = ApiApplication(oauth2_permission_scopes=[scope])
    application = await graph.applications.post(
        Application(display_name="Runs", app_roles=[role], api=api)
    )
    made = await graph.service_principals.post(ServicePrincipal(app_id=application.app_id))
    one = graph.service_principals.by_service_principal_id(made.id)
    user = await graph.users.post(a_user(server, a_new_address("roles")))
    assigned = await one.app_role_assigned_to.post(
        AppRoleAssignment(principal_id=user.id, resource_id=made.id, app_role_id=role.id)
    )
    of_user = await graph.users.by_user_id(user.id).app_role_assignments.get()
    assert [each.id for each in of_user.value] == [assigned.id]
    assert of_user.value[0].app_role_id == role.id
    everybody = OAuth2PermissionGrant(
        client_id=made.id, consent_type="AllPrincipals", resource_id=made.id, scope="read"
    )
    grant = await graph.oauth2_permission_grants.post(everybody)
    found = await one.oauth2_permission_grants.get()
    assert [each.id for each in found.value] == [grant.id]
    await graph.oauth2_permission_grants.by_o_auth2_permission_grant_id(grant.id).delete()
    await one.delete()


async def test_a_property_of_users_is_declared_and_given(
    server: Server, graph: GraphServiceClient
) -> None:
    every = (await graph.applications.get()).value
    holder = next(each for each in every if each.display_name.startswith("b2c-extensions-app"))
    properties = graph.applications.by_application_id(holder.id).extension_properties
    made = await properties.post(
        ExtensionProperty(name=f"size{uuid4().hex}", data_type="String", target_objects=["User"])
    )
    given = a_user(server, a_new_address("sized"), additional_data={made.name: "M"})
    user = await graph.users.post(given)
    found = await graph.users.get(asking(UserQuery(filter=f"{made.name} eq 'M'")))
    assert [each.id for each in found.value] == [user.id]
    await properties.by_extension_property_id(made.id).delete()


async def test_the_directory_tells_of_itself_and_of_every_change(
    server: Server, graph: GraphServiceClient
) -> None:
    (organization,) = (await graph.organization.get()).value
    assert organization.id == server.facts["tenant_id"]
    domains = (await graph.domains.get()).value
    assert server.facts["tenant_domain"] in {each.id for each in domains}
    policy = await graph.policies.b2c_authentication_methods_policy.get()
    assert policy.is_email_password_authentication_enabled is not None
    user = await graph.users.post(a_user(server, a_new_address("audited")))
    audits = (await graph.audit_logs.directory_audits.get()).value
    entry = next(each for each in audits if each.target_resources[0].id == user.id)
    assert entry.initiated_by.app.app_id == server.facts["admin"]["client_id"]
    assert (await graph.audit_logs.sign_ins.get()).value is not None
    assert (await graph.identity.sign_in_identifiers.get()).value is not None
