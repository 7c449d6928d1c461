"""Nobody sees another tenant, and nobody writes what only the server may: over the whole model."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gatelodge.graph.edm import ComplexType, EntitySet, Enumeration, Primitive, Property, Writable
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.openapi import openapi_document
from tests.graph.plane import ORIGIN, Plane

KEY = re.compile(r"\{\w+\}")
NOBODY = "99999999-9999-4999-8999-00000000abcd"
MADE = [each for each in MODEL if each.create is not None and each.create.example]
CHANGED = [each for each in MADE if each.update is not None]
PATHS = openapi_document(MODEL, ORIGIN)["paths"]
Names = tuple[str, ...]
METHODS = ("get", "put", "patch", "post", "delete")


async def make(plane: Plane, entity_set: EntitySet) -> tuple[str, dict[str, Any]]:
    """Make the example of a set; return its address below the version and what was answered."""
    assert entity_set.create is not None
    door = entity_set.doors[0].path
    answer = await plane.request("POST", f"/beta{door}", json=dict(entity_set.create.example))
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return f"{door}/{body[entity_set.entity.key]}", body


def asked(entity_set: EntitySet) -> Iterator[tuple[str, str]]:
    """Yield every method and path that names one entity of a set, or something below it."""
    doors = tuple(f"{door.path}/{{" for door in entity_set.doors)
    for path, item in PATHS.items():
        if path.startswith(doors):
            yield from ((method.upper(), path) for method in METHODS if method in item)


def told(answer: httpx.Response, key: str) -> tuple[int, str]:
    """Return what an answer tells, without what is different each time."""
    error = answer.json()["error"]
    return answer.status_code, f"{error['code']} {error['message']}".replace(key, "…")


@pytest.mark.parametrize("entity_set", MADE, ids=lambda it: it.title)
async def test_what_another_tenant_has_looks_like_what_nobody_has(
    plane: Plane, entity_set: EntitySet
) -> None:
    address, made = await make(plane, entity_set)
    before = (await plane.request("GET", f"/beta{address}")).json()
    key = str(made[entity_set.entity.key])
    several = 0
    for method, path in asked(entity_set):
        several += 1
        found = []
        for each in (key, NOBODY):
            filled = KEY.sub(NOBODY, path.replace(KEY.search(path)[0], each, 1))  # type: ignore[index]
            answer = await plane.request(
                method, f"/beta{filled}", who="stranger", json={} if method != "GET" else None
            )
            # An application has no password of its own, whoever's key it names.
            refused = {403} if filled.endswith("/changePassword") else set()
            allowed = {400, 404, 405, 415} | refused
            assert answer.status_code in allowed, (method, filled, answer.text)
            found.append(told(answer, each))
        assert found[0] == found[1], (method, path)
    assert several
    assert (await plane.request("GET", f"/beta{address}")).json() == before


@pytest.mark.parametrize("entity_set", MADE, ids=lambda it: it.title)
async def test_no_list_shows_what_another_tenant_has(plane: Plane, entity_set: EntitySet) -> None:
    _, made = await make(plane, entity_set)
    key = entity_set.entity.key
    for door in entity_set.doors:
        for question in ("", f"?$filter={key} eq '{made[key]}'", "?$top=999"):
            answer = await plane.request("GET", f"/beta{door.path}{question}", who="stranger")
            assert answer.status_code == 200, answer.text
            assert made[key] not in [each[key] for each in answer.json()["value"]]


FLOW = {"id": "Flow", "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": 3}
AT_FLOW = "/identity/b2cUserFlows/B2C_1_Flow"
REFERRING: tuple[tuple[str, str, str], ...] = (
    ("POST", f"{AT_FLOW}/userFlowIdentityProviders/$ref", "/identity/identityProviders"),
    ("POST", f"{AT_FLOW}/identityProviders/$ref", "/identity/identityProviders"),
    (
        "PUT",
        f"{AT_FLOW}/apiConnectorConfiguration/preTokenIssuance/$ref",
        "/identity/apiConnectors",
    ),
    ("POST", f"{AT_FLOW}/applicationClaims/$ref", "/identity/userFlowAttributes"),
    ("POST", "/applications/{application}/owners/$ref", "/users"),
)
BRINGING: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("/identity/b2cUserFlows", "identityProviders", FLOW, "/identity/identityProviders"),
    ("/applications", "owners", {"displayName": "Other"}, "/users"),
    (
        f"{AT_FLOW}/userAttributeAssignments",
        "userAttribute",
        {"userInputType": "textBox"},
        "/identity/userFlowAttributes",
    ),
)


async def foreign(plane: Plane, door: str) -> str:
    """Return the address of something only the tenant of the administrator has."""
    [entity_set] = [each for each in MADE if each.doors[0].path == door]
    address, _ = await make(plane, entity_set)
    return f"{ORIGIN}/beta{address}"


async def test_nothing_refers_to_what_another_tenant_has(plane: Plane) -> None:
    made = await plane.request("POST", "/beta/identity/b2cUserFlows", json=FLOW, who="stranger")
    assert made.status_code == 201
    application = plane.applications["stranger"].id
    doors = {*(door for _, _, door in REFERRING), *(door for _, _, _, door in BRINGING)}
    theirs = {door: await foreign(plane, door) for door in doors}
    for method, path, door in REFERRING:
        filled = path.format(application=application)
        body = {"@odata.id": theirs[door]}
        answer = await plane.request(method, f"/beta{filled}", json=body, who="stranger")
        assert answer.status_code == 404, (filled, answer.text)
    for path, name, body, door in BRINGING:
        named: Any = {"id": theirs[door].rpartition("/")[2]}
        given = {**body, name: [named] if name.endswith("s") else named, "id": "Other"}
        given = given if "userFlowType" in body else {**given, "id": None}
        answer = await plane.request("POST", f"/beta{path}", json=given, who="stranger")
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["error"]["target"] == name, answer.text


def fixed(
    properties: Any, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Property]]:
    """Yield what a client cannot change, wherever it lies."""
    for each in properties:
        here = (*path, each.name)
        if each.writable is not Writable.ALWAYS:
            yield here, each
        elif isinstance(each.type, ComplexType) and not each.is_collection:
            yield from fixed(each.type.properties, here)


def another(each: Property, stored: Any) -> Any:
    """Return a value of the property's type that is not the stored one."""
    found: Any
    match each.type:
        case Primitive.BOOLEAN:
            found = not stored
        case Primitive.INT32 | Primitive.INT64 | Primitive.SINGLE:
            found = (stored or 0) + 1
        case Primitive.DATE_TIME:
            found = "2001-02-03T04:05:06Z"
        case Enumeration() as kind:
            found = next(str(member) for member in kind.members if str(member) != stored)
        case ComplexType():
            found = {"displayName": "changed"}
        case _:
            found = f"{stored or ''}changed"
    return [found] if each.is_collection else found


