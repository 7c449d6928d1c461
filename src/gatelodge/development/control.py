"""`/_dev/clock` and `/_dev/reset`: move the time, and begin again."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gatelodge.development.clock import MAX_OFFSET_S, MovableClock
from gatelodge.development.planting import Planting


class _Move(msgspec.Struct, forbid_unknown_fields=True):
    offset_s: float


@dataclass(frozen=True, slots=True)
class ClockControl:
    """`GET|PUT /_dev/clock`: the server's time, and how far it is from the real one."""

    clock: MovableClock

    async def __call__(self, request: Request) -> Response:
        """Show the clock; a PUT moves it first."""
        if request.method == "PUT":
            try:
                wanted = msgspec.json.decode(await request.body(), type=_Move).offset_s
            except msgspec.DecodeError as error:
                return JSONResponse({"error": str(error)}, 400)
            if not -MAX_OFFSET_S <= wanted <= MAX_OFFSET_S:
                return JSONResponse({"error": f"offset_s is within ±{MAX_OFFSET_S}"}, 400)
            self.clock.offset = timedelta(seconds=wanted)
        return JSONResponse(
            {"offset_s": self.clock.offset.total_seconds(), "now": self.clock().isoformat()}
        )


@dataclass(frozen=True, slots=True)
class Reset:
    """`POST /_dev/reset`: back to the seeded state, the clock included."""

    planting: Planting
    clock: MovableClock

    async def __call__(self, _request: Request) -> Response:
        """Plant the tenant again."""
        self.clock.offset = timedelta()
        await self.planting.reset()
        return Response(status_code=204)
