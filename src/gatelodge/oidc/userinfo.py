"""`GET|POST …/openid/v2.0/userinfo`: the user's claims, for a bearer of an access token."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.oidc.access_token import LiveToken, NotLive, live_token
from gatelodge.oidc.cors import ANY_ORIGIN, preflight
from gatelodge.oidc.discovery import no_such_provider
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.parameters import FORM, MalformedParameters, form_parameters
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.standard_claims import is_strict, scope_claims, standard_claims
from gatelodge.oidc.tokens import application_claims
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
            token = await self._token(request, provider)
        except Unauthorized as error:
            return _challenge(error)
        claims = application_claims(provider.user_flow, token.account)
        if is_strict(provider):
            scope = token.grant.scope
            names = (*scope_claims(scope), *scope.claims.userinfo)
            claims |= standard_claims(token.account, names)
        return json_answer({**claims, "sub": token.account.id}, headers=_READABLE)

    async def _token(self, request: Request, provider: Provider) -> LiveToken:
        value, now = await _bearer(request), self.clock()
        stores = self.database.read(provider.directory.id)
        try:
            return await live_token(self.providers, provider, stores, value, now)
        except NotLive as error:
            raise Unauthorized("invalid_token", str(error)) from error


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


def _challenge(error: Unauthorized) -> Response:
    challenge = 'Bearer realm="userinfo"'
    body = {}
    if error.error is not None:
        challenge += f', error="{error.error}", error_description="{error.description}"'
        body = {"error": error.error, "error_description": error.description}
    headers = {**_READABLE, "WWW-Authenticate": challenge}
    return json_answer(body, status=error.status, headers=headers)
