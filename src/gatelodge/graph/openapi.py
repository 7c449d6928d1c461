"""The model as an OpenAPI 3.1 description."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gatelodge.graph.edm import (
    SENTINEL,
    Access,
    Action,
    ComplexType,
    Create,
    EntitySet,
    EntityType,
    Enumeration,
    Function,
    Model,
    Primitive,
    Property,
    Returned,
    Type,
    Writable,
)
from gatelodge.graph.places import Place, all_sets, places_of, streams_of, structures_of
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
    Primitive.BINARY: {"type": "string", "contentEncoding": "base64"},
}
_MOST = 2**31 - 1
_TEXT = {"type": "string"}
_OPTIONS: Mapping[str, tuple[dict[str, Any], str]] = {
    "top": (
        {"type": "integer", "minimum": 0, "maximum": _MOST},
        "How many to return at most.",
    ),
    "skip": (
        {"type": "integer", "minimum": 0, "maximum": _MOST},
        "How many to leave out from the beginning.",
    ),
    "filter": (_TEXT | {"format": "odata-filter"}, "Which to return, as an OData filter."),
    "orderby": (
        _TEXT | {"format": "odata-orderby"},
        "Properties to sort by, each with asc or desc.",
    ),
    "count": ({"type": "boolean"}, "Whether to tell how many there are in all."),
    "select": (
        _TEXT | {"format": "odata-select"},
        "Which properties to return, separated by commas.",
    ),
    "expand": (
        _TEXT | {"format": "odata-expand"},
        "Which navigations to follow, separated by commas.",
    ),
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
            {"name": entity_set.title, "description": entity_set.entity.doc}
            for entity_set in all_sets(model)
        ],
        "paths": {path: item for place in places_of(model) for path, item in _paths(place)},
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


def _paths(place: Place) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what may be done at a place, by path."""
    entity_set = place.entity_set
    name = re.sub(r"/\{\w+\}", "", place.path).strip("/").replace("/", ".")
    above = [_key(each) for each in place.keys]
    key = _parameter("key", "path", {"type": "string"}, f"The {entity_set.entity.key}.")
    of_item = place.path if place.is_single else f"{place.path}/{{key}}"
    keys = above if place.is_single else [*above, key]
    collection: dict[str, Any] = {"parameters": above} if above else {}
    item: dict[str, Any] = {"parameters": keys}
    access = entity_set.read.access if place.navigation is None else place.navigation.read_access
    collection["get"] = _list(entity_set, access, name)
    item["get"] = _described(entity_set, access, f"get-{name}", "Get one", _one_answer(place)) | {
        "parameters": [_option("select"), *_expandable(entity_set)]
    }
    if place.is_contained:
        _changes(place, name, collection, item)
    elif place.is_single and place.navigation and (refer := place.navigation.refer):
        item["delete"] = _described(
            entity_set, refer.access, f"remove-{name}", "Remove a reference", {"204": _nothing()}
        )
    navigation, update = place.navigation, entity_set.update
    if navigation is not None and navigation.is_changed_here and update is not None:
        answers = _update_answers(entity_set)
        described = _described(entity_set, update.access, f"update-{name}", "Update", answers)
        item["patch"] = described | _body(_ref(f"{entity_set.entity.name}Update"))
    if not place.is_single:
        yield place.path, collection
        yield f"{place.path}/$count", _with(above, get=_count(entity_set, access, name))
    yield of_item, item
    yield from _bound_paths(place, of_item, above, keys, name)
    yield from _reference_paths(place, of_item, above, keys, name)
    if place.is_contained:
        yield from _stream_paths(entity_set, of_item, keys, name)
        for part in structures_of(place.door.declared):
            described = _described(
                entity_set, access, f"get-{name}.{part}", "Get a part", {"200": _any_object()}
            )
            yield f"{of_item}/{part}", _with(keys, get=described)


def _key(name: str) -> dict[str, Any]:
    return _parameter(name, "path", {"type": "string"}, "The key of what contains it.")


def _with(keys: list[dict[str, Any]], **methods: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"parameters": keys, **methods} if keys else methods


def _one_answer(place: Place) -> dict[str, Any]:
    answers = _entity_answers(place.entity_set)
    return {**answers, "204": _nothing()} if place.is_single and place.navigation else answers


def _expandable(entity_set: EntitySet) -> list[dict[str, Any]]:
    return [_option("expand")] if entity_set.navigations() else []


def _any_object() -> dict[str, Any]:
    return _json("The value.", {"type": "object"})


