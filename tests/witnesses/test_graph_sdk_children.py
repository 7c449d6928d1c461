"""The SDK through what lies inside user flows: languages, pages, attributes, their order."""

import json

import pytest
from kiota_abstractions.api_error import APIError
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.identity.b2c_user_flows.item.user_attribute_assignments.set_order.set_order_post_request_body import (  # noqa: E501 - the SDK's own name
    SetOrderPostRequestBody,
)
from msgraph_beta.generated.models.assignment_order import AssignmentOrder
from msgraph_beta.generated.models.b2c_identity_user_flow import B2cIdentityUserFlow
from msgraph_beta.generated.models.b2x_identity_user_flow import B2xIdentityUserFlow
from msgraph_beta.generated.models.basic_authentication import BasicAuthentication
from msgraph_beta.generated.models.identity_api_connector import IdentityApiConnector
from msgraph_beta.generated.models.identity_user_flow_attribute import IdentityUserFlowAttribute
from msgraph_beta.generated.models.identity_user_flow_attribute_assignment import (
    IdentityUserFlowAttributeAssignment,
)
from msgraph_beta.generated.models.identity_user_flow_attribute_input_type import (
    IdentityUserFlowAttributeInputType,
)
from msgraph_beta.generated.models.reference_create import ReferenceCreate
from msgraph_beta.generated.models.reference_update import ReferenceUpdate
from msgraph_beta.generated.models.social_identity_provider import SocialIdentityProvider
from msgraph_beta.generated.models.user_flow_language_configuration import (
    UserFlowLanguageConfiguration,
)
from msgraph_beta.generated.models.user_flow_type import UserFlowType

from tests.witnesses.graph import a_new_name

pytestmark = [
    pytest.mark.witness,
    pytest.mark.filterwarnings("ignore:.*API is deprecated"),
]

CONTENT = json.dumps(
    {
        "LocalizedStrings": [
            {
                "ElementType": "UxElement",
                "ElementId": None,
                "StringId": "heading",
                "Override": True,
                "Value": "Únete",
            }
        ]
    },
    indent=1,
).encode()


async def a_flow(graph: GraphServiceClient) -> str:
    body = B2cIdentityUserFlow(
        id=a_new_name(),
        user_flow_type=UserFlowType.SignUpOrSignIn,
        user_flow_type_version=3.0,
        is_language_customization_enabled=True,
    )
    made = await graph.identity.b2c_user_flows.post(body)
    return str(made.id)


async def test_languages_and_their_pages(graph: GraphServiceClient) -> None:
    flow = graph.identity.b2c_user_flows.by_b2c_identity_user_flow_id(await a_flow(graph))
    body = UserFlowLanguageConfiguration(id="es-ES", is_enabled=True)
    made = await flow.languages.post(body)
    assert (made.id, made.is_enabled) == ("es-ES", True)
    assert made.display_name
    language = flow.languages.by_user_flow_language_configuration_id("es-ES")
    await language.patch(UserFlowLanguageConfiguration(is_enabled=False))
    assert (await language.get()).is_enabled is False
    listed = (await flow.languages.get()).value
    assert len(listed) == 39
    assert await flow.languages.count.get() == 39
    defaults = (await language.default_pages.get()).value
    page_id = next(each.id for each in defaults if "signup" in each.id)
    default = language.default_pages.by_user_flow_language_page_id(page_id)
    assert json.loads(await default.content.get())["LocalizedStrings"]
    own = language.overrides_pages.by_user_flow_language_page_id(page_id)
    await own.content.put(CONTENT)
    assert await own.content.get() == CONTENT
    assert (await own.get()).id == page_id
    await own.content.delete()
    assert json.loads(await own.content.get())["LocalizedStrings"] == []
    with pytest.raises(APIError) as refused:
        await default.content.put(CONTENT)
    assert refused.value.response_status_code == 405
    await language.delete()


async def test_attributes_and_their_order(graph: GraphServiceClient) -> None:
    flow = graph.identity.b2c_user_flows.by_b2c_identity_user_flow_id(await a_flow(graph))
    assignments = flow.user_attribute_assignments
    body = IdentityUserFlowAttributeAssignment(
        display_name="Home town",
        is_optional=True,
        requires_verification=False,
        user_input_type=IdentityUserFlowAttributeInputType.TextBox,
        user_attribute_values=[],
        user_attribute=IdentityUserFlowAttribute(id="city"),
    )
    made = await assignments.post(body)
    assert (made.id, made.user_input_type) == ("city", IdentityUserFlowAttributeInputType.TextBox)
    assert await assignments.count.get() == 5
    order = (await assignments.get_order.get()).order
    assert order[-1] == "city"
    wanted = AssignmentOrder(order=list(reversed(order)))
    await assignments.set_order.post(SetOrderPostRequestBody(new_assignment_order=wanted))
    assert (await assignments.get_order.get()).order == list(reversed(order))
    one = assignments.by_identity_user_flow_attribute_assignment_id("city")
    changed = await one.patch(IdentityUserFlowAttributeAssignment(display_name="Town"))
    assert changed.display_name == "Town"
    attribute = await one.user_attribute.get()
    assert attribute.display_name == "City"
    await one.delete()
    assert "city" not in (await assignments.get_order.get()).order


async def test_providers_by_reference(graph: GraphServiceClient) -> None:
    provider = SocialIdentityProvider(
        display_name="Amazon",
        identity_provider_type="Amazon",
        client_id="us",
        client_secret="a-secret-of-theirs",
    )
    made = await graph.identity.identity_providers.post(provider)
    flow = graph.identity.b2c_user_flows.by_b2c_identity_user_flow_id(await a_flow(graph))
    address = f"https://graph.microsoft.com/beta/identity/identityProviders/{made.id}"
    await flow.identity_providers.ref.post(ReferenceCreate(odata_id=address))
    listed = (await flow.identity_providers.get()).value
    assert [each.id for each in listed] == [made.id]
    new = (await flow.user_flow_identity_providers.get()).value
    assert isinstance(new[0], SocialIdentityProvider)
    assert new[0].client_id == "us"
    assert await flow.identity_providers.count.get() == 1
    assert len((await flow.identity_providers.ref.get()).value) == 1
    await flow.identity_providers.by_identity_provider_id(made.id).ref.delete()
    assert (await flow.identity_providers.get()).value == []
    await graph.identity.identity_providers.by_identity_provider_base_id(made.id).delete()


async def test_connectors_of_a_user_flow_for_guests(graph: GraphServiceClient) -> None:
    body = B2xIdentityUserFlow(
        id=a_new_name().removeprefix("B2C_1_"),
        user_flow_type=UserFlowType.SignUpOrSignIn,
        user_flow_type_version=1.0,
    )
    made = await graph.identity.b2x_user_flows.post(body)
    assert made.id.startswith("B2X_1_")
    connector = await graph.identity.api_connectors.post(
        IdentityApiConnector(
            display_name="Check",
            target_url="https://hooks.example/check",
            authentication_configuration=BasicAuthentication(username="u", password="p-of-theirs"),
        )
    )
    flow = graph.identity.b2x_user_flows.by_b2x_identity_user_flow_id(made.id)
    point = flow.api_connector_configuration.post_attribute_collection
    address = f"https://graph.microsoft.com/beta/identity/apiConnectors/{connector.id}"
    await point.ref.put(ReferenceUpdate(odata_id=address))
    assert (await point.get()).id == connector.id
    await point.ref.delete()
    assert await point.get() is None
    await flow.delete()
