"""`POST …/client/perftrace`: what pages there tell about themselves; nobody here listens."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.oidc.page_protocol.face import Face, not_spoken


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Takes anything and keeps nothing."""

    face: Face

    async def __call__(self, request: Request) -> Response:
        """Say that it arrived."""
        if await self.face.provider(request) is None:
            return not_spoken()
        return Response(None, 200, {"Cache-Control": "no-store"})
