"""`$ref`: list, add, set and remove references (OData Protocol 4.01 §11.4.6)."""

from collections.abc import Mapping
from typing import Any

from gatelodge.errors import AlreadyExists
from gatelodge.graph.body import referred_key
from gatelodge.graph.call import Answer, Call
from gatelodge.graph.change import Change
from gatelodge.graph.edm import Navigation, Refer
from gatelodge.graph.envelope import key_of_entity
from gatelodge.graph.errors import Code, GraphError, bad_request
from gatelodge.graph.listed import Reached
from gatelodge.graph.operations import Operations, next_query, page_size
from gatelodge.graph.path import address_key, keyed
from gatelodge.graph.query import no_options, reference_options, referred
from gatelodge.graph.refusals import already_there, never_there, not_found
from gatelodge.model.query import Slice


class References(Operations):
    """Carries out calls about references."""

    __slots__ = ()

    async def list_references(self, call: Call) -> Answer:
        """Answer where what the owner refers to is found."""
        owner = await self.owner(call)
        navigation = _navigation(call)
        reached, stores = Reached(navigation, owner), self.stores(call)
        if not navigation.is_collection:
            no_options(call.pairs)
            entity = await reached.first(stores)
            if entity is None:
                raise not_found(call, navigation.name)
            context = f"{call.root}/$metadata#$ref"
            address = _address(call, navigation, entity)
            return Answer(content={"@odata.context": context, "@odata.id": address})
        options = reference_options(call.pairs, call.target.entity_set)
        size = page_size(call, options)
        page = await reached.page(
            stores,
            Slice(
                where=options.where,
                order=options.order,
                limit=size,
                skip=options.skip,
                after=self.paging.read(call, options),
            ),
        )
        body: dict[str, Any] = {"@odata.context": f"{call.root}/$metadata#Collection($ref)"}
        if options.is_counted:
            body["@odata.count"] = await reached.count(stores, options.where)
        if page.end is not None:
            query = next_query(options, self.paging.write(call, options, page.end))
            body["@odata.nextLink"] = f"{call.root}{call.target.door.path}/$ref?{query}"
        body["value"] = [{"@odata.id": _address(call, navigation, each)} for each in page.values]
        return Answer(content=body)

    async def add_reference(self, call: Call, refer: Refer) -> Answer:
        """Let the owner refer to what the body names; a navigation to one may be cleared."""
        navigation = _navigation(call)
        key = _named(call.body, may_clear=not navigation.is_collection)

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            owner, situation = owners[-1], self.situation(call)
            if key is None:
                there = await Reached(navigation, owner).first(self.stores(call))
                return await refer.remove(situation, owner, there), owner
            other = await self._other(call, navigation, key)
            try:
                return await refer.add(situation, owner, other), owner
            except AlreadyExists as error:
                raise already_there(call, navigation) from error

        await self.carried_out(call, refer.event, prepare)
        return Answer(status=204)

    async def remove_reference(self, call: Call, refer: Refer) -> Answer:
        """Let the owner no longer refer to what the address names."""
        navigation = _navigation(call)
        address = referred(call.pairs)
        key = call.target.key if address is None else address_key(address)
        if navigation.is_collection and key is None:
            raise bad_request(
                "The reference to remove must be named in the path or in '@id'.", "@id"
            )

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            owner, stores = owners[-1], self.stores(call)
            reached = Reached(navigation, owner)
            is_one = not navigation.is_collection
            there = await (reached.first(stores) if is_one else reached.find(stores, key or ""))
            if there is None and not is_one:
                raise never_there(call, navigation)
            return await refer.remove(self.situation(call), owner, there), owner

        await self.carried_out(call, refer.event, prepare)
        return Answer(status=204)

    async def _other(self, call: Call, navigation: Navigation, key: str) -> Any:  # noqa: ANN401
        source = navigation.to.source
        found = None if source is None else await source.find(self.stores(call), key)
        if found is None:
            raise not_found(call, key)
        return found


def _navigation(call: Call) -> Navigation:
    if (navigation := call.target.navigation) is None:
        raise LookupError(call.target.path)
    return navigation


def _named(body: Mapping[str, Any], *, may_clear: bool) -> str | None:
    known = {name.lower(): value for name, value in body.items()}
    address = known.get("@odata.id")
    if may_clear and address is None and not set(known) - {"@odata.id", "@odata.context"}:
        return None
    key = referred_key({"@odata.id": address})
    if not isinstance(address, str) or key is None:
        message = "The value of '@odata.id' must be the address of an object."
        raise GraphError(400, Code.BAD_REQUEST, message, "@odata.id")
    return key


def _address(call: Call, navigation: Navigation, entity: object) -> str:
    """Return where an entity is found: in its own set, else through the navigation."""
    doors = navigation.to.doors
    path = doors[0].path if doors else call.target.door.path
    return call.root + keyed(path, key_of_entity(navigation.to, entity))
