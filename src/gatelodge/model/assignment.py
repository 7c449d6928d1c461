"""Granted permissions as administrators see them, between service principals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from gatelodge.model.application import GrantKind, PermissionGrant
from gatelodge.model.service_principal import ServicePrincipal


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRoleAssignment:
    """A permission that the application `principal_id` stands for exercises by itself."""

    id: str
    app_role_id: str
    principal_id: str
    principal_display_name: str
    resource_id: str
    resource_display_name: str
    grant: PermissionGrant
    principal_type: str = "ServicePrincipal"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedGrant:
    """The permissions `client_id` exercises for users at `resource_id`, as one `scope`."""

    id: str
    client_id: str
    resource_id: str
    scope: str
    client_app_id: str
    resource_app_id: str
    consent_type: str = "AllPrincipals"
    principal_id: str | None = None


def _id_of(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()[:40]


def role_assignment(
    grant: PermissionGrant, principal: ServicePrincipal, resource: ServicePrincipal
) -> AppRoleAssignment | None:
    """Return a granted role as an assignment; None when the API no longer has it."""
    for role in resource.app_roles:
        if role.value == grant.value:
            return AppRoleAssignment(
                id=_id_of(principal.id, resource.id, role.value),
                app_role_id=role.id,
                principal_id=principal.id,
                principal_display_name=principal.display_name,
                resource_id=resource.id,
                resource_display_name=resource.display_name,
                grant=grant,
            )
    return None


def delegated_grants(
    grants: Sequence[PermissionGrant], principals: Mapping[str, ServicePrincipal]
) -> list[DelegatedGrant]:
    """Return granted scopes by client and API; `grants` are sorted, `principals` by client id."""
    scopes = [each for each in grants if each.kind is GrantKind.SCOPE]
    found = []
    for (app_id, resource_app_id), group in groupby(
        scopes, key=lambda it: (it.app_id, it.resource_app_id)
    ):
        client, resource = principals.get(app_id), principals.get(resource_app_id)
        if client is not None and resource is not None:
            found.append(delegated_grant(client, resource, [each.value for each in group]))
    return found


def delegated_grant(
    client: ServicePrincipal, resource: ServicePrincipal, values: Sequence[str]
) -> DelegatedGrant:
    """Return what a client was granted of an API."""
    return DelegatedGrant(
        id=_id_of(client.id, resource.id),
        client_id=client.id,
        resource_id=resource.id,
        scope=" ".join(values),
        client_app_id=client.app_id,
        resource_app_id=resource.app_id,
    )
