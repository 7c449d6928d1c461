"""List, count, read, create, update, delete, act: the same for every set of the model."""

from dataclasses import dataclass
from typing import Any

from gatelodge.clock import Clock
from gatelodge.crypto.passwords import Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.errors import AlreadyExists, Forbidden, Invalid, NotFound, Stale
from gatelodge.graph.access import denied
from gatelodge.graph.body import Reading
from gatelodge.graph.call import Answer, Call
from gatelodge.graph.change import TYPE, Change, Situation
from gatelodge.graph.edm import (
    Action,
    ComplexType,
    Create,
    Delete,
    EntitySet,
    Update,
)
from gatelodge.graph.envelope import address, context, entity_body, key_of_entity, member_writer
from gatelodge.graph.errors import Code, GraphError, invalid
from gatelodge.graph.paging import Paging
from gatelodge.graph.query import (
    Options,
    count_options,
    item_options,
    list_options,
    query_string,
)
from gatelodge.graph.refusals import (
    bad_request_code,
    conflict,
    etag,
    judge_version,
    kind_of_new,
    not_found,
    refuse_changes,
    refuse_problems,
)
from gatelodge.graph.representation import represent, structure_writers
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.query import Slice
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Carries out calls that may be made. Reads are never cached."""

    database: Database
    passwords: Passwords
    sealer: Sealer
    paging: Paging
    clock: Clock
    randomness: Randomness
    is_development: bool = False

    async def list(self, call: Call) -> Answer:
        """Answer a page of a collection."""
        entity_set = call.target.entity_set
        options = list_options(call.pairs, entity_set)
        page = await entity_set.source.page(
            self._stores(call),
            Slice(
                where=options.where,
                order=options.order,
                limit=_page_size(call, options),
                skip=options.skip,
                after=self.paging.read(call, options),
            ),
        )
        body: dict[str, Any] = {"@odata.context": context(call, options.select, is_entity=False)}
        if options.is_counted:
            body["@odata.count"] = await entity_set.source.count(self._stores(call), options.where)
        if page.end is not None:
            token = self.paging.write(call, options, page.end)
            query = query_string((*options.kept, ("skiptoken", token)))
            body["@odata.nextLink"] = f"{call.root}{call.target.door.path}?{query}"
        write = member_writer(call, options.select)
        body["value"] = [write(each) for each in page.values]
        return Answer(content=body)

    async def count(self, call: Call) -> Answer:
        """Answer how many entities there are, in plain digits."""
        entity_set = call.target.entity_set
        options = count_options(call.pairs, entity_set.entity)
        number = await entity_set.source.count(self._stores(call), options.where)
        return Answer(text=str(number))

    async def read(self, call: Call) -> Answer:
        """Answer one entity."""
        options = item_options(call.pairs, call.target.entity_set.entity)
        entity = await self._find(call)
        return Answer(content=entity_body(call, entity, options.select), headers=etag(entity))

    async def create(self, call: Call, operation: Create) -> Answer:
        """Make an entity, answer it and where it is."""
        entity_set = call.target.entity_set
        reading = Reading(is_create=True)
        required = call.target.door.required
        kind = kind_of_new(entity_set, call.body)
        given = reading.entity(kind, call.body, required) | _extensions(reading)
        refuse_problems(entity_set, call.body, reading, kind)
        if entity_set.is_abstract:
            given[TYPE] = kind.name
        change = await self._prepared(entity_set, operation.prepare(self._situation(call), given))
        target = key_of_entity(entity_set, change.answer)
        await self._write(call, change, operation.event, target)
        headers = {"Location": address(call, change.answer)}
        if call.preferences.get("return") == "minimal":
            return Answer(status=204, headers={**headers, "Preference-Applied": "return=minimal"})
        return Answer(status=201, content=entity_body(call, change.answer), headers=headers)

    async def update(self, call: Call, operation: Update) -> Answer:
        """Change an entity; try again when somebody else changed it meanwhile."""
        entity_set = call.target.entity_set
        entity = await self._find(call)
        reading, kind = Reading(is_create=False), entity_set.concrete(entity)
        given = reading.entity(kind, call.body) | _extensions(reading)
        refuse_problems(entity_set, call.body, reading, kind)
        for _ in range(_ATTEMPTS):
            judge_version(call, entity)
            refuse_changes(entity_set, entity, reading)
            change = await self._prepared(
                entity_set, operation.prepare(self._situation(call), entity, given)
            )
            try:
                target = key_of_entity(entity_set, entity)
                await self._write(call, change, operation.event, target)
            except Stale:
                entity = await self._find(call)
            else:
                return _updated(call, operation, change.answer)
        raise GraphError(409, Code.CONFLICT, "Others keep changing the object; try again.")

    async def delete(self, call: Call, operation: Delete) -> Answer:
        """Remove an entity."""
        entity = await self._find(call)
        judge_version(call, entity)
        entity_set = call.target.entity_set
        change = await self._prepared(
            entity_set, operation.prepare(self._situation(call), entity, {})
        )
        try:
            await self._write(call, change, operation.event, key_of_entity(entity_set, entity))
        except NotFound as error:
            raise not_found(call) from error
        return Answer(status=204)

    async def act(self, call: Call, action: Action) -> Answer:
        """Carry out an action upon an entity."""
        entity_set = call.target.entity_set
        reading = Reading(is_create=True)
        given = reading.properties(action.name, action.parameters, call.body, ())
        entity = await self._find(call)
        refuse_problems(entity_set, {}, reading)
        for _ in range(_ATTEMPTS):
            change = await self._prepared(
                entity_set, action.prepare(self._situation(call), entity, given)
            )
            try:
                target = key_of_entity(entity_set, entity)
                await self._write(call, change, action.event, target)
            except Stale:
                entity = await self._find(call)
            else:
                return _acted(call, action, change.answer)
        raise GraphError(409, Code.CONFLICT, "Others keep changing the object; try again.")

    def _stores(self, call: Call) -> Stores:
        return self.database.read(call.caller.directory.id)

    def _situation(self, call: Call) -> Situation:
        return Situation(
            directory=call.caller.directory,
            actor=call.caller.id,
            permissions=call.caller.permissions,
            is_privileged=call.caller.is_privileged,
            stores=self._stores(call),
            now=self.clock(),
            randomness=self.randomness,
            passwords=self.passwords,
            sealer=self.sealer,
            is_development=self.is_development,
        )

    async def _find(self, call: Call) -> Any:  # noqa: ANN401 - as many types as sets
        target = call.target
        find = target.entity_set.source.find
        if target.key_name is not None and key_of(target.key_name) != target.entity_set.entity.key:
            keys = {key_of(name): each for name, each in target.entity_set.alternate_keys.items()}
            if (alternate := keys.get(key_of(target.key_name))) is None:
                raise GraphError(
                    400, Code.BAD_REQUEST, f"'{target.key_name[:100]}' is no key of this set."
                )
            find = alternate
        try:
            key = call.caller.id if target.entity_set.is_single else target.key or ""
            entity = await find(self._stores(call), key)
        except Invalid as error:
            raise not_found(call) from error
        if entity is None:
            raise not_found(call)
        return entity

    async def _prepared(self, entity_set: EntitySet, preparing: Any) -> Change:  # noqa: ANN401
        try:
            change: Change = await preparing
        except Invalid as error:
            raise invalid(bad_request_code(entity_set), error.problems) from error
        except Forbidden as error:
            raise denied() from error
        except AlreadyExists as error:
            raise conflict(entity_set) from error
        return change

    async def _write(self, call: Call, change: Change, event: EventName, target: str) -> None:
        directory_id = call.caller.directory.id
        record = AuditEvent(
            directory_id=directory_id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=event,
            actor=call.caller.id,
            target=target,
            correlation_id=call.correlation_id,
        )

        async def work(stores: Stores) -> None:
            await change.write(stores)
            await stores.audit_events.add(record)

        try:
            await self.database.write(directory_id, work)
        except AlreadyExists as error:
            raise conflict(call.target.entity_set) from error
        except Invalid as error:
            code = bad_request_code(call.target.entity_set)
            raise invalid(code, error.problems) from error


def _extensions(reading: Reading) -> dict[str, Any]:
    return {"extensions": reading.extensions} if reading.extensions else {}


def _page_size(call: Call, options: Options) -> int:
    entity_set = call.target.entity_set
    preferred = call.preferences.get("odata.maxpagesize", call.preferences.get("maxpagesize", ""))
    size = entity_set.page_size
    if preferred.isascii() and preferred.isdecimal() and 0 < len(preferred) < 9:
        size = max(1, int(preferred))
    if options.top is not None:
        size = options.top
    return min(size, entity_set.largest_page)


def _updated(call: Call, operation: Update, entity: object) -> Answer:
    wanted = call.preferences.get("return")
    applied = {"Preference-Applied": f"return={wanted}"}
    applied = applied if wanted in {"minimal", "representation"} else {}
    if wanted == "minimal" or (operation.is_silent and wanted != "representation"):
        return Answer(status=204, headers=applied)
    return Answer(content=entity_body(call, entity), headers=applied)


def _acted(call: Call, action: Action, result: object) -> Answer:
    if action.result is None:
        return Answer(status=204)
    if isinstance(action.result, ComplexType):
        around = {"@odata.context": f"{call.root}/$metadata#microsoft.graph.{action.result.name}"}
        return Answer(content=around | represent(result, structure_writers(action.result)))
    around = {"@odata.context": f"{call.root}/$metadata#{action.result}"}
    return Answer(content={**around, "value": result})
