"""Service principals: what stands for an application where permissions are granted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from gatelodge.model.directory import Directory
from gatelodge.model.identifier import ClientId, DirectoryId

GRAPH_APP_ID = ClientId("00000003-0000-0000-c000-000000000000")
"""The application id of Microsoft Graph, the same in every directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrincipal:
    """An application as the directory's permissions know it; there is at most one for each."""

    directory_id: DirectoryId
    id: str
    app_id: ClientId
    created_at: datetime
    account_enabled: bool = True
    app_role_assignment_required: bool = False
    tags: tuple[str, ...] = ()
    revision: int = 0


def graph_service_principal(directory: Directory) -> ServicePrincipal:
    """Return what stands for the Graph API itself, which is no application of the directory."""
    return ServicePrincipal(
        directory_id=directory.id,
        id=str(uuid5(UUID(GRAPH_APP_ID), directory.id)),
        app_id=GRAPH_APP_ID,
        created_at=directory.created_at,
    )
