"""Why a request cannot be carried out, in the words of the set it is about."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gatelodge.errors import Problem
from gatelodge.graph.body import Reading, is_named, type_problem
from gatelodge.graph.call import Call
from gatelodge.graph.edm import SENTINEL, Door, EntitySet, EntityType, Family, Navigation, Primitive
from gatelodge.graph.errors import Code, GraphError, invalid
from gatelodge.graph.listed import Reached
from gatelodge.graph.primitive import Mismatch, read_primitive
from gatelodge.graph.representation import AS_HIDDEN, represent, writers_of
from gatelodge.model.identifier import key_of
from gatelodge.storage.stores import Stores


def bad_request_code(entity_set: EntitySet) -> Code:
    """Return the code this set's 400 carries."""
    is_identity = entity_set.family is Family.IDENTITY
    return Code.BAD_REQUEST if is_identity else Code.DIRECTORY_BAD_REQUEST


def kind_of_new(entity_set: EntitySet, body: Mapping[str, Any], door: Door) -> EntityType:
    """Return the type a body makes an entity of; raise `GraphError` 400 when it has to say it."""
    if door.entity is not None:
        named = (each for each in entity_set.types() if is_named(body, (each.name,)))
        return next((each for each in named if door.declared in each.lineage()), door.entity)
    if not entity_set.is_abstract:
        return entity_set.entity
    for each in entity_set.derived:
        if is_named(body, (each.name, *each.other_names)):
            return each
    names = ", ".join(f"#microsoft.graph.{each.name}" for each in entity_set.derived)
    message = f"The value of '@odata.type' must be one of {names}."
    problem = Problem("@odata.type", message)
    raise invalid(bad_request_code(entity_set), (problem,))


def chosen_key(call: Call) -> dict[str, Any]:
    """Return the key by which PATCH may make what it does not find, by attribute, or nothing.

    Raises `GraphError` 400 for a key that no entity can have.
    """
    entity_set, name = call.target.entity_set, call.target.key_name
    if name is None or "create-if-missing" not in call.preferences:
        return {}
    for each in entity_set.entity.all_properties():
        if each.name in entity_set.chosen_keys and key_of(each.name) == key_of(name):
            try:
                return {each.attribute: read_primitive(Primitive.GUID, call.target.key)}
            except Mismatch as error:
                problem = Problem(each.name, f"The value of '{each.name}' {error}")
                raise invalid(bad_request_code(entity_set), (problem,)) from error
    return {}


def refuse_problems(
    entity_set: EntitySet,
    body: Mapping[str, Any],
    reading: Reading,
    kind: EntityType | None = None,
) -> None:
    """Raise `GraphError` 400 with everything that is wrong with a body."""
    problems = list(reading.problems)
    if (wrong := type_problem(kind or entity_set.entity, body)) is not None:
        problems.insert(0, wrong)
    if problems:
        raise invalid(bad_request_code(entity_set), tuple(problems))


def refuse_changes(entity_set: EntitySet, entity: object, reading: Reading) -> None:
    """Let through what repeats the stored value, so that what was read can be sent back."""
    if not reading.fixed:
        return
    kind = entity_set.concrete(entity)
    names = tuple(each.name for each in kind.all_properties())
    stored = represent(entity, writers_of(kind, names, AS_HIDDEN))
    problems = tuple(
        Problem("/".join(path), f"The property '{'/'.join(path)}' cannot be changed{_so(value)}.")
        for path, value in reading.fixed
        if not _is_same(_at(stored, path), value)
    )
    if problems:
        raise invalid(bad_request_code(entity_set), problems)


async def refuse_other_ways(
    entity_set: EntitySet, stores: Stores, entity: object, reading: Reading
) -> None:
    """Let through a way to a single object that leads where it led, and tells no other of it."""
    problems = []
    for navigation, value, key in reading.repeated:
        there = await Reached(navigation, entity).find(stores, key)
        if there is None or not _tells_of(navigation.to, there, value):
            name = navigation.name
            problems.append(Problem(name, f"The property '{name}' cannot be changed here."))
    if problems:
        raise invalid(bad_request_code(entity_set), tuple(problems))


