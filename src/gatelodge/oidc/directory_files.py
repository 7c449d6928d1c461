"""Files of a directory that are named after their content: how and where they are served."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.model.identifier import DirectoryId
from gatelodge.pages.static_files import CACHE_CONTROL
from gatelodge.storage.database import Database

FILE_HEADERS: Mapping[str, str] = {
    "Cache-Control": CACHE_CONTROL,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def no_file() -> Response:
    """Return the answer where there is no such file today."""
    return Response(status_code=404, headers={"Cache-Control": "no-store"})


async def is_answered_at(request: Request, database: Database, directory_id: DirectoryId) -> bool:
    """Return whether the host asked answers for a directory: its own answers for no other."""
    host = database.own_hosts.asked(request.headers.get("host", ""))
    if host is None:
        return True
    directory = await database.read(directory_id).directories.find(directory_id)
    return directory is not None and host.is_of(directory)
