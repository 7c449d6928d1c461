"""App role assignments: roles of APIs that applications and users hold."""

from collections.abc import Sequence
from typing import Any

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.model.guard import refuse_to_hand_on
from gatelodge.graph.model.named_principals import named_principal, principals_by_app_id
from gatelodge.model.account import Account
from gatelodge.model.application import AppRole, GrantKind, PermissionGrant
from gatelodge.model.assignment import (
    AppRoleAssignment,
    role_assignment,
    user_role_assignment,
)
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.service_principal import GRAPH_APP_ID, ServicePrincipal
from gatelodge.model.user_role import UserRole
from gatelodge.storage.principal_lists import principal_of
from gatelodge.storage.stores import Stores

_USER = "User"


async def _of_applications(stores: Stores) -> list[AppRoleAssignment]:
    grants = await stores.permission_grants.every(GrantKind.ROLE)
    known = await principals_by_app_id(
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
    every = await _of_applications(stores)
    return [[each for each in every if each.principal_id == owner.id] for owner in owners]


async def roles_at_resources(
    stores: Stores, owners: Sequence[ServicePrincipal]
) -> Sequence[Sequence[AppRoleAssignment]]:
    """Return who may do what at each: applications first, then users."""
    every = await _of_applications(stores)
    found = []
    for owner in owners:
        of_users = []
        for role in await stores.user_roles.at_api(owner.app_id):
            account = await stores.accounts.get(role.account_id)
            if account is not None:
                of_users.append(user_role_assignment(role, account, owner))
        own = [each for each in every if each.resource_id == owner.id]
        found.append(own + [each for each in of_users if each is not None])
    return found


async def roles_of_users(
    stores: Stores, owners: Sequence[Account]
) -> Sequence[Sequence[AppRoleAssignment]]:
    """Return which roles each user holds."""
    found = []
    for owner in owners:
        roles = await stores.user_roles.of_account(owner.id)
        known = await principals_by_app_id(stores, [each.resource_app_id for each in roles])
        assignments = (
            user_role_assignment(each, owner, known[each.resource_app_id])
            for each in roles
            if each.resource_app_id in known
        )
        found.append([each for each in assignments if each is not None])
    return found


async def new_role_assignment(situation: Situation, given: Given) -> Change:
    """Give a role of an API to an application or to a user."""
    resource = await named_principal(situation, "resourceId", given["resource_id"])
    principal = await _holder(situation, given["principal_id"])
    owner: Any = situation.owner
    if key_of(owner.id) not in {key_of(principal.id), key_of(resource.id)}:
        raise Invalid(Problem("principalId", "The assignment is about somebody else."))
    if isinstance(principal, Account):
        return _to_user(situation, principal, resource, given["app_role_id"])
    role = _role(resource, given["app_role_id"])
    refuse_to_hand_on(situation, resource.app_id, [role.value])
    grant = PermissionGrant(
        directory_id=situation.directory.id,
        app_id=principal.app_id,
        resource_app_id=resource.app_id,
        kind=GrantKind.ROLE,
        value=role.value,
    )
    assignment = role_assignment(grant, principal, resource)
    return Change(assignment, lambda stores: stores.permission_grants.add(grant))


async def _holder(situation: Situation, key: str) -> ServicePrincipal | Account:
    """Return who is to hold a role. Raises `Invalid`."""
    found = await principal_of(situation.stores, key)
    found_user = None if found else await situation.stores.accounts.get(AccountId(key.lower()))
    if found is None and found_user is None:
        message = (
            "The value of 'principalId' is no service principal and no user of this directory."
        )
        raise Invalid(Problem("principalId", message))
    return found or found_user  # type: ignore[return-value]  # one of them is there


def _role(resource: ServicePrincipal, role_id: str, holder: str | None = None) -> AppRole:
    """Return an enabled role of an API that such a holder may have. Raises `Invalid`."""
    role = next((each for each in resource.app_roles if each.id == role_id), None)
    if role is None or not role.is_enabled:
        message = "Permission being assigned was not found on application."
        raise Invalid(Problem("appRoleId", message))
    if holder is not None and holder not in role.allowed_member_types:
        raise Invalid(Problem("appRoleId", "The role is not for users."))
    return role


def _to_user(
    situation: Situation, account: Account, resource: ServicePrincipal, role_id: str
) -> Change:
    if resource.app_id == GRAPH_APP_ID:
        message = "Roles of the Graph API are for applications; users have directory roles."
        raise Invalid(Problem("resourceId", message))
    role = _role(resource, role_id, _USER)
    held = UserRole(
        directory_id=situation.directory.id,
        account_id=account.id,
        resource_app_id=resource.app_id,
        role_id=role.id,
        created_at=situation.now,
    )
    assignment = user_role_assignment(held, account, resource)
    return Change(assignment, lambda stores: stores.user_roles.add(held))


async def removed_role_assignment(
    situation: Situation, assignment: AppRoleAssignment, _: Given
) -> Change:
    """Take a role away."""
    held = assignment.held

    async def write(stores: Stores) -> None:
        if isinstance(held, UserRole):
            await stores.user_roles.remove(held.account_id, held.resource_app_id, held.role_id)
            return
        await stores.permission_grants.remove(
            held.app_id, held.resource_app_id, held.kind, held.value
        )

    if isinstance(held, PermissionGrant):
        refuse_to_hand_on(situation, held.resource_app_id, [held.value])
    return Change(None, write)
