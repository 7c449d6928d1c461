"""The account of somebody a provider identified."""

from gatelodge.journeys.outcome import Refusal, Refuse
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.federation import Arrival
from gatelodge.storage.accounts import Accounts

MOST_IDENTITIES = 10
"""Names one account may have, those of providers among the rest."""


def identity_of(arrival: Arrival) -> SignInName:
    """Return the identity a provider spoke of."""
    return SignInName(
        sign_in_type=SignInType.FEDERATED,
        issuer=arrival.issuer,
        issuer_assigned_id=arrival.subject,
    )


async def account_of_arrival(accounts: Accounts, arrival: Arrival) -> Account | Refuse | None:
    """Return the account that has this very identity; an address decides nothing.

    Names of local accounts are looked up by an issuer as well. A provider that calls itself by
    that one speaks for none of them: it is refused.
    """
    account = await accounts.by_sign_in_name(arrival.issuer, arrival.subject)
    if account is None:
        return None
    named = identity_of(arrival)
    is_theirs = any(
        (each.sign_in_type, each.issuer, each.issuer_assigned_id)
        == (named.sign_in_type, named.issuer, named.issuer_assigned_id)
        for each in account.identities
    )
    return account if is_theirs else Refuse(reason=Refusal.ALREADY_EXISTS)
