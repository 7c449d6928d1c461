"""`$expand`: what navigations lead to, put into answers by one query for each navigation."""

from collections.abc import Sequence
from typing import Any

from gatelodge.graph.access import require
from gatelodge.graph.call import Call, Metadata
from gatelodge.graph.edm import Navigation
from gatelodge.graph.query import Options
from gatelodge.graph.representation import represent, writers_of
from gatelodge.storage.stores import Stores


def visible(call: Call, entities: Sequence[Any]) -> Sequence[Any]:
    """Return those of a list that its caller may see."""
    caller, seen_by = call.caller, call.target.entity_set.seen_by
    if call.only_owned and call.target.navigation is None:
        entities = [each for each in entities if caller.owns(each)]
    if seen_by is None:
        return entities
    return [each for each in entities if caller.may(seen_by(each), is_owner=caller.owns(each))]


async def expanded(
    call: Call,
    stores: Stores,
    options: Options,
    entities: Sequence[Any],
    bodies: Sequence[dict[str, Any]],
) -> None:
    """Put what is asked for into the bodies of these entities.

    Raises `GraphError` 403 when the caller may not look there.
    """
    for each in options.expand:
        navigation = each.navigation
        require(call.caller, navigation.read_access)
        is_open = [navigation.reason(entity) is None for entity in entities]
        owners = [entity for entity, it_is in zip(entities, is_open, strict=True) if it_is]
        groups = iter(await navigation.related(stores, owners) if owners else ())
        for body, it_is in zip(bodies, is_open, strict=True):
            group = next(groups) if it_is else ()
            values = [_related(call, navigation, found, each.select) for found in group]
            body[navigation.name] = values if navigation.is_collection else next(iter(values), None)


def _related(
    call: Call, navigation: Navigation, entity: object, select: tuple[str, ...] | None
) -> dict[str, Any]:
    kind = navigation.to.concrete(entity)
    body = represent(entity, writers_of(kind, select, call.style))
    is_said = kind is not navigation.to.entity or call.metadata is Metadata.FULL
    if not is_said or call.metadata is Metadata.NONE:
        return body
    return {"@odata.type": f"#microsoft.graph.{kind.name}", **body}
