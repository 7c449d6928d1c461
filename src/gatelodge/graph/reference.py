"""The reference of the control plane: one page for each set, and the table of permissions."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from gatelodge.graph.edm import (
    SENTINEL,
    Access,
    Action,
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    Function,
    Lookup,
    Model,
    Navigation,
    Operation,
    Property,
    Put,
    Read,
    Refer,
    Returned,
    Stream,
    Update,
    Writable,
    WriteStream,
)
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.places import Place, first_places, navigations_of, streams_of
from gatelodge.graph.types import enumerations, structured_types, type_name

Permitted: TypeAlias = Operation | Stream | WriteStream | Refer

_YES: Mapping[Asked, str] = {
    Asked.NOTHING: "",
    Asked.EQUALITY: "eq, ne, in",
    Asked.EVERYTHING: "yes",
}


def pages(model: Model = MODEL) -> dict[str, str]:
    """Return the pages by their path below the reference."""
    found = {
        f"graph/{file_name(each.entity_set)}.md": _set_page(each) for each in first_places(model)
    }
    return {**found, "graph/permissions.md": _permissions_page(model)}


def file_name(entity_set: EntitySet) -> str:
    """Return the name of a set's page."""
    return re.sub(r"[^a-z]+", "-", entity_set.title.lower())


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def _set_page(place: Place) -> str:
    entity_set = place.entity_set
    kind = entity_set.entity
    doors = ", ".join(f"`{door.path}`" for door in entity_set.doors or (place.door,))
    parts = [
        f"# Graph: {entity_set.title.lower()}",
        kind.doc,
        f"Reached at {doors}, below `/beta` and `/v1.0`; names, keys and members of enumerations"
        " are understood in any case.",
        "## Operations",
        _table(("request", "answer", "what it does"), _requests(place)),
        *_octets(entity_set),
        *_example(place),
        "## Permissions",
        _table(("operation", "application", "delegated", "directory roles"), _access(entity_set)),
        "For applications and delegated calls one of the permissions is enough; the first is the"
        " least privileged. A delegated call also needs its user to hold one of the roles.",
        "## Properties",
        _property_table(tuple(kind.all_properties())),
        *_derived(entity_set),
        *_navigations(entity_set),
    ]
    if kind.open_prefix:
        parts.append(
            f"Custom attributes are further properties, named `{kind.open_prefix}…`; they are"
            " returned with `$select`."
        )
    parts += _types((entity_set,))
    return "\n\n".join(parts) + "\n"


def _derived(entity_set: EntitySet) -> Iterator[str]:
    if entity_set.is_abstract:
        yield "A new one is of one of the following types and says so in `@odata.type`."
    for each in entity_set.derived:
        if each.properties:
            yield f"## {each.name}"
            yield each.doc
            yield _property_table(each.properties)


def _navigations(entity_set: EntitySet) -> Iterator[str]:
    rows = _ways(entity_set)
    if rows:
        yield "## Navigations"
        yield "Each is a path below the entity, and can be named in `$expand`."
        head = ("navigation", "leads to", "kind", "description")
        yield _table(head, (_navigation_row(path, each) for path, each in rows.items()))


def _navigation_row(path: str, each: Navigation) -> tuple[str, ...]:
    name = f"{each.to.entity.name} list" if each.is_collection else each.to.entity.name
    kind = "contained" if each.is_contained else "reference"
    return f"`{path}`", name, kind, each.doc


def _octets(entity_set: EntitySet) -> Iterator[str]:
    if entity_set.create is not None and entity_set.create.media_types:
        types = " or ".join(f"`{each}`" for each in entity_set.create.media_types)
        yield f"A new one is sent as {types}, and answered so."


def _example(place: Place) -> Iterator[str]:
    entity_set = place.entity_set
    if entity_set.create is None or not entity_set.create.example:
        return
    body = json.dumps(entity_set.create.example, indent=2)
    yield "## Example"
    yield (
        f"```http\nPOST /beta{place.path}\nAuthorization: Bearer …\n"
        f"Content-Type: application/json\n\n{body}\n```"
    )


def _requests(place: Place) -> Iterator[tuple[str, ...]]:
    for _, method, path, answer, what in requests_at(place):
        yield f"`{method} {path}`", answer, what


def requests_at(place: Place) -> Iterator[tuple[Permitted, str, str, str, str]]:
    """Yield operation, method, path, status and purpose of every request about a place."""
    entity_set = place.entity_set
    for operation in entity_set.operations:
        for line in requests_of(place.door, operation, is_single=place.is_single):
            yield operation, *line
    item = place.path if place.is_single else f"{place.path}/{{{entity_set.entity.key}}}"
    for stream in streams_of(entity_set):
        yield stream, "GET", f"{item}/{stream.path}", "200", stream.doc
        if (write := stream.write) is not None:
            done = ("201; 200 when it was there", "Create or replace")
            told = done if write.make else ("204", "Replace it")
            yield write, "PUT", f"{item}/{stream.path}", *told
            if write.delete:
                yield write, "DELETE", f"{item}/{stream.path}", "204", "Remove it"
    for path, each in _ways(entity_set).items():
        if each.refer is not None:
            yield from _references(f"{item}/{path}", each, each.refer)


def _ways(entity_set: EntitySet) -> dict[str, Navigation]:
    """Return where entities of any of the types lead, by the path below them."""
    return {
        f"{middle}/{each.name}".strip("/"): each
        for kind in entity_set.types()
        for middle, each in navigations_of(kind)
    }


