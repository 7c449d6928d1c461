"""What may be done to a target: method, permission and operation, read off the model."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from gatelodge.graph.call import Answer, Call
from gatelodge.graph.edm import Access, Create, EntitySet, Stream
from gatelodge.graph.path import Target
from gatelodge.graph.streams import Streams

Perform: TypeAlias = Callable[[Call], Coroutine[Any, Any, Answer]]
Offered: TypeAlias = Iterator[tuple[str, "Method"]]


class Body(Enum):
    """What a request brings along."""

    NOTHING = "nothing"
    OBJECT = "a JSON object"
    OBJECT_OR_NOTHING = "a JSON object, or nothing"
    OCTETS = "octets"


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does on a target, who may, and what its body is."""

    access: Access
    perform: Perform
    body: Body = Body.NOTHING
    media_types: tuple[str, ...] = ()


def methods_of(operations: Streams, target: Target) -> dict[str, Method]:
    """Return what may be done to a target, by HTTP method."""
    return dict(_offered(operations, target))


def _offered(operations: Streams, target: Target) -> Offered:
    if (target.action or target.function or target.lookup) is not None:
        return _bound(operations, target)
    if target.is_reference:
        return _references(operations, target)
    if target.stream is not None:
        return _stream(operations, target.stream)
    if target.is_value:
        stream = _stream_of(target.entity_set)
        of = _streams_of_all if target.is_collection else _stream
        return of(operations, stream)
    if target.structure is not None:
        return iter([("GET", Method(target.entity_set.read.access, operations.structure))])
    return _entities(operations, target)


def _bound(operations: Streams, target: Target) -> Offered:
    if (action := target.action) is not None:
        is_needed = any(each.is_required for each in action.parameters)
        body = Body.OBJECT if is_needed else Body.OBJECT_OR_NOTHING
        yield "POST", Method(action.access, lambda call: operations.act(call, action), body)
    if (function := target.function) is not None:
        yield "GET", Method(function.access, lambda call: operations.ask(call, function))
    if (lookup := target.lookup) is not None:
        yield (
            "POST",
            Method(lookup.access, lambda call: operations.look_up(call, lookup), Body.OBJECT),
        )


def _references(operations: Streams, target: Target) -> Offered:
    navigation = target.navigation
    if navigation is None or navigation.is_contained:
        return
    if target.key is None:
        yield "GET", Method(navigation.read_access, operations.list_references)
    if (refer := navigation.refer) is None:
        return
    if target.key is None:
        add = Method(refer.access, lambda call: operations.add_reference(call, refer), Body.OBJECT)
        # Documentation says PATCH where clients send POST.
        yield from ((name, add) for name in (("POST", "PATCH") if _many(target) else ("PUT",)))
    yield "DELETE", Method(refer.access, lambda call: operations.remove_reference(call, refer))


def _many(target: Target) -> bool:
    return target.navigation is not None and target.navigation.is_collection


def _stream_of(entity_set: EntitySet) -> Stream | None:
    return next((each.stream for each in entity_set.types() if each.stream is not None), None)


def _stream(operations: Streams, stream: Stream | None) -> Offered:
    if stream is None:
        return
    yield "GET", Method(stream.access, lambda call: operations.read_stream(call, stream))
    if (write := stream.write) is not None:
        yield (
            "PUT",
            Method(
                write.access,
                lambda call: operations.write_stream(call, stream, write),
                Body.OCTETS,
                stream.media_types,
            ),
        )
        if (delete := write.delete) is not None:
            event = write.event
            yield (
                "DELETE",
                Method(write.access, lambda call: operations.remove_stream(call, event, delete)),
            )


def _streams_of_all(operations: Streams, stream: Stream | None) -> Offered:
    write = None if stream is None else stream.write
    if write is not None and (delete_all := write.delete_all) is not None:
        event = write.event
        yield (
            "DELETE",
            Method(write.access, lambda call: operations.remove_streams(call, event, delete_all)),
        )


def _entities(operations: Streams, target: Target) -> Offered:
    entity_set, navigation = target.entity_set, target.navigation
    access = entity_set.read.door if navigation is None else navigation.read_access
    if target.is_count:
        yield "GET", Method(access, operations.count)
        return
    yield "GET", Method(access, operations.list if target.is_collection else operations.read)
    if navigation is not None and not navigation.is_contained:
        refer = navigation.refer
        if refer is not None and target.leads_to_one:
            yield (
                "DELETE",
                Method(refer.access, lambda call: operations.remove_reference(call, refer)),
            )
        if navigation.is_changed_here:
            yield from _updates(operations, entity_set)
    elif target.is_collection:
        if (create := entity_set.create) is not None:
            yield "POST", _creation(operations, entity_set, create)
    else:
        yield from _changes(operations, entity_set)


def _creation(operations: Streams, entity_set: EntitySet, create: Create) -> Method:
    stream = _stream_of(entity_set)
    if stream is None or not create.media_types:
        return Method(create.access, lambda call: operations.create(call, create), Body.OBJECT)
    return Method(
        create.access,
        lambda call: operations.create_from_octets(call, create, stream),
        Body.OCTETS,
        create.media_types,
    )


def _changes(operations: Streams, entity_set: EntitySet) -> Offered:
    if (put := entity_set.put) is not None:
        yield "PUT", Method(put.access, lambda call: operations.put(call, put), Body.OBJECT)
    yield from _updates(operations, entity_set)
    if (delete := entity_set.delete) is not None:
        yield "DELETE", Method(delete.access, lambda call: operations.delete(call, delete))


def _updates(operations: Streams, entity_set: EntitySet) -> Offered:
    if (update := entity_set.update) is not None:
        yield (
            "PATCH",
            Method(update.door, lambda call: operations.update(call, update), Body.OBJECT),
        )
