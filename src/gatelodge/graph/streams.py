"""The octets of an entity, which come back exactly as they were sent."""

from typing import Any

from gatelodge.graph.call import Answer, Call
from gatelodge.graph.change import Change, PrepareExisting
from gatelodge.graph.edm import Stream, WriteStream
from gatelodge.graph.query import no_options
from gatelodge.graph.references import References
from gatelodge.graph.refusals import not_found
from gatelodge.model.audit import EventName


class Streams(References):
    """Carries out calls about octets."""

    __slots__ = ()

    async def read_stream(self, call: Call, stream: Stream) -> Answer:
        """Answer the octets; 404 where there are none."""
        no_options(call.pairs)
        octets = await stream.read(self.stores(call), await self.find(call))
        if octets is None:
            raise not_found(call)
        return Answer(octets=octets, media_type=stream.answered(octets))

    async def write_stream(self, call: Call, write: WriteStream) -> Answer:
        """Replace the octets."""

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self.find_in(call, owners)
            return await write.put(self.situation(call), entity, call.octets), entity

        await self.carried_out(call, write.event, prepare)
        return Answer(status=204)

    async def remove_stream(self, call: Call, write: WriteStream) -> Answer:
        """Remove the octets."""

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            entity = await self.find_in(call, owners)
            return await write.delete(self.situation(call), entity, {}), entity

        await self.carried_out(call, write.event, prepare)
        return Answer(status=204)

    async def remove_streams(
        self, call: Call, event: EventName, delete_all: PrepareExisting
    ) -> Answer:
        """Remove the octets of everything in a collection."""

        async def prepare(owners: tuple[Any, ...]) -> tuple[Change, Any]:
            return await delete_all(self.situation(call), owners[-1], {}), owners[-1]

        await self.carried_out(call, event, prepare)
        return Answer(status=204)
