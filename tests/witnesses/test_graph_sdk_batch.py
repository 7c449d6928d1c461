"""Microsoft's Graph SDK sends several requests at once, and brings back what was deleted."""

from uuid import uuid4

import pytest
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.models.application import Application
from msgraph_beta.generated.models.user import User
from msgraph_core.requests.batch_request_builder import BatchRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.requests.batch_response_content import BatchResponseContent

from tests.witnesses.people import a_new_address
from tests.witnesses.test_graph_sdk_directory import a_user
from tests.world.server import Server

pytestmark = pytest.mark.witness


async def test_requests_in_one_batch_follow_each_other(graph: GraphServiceClient) -> None:
    name = f"Batch {uuid4()}"
    made = graph.applications.to_post_request_information(Application(display_name=name))
    listed = graph.applications.to_get_request_information()
    missing = graph.applications.by_application_id(str(uuid4())).to_get_request_information()
    first, last = BatchRequestItem(made, id="made"), BatchRequestItem(missing, id="missing")
    after = BatchRequestItem(listed, id="listed", depends_on=[first])
    content = BatchRequestContent({each.id: each for each in (first, after, last)})
    answer = await BatchRequestBuilder(graph.request_adapter).post(content)
    assert isinstance(answer, BatchResponseContent)
    statuses = {"made": 201, "listed": 200, "missing": 404}
    assert answer.get_response_status_codes() == statuses
    # The SDK keeps no bodies of JSON objects, so the list tells what was made.
    every = await graph.applications.get()
    assert name in [each.display_name for each in every.value]


async def test_a_deleted_user_and_application_come_back(
    server: Server, graph: GraphServiceClient
) -> None:
    person = await graph.users.post(a_user(server, a_new_address()))
    application = await graph.applications.post(Application(display_name="Orders"))
    assert person is not None
    assert application is not None
    await graph.users.by_user_id(person.id).delete()
    await graph.applications.by_application_id(application.id).delete()
    deleted = graph.directory.deleted_items
    users = await deleted.graph_user.get()
    applications = await deleted.graph_application.get()
    assert person.id in [each.id for each in users.value]
    assert application.id in [each.id for each in applications.value]
    back = await deleted.by_directory_object_id(person.id).restore.post()
    assert isinstance(back, User)
    await deleted.by_directory_object_id(application.id).delete()
    assert (await graph.users.by_user_id(person.id).get()).display_name == "Iris Tal"
