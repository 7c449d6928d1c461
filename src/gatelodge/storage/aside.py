"""Deleting applications and service principals so that they can be brought back."""

from datetime import datetime

from gatelodge.model.application import Application
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.stores import Stores


async def put_application_aside(stores: Stores, application: Application, now: datetime) -> None:
    """Delete an application with what stands for it; nobody else can have its client id."""
    principal = await stores.service_principals.by_app_id(application.app_id)
    if principal is not None:
        await put_principal_aside(stores, principal, now)
    await stores.applications.delete(application, now)


async def put_principal_aside(stores: Stores, principal: ServicePrincipal, now: datetime) -> None:
    """Delete a service principal so that it can be brought back with what was granted.

    What users consented to is not brought back: they are asked again.
    """
    grants = await stores.permission_grants.of(principal.app_id)
    await stores.permission_grants.remove_of(principal.app_id)
    await stores.consents.remove_of(principal.app_id)
    await stores.service_principals.delete(principal, now, grants)
