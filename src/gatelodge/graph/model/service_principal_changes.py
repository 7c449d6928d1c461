"""What writing a service principal does."""

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.details import merged_with_details
from gatelodge.graph.model.guard import refuse_stronger
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import (
    GRAPH_APP_ID,
    ServicePrincipal,
    service_principal_of,
)
from gatelodge.storage.stores import Stores


async def new_service_principal(situation: Situation, given: Given) -> Change:
    """Let something stand for an application of this directory."""
    rest = dict(given)
    app_id = ClientId(rest.pop("app_id"))
    application = await situation.stores.applications.by_app_id(app_id)
    if application is None:
        message = (
            f"The appId '{app_id}' of the service principal does not reference a valid"
            " application object."
        )
        raise Invalid(Problem("appId", message))
    principal = merged_with_details(service_principal_of(application, situation.now), rest)
    return Change(principal, lambda stores: stores.service_principals.add(principal))


async def changed_service_principal(
    situation: Situation, principal: ServicePrincipal, given: Given
) -> Change:
    """Change what is kept of a service principal."""
    changed = merged_with_details(principal, given)

    async def write(stores: Stores) -> None:
        await stores.service_principals.save(changed)

    return Change(changed, write)


async def removed_service_principal(
    situation: Situation, principal: ServicePrincipal, _: Given
) -> Change:
    """Delete a service principal with everything granted to it and of it."""
    if principal.app_id == GRAPH_APP_ID:
        raise Invalid(Problem("appId", "The Graph API itself stays."))
    application = await situation.stores.applications.by_app_id(principal.app_id)
    if application is not None:
        await refuse_stronger(situation, application)

    async def write(stores: Stores) -> None:
        await stores.permission_grants.remove_of(principal.app_id)
        await stores.service_principals.remove(principal.id)

    return Change(None, write)
