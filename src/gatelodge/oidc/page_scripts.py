"""`GET /pagescripts/{directory}/{flow}/{page}/{file}`: scripts of an administrator's own page."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.model.identifier import DirectoryId
from gatelodge.oidc.directory_files import FILE_HEADERS, is_answered_at, no_file
from gatelodge.pages.page_scripts import SCRIPT_SUFFIX
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class PageScripts:
    """Serves scripts at the directory's own host, to pages of it and never as a worker."""

    database: Database

    async def __call__(self, request: Request) -> Response:
        """Answer with the script; 404 at any other host, and for what no template has."""
        text = await self._text(request)
        if text is None:
            return no_file()
        return Response(text, media_type="text/javascript; charset=utf-8", headers=FILE_HEADERS)

    async def _text(self, request: Request) -> str | None:
        places, is_worker = request.path_params, "service-worker" in request.headers
        directory_id = DirectoryId(places["directory"])
        own = self.database.own_hosts.asked(request.headers.get("host", ""))
        if own is None or is_worker or not places["file"].endswith(SCRIPT_SUFFIX):
            return None
        if not await is_answered_at(request, self.database, directory_id):
            return None
        stores = self.database.read(directory_id)
        flow = await stores.user_flows.get(places["flow"])
        if flow is None or not flow.is_java_script_enabled:
            return None
        digest = places["file"].removesuffix(SCRIPT_SUFFIX)
        found = await stores.page_scripts.get(places["flow"], places["page"], digest)
        return None if found is None else found.text
