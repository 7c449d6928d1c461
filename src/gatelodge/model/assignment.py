"""Granted permissions and roles as administrators see them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from uuid import UUID

from gatelodge.model.account import Account
from gatelodge.model.application import AppRole, GrantKind, PermissionGrant
from gatelodge.model.consent import Consent
from gatelodge.model.identifier import AccountId
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.model.user_role import UserRole

EVERYBODY, ONE_PERSON = "AllPrincipals", "Principal"
_PERSON_OCTETS = 16
_REST_OCTETS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRoleAssignment:
    """A role of an API that an application exercises by itself, or that a user holds."""

    id: str
    app_role_id: str
    principal_id: str
    principal_display_name: str
    resource_id: str
    resource_display_name: str
    held: PermissionGrant | UserRole
    principal_type: str = "ServicePrincipal"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedGrant:
    """The permissions `client_id` exercises at `resource_id`, as one `scope`.

    It does so for every user, or for `principal_id` alone.
    """

    id: str
    client_id: str
    resource_id: str
    scope: str
    client_app_id: str
    resource_app_id: str
    consent_type: str = EVERYBODY
    principal_id: str | None = None


def _id_of(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()[:40]


def _personal_id(account_id: AccountId, *parts: str) -> str:
    """Return an id that leads back to the user, so that nobody else's grants have to be read."""
    rest = sha256("|".join(parts).encode()).digest()[:_REST_OCTETS]
    return urlsafe_b64encode(UUID(account_id).bytes + rest).decode()


def person_of_grant(grant_id: str) -> AccountId | None:
    """Return the user a grant with this id would belong to; None when it is for everybody."""
    try:
        octets = urlsafe_b64decode(grant_id)
    except (NotBase64, ValueError):
        return None
    if len(octets) != _PERSON_OCTETS + _REST_OCTETS or len(grant_id) != 40:
        return None
    return None if _is_hexadecimal(grant_id) else AccountId(str(UUID(bytes=octets[:16])))


def _is_hexadecimal(text: str) -> bool:
    return set(text) <= set("0123456789abcdef")


def _role_of(resource: ServicePrincipal, **named: str) -> AppRole | None:
    return next(
        (
            each
            for each in resource.app_roles
            if all(getattr(each, name) == value for name, value in named.items())
        ),
        None,
    )


def role_assignment(
    grant: PermissionGrant, principal: ServicePrincipal, resource: ServicePrincipal
) -> AppRoleAssignment | None:
    """Return a granted role as an assignment; None when the API no longer has it."""
    if (role := _role_of(resource, value=grant.value)) is None:
        return None
    return AppRoleAssignment(
        id=_id_of(principal.id, resource.id, role.value),
        app_role_id=role.id,
        principal_id=principal.id,
        principal_display_name=principal.display_name,
        resource_id=resource.id,
        resource_display_name=resource.display_name,
        held=grant,
    )


def user_role_assignment(
    held: UserRole, account: Account, resource: ServicePrincipal
) -> AppRoleAssignment | None:
    """Return a user's role as an assignment; None when the API no longer has it."""
    if _role_of(resource, id=held.role_id) is None:
        return None
    return AppRoleAssignment(
        id=_id_of(account.id, resource.id, held.role_id),
        app_role_id=held.role_id,
        principal_id=account.id,
        principal_display_name=account.display_name,
        principal_type="User",
        resource_id=resource.id,
        resource_display_name=resource.display_name,
        held=held,
    )


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


def consented_grants(
    consents: Sequence[Consent], principals: Mapping[str, ServicePrincipal]
) -> list[DelegatedGrant]:
    """Return consents by user, client and API; `consents` are sorted as `delegated_grants` are."""
    found = []
    for (account_id, app_id, resource_app_id), group in groupby(
        consents, key=lambda it: (it.account_id, it.app_id, it.resource_app_id)
    ):
        client, resource = principals.get(app_id), principals.get(resource_app_id)
        if client is not None and resource is not None:
            values = [each.value for each in group]
            found.append(delegated_grant(client, resource, values, account_id))
    return found


def delegated_grant(
    client: ServicePrincipal,
    resource: ServicePrincipal,
    values: Sequence[str],
    account_id: AccountId | None = None,
) -> DelegatedGrant:
    """Return what a client may do at an API for one user, or for everybody."""
    pair = (client.id, resource.id)
    return DelegatedGrant(
        id=_id_of(*pair) if account_id is None else _personal_id(account_id, *pair),
        client_id=client.id,
        resource_id=resource.id,
        scope=" ".join(values),
        client_app_id=client.app_id,
        resource_app_id=resource.app_id,
        consent_type=EVERYBODY if account_id is None else ONE_PERSON,
        principal_id=account_id,
    )
