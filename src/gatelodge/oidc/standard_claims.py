"""The claims of OpenID Connect's own names (OIDC Core §5.1), for user flows with an own issuer.

A user flow whose issuer names it is a provider of its own, and strictly one: there an application
that asks for `profile`, `email`, `address` or `phone`, or names a claim in the parameter `claims`,
gets it. Elsewhere the user flow alone decides, as B2C's do.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from gatelodge.model.account import Account
from gatelodge.model.authorization import GrantedScope, RequestedClaims
from gatelodge.oidc.provider import Provider

CLAIMS_OF_SCOPES: Mapping[str, tuple[str, ...]] = {
    "profile": ("name", "given_name", "family_name", "updated_at"),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number",),
}
"""Which claims each scope asks for, of those an account can have (OIDC Core §5.4)."""

_ADDRESS = {
    "street_address": "street_address",
    "locality": "city",
    "region": "state",
    "postal_code": "postal_code",
    "country": "country",
}


class MalformedClaims(Exception):
    """The parameter `claims` is not what OIDC Core §5.5 says."""


def is_strict(provider: Provider) -> bool:
    """Return whether the user flow is an issuer of its own."""
    flow = provider.user_flow
    return flow is not None and flow.token_claims_configuration.is_issuer_entity_user_flow


def scope_claims(scope: GrantedScope) -> tuple[str, ...]:
    """Return the claims the words of a scope ask for."""
    words = scope.requested.split(" ")
    return tuple(claim for word in words for claim in CLAIMS_OF_SCOPES.get(word, ()))


def read_requested_claims(text: str) -> RequestedClaims:
    """Return what of the parameter `claims` concerns us. Raises `MalformedClaims`."""
    try:
        asked = msgspec.json.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedClaims from error
    if not isinstance(asked, dict):
        raise MalformedClaims
    id_token = _members(asked.get("id_token"))
    subject = id_token.get("sub")
    value = subject.get("value") if isinstance(subject, dict) else None
    return RequestedClaims(
        userinfo=_known(_members(asked.get("userinfo"))),
        id_token=_known(id_token),
        subject=value if isinstance(value, str) else None,
    )


def _members(member: object) -> dict[str, Any]:
    if member is None:
        return {}
    if not isinstance(member, dict):
        raise MalformedClaims
    return member


def _known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in _VALUES)


def standard_claims(account: Account, names: Iterable[str]) -> dict[str, Any]:
    """Return those of the named claims that the account has a value for."""
    values = {name: _VALUES[name](account) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def _email(account: Account) -> str | None:
    return next(iter(account.emails), None)


def _email_verified(account: Account) -> bool | None:
    """Return whether the address is known to have been proved; None where there is none."""
    return account.is_email_proved is True if account.emails else None


def _updated_at(account: Account) -> int:
    return int((account.updated_at or account.created_at).timestamp())


def _address(account: Account) -> dict[str, str]:
    parts = {name: getattr(account, attribute) for name, attribute in _ADDRESS.items()}
    return {name: part for name, part in parts.items() if part}


_VALUES: Mapping[str, Callable[[Account], Any]] = {
    "name": lambda account: account.display_name,
    "given_name": lambda account: account.given_name,
    "family_name": lambda account: account.surname,
    "updated_at": _updated_at,
    "email": _email,
    "email_verified": _email_verified,
    "address": _address,
    "phone_number": lambda account: account.mobile_phone,
}
STANDARD_CLAIMS = tuple(_VALUES)
