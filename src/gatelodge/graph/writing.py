"""What every operation needs: the entity that is meant, and one transaction that is tried again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from gatelodge.clock import Clock
from gatelodge.crypto.passwords import Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.errors import AlreadyExists, Forbidden, InUse, Invalid, NotFound, Stale
from gatelodge.graph.access import denied, require
from gatelodge.graph.audited import changes_of, kind_of_actor
from gatelodge.graph.call import Call
from gatelodge.graph.change import Change, Situation
from gatelodge.graph.edm import EntitySet, Navigation, Source
from gatelodge.graph.envelope import key_of_entity
from gatelodge.graph.errors import Code, GraphError, invalid
from gatelodge.graph.listed import Reached
from gatelodge.graph.paging import Paging
from gatelodge.graph.path import Hop, Target
from gatelodge.graph.refusals import bad_request_code, conflict, not_found
from gatelodge.model.audit import AuditEvent, EventName, PropertyChange
from gatelodge.model.identifier import key_of
from gatelodge.model.query import matches
from gatelodge.outbound import Outbound
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Finds entities and writes changes. Reads are never cached."""

    database: Database
    passwords: Passwords
    sealer: Sealer
    outbound: Outbound
    paging: Paging
    clock: Clock
    randomness: Randomness
    is_development: bool = False

    def stores(self, call: Call) -> Stores:
        """Return the stores of the caller's directory, for reading."""
        return self.database.read(call.caller.directory.id)

    def situation(self, call: Call, owner: object = None) -> Situation:
        """Return what a change may use."""
        return Situation(
            directory=call.caller.directory,
            actor=call.caller.id,
            permissions=call.caller.permissions,
            roles=call.caller.roles,
            only_owned=call.only_owned,
            is_privileged=call.caller.is_privileged,
            stores=self.stores(call),
            now=self.clock(),
            randomness=self.randomness,
            passwords=self.passwords,
            sealer=self.sealer,
            outbound=self.outbound,
            origin=call.root.rpartition("/")[0],
            is_development=self.is_development,
            owner=owner,
        )

    async def owners(self, call: Call) -> tuple[Any, ...]:
        """Return the entities above the target, outermost first."""
        found: list[Any] = []
        for hop in call.target.owners:
            entity = await self._at(call, hop, found[-1] if found else None)
            if entity is None:
                raise not_found(call, hop.key)
            found.append(entity)
        for index, navigation in enumerate(_ways(call.target)):
            if (reason := navigation.reason(found[index])) is not None:
                raise GraphError(400, bad_request_code(call.target.entity_set), reason)
        return tuple(found)

    async def owner(self, call: Call) -> Any:  # noqa: ANN401 - as many types as sets
        """Return what the target lies in, None for what lies at a root."""
        owners = await self.owners(call)
        return owners[-1] if owners else None

    async def find(self, call: Call) -> Any:  # noqa: ANN401 - as many types as sets
        """Return the target's entity; raise `GraphError` 404 when there is none."""
        return await self.find_in(call, await self.owners(call))

    async def find_in(self, call: Call, owners: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Return the target's entity below these owners."""
        entity = await self.look_in(call, owners)
        if entity is None:
            raise not_found(call)
        return entity

    async def look_in(self, call: Call, owners: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Return the target's entity below these owners, or None."""
        return await self._at(call, call.target.hop, owners[-1] if owners else None)

    async def source(self, call: Call) -> Source:
        """Return where the target's list is read."""
        return source_of(call.target, await self.owner(call))

    async def _at(self, call: Call, hop: Hop, owner: object) -> Any:  # noqa: ANN401
        entity = await self._reached(call, hop, owner)
        if entity is None or not _is_cast(hop, entity):
            return None
        is_owner = call.caller.owns(entity)
        if (seen_by := hop.entity_set.seen_by) is not None:
            require(call.caller, seen_by(entity), is_owner=is_owner)
        if call.only_owned and hop.navigation is None and not is_owner:
            raise denied()
        return entity

    async def _reached(self, call: Call, hop: Hop, owner: object) -> Any:  # noqa: ANN401
        stores = self.stores(call)
        if hop.navigation is not None:
            reached = Reached(hop.navigation, owner)
            if hop.key is None:
                return await reached.first(stores)
            _refuse_other_key(hop)
            return await reached.find(stores, hop.key)
        key = call.caller.id if hop.entity_set.is_single else hop.key or ""
        try:
            entity = await _finder(hop)(stores, key)
        except Invalid as error:
            raise not_found(call, hop.key) from error
        is_behind = hop.only is None or entity is None or matches(hop.only, entity)
        return entity if is_behind else None

    async def carried_out(
        self,
        call: Call,
        event: EventName,
        prepare: Callable[[tuple[Any, ...]], Awaitable[tuple[Change, Any]]],
        *,
        may_be_idle: bool = False,
    ) -> Change:
        """Prepare a change and write it; begin again when somebody else was faster.

        `prepare` is given the owners as they are by now, and returns the change and the entity it
        is about as it was before, None when it is new. Where it `may_be_idle`, what changes
        nothing is not written, and nothing is told of it.
        """
        entity_set = call.target.entity_set
        for _ in range(_ATTEMPTS):
            owners = await self.owners(call)
            change, before = await _prepared(entity_set, prepare(owners))
            entity = change.answer if before is None else before
            try:
                target = _audited(call.target, owners, entity)
                changes = _changes(call, owners, before, change)
                if may_be_idle and not changes and not change.writes_more:
                    return replace(change, answer=before, is_idle=True)
                await self._write(call, change, event, target, changes)
            except Stale:
                continue
            except NotFound as error:
                raise not_found(call) from error
            return change
        raise GraphError(409, Code.CONFLICT, "Others keep changing the object; try again.")

    async def prepared(
        self, call: Call, prepare: Callable[[tuple[Any, ...]], Awaitable[tuple[Change, Any]]]
    ) -> Change:
        """Prepare a change that is only an answer; nothing is written."""
        owners = await self.owners(call)
        return (await _prepared(call.target.entity_set, prepare(owners)))[0]

    async def _write(
        self,
        call: Call,
        change: Change,
        event: EventName,
        target: str,
        changes: tuple[PropertyChange, ...],
    ) -> None:
        directory_id = call.caller.directory.id
        record = AuditEvent(
            directory_id=directory_id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=event,
            actor=call.caller.id,
            actor_kind=kind_of_actor(call.caller),
            target=target,
            correlation_id=call.correlation_id,
            changes=changes,
        )

        async def work(stores: Stores) -> None:
            await change.write(stores)
            # A refusal is told by whoever answers it.
            if not change.refusal:
                await stores.audit_events.add(record)

        try:
            await self.database.write(directory_id, work)
        except AlreadyExists as error:
            raise conflict(call.target.entity_set) from error
        except InUse as error:
            raise GraphError(409, Code.CONFLICT, str(error)) from error
        except Invalid as error:
            raise invalid(bad_request_code(call.target.entity_set), error.problems) from error
        if change.refusal:
            raise invalid(bad_request_code(call.target.entity_set), change.refusal)


def _is_cast(hop: Hop, entity: object) -> bool:
    kind = hop.entity_set.concrete(entity)
    return hop.cast is None or any(each.name.lower() == hop.cast for each in kind.lineage())


def _changes(
    call: Call, owners: tuple[Any, ...], before: object, change: Change
) -> tuple[PropertyChange, ...]:
    """Return what changes: of what lies at the root, if that is where the change is kept."""
    target = call.target
    if owners and type(change.after) is type(owners[0]):
        root = Target(entity_set=target.owners[0].entity_set, door=target.door)
        return changes_of(root, {}, owners[0], change)
    if any(before is each for each in owners):
        return ()
    return changes_of(target, call.body, before, change)


def _ways(target: Target) -> list[Navigation]:
    ways = (*(hop.navigation for hop in target.owners[1:]), target.navigation)
    return [each for each in ways if each is not None]


def source_of(target: Target, owner: object) -> Source:
    """Return where a list is read: in its set, or through what owns it."""
    if target.navigation is not None:
        return Reached(target.navigation, owner)
    if target.entity_set.source is None:
        raise LookupError(target.entity_set.title)
    return target.entity_set.source


def _finder(hop: Hop) -> Callable[[Stores, str], Awaitable[Any]]:
    entity_set = hop.entity_set
    if entity_set.source is None:
        raise LookupError(entity_set.title)
    if hop.key_name is None or key_of(hop.key_name) == key_of(entity_set.entity.key):
        return entity_set.source.find
    keys = {key_of(name): each for name, each in entity_set.alternate_keys.items()}
    if (alternate := keys.get(key_of(hop.key_name))) is None:
        raise _no_key(hop.key_name)
    return alternate


def _refuse_other_key(hop: Hop) -> None:
    if hop.key_name is not None and key_of(hop.key_name) != key_of(hop.entity_set.entity.key):
        raise _no_key(hop.key_name)


def _no_key(name: str) -> GraphError:
    return GraphError(400, Code.BAD_REQUEST, f"'{name[:100]}' is no key of this set.")


def _audited(target: Target, owners: tuple[Any, ...], entity: object) -> str:
    """Return the id an event is about: of what lies at the root, which contains the rest."""
    is_elsewhere = target.navigation is not None and not target.navigation.is_contained
    if owners and not (is_elsewhere and all(entity is not each for each in owners)):
        return key_of_entity(target.owners[0].entity_set, owners[0])
    return key_of_entity(target.entity_set, entity)


async def _prepared(
    entity_set: EntitySet, preparing: Awaitable[tuple[Change, Any]]
) -> tuple[Change, Any]:
    try:
        return await preparing
    except Invalid as error:
        raise invalid(bad_request_code(entity_set), error.problems) from error
    except Forbidden as error:
        raise denied() from error
    except AlreadyExists as error:
        raise conflict(entity_set) from error
    except InUse as error:
        raise GraphError(409, Code.CONFLICT, str(error)) from error
