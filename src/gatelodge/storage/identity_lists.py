"""Lists of identity providers and API connectors."""

from gatelodge.model.api_connector import ApiConnector
from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.storage import tables
from gatelodge.storage.api_connectors import ApiConnectors
from gatelodge.storage.condition import Scope
from gatelodge.storage.identity_providers import IdentityProviders
from gatelodge.storage.listing import Lists
from gatelodge.storage.stores import Stores

_provider, _connector = tables.identity_provider.c, tables.api_connector.c


async def _identity_provider(stores: Stores, key: str) -> IdentityProvider | None:
    return await stores.identity_providers.get(key)


IDENTITY_PROVIDERS: Lists[IdentityProvider] = Lists(
    record=IdentityProviders.record,
    scope=Scope(columns=dict(_provider.items()), folded={"id": _provider.key}),
    key=_provider.key,
    key_of_value=lambda it: key_of(it.id),
    find=_identity_provider,
)


async def _api_connector(stores: Stores, key: str) -> ApiConnector | None:
    return await stores.api_connectors.get(key.lower())


API_CONNECTORS: Lists[ApiConnector] = Lists(
    record=ApiConnectors.record,
    scope=Scope(columns=dict(_connector.items()), folded={"id": _connector.id}),
    key=_connector.id,
    key_of_value=lambda it: it.id,
    find=_api_connector,
)
