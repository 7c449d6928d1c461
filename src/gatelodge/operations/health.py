"""Whether the process lives, and whether it can do its work."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Database

_NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Healthz:
    """`GET /healthz`: 200 as long as the process answers at all."""

    async def __call__(self, _request: Request) -> Response:
        """Answer."""
        return JSONResponse({"status": "ok"}, headers=_NO_STORE)


@dataclass(frozen=True, slots=True)
class Readyz:
    """`GET /readyz`: 200 when the database answers, 503 when it does not."""

    database: Database

    async def __call__(self, _request: Request) -> Response:
        """Ask the database something small."""
        try:
            found = await self.database.read(DirectoryId("")).installations.the_one()
        except Exception:  # noqa: BLE001 - whatever the driver raises, the answer is no
            found = None
        is_ready = found is not None
        return JSONResponse(
            {"status": "ready" if is_ready else "unavailable"},
            200 if is_ready else 503,
            headers=_NO_STORE,
        )
