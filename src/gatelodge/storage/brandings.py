"""The look of directories: colours, words and pictures."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from gatelodge.model.branding import BrandImage, Branding, BrandPicture
from gatelodge.model.identifier import key_of
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_BRANDING = Record(Branding, tables.branding)
_PICTURE = Record(BrandPicture, tables.brand_picture, key=("locale", "name"))
_PICTURES = tables.brand_picture.c
_EVERY = Query(
    select(*_BRANDING.columns).where(_BRANDING.of_directory()).order_by(tables.branding.c.id)
)
_NAMES = Query(
    select(_PICTURES.locale, _PICTURES.name, _PICTURES.digest).where(_PICTURE.of_directory())
)
_BY_DIGEST = Query(
    select(*_PICTURE.columns)
    .where(_PICTURE.of_directory(), _PICTURES.digest == bindparam("digest"))
    .limit(1)
)
_REMOVE_OF_LOCALE = Query(
    delete(tables.brand_picture).where(
        _PICTURE.of_directory(), _PICTURES.locale == bindparam("locale")
    )
)


class Brandings(Store[Branding]):
    """Looks by locale, without case."""

    record = _BRANDING
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the locale without case."""
        return tuple(key_of(part) for part in key)

    async def every(self) -> Sequence[Branding]:
        """Return the look in every locale."""
        return [_BRANDING.load(row) for row in await self.all(_EVERY)]

    async def remove(self, *key: Any) -> None:
        """Delete the look in a locale, with its pictures; raise `NotFound` when there is none."""
        await self.run(_REMOVE_OF_LOCALE, locale=self.key(*key)[0])
        await Store.remove(self, *key)


class BrandPictures(Store[BrandPicture]):
    """Pictures by locale and name."""

    record = _PICTURE
    is_configuration = True
    __slots__ = ()

    async def names(self) -> dict[tuple[str, BrandImage], str]:
        """Return the digest of every picture, by locale and name."""
        return {(str(row[0]), BrandImage(row[1])): str(row[2]) for row in await self.all(_NAMES)}

    async def by_digest(self, digest: str) -> BrandPicture | None:
        """Return a picture with this content, or None."""
        return self.load(await self.one(_BY_DIGEST, digest=digest))

    async def put(self, picture: BrandPicture) -> None:
        """Store a picture in place of the one there may be."""
        if await self.get(picture.locale, picture.name) is not None:
            await self.remove(picture.locale, picture.name)
        await self.add(picture)
