"""Setting up: a directory, its signing key and its first Graph client."""

from datetime import datetime, timedelta

from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.seal import Sealer
from gatelodge.model.application import ClientPassword, GrantKind, PermissionGrant
from gatelodge.model.identifier import ClientId, DirectoryId
from gatelodge.model.installation import Installation

GRAPH_APP_ID = ClientId("00000003-0000-0000-c000-000000000000")
"""The application id of Microsoft Graph, the same in every directory."""

ADMINISTRATOR_ROLES = (
    "APIConnectors.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Application.ReadWrite.All",
    "AuditLog.Read.All",
    "CustomAuthenticationExtension.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.ReadWrite.All",
    "Domain.ReadWrite.All",
    "EventListener.ReadWrite.All",
    "IdentityProvider.ReadWrite.All",
    "IdentityUserFlow.ReadWrite.All",
    "Organization.ReadWrite.All",
    "Policy.Read.All",
    "Policy.ReadWrite.AuthenticationFlows",
    "Policy.ReadWrite.AuthenticationMethod",
    "Policy.ReadWrite.TrustFramework",
    "SignInIdentifier.ReadWrite.All",
    "TrustFrameworkKeySet.ReadWrite.All",
    "User-PasswordProfile.ReadWrite.All",
    "User.DeleteRestore.All",
    "User.ManageIdentities.All",
    "User.ReadWrite.All",
    "User.RevokeSessions.All",
    "UserAuthenticationMethod.ReadWrite.All",
)
"""The Graph application permissions of somebody who may do everything."""

SECRET_LIFETIME = timedelta(days=730)


def new_installation(sealer: Sealer, *, is_development: bool, now: datetime) -> Installation:
    """Return the row that marks a database as set up under this master key."""
    return Installation(is_development=is_development, key_check=key_check(sealer), created_at=now)


def key_check(sealer: Sealer) -> str:
    """Return the digest by which a wrong master key is recognised."""
    return sealer.mac("installation")


def client_password(secret: str, *, key_id: str, now: datetime) -> ClientPassword:
    """Return what is kept of a client secret."""
    return ClientPassword(
        key_id=key_id,
        digest=digest_of(secret),
        hint=secret[:3],
        display_name=None,
        start_at=now,
        end_at=now + SECRET_LIFETIME,
    )


def graph_roles(
    app_id: ClientId, roles: tuple[str, ...], directory_id: DirectoryId
) -> tuple[PermissionGrant, ...]:
    """Return the grants that let an application use these Graph permissions by itself."""
    return tuple(
        PermissionGrant(
            directory_id=directory_id,
            app_id=app_id,
            resource_app_id=GRAPH_APP_ID,
            kind=GrantKind.ROLE,
            value=role,
        )
        for role in roles
    )
