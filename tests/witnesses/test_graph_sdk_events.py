"""Microsoft's Graph SDK keeps sign-ups of External ID and reads them again whole."""

from uuid import uuid4

import pytest
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.identity.custom_authentication_extensions.validate_authentication_configuration.validate_authentication_configuration_post_request_body import (  # noqa: E501
    ValidateAuthenticationConfigurationPostRequestBody,
)
from msgraph_beta.generated.models.authentication_conditions import AuthenticationConditions
from msgraph_beta.generated.models.authentication_conditions_applications import (
    AuthenticationConditionsApplications,
)
from msgraph_beta.generated.models.built_in_identity_provider import BuiltInIdentityProvider
from msgraph_beta.generated.models.external_users_self_service_sign_up_events_flow import (
    ExternalUsersSelfServiceSignUpEventsFlow,
)
from msgraph_beta.generated.models.http_request_endpoint import HttpRequestEndpoint
from msgraph_beta.generated.models.on_authentication_method_load_start_external_users_self_service_sign_up import (  # noqa: E501
    OnAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp,
)
from msgraph_beta.generated.models.on_interactive_auth_flow_start_external_users_self_service_sign_up import (  # noqa: E501
    OnInteractiveAuthFlowStartExternalUsersSelfServiceSignUp,
)
from msgraph_beta.generated.models.on_token_issuance_start_custom_extension import (
    OnTokenIssuanceStartCustomExtension,
)

pytestmark = pytest.mark.witness


async def test_an_events_flow_is_made_and_read(graph: GraphServiceClient) -> None:
    applications = AuthenticationConditionsApplications(include_all_applications=True)
    flows = graph.identity.authentication_events_flows
    made = await flows.post(
        ExternalUsersSelfServiceSignUpEventsFlow(
            display_name=f"Shop {uuid4()}",
            conditions=AuthenticationConditions(applications=applications),
            on_interactive_auth_flow_start=OnInteractiveAuthFlowStartExternalUsersSelfServiceSignUp(
                is_sign_up_allowed=True
            ),
            on_authentication_method_load_start=OnAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp(
                identity_providers=[BuiltInIdentityProvider(id="EmailPassword-OAUTH")]
            ),
        )
    )
    assert made is not None
    flow = flows.by_authentication_events_flow_id(made.id)
    found = await flow.get()
    assert isinstance(found, ExternalUsersSelfServiceSignUpEventsFlow)
    assert found.conditions.applications.include_all_applications is True
    assert found.on_interactive_auth_flow_start.is_sign_up_allowed is True
    way = flow.graph_external_users_self_service_sign_up_events_flow
    start = way.on_authentication_method_load_start
    named = start.graph_on_authentication_method_load_start_external_users_self_service_sign_up
    providers = await named.identity_providers.get()
    assert [each.id for each in providers.value] == ["EmailPassword-OAUTH"]
    await flow.delete()


async def test_an_extension_is_made_checked_and_read(graph: GraphServiceClient) -> None:
    extensions = graph.identity.custom_authentication_extensions
    endpoint = HttpRequestEndpoint(target_url="https://claims.example/")
    made = await extensions.post(
        OnTokenIssuanceStartCustomExtension(
            display_name="More claims", endpoint_configuration=endpoint
        )
    )
    assert made is not None
    extension = extensions.by_custom_authentication_extension_id(made.id)
    found = await extension.get()
    assert isinstance(found, OnTokenIssuanceStartCustomExtension)
    assert found.endpoint_configuration.target_url == "https://claims.example/"
    checked = await extension.validate_authentication_configuration.post()
    assert checked.errors == []
    wrong = HttpRequestEndpoint(target_url="http://claims.example/")
    asked = ValidateAuthenticationConfigurationPostRequestBody(endpoint_configuration=wrong)
    checked = await extensions.validate_authentication_configuration.post(asked)
    assert [each.code for each in checked.errors] == ["endpointConfiguration/targetUrl"]
    await extension.delete()