def _tells_of(entity_set: EntitySet, entity: object, value: object) -> bool:
    """Return whether everything an object says of an entity is what is stored."""
    if not isinstance(value, dict):
        return True
    kind = entity_set.concrete(entity)
    names = tuple(each.name for each in kind.all_properties())
    stored = represent(entity, writers_of(kind, names, AS_HIDDEN))
    known = {name.lower(): each for name, each in stored.items()}
    told = {name.lower(): each for name, each in value.items() if "@" not in name}
    return all(name in known and _is_same(known[name], each) for name, each in told.items())


def _so(value: object) -> str:
    return f" to {SENTINEL}" if value == SENTINEL else ""


def _at(stored: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - whatever JSON holds
    for name in path:
        stored = stored.get(name) if isinstance(stored, dict) else None
    return stored


def _is_same(stored: object, given: object) -> bool:
    if isinstance(stored, str) and isinstance(given, str):
        return key_of(stored) == key_of(given)
    return given is None or stored == given


def judge_version(call: Call, entity: object) -> None:
    """Raise `GraphError` 412 when `If-Match` names another version than the stored one."""
    if call.if_match is not None and not is_version(call.if_match, etag(entity)):
        raise GraphError(412, Code.PRECONDITION_FAILED, "The object has another version by now.")


def judge_absence(call: Call) -> None:
    """Raise `GraphError` 412 when `If-Match` asks for what is not there (RFC 9110 §13.1.1)."""
    if call.if_match is not None:
        raise GraphError(412, Code.PRECONDITION_FAILED, "There is no such object by now.")


def is_version(given: str, marks: Mapping[str, str]) -> bool:
    """Return whether an `If-Match` or `If-None-Match` header names the version of an `ETag`."""
    named = {each.strip() for each in given.split(",")}
    return "*" in named or marks.get("ETag") in named


def saved(entity: Any) -> Any:  # noqa: ANN401 - as many types as sets
    """Return an entity that was changed with the version it has since then."""
    revision = getattr(entity, "revision", None)
    return entity if revision is None else replace(entity, revision=revision + 1)


def etag(entity: object) -> dict[str, str]:
    """Return the `ETag` header of an entity that has versions."""
    revision = getattr(entity, "revision", None)
    return {} if revision is None else {"ETag": f'W/"{revision}"'}


def _code_of_absence(call: Call) -> Code:
    is_identity = call.target.entity_set.family is Family.IDENTITY
    return Code.NOT_FOUND if is_identity else Code.DIRECTORY_NOT_FOUND


def not_found(call: Call, key: str | None = None) -> GraphError:
    """Return the 404 for a key, by default the one that was asked for."""
    return GraphError(
        404,
        _code_of_absence(call),
        f"Resource '{(key or call.target.key or '')[:100]}' does not exist or one of its queried"
        " reference-property objects are not present.",
    )


def already_there(call: Call, navigation: Navigation) -> GraphError:
    """Return the answer to a reference that is there; clients look for these words."""
    message = f"One or more added object references already exist for '{navigation.name}'."
    if call.target.entity_set.family is Family.DIRECTORY:
        return GraphError(400, Code.DIRECTORY_BAD_REQUEST, message, "@odata.id")
    return GraphError(409, Code.CONFLICT, message, "@odata.id")


def never_there(call: Call, navigation: Navigation) -> GraphError:
    """Return the 404 for a reference that is not there; clients look for these words."""
    message = f"One or more removed object references do not exist for '{navigation.name}'."
    return GraphError(404, _code_of_absence(call), message, "@odata.id")


def conflict(entity_set: EntitySet) -> GraphError:
    """Return the answer to a value that must be unique and is not."""
    name = entity_set.unique
    if entity_set.family is Family.DIRECTORY:
        message = f"Another object with the same value for property {name} already exists."
        return GraphError(400, Code.DIRECTORY_BAD_REQUEST, message, name)
    return GraphError(
        409,
        Code.CONFLICT,
        "A conflicting object with one or more of the specified property values is present in"
        f" the directory: {name}.",
        name,
    )
