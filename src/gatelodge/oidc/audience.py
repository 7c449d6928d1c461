"""Whom an access token is for, and what its user may do there."""

from dataclasses import dataclass

from gatelodge.model.application import Application
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.identifier import AccountId
from gatelodge.oidc.provider import Provider, Providers

USERS = "User"
"""The member type of roles that users can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The API that will read a token, and the roles the user holds there."""

    application: Application
    roles: tuple[str, ...] = ()


async def audience_of(
    providers: Providers,
    provider: Provider,
    client: Application,
    account_id: AccountId,
    scope: GrantedScope,
) -> Audience:
    """Return the audience of an access token: the API the scope names, or the client itself."""
    if scope.resource_app_id in {None, client.app_id}:
        return await own_audience(providers, provider, client, account_id)
    api = await providers.application(provider, scope.resource_app_id or client.app_id)
    return await own_audience(providers, provider, api or client, account_id)


async def own_audience(
    providers: Providers, provider: Provider, application: Application, account_id: AccountId
) -> Audience:
    """Return an application as the audience of a token about a user."""
    for_users = {
        each.id: each.value
        for each in application.app_roles
        if each.is_enabled and USERS in each.allowed_member_types
    }
    if not for_users:
        return Audience(application=application)
    held = await providers.roles_of(provider, account_id, application.app_id)
    roles = tuple(value for role_id, value in for_users.items() if role_id in held)
    return Audience(application=application, roles=roles)