def _changes(place: Place, name: str, collection: dict[str, Any], item: dict[str, Any]) -> None:
    entity_set = place.entity_set
    kind = entity_set.entity.name
    if (create := entity_set.create) is not None:
        answers = _entity_answers(entity_set, "201")
        answers["201"]["links"] = _links(place, name)
        body = _body(_ref(f"{kind}Create"))
        if create.media_types:
            octets: dict[str, Any] = {each: {} for each in create.media_types}
            answers = {"201": {"description": "What was sent.", "content": octets}}
            body = {"requestBody": {"required": True, "content": octets}}
        described = _described(entity_set, create.access, f"create-{name}", "Create", answers)
        collection["post"] = described | body
    if (put := entity_set.put) is not None:
        answers = {**_entity_answers(entity_set, "201"), "204": _nothing()}
        described = _described(entity_set, put.access, f"put-{name}", "Create or replace", answers)
        item["put"] = described | _body({"type": "object"})
    if (update := entity_set.update) is not None:
        answers = _update_answers(entity_set)
        described = _described(entity_set, update.access, f"update-{name}", "Update", answers)
        item["patch"] = described | _body(_ref(f"{kind}Update"))
    if (delete := entity_set.delete) is not None:
        answers = {"204": _nothing()}
        item["delete"] = _described(entity_set, delete.access, f"delete-{name}", "Delete", answers)


def _bound_paths(
    place: Place,
    of_item: str,
    above: list[dict[str, Any]],
    keys: list[dict[str, Any]],
    name: str,
) -> Iterator[tuple[str, dict[str, Any]]]:
    entity_set = place.entity_set
    if not place.is_contained:
        return
    for function in entity_set.functions:
        path, found = (place.path, above) if function.is_of_collection else (of_item, keys)
        yield f"{path}/{function.name}", _with(found, get=_ask(entity_set, function, name))
    for lookup in entity_set.lookups:
        described = _described(
            entity_set, lookup.access, f"{name}.{lookup.name}", lookup.doc, _list_answer(entity_set)
        )
        described |= _body(_object(lookup.parameters, is_create=True))
        yield f"{place.path}/{lookup.name}", _with(above, post=described)
    for action in entity_set.actions:
        path, found = (place.path, above) if action.is_of_collection else (of_item, keys)
        yield f"{path}/{action.name}", _with(found, post=_act(entity_set, action, name))


def _ask(entity_set: EntitySet, function: Function, name: str) -> dict[str, Any]:
    schema = _schema_of(function.result)
    if function.is_collection:
        schema = {"type": "array", "items": schema}
    if function.is_collection or not isinstance(function.result, ComplexType):
        schema = {"type": "object", "properties": {"value": schema}}
    answers = {"200": _json("The answer.", schema)}
    operation_id = f"{name}.{function.name}"
    return _described(entity_set, function.access, operation_id, function.doc, answers)


