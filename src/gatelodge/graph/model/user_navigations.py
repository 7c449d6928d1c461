"""Where users lead to: how they prove who they are, and what they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatelodge.graph.edm import (
    Access,
    Asked,
    ComplexType,
    EntitySet,
    EntityType,
    Family,
    Navigation,
    Primitive,
    Property,
    Read,
    Returned,
    Writable,
)
from gatelodge.graph.model.delegated_grants import delegated_grants_of_users
from gatelodge.graph.model.directory_objects import DIRECTORY_OBJECTS
from gatelodge.graph.model.role_assignments import roles_of_users
from gatelodge.graph.model.service_principals import (
    OAUTH2_PERMISSION_GRANTS,
    ROLE_ASSIGNMENTS,
)
from gatelodge.model.account import Account
from gatelodge.storage.stores import Stores

_PERMISSIONS = (
    "UserAuthenticationMethod.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
    "UserAuthMethod-Password.Read.All",
)
_ROLES = (
    "Authentication Administrator",
    "Privileged Authentication Administrator",
    "Global Reader",
    "Global Administrator",
)
READ_METHODS = Access(application=_PERMISSIONS, delegated=_PERMISSIONS, roles=_ROLES)
_PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"  # the same for everybody in the cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordMethod:
    """That a user has a password."""

    id: str
    created_at: datetime
    password: str | None = None


async def _methods(
    stores: Stores, accounts: Sequence[Account]
) -> Sequence[Sequence[PasswordMethod]]:
    found = []
    for account in accounts:
        known = await stores.passwords.get(account.id)
        methods = () if known is None else (_method(known.changed_at),)
        found.append(methods)
    return found


def _method(changed_at: datetime) -> PasswordMethod:
    return PasswordMethod(id=_PASSWORD_ID, created_at=changed_at)


async def _nothing(_: Stores, owners: Sequence[Any]) -> Sequence[Sequence[Any]]:
    return [() for _ in owners]


_METHOD = EntityType(
    name="authenticationMethod",
    python=PasswordMethod,
    doc="A way a user proves who they are.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id.",
        ),
    ),
)
_PASSWORD_METHOD = EntityType(
    name="passwordAuthenticationMethod",
    base=_METHOD,
    python=PasswordMethod,
    doc="A password.",
    properties=(
        Property(
            name="createdDateTime",
            type=Primitive.DATE_TIME,
            attribute="created_at",
            writable=Writable.NEVER,
            doc="When it was set.",
        ),
        Property(
            name="password",
            type=Primitive.STRING,
            is_nullable=True,
            writable=Writable.NEVER,
            doc="Always null.",
        ),
    ),
)


def _set(title: str, kind: EntityType) -> EntitySet:
    return EntitySet(
        title=title,
        entity=kind,
        family=Family.DIRECTORY,
        derived=(_PASSWORD_METHOD,),
        type_of=lambda _: _PASSWORD_METHOD,
        read=Read(access=READ_METHODS),
    )


AUTHENTICATION = Property(
    name="authentication",
    type=ComplexType(
        name="authentication",
        doc="How a user proves who they are.",
        navigations=(
            Navigation(
                name="methods",
                doc="Every way.",
                to=_set("Authentication methods", _METHOD),
                related=_methods,
                is_contained=True,
            ),
            Navigation(
                name="passwordMethods",
                doc="The password.",
                to=_set("Password methods", _PASSWORD_METHOD),
                related=_methods,
                is_contained=True,
            ),
        ),
    ),
    writable=Writable.NEVER,
    returned=Returned.NEVER,
    doc="How the user proves who they are; a path of its own.",
)


def user_navigations(read: Access) -> tuple[Navigation, ...]:
    """Return where users lead to."""
    return (
        Navigation(
            name="manager",
            doc="Whom the user reports to: nobody in a directory of customers.",
            to=DIRECTORY_OBJECTS,
            related=_nothing,
            access=read,
            is_collection=False,
            is_missed=True,
        ),
        Navigation(
            name="memberOf",
            doc="Groups and roles the user is in: none that are objects.",
            to=DIRECTORY_OBJECTS,
            related=_nothing,
            access=read,
        ),
        Navigation(
            name="appRoleAssignments",
            doc="Which roles of APIs the user holds.",
            to=ROLE_ASSIGNMENTS,
            related=roles_of_users,
            is_contained=True,
        ),
        Navigation(
            name="oauth2PermissionGrants",
            doc="What the user lets applications do.",
            to=OAUTH2_PERMISSION_GRANTS,
            related=delegated_grants_of_users,
        ),
    )
