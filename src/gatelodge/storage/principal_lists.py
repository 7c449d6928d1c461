"""Lists of service principals, each with the permissions of the application it stands for."""

from collections.abc import Sequence
from dataclasses import replace

from gatelodge.model.application import Application
from gatelodge.model.graph_permission import GRAPH_ROLES, GRAPH_SCOPES
from gatelodge.model.identifier import ClientId
from gatelodge.model.query import Among, Slice
from gatelodge.model.service_principal import GRAPH_APP_ID, ServicePrincipal
from gatelodge.storage import tables
from gatelodge.storage.condition import Scope
from gatelodge.storage.listing import Lists
from gatelodge.storage.lists import APPLICATIONS
from gatelodge.storage.service_principals import ServicePrincipals
from gatelodge.storage.stores import Stores

_principal = tables.service_principal.c


def completed(principal: ServicePrincipal, application: Application | None) -> ServicePrincipal:
    """Return the service principal with what is the application's."""
    if principal.app_id == GRAPH_APP_ID:
        return replace(principal, app_roles=GRAPH_ROLES, oauth2_permission_scopes=GRAPH_SCOPES)
    if application is None:
        return principal
    return replace(
        principal,
        app_roles=application.app_roles,
        oauth2_permission_scopes=application.oauth2_permission_scopes,
        owner_ids=application.owner_ids,
        homepage=application.web_home_page_url,
        logout_url=application.web_logout_url,
        reply_urls=tuple(uri for _, uri in application.redirect_uris),
        sign_in_audience=application.sign_in_audience,
    )


async def _complete(
    stores: Stores, principals: Sequence[ServicePrincipal]
) -> Sequence[ServicePrincipal]:
    ids = tuple(dict.fromkeys(each.app_id for each in principals))
    known: dict[str, Application] = {}
    if ids:
        page = await APPLICATIONS.page(stores, Slice(where=Among("app_id", ids), limit=len(ids)))
        known = {each.app_id: each for each in page.values}
    return [completed(each, known.get(each.app_id)) for each in principals]


async def principal_of(stores: Stores, key: str) -> ServicePrincipal | None:
    """Return the service principal of an object id, with its permissions, or None."""
    found = await stores.service_principals.get(key.lower())
    return None if found is None else (await _complete(stores, [found]))[0]


async def principal_of_app_id(stores: Stores, app_id: str) -> ServicePrincipal | None:
    """Return the service principal of a client id, with its permissions, or None."""
    found = await stores.service_principals.by_app_id(ClientId(app_id.lower()))
    return None if found is None else (await _complete(stores, [found]))[0]


SERVICE_PRINCIPALS: Lists[ServicePrincipal] = Lists(
    record=ServicePrincipals.record,
    scope=Scope(
        columns=dict(_principal.items()),
        folded={"id": _principal.id, "app_id": _principal.app_id},
        found_by=frozenset({"id", "app_id"}),
        key=_principal.id,
    ),
    key=_principal.id,
    key_of_value=lambda it: it.id,
    find=principal_of,
    complete=_complete,
)
