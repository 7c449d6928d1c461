"""`/_dev/journeys`: the last interactions, and pictures of the ways they took."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gatelodge.development.drawing import Drawing
from gatelodge.journeys.picture import draw_journey
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Database

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyList:
    """`GET /_dev/journeys`: the last interactions, with a picture of each."""

    database: Database
    directory_id: DirectoryId
    drawing: Drawing

    async def __call__(self, _request: Request) -> Response:
        """Draw the page."""
        traces = await self.database.read(self.directory_id).traces.latest()
        found = [
            {
                "id": each.correlation_id,
                "flow": each.user_flow_id,
                "at": f"{each.created_at:%Y-%m-%d %H:%M:%S}",
                "steps": " → ".join(dict.fromkeys(entry.step for entry in each.entries)),
                "outcome": str(each.entries[-1].outcome),
            }
            for each in traces
            if each.entries
        ]
        return self.drawing.answer("journeys.html", journeys=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyPicture:
    """`GET /_dev/journeys/{correlation_id}.svg`: the way one interaction took; no values."""

    database: Database
    directory_id: DirectoryId

    async def __call__(self, request: Request) -> Response:
        """Answer with the picture."""
        stores = self.database.read(self.directory_id)
        trace = await stores.traces.of(request.path_params["correlation_id"])
        flow = None if trace is None else await stores.user_flows.get(trace.user_flow_id)
        if trace is None or flow is None:
            return PlainTextResponse("Nothing is kept of this interaction.", 404)
        drawn = draw_journey(
            flow.user_flow_type,
            title=f"{flow.id} · {trace.created_at:%Y-%m-%d %H:%M:%S}Z",
            flow=flow,
            entries=trace.entries,
        )
        return Response(drawn, media_type="image/svg+xml", headers=_HEADERS)
