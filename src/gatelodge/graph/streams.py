"""The octets of an entity, which come back exactly as they were sent."""

from dataclasses import replace
from typing import Any

from gatelodge.graph.call import Answer, Call
from gatelodge.graph.change import OCTETS, Change, Given, PrepareExisting
from gatelodge.graph.edm import Create, Stream, WriteStream
from gatelodge.graph.envelope import address
from gatelodge.graph.query import no_options
from gatelodge.graph.references import References
from gatelodge.graph.refusals import judge_absence, judge_version, not_found
from gatelodge.model.audit import EventName


class Streams(References):
    """Carries out calls about octets."""

    __slots__ = ()

    async def read_stream(self, call: Call, stream: Stream) -> Answer:
        """Answer the octets; 404 where there are none."""
        no_options(call.pairs)
        return await self._octets(call, stream, await self.find(call))

    async def create_from_octets(self, call: Call, create: Create, stream: Stream) -> Answer:
        """Make an entity of its octets; answer them and where it is."""
        return await self._made_of(call, create, stream, {OCTETS: call.octets})

    async def _made_of(self, call: Call, create: Create, stream: Stream, given: Given) -> Answer:
        async def prepare(_: tuple[Any, ...]) -> tuple[Change, Any]:
            return await create.prepare(self.situation(call), given), None

        change = await self.carried_out(call, create.event, prepare)
        answer = await self._octets(call, stream, change.answer)
        return replace(answer, status=201, headers={"Location": address(call, change.answer)})

    async def _octets(self, call: Call, stream: Stream, entity: Any) -> Answer:  # noqa: ANN401
        octets = await stream.read(self.stores(call), entity)
        if octets is None:
            raise not_found(call)
        return Answer(octets=octets, media_type=stream.answered(octets))

    async def write_stream(self, call: Call, stream: Stream, write: WriteStream) -> Answer:
        """Replace the octets, or make the entity where a key may be new."""
        if write.make and await self.look_in(call, await self.owners(call)) is None:
            judge_absence(call)
            given = {OCTETS: call.octets, call.target.entity_set.entity.key: call.target.key}
            return await self._made_of(call, write.make, stream, given)

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self.find_in(call, owners)
            judge_version(call, entity)
            return await write.put(self.situation(call), entity, call.octets), entity

        change = await self.carried_out(call, write.event, prepare)
        if write.make:
            return await self._octets(call, stream, change.answer)
        return Answer(status=204)

    async def remove_stream(self, call: Call, event: EventName, delete: PrepareExisting) -> Answer:
        """Remove the octets."""

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self.find_in(call, owners)
            judge_version(call, entity)
            return await delete(self.situation(call), entity, {}), entity

        await self.carried_out(call, event, prepare)
        return Answer(status=204)

    async def remove_streams(
        self, call: Call, event: EventName, delete_all: PrepareExisting
    ) -> Answer:
        """Remove the octets of everything in a collection."""

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            return await delete_all(self.situation(call), owners[-1], {}), owners[-1]

        await self.carried_out(call, event, prepare)
        return Answer(status=204)