def _reference_paths(
    place: Place,
    of_item: str,
    above: list[dict[str, Any]],
    keys: list[dict[str, Any]],
    name: str,
) -> Iterator[tuple[str, dict[str, Any]]]:
    navigation, entity_set = place.navigation, place.entity_set
    if navigation is None or navigation.is_contained:
        return

    def described(verb: str, summary: str, access: Access, answer: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        status = "204" if answer is None else "200"
        answers = {status: answer or _nothing()}
        return _described(entity_set, access, f"{verb}-{name}.$ref", summary, answers)

    methods: dict[str, Any] = {
        "get": described("list", "List references", navigation.read_access, _any_object())
    }
    if (refer := navigation.refer) is not None:
        named = {"type": "object", "properties": {"@odata.id": {"type": "string"}}}
        add = described("add", "Add a reference", refer.access, None) | _body(named)
        remove = described("remove", "Remove a reference", refer.access, None)
        methods["put" if place.is_single else "post"] = add
        if place.is_single:
            methods["delete"] = remove
        else:
            methods["patch"] = add | {"operationId": f"patch-{name}.$ref"}
            named_by = _parameter("@id", "query", _TEXT, "The address of what to refer to no more.")
            methods["delete"] = remove | {
                "operationId": f"remove-{name}.by-address",
                "parameters": [named_by | {"required": True}],
            }
            yield f"{of_item}/$ref", _with(keys, delete=remove)
    yield f"{place.path}/$ref", _with(above, **methods)


def _stream_paths(
    entity_set: EntitySet, of_item: str, keys: list[dict[str, Any]], name: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for stream in streams_of(entity_set):
        called = f"{name}.{stream.path}"
        octets: dict[str, Any] = {each: {} for each in stream.media_types}
        read = {"200": {"description": stream.doc, "content": octets}}
        methods = {"get": _described(entity_set, stream.access, f"read-{called}", stream.doc, read)}
        if (write := stream.write) is not None:
            done: dict[str, Any] = {"204": _nothing()}
            written = {"200": read["200"], "201": read["200"]} if write.make else done
            put = _described(entity_set, write.access, f"write-{called}", "Replace it", written)
            methods["put"] = put | {"requestBody": {"required": True, "content": octets}}
            removed = _described(entity_set, write.access, f"remove-{called}", "Remove it", done)
            methods |= {"delete": removed} if write.delete else {}
        yield f"{of_item}/{stream.path}", _with(keys, **methods)


def _list_answer(entity_set: EntitySet) -> dict[str, Any]:
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
    return {"200": _json("A page of the list.", schema)}


def _list(entity_set: EntitySet, access: Access, name: str) -> dict[str, Any]:
    answers = _list_answer(entity_set)
    described = _described(entity_set, access, f"list-{name}", "List", answers)
    options = [_option(each) for each in _OPTIONS if each not in {"expand", "skip"}]
    options.insert(1, _skipping(entity_set))
    return described | {"parameters": [*options, *_expandable(entity_set)]}


def _count(entity_set: EntitySet, access: Access, name: str) -> dict[str, Any]:
    answers = {
        "200": {
            "description": "How many there are.",
            "content": {"text/plain": {"schema": {"type": "integer"}}},
        }
    }
    described = _described(entity_set, access, f"count-{name}", "Count", answers)
    return described | {"parameters": [_option("filter")]}


def _act(entity_set: EntitySet, action: Action, name: str) -> dict[str, Any]:
    answers = {"204": _nothing()}
    if action.is_entity_returned:
        answers = _entity_answers(entity_set)
    elif isinstance(action.result, ComplexType):
        answers = {"200": _json("The result.", _schema_of(action.result))}
    elif action.result is not None:
        schema = {"type": "object", "properties": {"value": _schema_of(action.result)}}
        answers = {"200": _json("The result.", schema)}
    operation_id = f"{name}{'.all' if action.is_of_collection else ''}.{action.name}"
    described = _described(entity_set, action.access, operation_id, action.doc, answers)
    if not action.parameters:
        return described
    is_needed = any(each.is_required for each in action.parameters)
    return described | _body(_object(action.parameters, is_create=True), is_required=is_needed)


def _described(
    entity_set: EntitySet,
    access: Access,
    operation_id: str,
    summary: str,
    answers: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": _permissions(access),
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


def _links(place: Place, name: str) -> dict[str, Any]:
    """Return what can be done with an entity that has just been made, where it was made."""
    entity_set = place.entity_set
    parameters = {each: f"$request.path.{each}" for each in place.keys}
    parameters["key"] = f"$response.body#/{entity_set.entity.key}"
    verbs = ["get", *(["update"] if entity_set.update else [])]
    verbs += ["delete"] if entity_set.delete else []
    return {verb: {"operationId": f"{verb}-{name}", "parameters": parameters} for verb in verbs}


def _update_answers(entity_set: EntitySet) -> dict[str, Any]:
    return {**_entity_answers(entity_set), "204": _nothing()}


def _nothing() -> dict[str, Any]:
    return {"description": "Done."}


def _json(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _body(schema: Mapping[str, Any], *, is_required: bool = True) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": is_required, "content": content}}


def _option(name: str) -> dict[str, Any]:
    schema, doc = _OPTIONS[name]
    return _parameter(f"${name}", "query", schema, doc)


def _skipping(entity_set: EntitySet) -> dict[str, Any]:
    schema, doc = _OPTIONS["skip"]
    return _parameter("$skip", "query", {**schema, "maximum": entity_set.largest_skip}, doc)


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
    model = all_sets(model)
    for kind in enumerations(model):
        found[kind.name] = {
            "type": "string",
            "enum": [*map(str, kind.members), *((SENTINEL,) if kind.later else ())],
            "description": kind.doc,
        }
    for structure in structured_types(model):
        found[structure.name] = _structure(structure) | {"description": structure.doc}
    for entity in entity_types(model):
        found[entity.name] = _entity(entity)
    for entity_set in model:
        name = entity_set.entity.name
        if (create := entity_set.create) is not None and not create.media_types:
            found[f"{name}Create"] = _new(entity_set) | _example(create)
        if entity_set.update is not None:
            kinds = (entity_set.entity, *entity_set.derived)
            every = {each.name: each for kind in kinds for each in kind.all_properties()}
            found[f"{name}Update"] = _object(tuple(every.values()), is_update=True)
    return found


def _new(entity_set: EntitySet) -> dict[str, Any]:
    if not entity_set.is_abstract:
        kind = entity_set.entity
        found = _object(tuple(kind.all_properties()), is_create=True)
        for each in kind.all_navigations():
            if each.is_required:
                named = {"type": "object", "properties": {"id": {"type": "string"}}}
                found["properties"][each.name] = named | {"required": ["id"]}
                found["required"] = [*found.get("required", ()), each.name]
        return found
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
    if each.minimum is not None:
        limits = {"minimum": each.minimum, "maximum": each.maximum}
        others = {"enum": list(each.also)}
        schema |= {"anyOf": [limits, others]} if each.also else limits
    if each.is_required and each.type is Primitive.STRING:
        schema |= {"minLength": 1}
    if each.is_collection:
        most = {} if each.max_items is None else {"maxItems": each.max_items}
        schema = {"type": "array", "items": schema, **most}
    if each.is_nullable or each.returned is Returned.NEVER:
        schema = {"anyOf": [schema, {"type": "null"}]}
    extra: dict[str, Any] = {"description": each.doc}
    if each.writable is Writable.NEVER:
        extra["readOnly"] = True
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
