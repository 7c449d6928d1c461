"""Nobody gains through another: who may hand on what."""

from collections.abc import Iterable

from gatelodge.errors import Forbidden
from gatelodge.graph.change import Situation
from gatelodge.model.application import Application, GrantKind, PermissionGrant
from gatelodge.model.service_principal import GRAPH_APP_ID


def refuse_to_hand_on(situation: Situation, resource_app_id: str, values: Iterable[str]) -> None:
    """Raise `Forbidden` unless the caller holds these Graph permissions, or may do everything."""
    if resource_app_id != GRAPH_APP_ID or situation.is_privileged:
        return
    if not situation.permissions.issuperset(values):
        raise Forbidden("the caller does not hold the permission")


def refuse_stronger_grants(
    situation: Situation, application: Application, grants: Iterable[PermissionGrant]
) -> None:
    """Refuse to give an application back what the caller does not hold itself."""
    roles = (each for each in grants if each.kind is GrantKind.ROLE)
    held = [each for each in roles if each.app_id == application.app_id]
    for each in held:
        refuse_to_hand_on(situation, each.resource_app_id, (each.value,))


async def refuse_stronger(situation: Situation, application: Application) -> None:
    """Refuse to let a caller touch an application that may do more than itself."""
    if situation.is_privileged or application.id == situation.actor:
        return
    held = await situation.stores.permission_grants.values(
        application.app_id, GRAPH_APP_ID, GrantKind.ROLE
    )
    if not situation.permissions.issuperset(held):
        raise Forbidden("the application holds permissions the caller does not")
