"""Nobody gains through another: who may hand on what."""

from collections.abc import Iterable

from gatelodge.errors import Forbidden
from gatelodge.graph.change import Situation
from gatelodge.model.application import Application, GrantKind, PermissionGrant
from gatelodge.model.graph_permission import OPEN_ID_SCOPES
from gatelodge.model.service_principal import GRAPH_APP_ID, principal_id


def refuse_to_hand_on(situation: Situation, resource_app_id: str, values: Iterable[str]) -> None:
    """Raise `Forbidden` unless the caller holds these Graph permissions, or may do everything."""
    if resource_app_id == GRAPH_APP_ID and not _holds(situation, values):
        raise Forbidden("the caller does not hold the permission")


def refuse_stronger_grants(
    situation: Situation, application: Application, grants: Iterable[PermissionGrant]
) -> None:
    """Refuse to give an application back what the caller does not hold itself."""
    given = (each.value for each in grants if _is_at_graph(each, application))
    refuse_to_hand_on(situation, GRAPH_APP_ID, set(given) - OPEN_ID_SCOPES)


async def refuse_stronger(situation: Situation, application: Application) -> None:
    """Refuse to let a caller touch an application that may do more than itself.

    What it would have again once what stands for it was brought back counts as well.
    """
    if situation.is_privileged or application.id == situation.actor:
        return
    stores = situation.stores
    held = await stores.permission_grants.values(application.app_id, GRAPH_APP_ID, GrantKind.ROLE)
    principal = await stores.deleted_service_principals.get(principal_id(application.id))
    aside = () if principal is None else principal.deleted_grants or ()
    roles = (each for each in aside if each.kind is GrantKind.ROLE)
    again = {each.value for each in roles if _is_at_graph(each, application)}
    if not _holds(situation, {*held, *again}):
        raise Forbidden("the application holds permissions the caller does not")


def _is_at_graph(grant: PermissionGrant, application: Application) -> bool:
    return grant.app_id == application.app_id and grant.resource_app_id == GRAPH_APP_ID


def _holds(situation: Situation, values: Iterable[str]) -> bool:
    """Return whether the caller itself may do all of that.

    What a client may do for its user is not the user's own: it goes only as far as the roles.
    """
    wanted = frozenset(values)
    if not wanted or situation.is_privileged:
        return True
    return situation.roles is None and situation.permissions.issuperset(wanted)
