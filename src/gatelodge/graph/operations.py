"""List, count, read, create, put, update, delete, act, ask: the same for every set of the model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.access import require
from gatelodge.graph.body import Reading
from gatelodge.graph.call import Answer, Call
from gatelodge.graph.change import TYPE, Change
from gatelodge.graph.edm import (
    Action,
    ComplexType,
    Create,
    Delete,
    Function,
    Lookup,
    Put,
    Type,
    Update,
)
from gatelodge.graph.envelope import (
    address,
    context,
    entity_body,
    list_writer,
    member_writer,
)
from gatelodge.graph.errors import invalid
from gatelodge.graph.expansion import expanded, visible
from gatelodge.graph.parts import limited, refuse_other_parts
from gatelodge.graph.query import (
    Options,
    count_options,
    item_options,
    list_options,
    lookup_options,
    no_options,
    query_string,
    restricted,
    structure_options,
    values_options,
)
from gatelodge.graph.refusals import (
    bad_request_code,
    chosen_key,
    etag,
    judge_version,
    kind_of_new,
    not_found,
    refuse_changes,
    refuse_other_ways,
    refuse_problems,
    saved,
)
from gatelodge.graph.representation import represent, structure_writer, structure_writers
from gatelodge.graph.types import type_name
from gatelodge.graph.writing import Writing
from gatelodge.model.identifier import key_of
from gatelodge.model.query import Slice

CREATED_FOR_WANT = {"Preference-Applied": "create-if-missing"}


class Operations(Writing):
    """Carries out calls that may be made."""

    __slots__ = ()

    async def list(self, call: Call) -> Answer:
        """Answer a page of a collection."""
        entity_set = call.target.entity_set
        options = limited(call, list_options(call.pairs, entity_set))
        source, stores = await self.source(call), self.stores(call)
        where = restricted(call.target.door, options.where)
        page = await source.page(
            stores,
            Slice(
                where=where,
                order=options.order,
                limit=page_size(call, options),
                skip=options.skip,
                after=self.paging.read(call, options),
            ),
        )
        body: dict[str, Any] = {"@odata.context": context(call, options, is_entity=False)}
        if options.is_counted:
            body["@odata.count"] = await source.count(stores, where)
        if page.end is not None:
            token = self.paging.write(call, options, page.end)
            query = next_query(options, token)
            body["@odata.nextLink"] = f"{call.root}{call.target.door.path}?{query}"
        write = list_writer(call, options, are_kept=page.are_kept)
        values = visible(call, page.values)
        body["value"] = [write(each) for each in values]
        await expanded(call, stores, options, values, body["value"])
        applied = {"Preference-Applied": f"odata.maxpagesize={page_size(call, options)}"}
        is_applied = options.top is None and _preferred_size(call) is not None
        return Answer(content=body, headers=applied if is_applied else {})

    async def count(self, call: Call) -> Answer:
        """Answer how many entities there are, in plain digits."""
        options = limited(call, count_options(call.pairs, call.target.entity_set.entity))
        source = await self.source(call)
        where = restricted(call.target.door, options.where)
        return Answer(text=str(await source.count(self.stores(call), where)))

    async def read(self, call: Call) -> Answer:
        """Answer one entity; nothing where a navigation leads nowhere."""
        options = limited(call, item_options(call.pairs, call.target.entity_set))
        owners = await self.owners(call)
        entity = await self.look_in(call, owners)
        way = call.target.navigation
        if entity is None and call.target.leads_to_one and not (way and way.is_missed):
            return Answer(status=204)
        entity = await self.find_in(call, owners) if entity is None else entity
        body = entity_body(call, entity, options)
        await expanded(call, self.stores(call), options, [entity], [body])
        return Answer(content=body, headers=etag(entity))

    async def create(self, call: Call, operation: Create) -> Answer:
        """Make an entity, answer it and where it is."""
        return await self._made(call, operation, {})

    async def _made(self, call: Call, operation: Create, keys: dict[str, Any]) -> Answer:
        entity_set, door = call.target.entity_set, call.target.door
        kind = kind_of_new(entity_set, call.body, door)
        reading = Reading(is_create=True)
        given = reading.entity(kind, call.body, door.required) | _extensions(reading) | keys
        refuse_problems(entity_set, call.body, reading, kind)
        if entity_set.is_abstract or door.entity is not None:
            given[TYPE] = kind.name

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            situation = self.situation(call, owners[-1] if owners else None)
            return await operation.prepare(situation, given), None

        change = await self.carried_out(call, operation.event, prepare)
        return _created(call, change.answer)

    async def put(self, call: Call, operation: Put) -> Answer:
        """Make the entity of a key, or replace it."""
        entity_set, kind = call.target.entity_set, call.target.entity_set.entity
        reading = Reading(is_create=True, key=kind.key)
        given = reading.entity(kind, call.body)
        refuse_problems(entity_set, call.body, reading, kind)
        key = call.target.key or ""
        if key_of(str(given.setdefault(kind.key, key))) != key_of(key):
            problem = Problem(kind.key, f"The value of '{kind.key}' is not that of the address.")
            raise invalid(bad_request_code(entity_set), (problem,))
        is_new = True

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            nonlocal is_new
            existing = await self.look_in(call, owners)
            is_new = existing is None
            situation = self.situation(call, owners[-1] if owners else None)
            return await operation.prepare(situation, existing, given), existing

        change = await self.carried_out(call, operation.event, prepare)
        return _created(call, change.answer) if is_new else Answer(status=204)

    async def update(self, call: Call, operation: Update) -> Answer:
        """Change an entity; try again when somebody else changed it meanwhile."""
        entity_set = call.target.entity_set
        refuse_other_parts(call, operation)
        first = await self.look_in(call, await self.owners(call))
        if first is None and (key := chosen_key(call)) and (create := entity_set.create):
            require(call.caller, create.access, is_owner=True)
            made = await self._made(call, create, key)
            return replace(made, headers={**made.headers, **CREATED_FOR_WANT})
        if first is None:
            raise not_found(call)
        reading, kind = Reading(is_create=False), entity_set.concrete(first)
        given = reading.entity(kind, call.body) | _extensions(reading)
        refuse_problems(entity_set, call.body, reading, kind)

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self.find_in(call, owners)
            judge_version(call, entity)
            refuse_changes(entity_set, entity, reading)
            await refuse_other_ways(entity_set, self.stores(call), entity, reading)
            situation = self.situation(call, owners[-1] if owners else None)
            return await operation.prepare(situation, entity, given), entity

        change = await self.carried_out(call, operation.event, prepare, may_be_idle=True)
        return _updated(call, operation, change)

    async def delete(self, call: Call, operation: Delete) -> Answer:
        """Remove an entity."""

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self.find_in(call, owners)
            judge_version(call, entity)
            situation = self.situation(call, owners[-1] if owners else None)
            return await operation.prepare(situation, entity, {}), entity

        await self.carried_out(call, operation.event, prepare)
        return Answer(status=204)

    async def act(self, call: Call, action: Action) -> Answer:
        """Carry out an action upon an entity, or upon the collection of its owner."""
        reading = Reading(is_create=True)
        given = reading.properties(action.name, action.parameters, call.body, ())
        await self._subject(call, await self.owners(call), action)
        refuse_problems(call.target.entity_set, {}, reading)

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self._subject(call, owners, action)
            return await action.prepare(self.situation(call), entity, given), entity

        if action.event is None:
            change = await self.prepared(call, prepare)
        else:
            change = await self.carried_out(call, action.event, prepare)
        if action.is_entity_returned:
            return Answer(content=entity_body(call, change.answer))
        if action.result is None:
            return Answer(status=204)
        return Answer(content=_result(call, action.result, change.answer))

    async def look_up(self, call: Call, lookup: Lookup) -> Answer:
        """Answer the entities a body asks for; nothing is written."""
        entity_set = call.target.entity_set
        options = lookup_options(call.pairs, entity_set.entity)
        reading = Reading(is_create=True)
        given = reading.properties(lookup.name, lookup.parameters, call.body, ())
        refuse_problems(entity_set, {}, reading)
        try:
            found = await lookup.find(self.stores(call), given)
        except Invalid as error:
            raise invalid(bad_request_code(entity_set), error.problems) from error
        write = member_writer(call, options.select)
        seen = visible(call, found)
        body = {"@odata.context": context(call, options, is_entity=False)}
        return Answer(content={**body, "value": [write(each) for each in seen]})

    async def ask(self, call: Call, function: Function) -> Answer:
        """Answer a function of an entity, or of the collection of its owner."""
        kind = function.result
        options = values_options(call.pairs) if function.is_collection else None
        if options is None:
            no_options(call.pairs)
        entity = await self._subject(call, await self.owners(call), function)
        found = await function.read(self.stores(call), entity)
        if options is None:
            return Answer(content=_result(call, kind, found))
        values = found
        if isinstance(kind, ComplexType):
            values = [represent(each, structure_writers(kind, call.style)) for each in found]
        around = {"@odata.context": f"{call.root}/$metadata#Collection({type_name(kind)})"}
        return Answer(content={**around, **_part(values, options)})

    async def structure(self, call: Call) -> Answer:
        """Answer a structured value that has a path of its own."""
        target = call.target
        if target.structure is None or not isinstance(target.structure.type, ComplexType):
            raise LookupError(target.path)
        kind = target.structure.type
        options = structure_options(call.pairs, kind)
        entity = await self.find(call)
        of_type = call.target.entity_set.concrete(entity).all_properties()
        own = next((each for each in of_type if each.name == target.structure.name), None)
        # Types of one set may have different values under one name.
        if own is None and not target.within:
            raise not_found(call)
        structure = target.structure if own is None or target.within else own
        found = structure_writer(structure, call.style)(entity)
        if found is None:
            return Answer(status=204)
        if options.select is not None:
            names = {"@odata.type", *options.select}
            found = {name: each for name, each in found.items() if name in names}
        body = {"@odata.context": context(call, options, is_entity=False), **found}
        await expanded(call, self.stores(call), options, [entity], [body])
        return Answer(content=body)

    async def _subject(self, call: Call, owners: tuple[Any, ...], bound: Action | Function) -> Any:  # noqa: ANN401 - as many types as sets
        if bound.is_of_collection:
            return owners[-1] if owners else None
        return await self.find_in(call, owners)


def _part(values: Sequence[Any], options: Options) -> dict[str, Any]:
    """Return the part of a list of values that is asked for, and how many there are in all."""
    if (sought := options.sought) is not None:
        values = [each for each in values if sought(str(each))]
    end = None if options.top is None else options.skip + options.top
    counted = {"@odata.count": len(values)} if options.is_counted else {}
    return {**counted, "value": list(values[options.skip : end])}


def next_query(options: Options, token: str) -> str:
    """Return the query of the link to the next page."""
    return query_string((*options.kept, ("skiptoken", token)))


def _extensions(reading: Reading) -> dict[str, Any]:
    return {"extensions": reading.extensions} if reading.extensions else {}


def _preferred_size(call: Call) -> int | None:
    preferred = call.preferences.get("odata.maxpagesize", call.preferences.get("maxpagesize", ""))
    is_number = preferred.isascii() and preferred.isdecimal() and 0 < len(preferred) < 9
    return max(1, int(preferred)) if is_number else None


def page_size(call: Call, options: Options) -> int:
    """Return how many entities a page has at most."""
    entity_set = call.target.entity_set
    size = _preferred_size(call) or entity_set.page_size
    if options.top is not None:
        size = options.top
    return min(size, entity_set.largest_page)


def _created(call: Call, entity: object) -> Answer:
    headers = {"Location": address(call, entity)}
    if call.preferences.get("return") == "minimal":
        return Answer(status=204, headers={**headers, "Preference-Applied": "return=minimal"})
    return Answer(status=201, content=entity_body(call, entity), headers=headers)


def _updated(call: Call, operation: Update, change: Change) -> Answer:
    wanted = call.preferences.get("return")
    applied = {"Preference-Applied": f"return={wanted}"}
    applied = applied if wanted in {"minimal", "representation"} else {}
    if wanted == "minimal" or (operation.is_silent and wanted != "representation"):
        return Answer(status=204, headers=applied)
    entity = change.answer if change.is_idle else saved(change.answer)
    return Answer(content=entity_body(call, entity), headers=applied)


def _result(call: Call, kind: Type, result: object) -> dict[str, Any]:
    if isinstance(kind, ComplexType):
        around = {"@odata.context": f"{call.root}/$metadata#microsoft.graph.{kind.name}"}
        return around | represent(result, structure_writers(kind, call.style))
    return {"@odata.context": f"{call.root}/$metadata#{type_name(kind)}", "value": result}
