"""Microsoft's Graph SDK with its own credential, pointed at the development server."""

from typing import Any

import httpx
import pytest
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.identity.user_flows.user_flows_request_builder import (
    UserFlowsRequestBuilder,
)
from msgraph_beta.generated.models.b2c_identity_user_flow import B2cIdentityUserFlow
from msgraph_beta.generated.models.identity_user_flow import IdentityUserFlow
from msgraph_beta.generated.models.user_flow_type import UserFlowType
from msgraph_core import PageIterator

from tests.witnesses.graph import a_new_name
from tests.witnesses.sdk import OpenGraph
from tests.world.server import Server

# The SDK believes that user flows are gone; it is right only about somebody else's server.
pytestmark = [
    pytest.mark.witness,
    pytest.mark.filterwarnings("ignore:The identity/userflows API is deprecated"),
]

Query = UserFlowsRequestBuilder.UserFlowsRequestBuilderGetQueryParameters


def asking(**query: Any) -> RequestConfiguration:
    return RequestConfiguration(query_parameters=Query(**query))


def a_flow(name: str, kind: UserFlowType = UserFlowType.SignUpOrSignIn) -> IdentityUserFlow:
    version = 1.0 if kind is UserFlowType.ResourceOwner else 3.0
    return IdentityUserFlow(id=name, user_flow_type=kind, user_flow_type_version=version)


async def create(graph: GraphServiceClient, **more: Any) -> IdentityUserFlow:
    made = await graph.identity.user_flows.post(a_flow(a_new_name(), **more))
    assert made is not None
    return made


def discovery(server: Server, flow_id: str) -> httpx.Response:
    tenant = server.facts["tenant_domain"]
    return server.client.get(f"/{tenant}/{flow_id}/v2.0/.well-known/openid-configuration")


@pytest.mark.parametrize("kind", [each for each in UserFlowType if "future" not in each.lower()])
async def test_a_user_flow_of_every_type_is_created_and_read_back(
    graph: GraphServiceClient, kind: UserFlowType
) -> None:
    name = a_new_name()
    made = await graph.identity.user_flows.post(a_flow(name, kind))
    found = await graph.identity.user_flows.by_identity_user_flow_id(name).get()
    for each in (made, found):
        assert isinstance(each, B2cIdentityUserFlow)
        assert (each.id, each.user_flow_type) == (name, kind)
        assert each.user_flow_type_version == a_flow(name, kind).user_flow_type_version


async def test_a_name_without_the_prefix_gets_it(graph: GraphServiceClient) -> None:
    name = a_new_name()
    made = await graph.identity.user_flows.post(a_flow(name.removeprefix("B2C_1_")))
    assert made.id == name


async def test_what_one_door_creates_the_other_changes(graph: GraphServiceClient) -> None:
    body = B2cIdentityUserFlow(
        id=a_new_name(),
        user_flow_type=UserFlowType.SignIn,
        user_flow_type_version=3.0,
        default_language_tag="de",
    )
    made = await graph.identity.b2c_user_flows.post(body)
    assert made.default_language_tag == "de"
    changed = B2cIdentityUserFlow(default_language_tag="fr", is_language_customization_enabled=True)
    await graph.identity.user_flows.by_identity_user_flow_id(made.id).patch(changed)
    found = await graph.identity.b2c_user_flows.by_b2c_identity_user_flow_id(made.id).get()
    assert found.default_language_tag == "fr"
    assert found.is_language_customization_enabled is True
    await graph.identity.b2c_user_flows.by_b2c_identity_user_flow_id(made.id).delete()
    with pytest.raises(APIError):
        await graph.identity.user_flows.by_identity_user_flow_id(made.id).get()


async def test_every_page_of_a_list_is_followed(graph: GraphServiceClient) -> None:
    made = {(await create(graph)).id for _ in range(5)}
    first = await graph.identity.user_flows.get(asking(top=2))
    assert len(first.value) == 2
    seen: list[str] = []

    def note(flow: IdentityUserFlow) -> bool:
        seen.append(str(flow.id))
        return True

    await PageIterator(first, graph.request_adapter).iterate(note)
    assert made <= set(seen)
    assert len(seen) == len(set(seen))
    assert len(seen) == await graph.identity.user_flows.count.get()


