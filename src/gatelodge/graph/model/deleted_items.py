"""`/directory/deletedItems`: what was deleted in the last 30 days and can be brought back."""

from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.change import Change, Given, PrepareExisting, Situation
from gatelodge.graph.edm import (
    Access,
    Action,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Family,
    Read,
    either,
)
from gatelodge.graph.model.application_changes import purged_application, restored_application
from gatelodge.graph.model.applications import APPLICATION
from gatelodge.graph.model.applications import READ as READ_APPLICATIONS
from gatelodge.graph.model.applications import WRITE as WRITE_APPLICATIONS
from gatelodge.graph.model.directory_objects import DIRECTORY_OBJECT
from gatelodge.graph.model.service_principal_changes import (
    purged_service_principal,
    restored_service_principal,
)
from gatelodge.graph.model.service_principals import SERVICE_PRINCIPAL
from gatelodge.graph.model.user_changes import purged_user, restored_user
from gatelodge.graph.model.users import READ as READ_USERS
from gatelodge.graph.model.users import REMOVE as REMOVE_USERS
from gatelodge.graph.model.users import USER
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.audit import EventName
from gatelodge.model.query import Filter, Order, Page, Slice
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.deleted_lists import (
    DELETED_ACCOUNTS,
    DELETED_APPLICATIONS,
    DELETED_SERVICE_PRINCIPALS,
)
from gatelodge.storage.stores import Stores

MAX_SKIPPED = 1000
_LISTS = (DELETED_ACCOUNTS, DELETED_APPLICATIONS, DELETED_SERVICE_PRINCIPALS)


class DeletedItems:
    """Deleted objects of every kind, in the order of their ids."""

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list: the first of what each kind has at most.

        Raises `Invalid` for a part that begins too far from where reading begins.
        """
        if part.skip > MAX_SKIPPED:
            message = f"At most {MAX_SKIPPED} are skipped; follow '@odata.nextLink' instead."
            raise Invalid(Problem("$skip", message))
        wanted = replace(part, limit=part.skip + part.limit, skip=0)
        pages = [await each.page(stores, wanted) for each in _LISTS]
        found: list[Any] = [value for page in pages for value in page.values]
        last = part.order[-1].is_descending if part.order else False
        for order in reversed((*part.order, Order("id", is_descending=last))):
            found.sort(key=attrgetter(order.attribute), reverse=order.is_descending)
        shown = tuple(found[part.skip : part.skip + part.limit])
        is_more = len(found) > part.skip + part.limit or any(page.end for page in pages)
        end = DELETED_ACCOUNTS.end(shown[-1], part.order) if is_more and shown else None
        return Page(shown, end)

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return how many there are."""
        return sum([await each.count(stores, where) for each in _LISTS])

    async def find(self, stores: Stores, key: str) -> Any:  # noqa: ANN401 - of three types
        """Return the deleted object of an id, or None."""
        for each in _LISTS:
            if (found := await each.find(stores, key)) is not None:
                return found
        return None


_TYPES: Mapping[type, EntityType] = {
    Account: USER,
    Application: APPLICATION,
    ServicePrincipal: SERVICE_PRINCIPAL,
}
_READ: Mapping[type, Access] = {
    Account: READ_USERS,
    Application: READ_APPLICATIONS,
    ServicePrincipal: READ_APPLICATIONS,
}
_WRITE: Mapping[type, Access] = {
    Account: REMOVE_USERS,
    Application: WRITE_APPLICATIONS,
    ServicePrincipal: WRITE_APPLICATIONS,
}
_RESTORE: Mapping[type, PrepareExisting] = {
    Account: restored_user,
    Application: restored_application,
    ServicePrincipal: restored_service_principal,
}
_PURGE: Mapping[type, PrepareExisting] = {
    Account: purged_user,
    Application: purged_application,
    ServicePrincipal: purged_service_principal,
}


def _by_kind(deeds: Mapping[type, PrepareExisting]) -> PrepareExisting:
    async def prepare(situation: Situation, found: Any, given: Given) -> Change:  # noqa: ANN401 - of three types
        access, is_owner = _WRITE[type(found)], situation.only_owned
        if not access.allows(situation.permissions, situation.roles, is_owner=is_owner):
            raise Forbidden("the caller may not change objects of this kind")
        return await deeds[type(found)](situation, found, given)

    return prepare


def _seen_by(found: object) -> Access:
    return either(_READ[type(found)], _WRITE[type(found)])


def _type_of(found: object) -> EntityType:
    return _TYPES[type(found)]


def _cast(title: str, kind: EntityType, source: Any, access: Access) -> EntitySet:  # noqa: ANN401 - lists of three types
    return EntitySet(
        title=title, entity=kind, source=source, family=Family.DIRECTORY, read=Read(access=access)
    )


DELETED_ITEMS = EntitySet(
    title="Deleted items",
    entity=DIRECTORY_OBJECT,
    doors=(Door(path="/directory/deletedItems", declared=DIRECTORY_OBJECT),),
    source=DeletedItems(),
    largest_skip=MAX_SKIPPED,
    type_of=_type_of,
    seen_by=_seen_by,
    casts=(
        _cast("Deleted users", USER, DELETED_ACCOUNTS, READ_USERS),
        _cast("Deleted applications", APPLICATION, DELETED_APPLICATIONS, READ_APPLICATIONS),
        _cast(
            "Deleted service principals",
            SERVICE_PRINCIPAL,
            DELETED_SERVICE_PRINCIPALS,
            READ_APPLICATIONS,
        ),
    ),
    family=Family.DIRECTORY,
    unique="identities",
    read=Read(access=either(READ_USERS, REMOVE_USERS, READ_APPLICATIONS)),
    delete=Delete(
        access=either(REMOVE_USERS, WRITE_APPLICATIONS),
        event=EventName.OBJECT_PURGED,
        prepare=_by_kind(_PURGE),
    ),
    actions=(
        Action(
            name="restore",
            doc="Bring it back, with the names it had if they are still free.",
            access=either(REMOVE_USERS, WRITE_APPLICATIONS),
            event=EventName.OBJECT_RESTORED,
            prepare=_by_kind(_RESTORE),
            is_entity_returned=True,
        ),
    ),
)
