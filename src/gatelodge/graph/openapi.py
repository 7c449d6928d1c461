"""The model as an OpenAPI 3.1 description."""

from collections.abc import Iterator, Mapping
from typing import Any

from gatelodge.graph.edm import (
    Access,
    Action,
    ComplexType,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Enumeration,
    Model,
    Operation,
    Primitive,
    Property,
    Read,
    Returned,
    Type,
    Update,
    Writable,
)
from gatelodge.graph.types import entity_types, enumerations, structured_types

VERSIONS = ("beta", "v1.0")
_PRIMITIVES: Mapping[Primitive, dict[str, Any]] = {
    Primitive.STRING: {"type": "string"},
    Primitive.BOOLEAN: {"type": "boolean"},
    Primitive.SINGLE: {"type": "number", "format": "float"},
    Primitive.INT32: {"type": "integer", "format": "int32"},
    Primitive.INT64: {"type": "integer", "format": "int64"},
    Primitive.DATE_TIME: {"type": "string", "format": "date-time"},
    Primitive.GUID: {"type": "string", "format": "uuid"},
}
_OPTIONS: Mapping[str, tuple[dict[str, Any], str]] = {
    "top": ({"type": "integer", "minimum": 0}, "How many to return at most."),
    "skip": ({"type": "integer", "minimum": 0}, "How many to leave out from the beginning."),
    "skiptoken": ({"type": "string"}, "Where a page begins, as the page before told."),
    "filter": ({"type": "string"}, "Which to return, as an OData filter."),
    "orderby": ({"type": "string"}, "Properties to sort by, each with asc or desc."),
    "count": ({"type": "boolean"}, "Whether to tell how many there are in all."),
    "select": ({"type": "string"}, "Which properties to return, separated by commas."),
}


