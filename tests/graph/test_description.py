"""What the control plane says of itself: metadata, OpenAPI, pages, reference."""

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgraph_beta.generated.models.application import Application
from msgraph_beta.generated.models.b2c_identity_user_flow import B2cIdentityUserFlow
from msgraph_beta.generated.models.identity_user_flow import IdentityUserFlow
from msgraph_beta.generated.models.identity_user_flow_attribute import IdentityUserFlowAttribute
from msgraph_beta.generated.models.user import User
from msgraph_beta.generated.models.user_flow_type import UserFlowType as SdkUserFlowType
from openapi_spec_validator import validate

from gatelodge.graph.edm import ComplexType, EntityType, Property, Returned
from gatelodge.graph.metadata import metadata_document
from gatelodge.graph.model.applications import APPLICATION
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.model.user_attributes import ATTRIBUTE
from gatelodge.graph.model.user_flows import B2C_IDENTITY_USER_FLOW, IDENTITY_USER_FLOW
from gatelodge.graph.model.users import USER
from gatelodge.graph.openapi import openapi_document
from gatelodge.graph.reference import pages
from gatelodge.graph.types import entity_types
from gatelodge.model.user_flow import UserFlowType
from tests.graph.plane import CALLERS, ORIGIN, Plane

GOLDEN = Path(__file__).parents[1] / "golden" / "metadata.xml"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
OURS = {
    "accountConfiguration",
    "passkeyConfiguration",
    "authenticationMethods",
    "ageGatingConfiguration",
    "termsOfUseAcceptances",
    "termsOfUseConfiguration",
    "isConditionalAccessEnforced",
    "isEmailVerificationRequired",
    "isEnabled",
    "oauth2RequirePostResponse",
    "isJavaScriptEnabled",
    "multifactorAuthenticationConfiguration",
    "oneTimeCodeConfiguration",
    "passwordComplexityConfiguration",
    "singleSignOnSessionConfiguration",
    "tokenClaimsConfiguration",
    "tokenLifetimeConfiguration",
    "apiConnectorConfiguration",
}


def properties_of(kind: EntityType | ComplexType) -> Iterator[tuple[type | None, Property]]:
    properties = kind.properties if isinstance(kind, ComplexType) else tuple(kind.all_properties())
    for each in properties:
        yield kind.python, each
        if isinstance(each.type, ComplexType):
            for python, inner in properties_of(each.type):
                yield python or kind.python, inner


@pytest.mark.parametrize("kind", entity_types(MODEL), ids=lambda kind: kind.name)
def test_every_property_is_an_attribute_of_what_it_describes(kind: EntityType) -> None:
    for python, each in properties_of(kind):
        if not dataclasses.is_dataclass(python) or each.returned is Returned.NEVER or each.inlined:
            continue
        assert hasattr(python, each.attribute.partition(".")[0]), each.name


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (IDENTITY_USER_FLOW, IdentityUserFlow),
        (B2C_IDENTITY_USER_FLOW, B2cIdentityUserFlow),
        (ATTRIBUTE, IdentityUserFlowAttribute),
        (USER, User),
        (APPLICATION, Application),
    ],
    ids=lambda it: getattr(it, "__name__", getattr(it, "name", "")),
)
def test_every_property_is_one_microsoft_s_client_knows_unless_it_is_our_own(
    ours: EntityType, theirs: type
) -> None:
    known = set(theirs().get_field_deserializers())
    assert {each.name for each in ours.all_properties()} - known <= OURS


def test_user_flow_types_have_the_names_the_client_knows() -> None:
    known = {each.value for each in SdkUserFlowType}
    assert {str(each) for each in UserFlowType} | {"unknownFutureValue"} == known


def test_metadata_is_what_it_was() -> None:
    assert metadata_document(MODEL).decode() == GOLDEN.read_text()


def test_metadata_defines_every_type_it_mentions() -> None:
    root = ET.fromstring(metadata_document(MODEL))  # noqa: S314 - our own
    defined = {
        f"graph.{each.get('Name')}"
        for kind in ("EnumType", "ComplexType", "EntityType")
        for each in root.iter(f"{EDM}{kind}")
    }
    mentioned = {
        re.sub(r"^Collection\((.*)\)$", r"\1", value)
        for each in root.iter()
        for name, value in each.attrib.items()
        if name in {"Type", "BaseType", "EntityType"}
    }
    assert {each for each in mentioned if not each.startswith("Edm.")} <= defined
    names = [each.get("Name") for each in root.iter(f"{EDM}EntityType")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("version", ["beta", "v1.0"])
async def test_metadata_is_served_to_everybody(plane: Plane, version: str) -> None:
    for path in ("$metadata", "%24metadata"):
        answer = await plane.request("GET", f"/{version}/{path}", who=None)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/xml"
        assert answer.content == metadata_document(MODEL)


def test_the_openapi_description_is_valid() -> None:
    validate(openapi_document(MODEL, ORIGIN))


async def test_the_openapi_description_is_served_and_names_only_what_answers(plane: Plane) -> None:
    answer = await plane.request("GET", "/openapi.json", who=None)
    described = answer.json()
    assert described == openapi_document(MODEL, ORIGIN)
    permissions = {it for each in MODEL for op in each.operations for it in op.access.application}
    permissions |= set(CALLERS["admin"])
    token = await plane.token(roles=sorted(permissions))
    headers = {"Authorization": f"Bearer {token}"}
    for path, item in described["paths"].items():
        for method in item.keys() - {"parameters"}:
            address = f"/beta{path}".replace("{key}", "x")
            asked = await plane.client.request(method, address, headers=headers)
            # One's own password is changed by nobody else, an application least of all.
            refused = {403} if path.endswith("/changePassword") else set()
            assert asked.status_code in {200, 400, 404, 415} | refused, (method, path)


async def test_the_examples_can_be_sent(plane: Plane) -> None:
    for entity_set in MODEL:
        if entity_set.create is None or not entity_set.create.example:
            continue
        path = f"/beta{entity_set.doors[0].path}"
        answer = await plane.request("POST", path, json=dict(entity_set.create.example))
        assert answer.status_code == 201, answer.text


class Reader(HTMLParser):
    """Collects ids, links and what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")


async def test_the_browsable_page_links_to_what_is_there_and_runs_nothing(plane: Plane) -> None:
    answer = await plane.request("GET", "/docs", who=None)
    reader = Reader()
    reader.feed(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in reader.tags
    assert len(reader.ids) == len(set(reader.ids))
    local = {link[1:] for link in reader.links if link.startswith("#")}
    assert local <= set(reader.ids)
    assert {link for link in reader.links if not link.startswith("#")} == {
        "/openapi.json",
        "/beta/$metadata",
    }
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_reference_names_every_property_and_permission() -> None:
    found = pages()
    text = "\n".join(found.values())
    assert "graph/permissions.md" in found
    for kind in entity_types(MODEL):
        for _, each in properties_of(kind):
            assert f"`{each.name}`" in text
    for entity_set in MODEL:
        for operation in entity_set.operations:
            for permission in operation.access.application:
                assert f"`{permission}`" in found["graph/permissions.md"]


def test_every_property_and_type_is_explained_in_a_sentence() -> None:
    for kind in entity_types(MODEL):
        assert kind.doc.endswith(".")
        for _, each in properties_of(kind):
            assert each.doc.endswith("."), each.name
