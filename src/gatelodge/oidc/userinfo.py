"""`GET|POST …/openid/v2.0/userinfo`: the user's claims, for a bearer of an access token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.identifier import AccountId
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.cors import ANY_ORIGIN, preflight
from gatelodge.oidc.discovery import no_such_provider
from gatelodge.oidc.guard import may_use
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.parameters import FORM, MalformedParameters, form_parameters
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.tokens import application_claims, policy_claim
from gatelodge.storage.database import Database

_READABLE = {**ANY_ORIGIN, **NOT_KEPT, "Access-Control-Expose-Headers": "WWW-Authenticate"}


class Unauthorized(Exception):
    """The request has no token we accept; `error` is RFC 6750's word, None when there is none."""

    def __init__(self, error: str | None, description: str, status: int = 401) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class Userinfo:
    """Answers with the claims an ID token of this user flow would have now (OIDC Core §5.3)."""

    providers: Providers
    database: Database
    clock: Clock

    async def __call__(self, request: Request) -> Response:
        """Answer with claims, or 401 and `WWW-Authenticate` (RFC 6750 §3)."""
        if request.method == "OPTIONS":
            return preflight(request)
        provider = await self.providers.provider_of(request)
        if provider is None or provider.user_flow is None:
            return no_such_provider()
        try:
            claims = _verified(provider, provider.user_flow, await _bearer(request), self.clock())
            return json_answer(
                await self._claims(provider, provider.user_flow, claims), headers=_READABLE
            )
        except Unauthorized as error:
            return _challenge(error)

    async def _claims(
        self, provider: Provider, user_flow: UserFlow, claims: Mapping[str, Any]
    ) -> dict[str, Any]:
        stores = self.database.read(provider.directory.id)
        account = await stores.accounts.get(AccountId(claims["sub"]))
        application = await self.providers.application(provider, claims["azp"])
        # A token names the second it was issued in; that whole second counts as its moment.
        since = datetime.fromtimestamp(claims["iat"], UTC) + timedelta(seconds=1)
        refusal = may_use(provider, application, account, since=since)
        if refusal is not None or account is None:
            raise Unauthorized("invalid_token", "The token is not valid any more")
        return {"sub": account.id, **application_claims(user_flow, account)}


async def _bearer(request: Request) -> str:
    """Return the token of the header, or of a form (RFC 6750 §2.1, §2.2); never of the query."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    in_body = None
    if request.method == "POST" and request.headers.get("content-type", "").startswith(FORM):
        try:
            in_body = (await form_parameters(request)).get("access_token")
        except MalformedParameters as error:
            raise Unauthorized("invalid_request", error.reason, error.status) from error
    if scheme.lower() != "bearer" or not token:
        if in_body is None:
            raise Unauthorized(None, "Send an access token")
        return in_body
    if in_body is not None:
        raise Unauthorized("invalid_request", "The token was sent in two ways", 400)
    return token.strip()


def _verified(
    provider: Provider, user_flow: UserFlow, token: str, now: datetime
) -> Mapping[str, Any]:
    """Return the claims of an access token that this user flow issued to a user's application.

    ID tokens, which carry no `azp`, and tokens of applications acting for themselves are not that.
    """
    try:
        claims = provider.key_set.verify(token)
    except Unverifiable as error:
        raise Unauthorized("invalid_token", "The token cannot be verified") from error
    numbers = [claims.get(name) for name in ("iat", "nbf", "exp")]
    texts = [claims.get(name) for name in ("sub", "azp", "aud")]
    if not all(type(each) is int for each in numbers) or not all(
        isinstance(each, str) for each in texts
    ):
        raise Unauthorized("invalid_token", "The token is not an access token")
    expected = {"iss": provider.issuer, **policy_claim(user_flow)}
    if "idtyp" in claims or any(claims.get(name) != each for name, each in expected.items()):
        raise Unauthorized("invalid_token", "The token was not issued by this user flow")
    if not claims["nbf"] <= now.timestamp() < claims["exp"]:
        raise Unauthorized("invalid_token", "The token has expired")
    return claims


def _challenge(error: Unauthorized) -> Response:
    challenge = 'Bearer realm="userinfo"'
    body = {}
    if error.error is not None:
        challenge += f', error="{error.error}", error_description="{error.description}"'
        body = {"error": error.error, "error_description": error.description}
    headers = {**_READABLE, "WWW-Authenticate": challenge}
    return json_answer(body, status=error.status, headers=headers)