def openapi_document(model: Model, origin: str) -> dict[str, Any]:
    """Return the description; `origin` is where the API is reached."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gatelodge control plane",
            "version": "1",
            "description": "The Microsoft Graph API of this directory: user flows, their "
            "attributes, users and applications.",
        },
        "servers": [{"url": f"{origin}/{version}"} for version in VERSIONS],
        "security": [{"bearer": []}],
        "tags": [
            {"name": entity_set.title, "description": entity_set.entity.doc} for entity_set in model
        ],
        "paths": {
            path: item
            for entity_set in model
            for door in entity_set.doors
            for path, item in _paths(entity_set, door)
        },
        "components": {
            "schemas": _schemas(model),
            "responses": {"error": _error_response()},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token for https://graph.microsoft.com from this "
                    "server's token endpoint.",
                }
            },
        },
    }


def _paths(entity_set: EntitySet, door: Door) -> Iterator[tuple[str, dict[str, Any]]]:
    name = door.path.strip("/").replace("/", ".")
    key = _parameter("key", "path", {"type": "string"}, f"The {entity_set.entity.key}.")
    collection: dict[str, Any] = {}
    item: dict[str, Any] = {}
    for operation in entity_set.operations:
        match operation:
            case Read():
                collection["get"] = _list(entity_set, operation, name)
                item["get"] = _described(
                    entity_set, operation, f"get-{name}", "Get one", _entity_answers(entity_set)
                ) | {"parameters": [_option("select")]}
            case Create():
                collection["post"] = _described(
                    entity_set,
                    operation,
                    f"create-{name}",
                    "Create",
                    _entity_answers(entity_set, "201"),
                ) | _body(_ref(f"{entity_set.entity.name}Create"))
            case Update():
                item["patch"] = _described(
                    entity_set, operation, f"update-{name}", "Update", _update_answers(entity_set)
                ) | _body(_ref(f"{entity_set.entity.name}Update"))
            case Delete():
                item["delete"] = _described(
                    entity_set, operation, f"delete-{name}", "Delete", {"204": _nothing()}
                )
            case Action():
                pass
    of_item = door.path if entity_set.is_single else f"{door.path}/{{key}}"
    item["parameters"] = keys = [] if entity_set.is_single else [key]
    if not entity_set.is_single:
        yield door.path, collection
        yield f"{door.path}/$count", {"get": _count(entity_set, name)}
    yield of_item, item
    for action in entity_set.actions:
        yield (
            f"{of_item}/{action.name}",
            {"parameters": keys, "post": _act(entity_set, action)},
        )


def _list(entity_set: EntitySet, operation: Read, name: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {
            "@odata.context": {"type": "string"},
            "@odata.count": {"type": "integer"},
            "@odata.nextLink": {"type": "string"},
            "value": {"type": "array", "items": _ref(entity_set.entity.name)},
        },
        "required": ["value"],
    }
    answers = {"200": _json("A page of the list.", schema)}
    described = _described(entity_set, operation, f"list-{name}", "List", answers)
    return described | {"parameters": [_option(each) for each in _OPTIONS]}


def _count(entity_set: EntitySet, name: str) -> dict[str, Any]:
    answers = {
        "200": {
            "description": "How many there are.",
            "content": {"text/plain": {"schema": {"type": "integer"}}},
        }
    }
    described = _described(entity_set, entity_set.read, f"count-{name}", "Count", answers)
    return described | {"parameters": [_option("filter")]}


def _act(entity_set: EntitySet, action: Action) -> dict[str, Any]:
    answers = {"204": _nothing()}
    if action.is_entity_returned:
        answers = _entity_answers(entity_set)
    elif isinstance(action.result, ComplexType):
        answers = {"200": _json("The result.", _schema_of(action.result))}
    elif action.result is not None:
        schema = {"type": "object", "properties": {"value": _schema_of(action.result)}}
        answers = {"200": _json("The result.", schema)}
    described = _described(entity_set, action, action.name, action.doc, answers)
    if not action.parameters:
        return described
    return described | _body(_object(action.parameters, is_create=True))


def _described(
    entity_set: EntitySet,
    operation: Operation,
    operation_id: str,
    summary: str,
    answers: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": _permissions(operation.access),
        "tags": [entity_set.title],
        "responses": {**answers, "default": {"$ref": "#/components/responses/error"}},
    }


def _permissions(access: Access) -> str:
    application, delegated = ", ".join(access.application), ", ".join(access.delegated)
    return (
        f"Application permission, one of: {application}. Delegated permission, one of:"
        f" {delegated}, for a user who holds one of the roles: {', '.join(access.roles)}."
    )


def _entity_answers(entity_set: EntitySet, status: str = "200") -> dict[str, Any]:
    return {status: _json("The object.", _ref(entity_set.entity.name))}


def _update_answers(entity_set: EntitySet) -> dict[str, Any]:
    return {**_entity_answers(entity_set), "204": _nothing()}


def _nothing() -> dict[str, Any]:
    return {"description": "Done."}


def _json(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _body(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _option(name: str) -> dict[str, Any]:
    schema, doc = _OPTIONS[name]
    return _parameter(f"${name}", "query", schema, doc)


def _parameter(name: str, place: str, schema: Mapping[str, Any], doc: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": schema,
        "description": doc,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas(model: Model) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in enumerations(model):
        found[kind.name] = {
            "type": "string",
            "enum": [str(each) for each in kind.members],
            "description": kind.doc,
        }
    for structure in structured_types(model):
        found[structure.name] = _structure(structure) | {"description": structure.doc}
    for entity in entity_types(model):
        found[entity.name] = _entity(entity)
    for entity_set in model:
        name = entity_set.entity.name
        if (create := entity_set.create) is not None:
            found[f"{name}Create"] = _new(entity_set) | _example(create)
        if entity_set.update is not None:
            kinds = (entity_set.entity, *entity_set.derived)
            every = {each.name: each for kind in kinds for each in kind.all_properties()}
            found[f"{name}Update"] = _object(tuple(every.values()), is_update=True)
    return found


def _new(entity_set: EntitySet) -> dict[str, Any]:
    if not entity_set.is_abstract:
        return _object(tuple(entity_set.entity.all_properties()), is_create=True)
    return {
        "oneOf": [_typed(each.name, tuple(each.all_properties())) for each in entity_set.derived]
    }


def _structure(kind: ComplexType) -> dict[str, Any]:
    if kind.derived:
        return {"oneOf": [_typed(each.name, each.properties) for each in kind.derived]}
    return _object(kind.properties)


def _typed(name: str, properties: tuple[Property, ...]) -> dict[str, Any]:
    """Return an object that says of which type it is."""
    found = _object(properties, is_create=True)
    stated = {"@odata.type": {"const": f"#microsoft.graph.{name}"}}
    found["properties"] = stated | found["properties"]
    found["required"] = ["@odata.type", *found.get("required", ())]
    return found


def _example(create: Create) -> dict[str, Any]:
    return {"examples": [dict(create.example)]} if create.example else {}


def _entity(kind: EntityType) -> dict[str, Any]:
    described = _object(kind.properties) | {"description": kind.doc}
    return described if kind.base is None else {"allOf": [_ref(kind.base.name), described]}


def _object(
    properties: tuple[Property, ...], *, is_create: bool = False, is_update: bool = False
) -> dict[str, Any]:
    shown = [each for each in properties if _is_shown(each, is_create, is_update)]
    found: dict[str, Any] = {
        "type": "object",
        "properties": {each.name: _property(each) for each in shown},
    }
    required = [each.name for each in shown if each.is_required]
    if is_create and required:
        found["required"] = required
    return found


def _is_shown(each: Property, is_create: bool, is_update: bool) -> bool:
    if is_create:
        return each.writable is not Writable.NEVER
    return each.writable is Writable.ALWAYS if is_update else True


def _property(each: Property) -> dict[str, Any]:
    schema = _schema_of(each.type)
    if each.max_length is not None:
        schema |= {"maxLength": each.max_length}
    if each.minimum is not None and not each.also:
        schema |= {"minimum": each.minimum, "maximum": each.maximum}
    if each.is_collection:
        schema = {"type": "array", "items": schema}
    if each.is_nullable:
        schema = {"anyOf": [schema, {"type": "null"}]}
    extra: dict[str, Any] = {"description": each.doc}
    if each.writable is Writable.NEVER:
        extra["readOnly"] = True
    if each.returned is Returned.NEVER and each.writable is not Writable.NEVER:
        extra["writeOnly"] = True
    return {**schema, **extra}


def _schema_of(kind: Type) -> dict[str, Any]:
    if isinstance(kind, ComplexType | Enumeration):
        return _ref(kind.name)
    return dict(_PRIMITIVES[kind])


def _error_response() -> dict[str, Any]:
    text = {"type": "string"}
    detail = {"type": "object", "properties": {"code": text, "message": text, "target": text}}
    inner = {"date": text, "request-id": text, "client-request-id": text}
    error = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": text,
            "message": text,
            "target": text,
            "details": {"type": "array", "items": detail},
            "innerError": {"type": "object", "properties": inner},
        },
    }
    schema = {"type": "object", "required": ["error"], "properties": {"error": error}}
    return _json("What went wrong.", schema)
