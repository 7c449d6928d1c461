"""The account an interaction is about, as it is stored now."""

from gatelodge.journeys.local_account import account_to_reset
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts
from gatelodge.storage.database import Database


async def identified_account(database: Database, place: Place, facts: Facts) -> Account | None:
    """Return the account, unless it was switched off or its sign-ins were revoked meanwhile.

    Before anybody is identified it is the one whose forgotten password will be replaced, once its
    address was proved.
    """
    if facts.account_id is not None:
        return await signed_in_account(database, place, facts)
    if not facts.is_email_proved:
        return None
    accounts = database.read(place.directory.id).accounts
    return await account_to_reset(accounts, place.directory, place.user_flow, facts)


async def signed_in_account(database: Database, place: Place, facts: Facts) -> Account | None:
    """Return the account of whoever was identified, as above; None before, whatever was proved."""
    if facts.account_id is None or facts.auth_time is None:
        return None
    account = await database.read(place.directory.id).accounts.get(facts.account_id)
    if account is None:
        return None
    is_alive = facts.auth_time >= account.sign_in_sessions_valid_from
    return account if is_alive and account.account_enabled else None
