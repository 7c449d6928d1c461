"""An access token of a user that comes back to us, judged as everything is stored now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.grant import Grant
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.guard import may_issue, may_use
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.subject import account_named
from gatelodge.oidc.token_id import CLAIM, grant_of
from gatelodge.oidc.tokens import policy_claim
from gatelodge.storage.stores import Stores


class NotLive(Exception):
    """The token is none of ours, or not valid any more; the text may be told to its bearer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveToken:
    """A token everything still stands behind."""

    claims: Mapping[str, Any]
    grant: Grant
    account: Account
    application: Application

    @property
    def key_thumbprint(self) -> str | None:
        """Return the key the bearer has to show (RFC 9449 §6.1), None for a plain bearer token."""
        confirmation = self.claims.get("cnf")
        return confirmation.get("jkt") if isinstance(confirmation, dict) else None


Claims: TypeAlias = Mapping[str, Any]
ClaimCheck: TypeAlias = Callable[[Claims, Provider, UserFlow, datetime], str | None]


def check_kind(claims: Claims, _provider: Provider, _flow: UserFlow, _now: datetime) -> str | None:
    """Demand an access token: an ID token has no `azp` (RFC 9068 §2.2, RFC 8725 §3.12)."""
    numbers = [claims.get(name) for name in ("iat", "nbf", "exp")]
    texts = [claims.get(name) for name in ("sub", "azp", "aud")]
    is_one = all(type(each) is int for each in numbers) and all(
        isinstance(each, str) for each in texts
    )
    return None if is_one else "The token is not an access token"


def check_issuer(
    claims: Claims, provider: Provider, user_flow: UserFlow, _now: datetime
) -> str | None:
    """Demand that this user flow issued it, for a user (RFC 9068 §4, RFC 8725 §3.8)."""
    expected = {"iss": provider.issuer, **policy_claim(user_flow)}
    is_other = any(claims.get(name) != each for name, each in expected.items())
    return "The token was not issued by this user flow" if "idtyp" in claims or is_other else None


def check_time(claims: Claims, _provider: Provider, _flow: UserFlow, now: datetime) -> str | None:
    """Demand that its time has come and is not over (RFC 7519 §4.1.4, §4.1.5)."""
    is_in_time = claims["nbf"] <= now.timestamp() < claims["exp"]
    return None if is_in_time else "The token has expired"


CLAIM_CHECKS: tuple[ClaimCheck, ...] = (check_kind, check_issuer, check_time)
"""What a token that we signed has to say; then comes what is stored (`GRANT_CHECKS`)."""


async def live_token(
    providers: Providers, provider: Provider, stores: Stores, token: str, now: datetime
) -> LiveToken:
    """Return an access token this user flow issued for a user, if it still counts.

    ID tokens, which carry no `azp`, and tokens of applications acting for themselves are not that.
    Raises `NotLive`.
    """
    if provider.user_flow is None:
        raise NotLive("The token was not issued by this user flow")
    claims = _verified(provider, provider.user_flow, token, now)
    grant_id = grant_of(claims.get(CLAIM))
    grant = None if grant_id is None else await stores.grants.get(grant_id)
    application = await providers.application(provider, claims["azp"])
    if grant is None or application is None or not await _is_standing(stores, grant):
        raise NotLive("The token is not valid any more")
    if grant.account_id != account_named(claims):
        raise NotLive("The token is not valid any more")
    account = await stores.accounts.get(grant.account_id)
    # A token names the second it was issued in; that whole second counts as its moment.
    since = datetime.fromtimestamp(claims["iat"], UTC) + timedelta(seconds=1)
    refusal = may_issue(provider, application, account, grant) or may_use(
        provider, application, account, since=since
    )
    if refusal is not None or account is None:
        raise NotLive("The token is not valid any more")
    return LiveToken(claims=claims, grant=grant, account=account, application=application)


async def _is_standing(stores: Stores, grant: Grant) -> bool:
    """Return whether the grant another one was exchanged from is still alive, if there is one."""
    if grant.parent_id is None:
        return True
    parent = await stores.grants.get(grant.parent_id)
    return parent is not None and parent.revoked_at is None


def _verified(
    provider: Provider, user_flow: UserFlow, token: str, now: datetime
) -> Mapping[str, Any]:
    try:
        claims = provider.key_set.verify(token)
    except Unverifiable as error:
        raise NotLive("The token cannot be verified") from error
    for check in CLAIM_CHECKS:
        if (problem := check(claims, provider, user_flow, now)) is not None:
            raise NotLive(problem)
    return claims
