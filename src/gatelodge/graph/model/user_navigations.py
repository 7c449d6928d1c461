"""Where users lead to: what they belong to."""

from collections.abc import Sequence
from typing import Any

from gatelodge.graph.edm import (
    Access,
    Navigation,
)
from gatelodge.graph.model.delegated_grants import delegated_grants_of_users
from gatelodge.graph.model.directory_objects import DIRECTORY_OBJECTS
from gatelodge.graph.model.role_assignments import roles_of_users
from gatelodge.graph.model.service_principals import (
    OAUTH2_PERMISSION_GRANTS,
    ROLE_ASSIGNMENTS,
)
from gatelodge.storage.stores import Stores


async def _nothing(_: Stores, owners: Sequence[Any]) -> Sequence[Sequence[Any]]:
    return [() for _ in owners]


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
