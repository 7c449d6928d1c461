"""Events flows, listeners and extensions of External ID are kept as their clients send them."""

from typing import Any

import pytest

from tests.graph.plane import ORIGIN, Plane

FLOWS = "/beta/identity/authenticationEventsFlows"
LISTENERS = "/beta/identity/authenticationEventListeners"
EXTENSIONS = "/beta/identity/customAuthenticationExtensions"
APP = "12121212-0000-4000-8000-000000000012"
KIND = "externalUsersSelfServiceSignUpEventsFlow"


def typed(name: str, **more: Any) -> dict[str, Any]:
    return {"@odata.type": f"#microsoft.graph.{name}", **more}


def of_moment(moment: str, **more: Any) -> dict[str, Any]:
    return typed(f"{moment}ExternalUsersSelfServiceSignUp", **more)


PAGE = {
    "views": [
        {
            "title": "You",
            "inputs": [
                {"attribute": "city", "label": "Town", "inputType": "text", "required": True}
            ],
        }
    ]
}
FLOW: dict[str, Any] = typed(
    KIND,
    displayName="Shop",
    conditions={"applications": {"includeApplications": [{"appId": APP}]}},
    onInteractiveAuthFlowStart=of_moment("onInteractiveAuthFlowStart", isSignUpAllowed=True),
    onAuthenticationMethodLoadStart=of_moment(
        "onAuthenticationMethodLoadStart", identityProviders=[{"id": "EmailPassword-OAUTH"}]
    ),
    onAttributeCollection=of_moment(
        "onAttributeCollection", attributes=[{"id": "city"}], attributeCollectionPage=PAGE
    ),
)
EXTENSION = typed(
    "onTokenIssuanceStartCustomExtension",
    displayName="More claims",
    endpointConfiguration=typed("httpRequestEndpoint", targetUrl="https://claims.example/"),
    authenticationConfiguration=typed("azureAdTokenAuthentication", resourceId="api://claims"),
    clientConfiguration={"timeoutInMilliseconds": 2000, "maximumRetries": 1},
    claimsForTokenConfiguration=[{"claimIdInApiResponse": "points"}],
)


async def made(plane: Plane, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await plane.request("POST", path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ids(plane: Plane, path: str, key: str = "id") -> list[str]:
    answer = await plane.request("GET", path)
    assert answer.status_code == 200, answer.text
    return [each[key] for each in answer.json()["value"]]


@pytest.fixture
async def flow(plane: Plane) -> str:
    return f"{FLOWS}/{(await made(plane, FLOWS, FLOW))['id']}"


async def test_an_events_flow_comes_back_without_what_it_leads_to(plane: Plane, flow: str) -> None:
    shown = (await plane.request("GET", flow)).json()
    assert shown["@odata.type"] == FLOW["@odata.type"]
    assert shown["conditions"] == {"applications": {"includeAllApplications": False}}
    assert shown["priority"] == 500
    assert shown["onUserCreateStart"] is None
    assert shown["onInteractiveAuthFlowStart"] == FLOW["onInteractiveAuthFlowStart"]
    assert "attributes" not in shown["onAttributeCollection"]
    view = shown["onAttributeCollection"]["attributeCollectionPage"]["views"][0]
    assert view["inputs"][0]["attribute"] == "city"
    assert await ids(plane, f"{FLOWS}/graph.{KIND}") == [shown["id"]]
    collection = f"{flow}/graph.{KIND}/onAttributeCollection"
    for path in (collection, f"{collection}/{FLOW['onAttributeCollection']['@odata.type'][1:]}"):
        found = (await plane.request("GET", path)).json()
        assert found["attributeCollectionPage"]["views"][0]["title"] == "You"
    shown.pop("@odata.context")
    back = await plane.request("PATCH", flow, json=shown)
    assert back.status_code == 204, back.text
    assert await ids(plane, f"{collection}/attributes") == ["city"]


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"@odata.type": None}, "@odata.type"),
        ({"onInteractiveAuthFlowStart": None}, "onInteractiveAuthFlowStart"),
        (
            {"onAuthenticationMethodLoadStart": None},
            "onAuthenticationMethodLoadStart/identityProviders",
        ),
        (
            {
                "onAuthenticationMethodLoadStart": of_moment(
                    "onAuthenticationMethodLoadStart", identityProviders=[{"id": "x"}]
                )
            },
            "identityProviders",
        ),
        (
            {
                "onAttributeCollection": of_moment(
                    "onAttributeCollection", attributeCollectionPage=PAGE
                )
            },
            "onAttributeCollection/attributeCollectionPage",
        ),
        ({"onUserCreateStart": typed("bogus")}, "onUserCreateStart/@odata.type"),
    ],
)
async def test_what_is_wrong_with_an_events_flow_is_named(
    plane: Plane, changes: dict[str, Any], target: str
) -> None:
    body = {name: each for name, each in (FLOW | changes).items() if each is not None}
    refused = await plane.request("POST", FLOWS, json=body)
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, target)


async def test_two_events_flows_are_not_called_the_same(plane: Plane, flow: str) -> None:
    assert (await plane.request("POST", FLOWS, json=FLOW)).status_code == 409


