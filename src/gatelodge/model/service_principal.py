"""Service principals: what stands for an application where permissions are granted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from gatelodge.model.application import Application, AppRole, PermissionGrant, Scope
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import ClientId, DirectoryId

GRAPH_APP_ID = ClientId("00000003-0000-0000-c000-000000000000")
"""The application id of Microsoft Graph, the same in every directory."""


_SPACE = UUID(GRAPH_APP_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlSettings:
    """Settings of single sign-on by SAML, which no application has here."""

    relay_state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalDetails:
    """What is kept for administrators and changes nothing."""

    alternative_names: tuple[str, ...] = ()
    description: str | None = None
    login_url: str | None = None
    notes: str | None = None
    notification_email_addresses: tuple[str, ...] = ()
    preferred_single_sign_on_mode: str | None = None
    saml_metadata_url: str | None = None
    saml_single_sign_on_settings: SamlSettings | None = None
    owner_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrincipal:
    """An application as the directory's permissions know it; there is at most one for each.

    From `app_roles` on, everything but the revision is the application's it stands for; its own
    owners are among the details and may do nothing more for that. One that was deleted keeps in
    `deleted_grants` what had been granted to it and of it.
    """

    directory_id: DirectoryId
    id: str
    app_id: ClientId
    display_name: str
    created_at: datetime
    account_enabled: bool = True
    app_role_assignment_required: bool = False
    tags: tuple[str, ...] = ()
    details: PrincipalDetails = PrincipalDetails()
    deleted_at: datetime | None = None
    deleted_grants: tuple[PermissionGrant, ...] | None = None
    app_roles: tuple[AppRole, ...] = ()
    oauth2_permission_scopes: tuple[Scope, ...] = ()
    owner_ids: tuple[str, ...] = ()
    homepage: str | None = None
    logout_url: str | None = None
    reply_urls: tuple[str, ...] = ()
    sign_in_audience: str | None = None
    revision: int = 0

    @property
    def service_principal_type(self) -> str:
        """Return what it stands for."""
        return "Application"

    @property
    def service_principal_names(self) -> tuple[str, ...]:
        """Return what names it in requests for tokens."""
        return (self.app_id,)


OF_APPLICATION = (
    "app_roles",
    "oauth2_permission_scopes",
    "owner_ids",
    "homepage",
    "logout_url",
    "reply_urls",
    "sign_in_audience",
)
"""What is not a service principal's own."""


def principal_id(application_id: str) -> str:
    """Return the id of what stands for an application, which follows from the application's."""
    return str(uuid5(_SPACE, application_id))


def service_principal_of(application: Application, created_at: datetime) -> ServicePrincipal:
    """Return what stands for an application."""
    return ServicePrincipal(
        directory_id=application.directory_id,
        id=principal_id(application.id),
        app_id=application.app_id,
        display_name=application.display_name,
        created_at=created_at,
    )


def graph_service_principal(directory: Directory) -> ServicePrincipal:
    """Return what stands for the Graph API itself, which is no application of the directory."""
    return ServicePrincipal(
        directory_id=directory.id,
        id=str(uuid5(_SPACE, directory.id)),
        app_id=GRAPH_APP_ID,
        display_name="Microsoft Graph",
        created_at=directory.created_at,
    )