def nested(path: tuple[str, ...], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


@pytest.mark.parametrize("entity_set", CHANGED, ids=lambda it: it.title)
async def test_what_only_the_server_sets_cannot_be_changed(
    plane: Plane, entity_set: EntitySet
) -> None:
    address, made = await make(plane, entity_set)
    before = (await plane.request("GET", f"/beta{address}")).json()
    kind = entity_set.entity
    for path, each in fixed(kind.all_properties()):
        stored: Any = made
        for name in path:
            stored = stored.get(name) if isinstance(stored, dict) else None
        body = nested(path, another(each, stored))
        answer = await plane.request("PATCH", f"/beta{address}", json=body)
        assert answer.status_code == 400, (path, answer.text)
        assert (await plane.request("GET", f"/beta{address}")).json() == before, path


@pytest.mark.parametrize("entity_set", MADE, ids=lambda it: it.title)
async def test_what_only_the_server_sets_is_not_taken_from_a_creation(
    plane: Plane, entity_set: EntitySet
) -> None:
    assert entity_set.create is not None
    example, door = dict(entity_set.create.example), entity_set.doors[0].path
    for path, each in fixed(entity_set.entity.all_properties()):
        if each.writable is Writable.NEVER:
            body = example | nested(path, another(each, None))
            answer = await plane.request("POST", f"/beta{door}", json=body)
            assert answer.status_code == 400, (path, answer.text)


@pytest.mark.parametrize(
    "name", ["directoryRoles", "directory_roles", "permissions", "roles", "directoryId", "revision"]
)
@pytest.mark.parametrize("door", ["/users", "/applications"])
async def test_rights_are_no_property_of_anything(plane: Plane, door: str, name: str) -> None:
    [entity_set] = [each for each in MODEL if each.doors[0].path == door]
    address, _ = await make(plane, entity_set)
    for value in (["Global Administrator"], "x", 1):
        answer = await plane.request("PATCH", f"/beta{address}", json={name: value})
        assert answer.status_code == 400
        assert answer.json()["error"]["target"] == name


def test_most_sets_are_walked() -> None:
    assert len(MADE) >= 5
    assert len(CHANGED) >= 4
