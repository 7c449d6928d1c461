"""App role assignments and delegated grants: what acts at the token endpoint at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.model.guard import refuse_to_hand_on
from gatelodge.model.application import GrantKind, PermissionGrant
from gatelodge.model.assignment import (
    AppRoleAssignment,
    DelegatedGrant,
    delegated_grant,
    delegated_grants,
    role_assignment,
)
from gatelodge.model.identifier import ClientId, key_of
from gatelodge.model.query import Among, Slice
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.principal_lists import SERVICE_PRINCIPALS, principal_of
from gatelodge.storage.stores import Stores

_OPEN_ID = frozenset({"openid", "profile", "email", "offline_access"})


async def _principals(stores: Stores, app_ids: Sequence[str]) -> dict[str, ServicePrincipal]:
    """Return service principals by client id."""
    wanted = tuple(dict.fromkeys(app_ids))
    if not wanted:
        return {}
    part = Slice(where=Among("app_id", wanted), limit=len(wanted))
    page = await SERVICE_PRINCIPALS.page(stores, part)
    return {each.app_id: each for each in page.values}


async def _assignments(stores: Stores) -> list[AppRoleAssignment]:
    grants = await stores.permission_grants.every(GrantKind.ROLE)
    known = await _principals(
        stores, [app_id for each in grants for app_id in (each.app_id, each.resource_app_id)]
    )
    found = (
        role_assignment(each, known[each.app_id], known[each.resource_app_id])
        for each in grants
        if each.app_id in known and each.resource_app_id in known
    )
    return [each for each in found if each is not None]


async def roles_of_principals(
    stores: Stores, owners: Sequence[ServicePrincipal]
) -> Sequence[Sequence[AppRoleAssignment]]:
    """Return what each may do by itself."""
    every = await _assignments(stores)
    return [[each for each in every if each.principal_id == owner.id] for owner in owners]


async def roles_at_resources(
    stores: Stores, owners: Sequence[ServicePrincipal]
) -> Sequence[Sequence[AppRoleAssignment]]:
    """Return who may do what at each."""
    every = await _assignments(stores)
    return [[each for each in every if each.resource_id == owner.id] for owner in owners]


async def nothing(_: Stores, owners: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """Return that nobody leads anywhere."""
    return [() for _ in owners]


async def every_delegated_grant(stores: Stores) -> list[DelegatedGrant]:
    """Return what clients may do for users, by client and API."""
    grants = await stores.permission_grants.every(GrantKind.SCOPE)
    known = await _principals(
        stores, [app_id for each in grants for app_id in (each.app_id, each.resource_app_id)]
    )
    return delegated_grants(grants, known)


async def delegated_grants_of(
    stores: Stores, owners: Sequence[ServicePrincipal]
) -> Sequence[Sequence[DelegatedGrant]]:
    """Return what each client may do for users."""
    every = await every_delegated_grant(stores)
    return [[each for each in every if each.client_id == owner.id] for owner in owners]


async def _named(situation: Situation, name: str, key: str) -> ServicePrincipal:
    found = await principal_of(situation.stores, key)
    if found is None:
        message = f"The value of '{name}' is no service principal of this directory."
        raise Invalid(Problem(name, message))
    return found


async def new_role_assignment(situation: Situation, given: Given) -> Change:
    """Grant a role of an API to an application."""
    principal = await _named(situation, "principalId", given["principal_id"])
    resource = await _named(situation, "resourceId", given["resource_id"])
    owner: ServicePrincipal = situation.owner
    if owner.id not in {principal.id, resource.id}:
        raise Invalid(Problem("principalId", "The assignment is about other service principals."))
    role = next((each for each in resource.app_roles if each.id == given["app_role_id"]), None)
    if role is None or not role.is_enabled:
        message = "Permission being assigned was not found on application."
        raise Invalid(Problem("appRoleId", message))
    refuse_to_hand_on(situation, resource.app_id, [role.value])
    grant = _grant(situation, principal.app_id, resource.app_id, GrantKind.ROLE, role.value)
    assignment = role_assignment(grant, principal, resource)
    return Change(assignment, lambda stores: stores.permission_grants.add(grant))


async def removed_role_assignment(
    situation: Situation, assignment: AppRoleAssignment, _: Given
) -> Change:
    """Take a role away."""
    grant = assignment.grant
    refuse_to_hand_on(situation, grant.resource_app_id, [grant.value])
    return Change(None, lambda stores: _remove(stores, grant))


def _grant(
    situation: Situation, app_id: str, resource_app_id: str, kind: GrantKind, value: str
) -> PermissionGrant:
    return PermissionGrant(
        directory_id=situation.directory.id,
        app_id=ClientId(app_id),
        resource_app_id=ClientId(resource_app_id),
        kind=kind,
        value=value,
    )


async def _remove(stores: Stores, grant: PermissionGrant) -> None:
    await stores.permission_grants.remove(
        grant.app_id, grant.resource_app_id, grant.kind, grant.value
    )


async def new_delegated_grant(situation: Situation, given: Given) -> Change:
    """Let a client do something for every user."""
    if key_of(given.get("consent_type", "AllPrincipals")) != "allprincipals":
        message = "The value of 'consentType' must be AllPrincipals: users consent to nothing here."
        raise Invalid(Problem("consentType", message))
    client = await _named(situation, "clientId", given["client_id"])
    resource = await _named(situation, "resourceId", given["resource_id"])
    for each in await every_delegated_grant(situation.stores):
        if (each.client_id, each.resource_id) == (client.id, resource.id):
            raise AlreadyExists("there is a grant for this client and API")
    values = _scopes(situation, resource, given["scope"])
    if not values:
        raise Invalid(Problem("scope", "The value of 'scope' must not be empty."))
    grant = delegated_grant(client, resource, values)
    return _replacing(situation, grant, (), values)


async def changed_delegated_grant(
    situation: Situation, grant: DelegatedGrant, given: Given
) -> Change:
    """Replace what a client may do for users at an API."""
    resource = await _named(situation, "resourceId", grant.resource_id)
    before = grant.scope.split()
    after = _scopes(situation, resource, given["scope"]) if "scope" in given else tuple(before)
    refuse_to_hand_on(situation, grant.resource_app_id, set(before) - set(after))
    return _replacing(situation, replace(grant, scope=" ".join(after)), before, after)


async def removed_delegated_grant(situation: Situation, grant: DelegatedGrant, _: Given) -> Change:
    """Take everything away that a client may do for users at an API."""
    refuse_to_hand_on(situation, grant.resource_app_id, grant.scope.split())
    change = _replacing(situation, grant, grant.scope.split(), ())
    return Change(None, change.write)


def _scopes(situation: Situation, resource: ServicePrincipal, text: str) -> tuple[str, ...]:
    values = tuple(sorted(set(text.split())))
    known = {each.value for each in resource.oauth2_permission_scopes if each.is_enabled}
    known |= _OPEN_ID
    if unknown := [each for each in values if each not in known]:
        message = f"The API has no enabled scope '{unknown[0][:100]}'."
        raise Invalid(Problem("scope", message))
    refuse_to_hand_on(situation, resource.app_id, set(values) - _OPEN_ID)
    return values


def _replacing(
    situation: Situation, grant: DelegatedGrant, before: Sequence[str], after: Sequence[str]
) -> Change:
    pair = (grant.client_app_id, grant.resource_app_id)

    async def write(stores: Stores) -> None:
        for value in sorted(set(before) - set(after)):
            await _remove(stores, _grant(situation, *pair, GrantKind.SCOPE, value))
        for value in sorted(set(after) - set(before)):
            await stores.permission_grants.add(_grant(situation, *pair, GrantKind.SCOPE, value))

    return Change(grant, write)
