"""`/directoryObjects`: users, applications and service principals by id alone."""

from collections.abc import Mapping
from typing import Any

from gatelodge.graph.edm import (
    Access,
    Asked,
    Door,
    EntitySet,
    EntityType,
    Family,
    Primitive,
    Property,
    Read,
    Writable,
)
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.identifier import AccountId, ApplicationId
from gatelodge.model.query import Filter, Page, Slice
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.stores import Stores

_READ = ("Directory.Read.All", "Directory.ReadWrite.All")
_ROLES = ("Directory Readers", "Global Reader", "Global Administrator")


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
    properties=(_ID,),
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


DIRECTORY_OBJECTS = EntitySet(
    title="Directory objects",
    entity=DIRECTORY_OBJECT,
    doors=(Door(path="/directoryObjects", declared=DIRECTORY_OBJECT),),
    source=DirectoryObjects(),
    type_of=_type_of,
    family=Family.DIRECTORY,
    read=Read(access=Access(application=_READ, delegated=_READ, roles=_ROLES)),
)