async def test_applications_are_included_and_left_out(plane: Plane, flow: str) -> None:
    included = f"{flow}/conditions/applications/includeApplications"
    other = "13131313-0000-4000-8000-000000000013"
    assert await ids(plane, included, "appId") == [APP]
    assert (await plane.request("POST", included, json={"appId": other})).status_code == 201
    assert (await plane.request("POST", included, json={"appId": other})).status_code == 409
    assert (await plane.request("GET", f"{included}/$count")).text == "2"
    assert (await plane.request("PATCH", f"{included}/{APP}", json={})).status_code == 204
    assert (await plane.request("DELETE", f"{included}/{APP}")).status_code == 204
    assert (await plane.request("DELETE", f"{included}/{APP}")).status_code == 404
    assert await ids(plane, included, "appId") == [other]
    every = {"conditions": {"applications": {"includeAllApplications": True}}}
    assert (await plane.request("PATCH", flow, json=every)).status_code == 204
    shown = (await plane.request("GET", f"{flow}/conditions")).json()
    assert shown["applications"]["includeAllApplications"] is True


@pytest.mark.parametrize("space", ["graph.", "microsoft.graph."])
async def test_attributes_and_providers_are_added_and_removed(
    plane: Plane, flow: str, space: str
) -> None:
    moment = "onAttributeCollection"
    kind = f"{space}{moment}ExternalUsersSelfServiceSignUp"
    attributes = f"{flow}/{space}{KIND}/{moment}/{kind}/attributes"
    country = {"@odata.id": f"{ORIGIN}/beta/identity/userFlowAttributes/country"}
    assert (await plane.request("POST", f"{attributes}/$ref", json=country)).status_code == 204
    assert (await plane.request("POST", f"{attributes}/$ref", json=country)).status_code == 409
    assert set(await ids(plane, attributes)) == {"city", "country"}
    assert (await plane.request("DELETE", f"{attributes}/city/$ref")).status_code == 204
    assert await ids(plane, attributes) == ["country"]
    moment = "onAuthenticationMethodLoadStart"
    kind = f"{space}{moment}ExternalUsersSelfServiceSignUp"
    providers = f"{flow}/{space}{KIND}/{moment}/{kind}/identityProviders"
    assert await ids(plane, providers) == ["EmailPassword-OAUTH"]
    assert (await plane.request("GET", f"{providers}/$count")).text == "1"


async def test_an_extension_is_kept_called_and_not_deleted_while_it_is(plane: Plane) -> None:
    extension = await made(plane, EXTENSIONS, EXTENSION)
    path = f"{EXTENSIONS}/{extension['id']}"
    assert EXTENSION.items() <= extension.items()
    change = {"clientConfiguration": {"maximumRetries": 0}}
    assert (await plane.request("PATCH", path, json=change)).status_code == 204
    shown = (await plane.request("GET", path)).json()
    assert shown["clientConfiguration"] == {"timeoutInMilliseconds": 2000, "maximumRetries": 0}
    call = typed("onTokenIssuanceStartCustomExtensionHandler")
    body = typed("onTokenIssuanceStartListener", handler=call)
    listener = f"{LISTENERS}/{(await made(plane, LISTENERS, body))['id']}"
    way = f"{listener}/microsoft.graph.onTokenIssuanceStartListener/handler"
    called = f"{way}/microsoft.graph.onTokenIssuanceStartCustomExtensionHandler/customExtension"
    assert (await plane.request("GET", called)).status_code == 204
    reference = {"@odata.id": f"{ORIGIN}{path}"}
    assert (await plane.request("PUT", f"{called}/$ref", json=reference)).status_code == 204
    assert (await plane.request("GET", called)).json()["id"] == extension["id"]
    assert (await plane.request("DELETE", path)).status_code == 409
    wrong = f"{listener}/microsoft.graph.onPasswordSubmitListener/handler"
    assert (await plane.request("GET", wrong)).status_code == 404
    found = await plane.request("GET", f"{listener}/handler")
    assert found.json()["@odata.type"] == call["@odata.type"]
    assert (await plane.request("DELETE", listener)).status_code == 204
    assert (await plane.request("DELETE", path)).status_code == 204


async def test_a_configuration_is_checked_without_a_trace(plane: Plane) -> None:
    check = f"{EXTENSIONS}/validateAuthenticationConfiguration"
    address_of = "endpointConfiguration/targetUrl"
    for address, wrong in (
        ("https://claims.example/", []),
        ("http://claims.example/", [address_of]),
    ):
        body = {"endpointConfiguration": typed("httpRequestEndpoint", targetUrl=address)}
        answer = await plane.request("POST", check, json=body)
        assert answer.status_code == 200, answer.text
        assert [each["code"] for each in answer.json()["errors"]] == wrong
    assert (await plane.request("POST", check, json={"x": 1})).status_code == 400
    assert (await plane.request("GET", "/beta/auditLogs/directoryAudits")).json()["value"] == []
    extension = await made(plane, EXTENSIONS, EXTENSION)
    checked = await plane.request(
        "POST", f"{EXTENSIONS}/{extension['id']}/validateAuthenticationConfiguration"
    )
    assert checked.json()["errors"] == []


async def test_an_application_is_named_by_a_client_id(plane: Plane, flow: str) -> None:
    included = f"{flow}/conditions/applications/includeApplications"
    refused = await plane.request("POST", included, json={"appId": "shop"})
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "appId")
