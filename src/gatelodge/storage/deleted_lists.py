"""Lists of what was deleted and can be brought back."""

from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.deleted_objects import (
    DeletedAccounts,
    DeletedApplications,
    DeletedServicePrincipals,
)
from gatelodge.storage.listing import Lists
from gatelodge.storage.lists import ACCOUNTS, APPLICATIONS
from gatelodge.storage.principal_lists import SERVICE_PRINCIPALS
from gatelodge.storage.stores import Stores


async def _account(stores: Stores, key: str) -> Account | None:
    return await stores.deleted_accounts.get(key.lower())


async def _application(stores: Stores, key: str) -> Application | None:
    return await stores.deleted_applications.get(key.lower())


async def _service_principal(stores: Stores, key: str) -> ServicePrincipal | None:
    return await stores.deleted_service_principals.get(key.lower())


DELETED_ACCOUNTS: Lists[Account] = Lists(
    record=DeletedAccounts.record,
    scope=ACCOUNTS.scope,
    key=ACCOUNTS.key,
    key_of_value=ACCOUNTS.key_of_value,
    find=_account,
    resolve=ACCOUNTS.resolve,
)
DELETED_APPLICATIONS: Lists[Application] = Lists(
    record=DeletedApplications.record,
    scope=APPLICATIONS.scope,
    key=APPLICATIONS.key,
    key_of_value=APPLICATIONS.key_of_value,
    find=_application,
)
DELETED_SERVICE_PRINCIPALS: Lists[ServicePrincipal] = Lists(
    record=DeletedServicePrincipals.record,
    scope=SERVICE_PRINCIPALS.scope,
    key=SERVICE_PRINCIPALS.key,
    key_of_value=SERVICE_PRINCIPALS.key_of_value,
    find=_service_principal,
)
