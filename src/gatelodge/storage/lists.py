"""The lists an administrator may ask for."""

from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.identifier import key_of
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage import tables
from gatelodge.storage.accounts import Accounts
from gatelodge.storage.applications import Applications
from gatelodge.storage.condition import Members, Scope
from gatelodge.storage.custom_attributes import with_known_attributes
from gatelodge.storage.listing import Lists
from gatelodge.storage.remembered import Remembered
from gatelodge.storage.stores import Stores
from gatelodge.storage.user_flows import UserFlows

_flow, _account, _application = (
    tables.user_flow.c,
    tables.account.c,
    tables.application.c,
)
_name, _uri = tables.sign_in_name.c, tables.identifier_uri.c


async def _user_flow(stores: Stores, key: str) -> UserFlow | None:
    return await stores.user_flows.get(key)


USER_FLOWS: Lists[UserFlow] = Lists(
    record=UserFlows.record,
    scope=Scope(columns=dict(_flow.items()), folded={"id": _flow.key}),
    key=_flow.key,
    key_of_value=lambda it: key_of(it.id),
    find=_user_flow,
    remembered=Remembered(UserFlows.record.load),
)


async def _account_of(stores: Stores, key: str) -> Account | None:
    """Find by object id or principal name; one nobody chose begins with the object id."""
    local, at, domain = key_of(key).rpartition("@")
    if not at:
        return await stores.accounts.get(key.lower())
    account = await stores.accounts.get(local)
    if account is None:
        account = await stores.accounts.by_sign_in_name(domain, key_of(key))
    name = None if account is None else account.user_principal_name
    return account if name is not None and key_of(name) == key_of(key) else None


ACCOUNTS: Lists[Account] = Lists(
    record=Accounts.record,
    scope=Scope(
        columns=dict(_account.items()),
        folded={
            "id": _account.id,
            "display_name": _account.display_name_key,
            "mail": _account.mail_key,
            "user_principal_name": _account.user_principal_name_key,
        },
        open_prefix="extension_",
        open_column=_account.extensions,
        members={
            "identities": Members(
                scope=Scope(
                    columns={"sign_in_type": _name.sign_in_type, "issuer": _name.issuer},
                    either={"issuer_assigned_id": _name.key},
                    found_by=frozenset({"issuer_assigned_id"}),
                ),
                owner=_name.account_id,
                directory=_name.directory_id,
                key=_account.id,
            )
        },
        found_by=frozenset({"id", "display_name", "mail", "user_principal_name"}),
        key=_account.id,
    ),
    key=_account.id,
    key_of_value=lambda it: it.id,
    find=_account_of,
    resolve=with_known_attributes,
)


async def _application_of(stores: Stores, key: str) -> Application | None:
    return await stores.applications.get(key.lower())


APPLICATIONS: Lists[Application] = Lists(
    record=Applications.record,
    scope=Scope(
        columns=dict(_application.items()),
        folded={"id": _application.id, "app_id": _application.app_id},
        found_by=frozenset({"id", "app_id"}),
        key=_application.id,
        members={
            "identifier_uris": Members(
                scope=Scope(columns={".": _uri.uri}),
                owner=_uri.application_id,
                directory=_uri.directory_id,
                key=_application.id,
            )
        },
    ),
    key=_application.id,
    key_of_value=lambda it: it.id,
    find=_application_of,
    remembered=Remembered(Applications.record.load),
)
