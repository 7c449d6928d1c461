"""What writing a service principal does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.details import merged_with_details
from gatelodge.graph.model.guard import refuse_stronger, refuse_stronger_grants
from gatelodge.graph.model.owners import named_owners, objects_of, with_owner, without_owner
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import (
    GRAPH_APP_ID,
    ServicePrincipal,
    principal_id,
    service_principal_of,
)
from gatelodge.storage.aside import put_principal_aside
from gatelodge.storage.principal_lists import completed
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
    owners = {situation.actor, principal_id(situation.actor)}
    if situation.only_owned and owners.isdisjoint(application.owner_ids):
        raise Forbidden("the caller does not own the application")
    rest["details.owner_ids"] = await named_owners(situation.stores, rest.pop("owners", ()))
    principal = merged_with_details(service_principal_of(application, situation.now), rest)

    async def write(stores: Stores) -> None:
        # It has the id of the one that was deleted, which cannot come back beside it.
        await stores.deleted_service_principals.remove_of(app_id)
        await stores.service_principals.add(principal)

    return Change(completed(principal, application), write)


async def changed_service_principal(
    situation: Situation, principal: ServicePrincipal, given: Given
) -> Change:
    """Change what is kept of a service principal."""
    changed = merged_with_details(principal, given)

    async def write(stores: Stores) -> None:
        await stores.service_principals.save(changed)

    return Change(changed, write)


async def owners_of_principals(
    stores: Stores, principals: Sequence[ServicePrincipal]
) -> list[list[Any]]:
    """Return who owns each of several service principals."""
    return await objects_of(stores, [each.details.owner_ids for each in principals])


async def added_owner(situation: Situation, principal: ServicePrincipal, owner: Any) -> Change:  # noqa: ANN401
    """Let somebody own a service principal."""
    ids = with_owner(principal.details.owner_ids, owner)
    return await changed_service_principal(situation, principal, {"details.owner_ids": ids})


async def removed_owner(situation: Situation, principal: ServicePrincipal, owner: Any) -> Change:  # noqa: ANN401
    """Let somebody no longer own a service principal."""
    ids = without_owner(principal.details.owner_ids, owner)
    return await changed_service_principal(situation, principal, {"details.owner_ids": ids})


async def removed_service_principal(
    situation: Situation, principal: ServicePrincipal, _: Given
) -> Change:
    """Put a service principal aside with everything granted to it and of it."""
    if principal.app_id == GRAPH_APP_ID:
        raise Invalid(Problem("appId", "The Graph API itself stays."))
    application = await situation.stores.applications.by_app_id(principal.app_id)
    if application is not None:
        await refuse_stronger(situation, application)
    return Change(None, lambda stores: put_principal_aside(stores, principal, situation.now))


async def restored_service_principal(
    situation: Situation, principal: ServicePrincipal, _: Given
) -> Change:
    """Bring a service principal back with what was granted to it and of it."""
    application = await situation.stores.applications.by_app_id(principal.app_id)
    if application is None:
        raise Invalid(Problem("appId", "Its application was deleted; restore that instead."))
    grants = principal.deleted_grants or ()
    refuse_stronger_grants(situation, application, grants)

    async def write(stores: Stores) -> None:
        await stores.deleted_service_principals.restore(principal)
        await stores.permission_grants.put_back(grants)

    back = replace(principal, deleted_at=None, deleted_grants=None)
    return Change(back, write, back)


async def purged_service_principal(_: Situation, principal: ServicePrincipal, __: Given) -> Change:
    """Delete a service principal for good."""

    async def write(stores: Stores) -> None:
        await stores.deleted_service_principals.remove(principal.id)

    return Change(None, write)