def _references(
    path: str, navigation: Navigation, refer: Refer
) -> Iterator[tuple[Permitted, str, str, str, str]]:
    name = navigation.name
    if navigation.is_collection:
        yield refer, "POST", f"{path}/$ref", "204", f"Add to `{name}`"
        yield (
            refer,
            "DELETE",
            f"{path}/{{{navigation.to.entity.key}}}/$ref",
            "204",
            (f"Remove from `{name}`"),
        )
    else:
        yield refer, "PUT", f"{path}/$ref", "204", f"Set `{name}`"
        yield refer, "DELETE", f"{path}/$ref", "204", f"Clear `{name}`"


def requests_of(
    door: Door, operation: Operation, *, is_single: bool = False
) -> Iterator[tuple[str, str, str, str]]:
    """Yield method, path, status and purpose of every request an operation stands for."""
    item = door.path if is_single else f"{door.path}/{{{door.declared.key}}}"
    match operation:
        case Read() if is_single:
            yield "GET", item, "200", "Get it"
        case Read():
            yield "GET", door.path, "200", "List, in pages"
            yield "GET", f"{door.path}/$count", "200", "Count"
            yield "GET", item, "200", "Get one"
        case Create():
            yield "POST", door.path, "201", "Create"
        case Update(is_silent=is_silent):
            answer = "204; 200 with `Prefer: return=representation`"
            kept = "200; 204 with `Prefer: return=minimal`"
            yield "PATCH", item, answer if is_silent else kept, "Change what is given"
        case Delete():
            yield "DELETE", item, "204", "Delete"
        case Put():
            yield "PUT", item, "201; 204 when it was there", "Create or replace"
        case Function():
            path = door.path if operation.is_of_collection else item
            yield "GET", f"{path}/{operation.name}", "200", operation.doc
        case Lookup():
            yield "POST", f"{door.path}/{operation.name}", "200", operation.doc
        case Action():
            item = door.path if operation.is_of_collection else item
            is_answered = operation.is_entity_returned or operation.result is not None
            answer = "200" if is_answered else "204"
            yield "POST", f"{item}/{operation.name}", answer, operation.doc


def operation_name(operation: Operation) -> str:
    """Return what an operation is called in tables."""
    if isinstance(operation, Action | Function | Lookup):
        return operation.name
    return type(operation).__name__.lower()


def _access(entity_set: EntitySet) -> Iterator[tuple[str, ...]]:
    for name, access in _accesses(entity_set):
        yield (
            name,
            ", ".join(
                (
                    *(f"`{each}`" for each in access.application),
                    *(f"`{each}` (of what it owns)" for each in access.owned),
                )
            ),
            ", ".join(f"`{each}`" for each in access.delegated),
            ", ".join(access.roles),
        )


def _accesses(entity_set: EntitySet) -> Iterator[tuple[str, Access]]:
    for operation in entity_set.operations:
        yield operation_name(operation), operation.access
        for part in operation.partial if isinstance(operation, Read | Update) else ():
            names = ", ".join(f"`{each}`" for each in part.properties)
            yield f"{operation_name(operation)} only {names}", part.access
    for stream in streams_of(entity_set):
        yield f"read `{stream.path}`", stream.access
        if stream.write is not None:
            yield f"write `{stream.path}`", stream.write.access
    for path, each in _ways(entity_set).items():
        if not each.is_contained:
            yield f"read `{path}`", each.read_access
            if each.refer is not None:
                yield f"change `{path}`", each.refer.access


def _property_table(properties: tuple[Property, ...]) -> str:
    head = ("property", "type", "given", "returned", "filter", "description")
    return _table(head, (property_row(each) for each in properties))


def property_row(each: Property) -> tuple[str, ...]:
    """Return a property as six cells of Markdown."""
    name = type_name(each.type, "").removeprefix("Edm.")
    given = "required" if each.is_required else each.writable.value
    returned = "" if each.returned is Returned.BY_DEFAULT else each.returned.value
    return (
        f"`{each.name}`",
        f"{name} list" if each.is_collection else name,
        given if each.writable is not Writable.ALWAYS or each.is_required else "",
        returned,
        _YES[each.asked],
        f"{each.doc}{_limits(each)}",
    )


def _limits(each: Property) -> str:
    if each.minimum is not None:
        others = "".join(f" or {other}" for other in each.also)
        return f" {each.minimum} to {each.maximum}{others}."
    return "" if each.max_length is None else f" At most {each.max_length} characters."


def _types(model: Model) -> Iterator[str]:
    for structure in structured_types(model):
        yield f"## {structure.name}"
        yield structure.doc
        if structure.properties or not structure.navigations:
            yield _property_table(structure.properties) if structure.properties else "It is empty."
    for kind in enumerations(model):
        yield f"## {kind.name}"
        yield kind.doc
        yield ", ".join(f"`{each}`" for each in kind.members)
        if kind.later:
            names = " and ".join(f"`{each}`" for each in kind.members if each in kind.later)
            yield (
                f"Answers say `{SENTINEL}` for {names} unless the request has the header"
                " `Prefer: include-unknown-enum-members`. Sent back in a `PATCH`, that changes"
                " nothing."
            )


def _permissions_page(model: Model) -> str:
    rows = (
        (f"`{place.path}`", *row)
        for place in first_places(model)
        for row in _access(place.entity_set)
    )
    head = ("set", "operation", "application", "delegated", "directory roles")
    return (
        "\n\n".join(
            (
                "# Graph: permissions",
                "Who may do what. One of the permissions is enough; the first is the least"
                " privileged. An application's permissions are the `roles` of its token. A"
                " delegated call may do what both the `scp` of its token and the directory roles"
                " of its user allow, and both are asked anew at every request.",
                _table(head, rows),
            )
        )
        + "\n"
    )
