"""What the audit log is told of a write: who, what, before and after, and that it was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

from gatelodge.clock import Clock
from gatelodge.errors import Unavailable
from gatelodge.graph.access import Caller
from gatelodge.graph.call import Call
from gatelodge.graph.change import Change
from gatelodge.graph.edm import EntityType, Property, Returned
from gatelodge.graph.errors import GraphError
from gatelodge.graph.path import Target
from gatelodge.model.audit import ActorKind, AuditEvent, EventName, PropertyChange
from gatelodge.model.audit_changes import changes_between, withheld
from gatelodge.model.identifier import key_of
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_LONGEST_TARGET = 256
_UNRECORDED = frozenset({429, 503})
"""Too busy to answer, and so too busy to write it down."""


def kind_of_actor(caller: Caller) -> ActorKind:
    """Return whether a user or an application acts."""
    return ActorKind.APPLICATION if caller.roles is None else ActorKind.USER


def changes_of(
    target: Target, given: Mapping[str, Any], before: object, change: Change
) -> tuple[PropertyChange, ...]:
    """Return what a change does to the entity it is about; `before` is None for a new one.

    `given` is the body it came from: what lies in no attribute of the entity, as passwords do, is
    told without its value.
    """
    after = change.answer if change.after is None else change.after
    if before is not None and not isinstance(after, type(before)):
        after = before if target.action is not None else None
    entity = before if before is not None else after
    if not is_dataclass(entity):
        return ()
    python: type = type(entity)
    rules = _rules(target.entity_set.concrete(entity), python)
    told = changes_between(before, after, rules.never_told, rules.names)
    given_names = {key_of(name) for name in given}
    kept_elsewhere = (
        attribute
        for attribute, spellings in rules.kept_elsewhere
        if not given_names.isdisjoint(spellings)
    )
    return (*told, *withheld(sorted(kept_elsewhere)))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is said of the attributes of a type; with spellings, those its class does not have."""

    never_told: frozenset[str]
    names: Mapping[str, str]
    kept_elsewhere: tuple[tuple[str, frozenset[str]], ...]


@lru_cache(maxsize=256)
def _rules(kind: EntityType, python: type) -> _Rules:
    properties = tuple(kind.all_properties())
    own = {each.name for each in fields(python)}

    def is_kept_here(each: Property) -> bool:
        place = each.attribute.partition(".")[0]
        return each.inlined is not None or place in own or hasattr(python, place)

    return _Rules(
        never_told=frozenset(
            each.attribute for each in properties if each.returned is Returned.NEVER
        ),
        names={each.attribute: each.name for each in properties if each.inlined is None},
        kept_elsewhere=tuple(
            (each.attribute, frozenset(key_of(name) for name in (each.name, *each.other_names)))
            for each in properties
            if not is_kept_here(each)
        ),
    )


@dataclass(frozen=True, slots=True)
class Refusals:
    """Records writes of known callers that were refused or failed."""

    database: Database
    clock: Clock
    randomness: Randomness

    async def record(self, call: Call, method: str, error: GraphError) -> None:
        """Write the event; a database that does not answer keeps none."""
        if error.status in _UNRECORDED:
            return
        event = AuditEvent(
            directory_id=call.caller.directory.id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=_event_name(call.target, method),
            actor=call.caller.id,
            actor_kind=kind_of_actor(call.caller),
            target=(call.target.key or "")[:_LONGEST_TARGET],
            is_success=False,
            correlation_id=call.correlation_id,
            detail={"status": str(error.status), "code": str(error.code), "method": method},
        )

        async def work(stores: Stores) -> None:
            await stores.audit_events.add(event)

        try:
            await self.database.write(call.caller.directory.id, work)
        except Unavailable:
            return


def _event_name(target: Target, method: str) -> EventName:
    """Return the event the write would have been, where one operation of the set is meant."""
    if target.action is not None:
        return target.action.event or EventName.WRITE_REFUSED
    if not (target.owners or target.is_reference or target.is_value):
        entity_set = target.entity_set
        operation = {
            "POST": entity_set.create,
            "PATCH": entity_set.update,
            "DELETE": entity_set.delete,
        }.get(method)
        if operation is not None:
            return operation.event
    return EventName.WRITE_REFUSED
