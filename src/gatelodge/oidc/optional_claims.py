"""Claims an application asks for in its registration (Graph: `optionalClaims`)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.application import Application
from gatelodge.model.application_details import OptionalClaim
from gatelodge.model.grant import Grant
from gatelodge.oidc.subject import sid_of

Value: TypeAlias = Callable[[Account, Grant], Any]

IP_ADDRESS = "ipaddr"
_MEMBER = 0
_LETTERS_OF_A_COUNTRY = 2
_LOCAL = tuple(each for each in SignInType if each is not SignInType.FEDERATED)


def _sign_in_name(account: Account) -> str | None:
    """Return the name the user signs in with here; a federated user has none."""

    def rank(name: SignInName) -> int:
        return _LOCAL.index(name.sign_in_type)

    local = [each for each in account.identities if each.sign_in_type in _LOCAL]
    return min(local, key=rank).issuer_assigned_id if local else None


def _proved_email(account: Account) -> str | None:
    """Return the address, unless it is one the user only typed, or a provider told us.

    Many applications take `email` for the user, and nothing beside it would say what it is worth.
    """
    return None if account.is_email_proved is False else next(iter(account.emails), None)


def _proved_emails(account: Account) -> list[str] | None:
    proved = _proved_email(account)
    return None if proved is None else [proved]


def _country_code(account: Account) -> str | None:
    """Return the country where it is kept by its code; names are no `ctry`."""
    country = account.country or ""
    is_code = len(country) == _LETTERS_OF_A_COUNTRY and country.isascii() and country.isalpha()
    return country.upper() if is_code else None


OPTIONAL_CLAIMS: Mapping[str, Value] = {
    "acct": lambda _account, _grant: _MEMBER,
    "auth_time": lambda _account, grant: int(grant.auth_time.timestamp()),
    "ctry": lambda account, _grant: _country_code(account),
    "email": lambda account, _grant: _proved_email(account),
    "family_name": lambda account, _grant: account.surname,
    "given_name": lambda account, _grant: account.given_name,
    IP_ADDRESS: lambda _account, grant: grant.ip_address,
    "login_hint": lambda account, _grant: _sign_in_name(account),
    "preferred_username": lambda account, _grant: _sign_in_name(account),
    "sid": lambda _account, grant: None if grant.session_id is None else sid_of(grant.session_id),
    "upn": lambda account, _grant: account.user_principal_name,
    "verified_primary_email": lambda account, _grant: _proved_emails(account),
}
"""Those that have a meaning here; any other name is kept and stays without effect."""


def wants_address(client: Application, api: Application | None) -> bool:
    """Return whether a token of the client, or for the API, says from where the person came.

    Where nobody asks, nobody keeps it.
    """
    asked, of_api = client.details.optional_claims, (api or client).details.optional_claims
    wanted = () if asked is None else asked.id_token
    sent = () if of_api is None else of_api.access_token
    return any(each.name == IP_ADDRESS for each in (*wanted, *sent))


def of_id_token(application: Application, account: Account, grant: Grant) -> dict[str, Any]:
    """Return what the client asks for in its ID tokens."""
    asked = application.details.optional_claims
    return _values(() if asked is None else asked.id_token, account, grant)


def of_access_token(api: Application, account: Account, grant: Grant) -> dict[str, Any]:
    """Return what the API asks for in the access tokens it is sent."""
    asked = api.details.optional_claims
    return _values(() if asked is None else asked.access_token, account, grant)


def _values(asked: Iterable[OptionalClaim], account: Account, grant: Grant) -> dict[str, Any]:
    found = {
        each.name: OPTIONAL_CLAIMS[each.name](account, grant)
        for each in asked
        if each.name in OPTIONAL_CLAIMS
    }
    return {name: value for name, value in found.items() if value not in (None, "")}
