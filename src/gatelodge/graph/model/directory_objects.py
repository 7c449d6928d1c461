"""`/directoryObjects`: users, applications and service principals by id alone."""

from collections.abc import Mapping
from typing import Any

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.edm import (
    Access,
    Asked,
    Door,
    EntitySet,
    EntityType,
    Family,
    Lookup,
    Primitive,
    Property,
    Read,
    Source,
    Writable,
)
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.identifier import AccountId, ApplicationId, key_of
from gatelodge.model.query import Among, Filter, Page, Slice
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.lists import ACCOUNTS, APPLICATIONS
from gatelodge.storage.principal_lists import SERVICE_PRINCIPALS
from gatelodge.storage.stores import Stores

_READ = ("Directory.Read.All", "Directory.ReadWrite.All")
_ROLES = ("Directory Readers", "Global Reader", "Global Administrator")
_SEE = Access(application=_READ, delegated=_READ, roles=_ROLES)
_MOST_IDS = 1000
_AT_ONCE = 100
_LISTS: tuple[Source, ...] = (ACCOUNTS, APPLICATIONS, SERVICE_PRINCIPALS)


class DirectoryObjects:
    """Finds whatever has an id; there is no list of everything."""

    async def page(self, _: Stores, __: Slice) -> Page:
        """Return an empty page."""
        return Page(())

    async def count(self, _: Stores, __: Filter | None) -> int:
        """Return that nothing is listed."""
        return 0

    async def find(self, stores: Stores, key: str) -> Any:  # noqa: ANN401 - of three types
        """Return the user, application or service principal of an id, or None."""
        id = key.lower()
        return (
            await stores.accounts.get(AccountId(id))
            or await stores.service_principals.get(id)
            or await stores.applications.get(ApplicationId(id))
        )


def _text(name: str, doc: str) -> Property:
    return Property(name=name, type=Primitive.STRING, writable=Writable.NEVER, doc=doc)


_ID = Property(
    name="id",
    type=Primitive.STRING,
    writable=Writable.NEVER,
    asked=Asked.EVERYTHING,
    doc="The object id.",
)
DIRECTORY_OBJECT = EntityType(
    name="directoryObject",
    python=object,
    doc="A user, an application or a service principal; its type says which.",
    properties=(
        _ID,
        Property(
            name="deletedDateTime",
            type=Primitive.DATE_TIME,
            attribute="deleted_at",
            is_nullable=True,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="When it was deleted; null for what is there.",
        ),
    ),
)


def _brief(name: str, *properties: Property) -> EntityType:
    return EntityType(name=name, python=object, doc="In short.", properties=(_ID, *properties))


_NAME, _APP_ID = _text("displayName", "The name."), _text("appId", "The client id.")
_TYPES: Mapping[type, EntityType] = {
    Account: _brief("user", _NAME, _text("userPrincipalName", "The principal name.")),
    Application: _brief("application", _NAME, _APP_ID),
    ServicePrincipal: _brief("servicePrincipal", _NAME, _APP_ID),
}


def _type_of(found: object) -> EntityType:
    return _TYPES[type(found)]


async def _by_ids(stores: Stores, given: Mapping[str, Any]) -> list[Any]:
    ids = tuple(dict.fromkeys(given["ids"]))
    if len(ids) > _MOST_IDS:
        raise Invalid(Problem("ids", f"At most {_MOST_IDS} ids can be asked for at once."))
    types = {key_of(each) for each in given.get("types") or ()}
    is_any = not types or "directoryobject" in types
    found: dict[str, Any] = {}
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        # Spare places repeat the last id, so that there is one statement and not a hundred.
        where = Among("id", part + part[-1:] * (_AT_ONCE - len(part)))
        for each in _LISTS:
            page = await each.page(stores, Slice(where=where, limit=_AT_ONCE))
            found |= {it.id: it for it in page.values}
    known = (found[id] for id in ids if id in found)
    return [each for each in known if is_any or key_of(_type_of(each).name) in types]


DIRECTORY_OBJECTS = EntitySet(
    title="Directory objects",
    entity=DIRECTORY_OBJECT,
    doors=(Door(path="/directoryObjects", declared=DIRECTORY_OBJECT),),
    source=DirectoryObjects(),
    type_of=_type_of,
    family=Family.DIRECTORY,
    read=Read(access=_SEE),
    lookups=(
        Lookup(
            name="getByIds",
            doc="Find those with these ids; ids nobody has are passed over.",
            access=_SEE,
            parameters=(
                Property(
                    name="ids",
                    type=Primitive.GUID,
                    is_collection=True,
                    is_required=True,
                    doc=f"The ids, at most {_MOST_IDS}.",
                ),
                Property(
                    name="types",
                    type=Primitive.STRING,
                    is_collection=True,
                    is_nullable=True,
                    max_length=64,
                    doc="Of which types: user, application, servicePrincipal; all unless given.",
                ),
            ),
            find=_by_ids,
        ),
    ),
)
