"""`GET /branding/{directory}/{file}`: the pictures and the style sheet of a directory's look."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.model.directory import Directory
from gatelodge.model.identifier import DirectoryId
from gatelodge.oidc.directory_files import FILE_HEADERS, is_answered_at, no_file
from gatelodge.pages.brand import Brands
from gatelodge.storage.cache import ConfigurationCache
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str


class BrandFiles:
    """Serves what is named after its own content, so that it may be kept for ever."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._files = ConfigurationCache[tuple[DirectoryId, str], _File](database)

    async def __call__(self, request: Request) -> Response:
        """Answer with the file; 404 for one that is not of today."""
        directory_id = DirectoryId(request.path_params["directory"])
        name = request.path_params["file"]
        found = None
        if await is_answered_at(request, self._database, directory_id):
            key = (directory_id, name)
            found = await self._files.get(key, lambda: self._read(directory_id, name))
        if found is None:
            return no_file()
        return Response(found.content, media_type=found.media_type, headers=FILE_HEADERS)

    async def _read(self, directory_id: DirectoryId, name: str) -> _File | None:
        stores = self._database.read(directory_id)
        if not name.endswith(".css"):
            picture = await stores.brand_pictures.by_digest(name)
            return None if picture is None else _File(picture.content, picture.media_type)
        directory = await stores.directories.find(directory_id)
        if directory is None:
            return None
        text = (await brands_of(stores, directory)).style_sheet(name)
        return None if text is None else _File(text.encode(), "text/css; charset=utf-8")


async def brands_of(stores: Stores, directory: Directory) -> Brands:
    """Return the look of a directory in every language."""
    return Brands(
        directory_id=directory.id,
        name=directory.display_name,
        brandings=await stores.brandings.every(),
        pictures=await stores.brand_pictures.names(),
    )
