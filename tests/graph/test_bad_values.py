"""Every property and parameter of the model, given every kind of wrong value: named and refused."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from gatelodge.graph.edm import (
    Action,
    ComplexType,
    Enumeration,
    Lookup,
    Primitive,
    Property,
    Writable,
)
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.places import Place, first_places
from gatelodge.operations.founding import ADMINISTRATOR_ROLES
from tests.graph.plane import Plane

WRONG: dict[Primitive, tuple[Any, ...]] = {
    Primitive.STRING: (5, {}, ["x"]),
    Primitive.BOOLEAN: ("true", 1, ["x"]),
    Primitive.SINGLE: ("abc", True, 1e39),
    Primitive.INT32: ("abc", 1.5, 2**31, True),
    Primitive.INT64: ("abc", 1.5, 2**63, True),
    Primitive.DATE_TIME: ("x", 5, ""),
    Primitive.GUID: ("x", 5, {}),
    Primitive.BINARY: ("*", 5, []),
}


def wrong_values(each: Property) -> Iterator[Any]:
    """Yield values that are not the property's: of another type, too long, too far, null."""
    if not each.is_nullable:
        yield None
    several = list(wrong_items(each))
    yield from ([value] for value in several) if each.is_collection else several
    if each.is_collection:
        yield from ("x", 5, {}, [None])


def wrong_items(each: Property) -> Iterator[Any]:
    match each.type:
        case ComplexType():
            yield from (5, "x", ["x"])
        case Enumeration():
            yield from ("bogus", 99, True, {}, "unknownFutureValue")
        case Primitive() as kind:
            yield from WRONG[kind]
    if each.type is Primitive.STRING:
        yield "x" * (5000 if each.max_length is None else each.max_length + 1)
    if each.minimum is not None and each.maximum is not None:
        yield from {each.minimum - 1, each.maximum + 1} - set(each.also)


def wrong_bodies(
    properties: tuple[Property, ...], deepest: int = 4
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield bodies with one thing that is wrong, and what it is called."""
    yield "bogus", {"bogus": 1}
    for each in properties:
        if each.writable is Writable.NEVER:
            continue
        for value in wrong_values(each):
            yield each.name, {each.name: value}
        if isinstance(each.type, ComplexType) and deepest:
            for kind in each.type.derived or (each.type,):
                named = {"@odata.type": f"#microsoft.graph.{kind.name}"}
                said = named if each.type.derived else {}
                inner = wrong_bodies(kind.properties, deepest - 1)
                for target, body in inner:
                    item = {**said, **body}
                    value = [item] if each.is_collection else item
                    yield f"{each.name}/{target}", {each.name: value}


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    """Use one database: what is wrong with a value is no question to it."""
    path = tmp_path / "gatelodge.db"
    path.write_bytes(migrated_file.read_bytes())
    return f"sqlite:///{path}"


PLACES = [*first_places(MODEL)]
FOR_ONESELF_OR_EMPTY = {"Me", "Deleted items", "Custom policies"}
SETS = {each.path: each.entity_set for each in PLACES}
FEATURES = {"isLanguageCustomizationEnabled": True}
DOORS = [
    each
    for each in PLACES
    for it in (each.entity_set,)
    if it.create or it.update or it.actions or it.lookups
]


async def key_at(plane: Plane, path: str, template: str) -> str:
    """Return the key of an object of a list: the first there is, or one made as documented."""
    entity_set = SETS[template]
    values = (await plane.request("GET", path)).json().get("value") or []
    if not values and not (entity_set.create and entity_set.create.example):
        return "nothing"
    if not values and entity_set.create:
        more = FEATURES if template == "/identity/userFlows" else {}
        body = {**entity_set.create.example, **more}
        made = await plane.request("POST", path, json=body)
        assert made.status_code == 201, made.text
        values = [made.json()]
    return str(values[0][entity_set.entity.key])


async def address(plane: Plane, template: str) -> str:
    """Return a path of the description with keys of objects that are there."""
    path = "/beta"
    for at, segment in enumerate(parts := template.split("/")[1:], start=1):
        if segment.startswith("{"):
            above = "/" + "/".join(parts[: at - 1])
            segment = await key_at(plane, path, above.replace("b2cUserFlows", "userFlows"))
        path = f"{path}/{segment}"
    return path


async def wrong_requests(plane: Plane, place: Place) -> AsyncIterator[tuple[str, str, str, Any]]:
    """Yield method, path, what is wrong and body of requests that make or change something."""
    entity_set, path = place.entity_set, await address(plane, place.path)
    if (create := entity_set.create) is not None and not create.media_types:
        for kind in entity_set.derived if entity_set.is_abstract else (entity_set.entity,):
            said = {"@odata.type": f"#microsoft.graph.{kind.name}"}
            begun = said if entity_set.is_abstract else create.example
            deepest = 4 if entity_set.update is None else 0
            for target, body in wrong_bodies(tuple(kind.all_properties()), deepest):
                yield "POST", path, target, {**begun, **body}
    is_one = entity_set.is_single or place.is_single
    item = path if is_one else f"{path}/{await key_at(plane, path, place.path)}"
    if entity_set.update is not None and not item.endswith("/nothing"):
        kind = entity_set.entity
        for target, body in wrong_bodies(tuple(kind.all_properties())):
            yield "PATCH", item, target, body
    deeds: tuple[Action | Lookup, ...] = (*entity_set.actions, *entity_set.lookups)
    for each in deeds:
        is_below = isinstance(each, Action) and not each.is_of_collection
        if not each.access.application or (is_below and item.endswith("/nothing")):
            continue
        for target, body in wrong_bodies(each.parameters):
            yield "POST", f"{item if is_below else path}/{each.name}", target, body


@pytest.mark.parametrize("place", DOORS, ids=lambda it: it.path)
async def test_every_wrong_value_is_refused_by_its_name(plane: Plane, place: Place) -> None:
    several, token = 0, await plane.token(roles=[*ADMINISTRATOR_ROLES])
    headers = {"Authorization": f"Bearer {token}"}
    async for method, path, target, body in wrong_requests(plane, place):
        several += 1
        answer = await plane.client.request(method, path, json=body, headers=headers)
        error = answer.json()["error"]
        named = [error.get("target", ""), *(each["target"] for each in error.get("details", ()))]
        assert answer.status_code == 400, (method, path, body, answer.text)
        assert target in named, (method, path, body, named)
    assert several or place.entity_set.title in FOR_ONESELF_OR_EMPTY