async def test_a_list_is_filtered_ordered_and_counted(graph: GraphServiceClient) -> None:
    kind = UserFlowType.ProfileUpdate
    made = [(await create(graph, kind=kind)).id for _ in range(2)]
    found = await graph.identity.user_flows.get(
        asking(filter="userFlowType eq 'profileUpdate'", orderby=["id desc"], count=True)
    )
    ids = [each.id for each in found.value]
    assert set(made) <= set(ids)
    assert ids == sorted(ids, key=str.lower, reverse=True)
    assert {each.user_flow_type for each in found.value} == {kind}
    assert found.odata_count == len(ids)
    (one,) = (await graph.identity.user_flows.get(asking(filter=f"id eq '{made[0]}'"))).value
    assert one.id == made[0]


async def test_only_what_is_selected_is_told(graph: GraphServiceClient) -> None:
    made = await create(graph)
    found = await graph.identity.user_flows.get(asking(filter=f"id eq '{made.id}'", select=["id"]))
    assert found.value[0].id == made.id
    assert found.value[0].user_flow_type is None


async def test_the_same_name_twice_is_a_conflict(graph: GraphServiceClient) -> None:
    made = await create(graph)
    with pytest.raises(APIError) as raised:
        await graph.identity.user_flows.post(a_flow(str(made.id).upper()))
    assert raised.value.response_status_code == 409
    assert raised.value.error.code == "Conflict"
    assert raised.value.error.inner_error.request_id


async def test_what_is_not_there_cannot_be_read_changed_or_deleted(
    graph: GraphServiceClient,
) -> None:
    missing = graph.identity.user_flows.by_identity_user_flow_id(a_new_name())
    for attempt in (
        missing.get,
        missing.delete,
        lambda: missing.patch(B2cIdentityUserFlow(default_language_tag="de")),
    ):
        with pytest.raises(APIError) as raised:
            await attempt()
        assert raised.value.response_status_code == 404
        assert raised.value.error.code == "ResourceNotFound"


async def test_a_type_that_is_not_known_yet_is_refused(graph: GraphServiceClient) -> None:
    with pytest.raises(APIError) as raised:
        await create(graph, kind=UserFlowType.UnknownFutureValue)
    assert raised.value.response_status_code == 400
    assert raised.value.error.target == "userFlowType"


async def test_a_reader_reads_and_nothing_else(
    graph: GraphServiceClient, open_graph: OpenGraph
) -> None:
    made = await create(graph)
    reader = open_graph("reader").identity.user_flows
    assert (await reader.by_identity_user_flow_id(made.id).get()).id == made.id
    for attempt in (
        lambda: reader.post(a_flow(a_new_name())),
        reader.by_identity_user_flow_id(made.id).delete,
    ):
        with pytest.raises(APIError) as raised:
            await attempt()
        assert raised.value.response_status_code == 403
        assert raised.value.error.code == "Authorization_RequestDenied"
    assert (await reader.by_identity_user_flow_id(made.id).get()).id == made.id


async def test_whoever_has_no_permission_reads_nothing(open_graph: OpenGraph) -> None:
    with pytest.raises(APIError) as raised:
        await open_graph("nobody").identity.user_flows.get()
    assert raised.value.response_status_code == 403


async def test_a_user_flow_is_a_provider_from_its_creation_to_its_deletion(
    server: Server, graph: GraphServiceClient
) -> None:
    name = a_new_name()
    assert discovery(server, name).status_code == 404
    await graph.identity.user_flows.post(a_flow(name))
    metadata = discovery(server, name.lower()).raise_for_status().json()
    assert server.client.get(metadata["jwks_uri"]).json()["keys"]
    await graph.identity.user_flows.by_identity_user_flow_id(name).delete()
    assert discovery(server, name).status_code == 404
    assert server.client.get(metadata["jwks_uri"]).status_code == 404
