"""Entities and lists with what OData puts around them: context, types, links."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw

from gatelodge.graph.body import given_type
from gatelodge.graph.call import Call, Metadata
from gatelodge.graph.edm import Door, EntitySet, EntityType
from gatelodge.graph.path import keyed
from gatelodge.graph.query import Options
from gatelodge.graph.representation import (
    Style,
    Write,
    Writers,
    remembered,
    represent,
    writers_of,
)

_MOST_TEXTS = 1024
_CPIM = "microsoft.cpim."


def key_of_entity(entity_set: EntitySet, entity: object) -> str:
    """Return the key of an entity as text."""
    return str(getattr(entity, entity_set.entity.key_attribute))


def address(call: Call, entity: object) -> str:
    """Return the absolute address of an entity, in quoted-key form."""
    key = key_of_entity(call.target.entity_set, entity)
    return call.root + keyed(call.target.door.path, key)


def context(call: Call, options: Options | None = None, *, is_entity: bool) -> str:
    """Return the context address of an answer (OData Protocol 4.01 §10)."""
    target = call.target
    path = target.door.path
    if target.structure is not None:
        path = f"{target.path}{target.within}/{target.structure.name}"
    suffix = "/$entity" if is_entity else ""
    return f"{call.root}/$metadata#{path.strip('/')}{_shape(options)}{suffix}"


def _shape(options: Options | None) -> str:
    if options is None:
        return ""
    names = [*(options.select or ()), *(f"{each.navigation.name}()" for each in options.expand)]
    return "" if options.select is None and not names else f"({','.join(names)})"


def entity_body(call: Call, entity: object, options: Options | None = None) -> dict[str, Any]:
    """Return an entity as an answer of its own."""
    body = member_body(call, entity, None if options is None else options.select)
    if call.metadata is Metadata.NONE:
        return body
    around = {"@odata.context": context(call, options, is_entity=True)}
    return {**around, **_version_of(entity), **body}


def _version_of(entity: object) -> dict[str, str]:
    """Return the annotation that says which version of an entity this is, where there are any."""
    revision = getattr(entity, "revision", None)
    return {} if revision is None else {"@odata.etag": f'W/"{revision}"'}


def list_writer(call: Call, options: Options, *, are_kept: bool) -> Callable[[object], Any]:
    """Return what writes the members of a list: as JSON text where the same objects come again."""
    entity_set = call.target.entity_set
    is_as_always = options.select is None and not options.expand
    if not (are_kept and is_as_always and call.metadata is Metadata.MINIMAL):
        return member_writer(call, options.select)
    return _text_writer(entity_set, call.target.door.declared, call.style)


@lru_cache(maxsize=64)
def _text_writer(entity_set: EntitySet, declared: EntityType, style: Style) -> Write:
    """Return what writes the members of a set as JSON text, each object once."""
    entity = entity_set.entity
    type_of = entity_set.type_of or (lambda _: entity)

    def write(member: object) -> Raw:
        kind = type_of(member)
        body = represent(member, writers_of(kind, style=style))
        return Raw(msgspec.json.encode({**_annotations(declared, kind), **body}))

    return remembered(write, _MOST_TEXTS)


def _annotations(declared: EntityType, kind: EntityType) -> dict[str, str]:
    return {} if kind is declared else {"@odata.type": f"#microsoft.graph.{kind.name}"}


def member_writer(call: Call, select: tuple[str, ...] | None) -> Callable[[object], dict[str, Any]]:
    """Return what writes the members of a list; what they have in common is worked out once."""
    entity_set = call.target.entity_set
    if call.metadata is not Metadata.MINIMAL:
        return lambda entity: member_body(call, entity, select)
    if entity_set.type_of is not None:
        return _typed_writer(call, entity_set.type_of, select)
    writers = writers_of(entity_set.entity, select, call.style)
    annotations = _annotations(call.target.door.declared, entity_set.entity)
    return lambda entity: {**annotations, **represent(entity, writers)}


def _typed_writer(
    call: Call, type_of: Callable[[Any], EntityType], select: tuple[str, ...] | None
) -> Callable[[object], dict[str, Any]]:
    known: dict[EntityType, tuple[dict[str, Any], Writers]] = {}

    def write(entity: object) -> dict[str, Any]:
        kind = type_of(entity)
        found = known.get(kind)
        if found is None:
            annotations = _annotations(call.target.door.declared, kind)
            found = known[kind] = (annotations, writers_of(kind, select, call.style))
        annotations, writers = found
        return {**annotations, **represent(entity, writers)}

    return write


def member_body(
    call: Call, entity: object, select: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """Return an entity as a member of a list."""
    kind = call.target.entity_set.concrete(entity)
    body = represent(entity, writers_of(kind, select, call.style))
    if call.metadata is Metadata.NONE:
        return body
    annotations: dict[str, Any] = {}
    if (name := _type_name(call, entity, call.target.door)) is not None:
        annotations["@odata.type"] = name
    if call.metadata is Metadata.FULL:
        annotations["@odata.id"] = annotations["@odata.editLink"] = address(call, entity)
    return {**annotations, **body}


def _type_name(call: Call, entity: object, door: Door) -> str | None:
    """Return the type to state: in the name space the request used, or where it is not obvious."""
    kind = call.target.entity_set.concrete(entity)
    asked = (given_type(call.body) or "").removeprefix("#")
    if asked.lower().startswith(_CPIM):
        *_, root = kind.lineage()
        return f"#microsoft.cpim.api.dataModels.{root.name}"
    if kind is door.declared and call.metadata is not Metadata.FULL:
        return None
    return f"#microsoft.graph.{kind.name}"
