"""`GET|POST …/openid/v2.0/userinfo`: the user's claims, for a bearer of an access token."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.foreign_signature import ALGORITHMS
from gatelodge.model.application import Application
from gatelodge.oidc.access_token import LiveToken, NotLive, live_token
from gatelodge.oidc.cors import ANY_ORIGIN, preflight
from gatelodge.oidc.discovery import no_such_provider
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.parameters import FORM, MalformedParameters, form_parameters
from gatelodge.oidc.proof_nonces import HEADER, ProofNonces
from gatelodge.oidc.proof_of_possession import NonceDemanded, ProofRefused, shown_key
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.signing import Sign
from gatelodge.oidc.standard_claims import is_strict, scope_claims, standard_claims
from gatelodge.oidc.tokens import application_claims, said_at
from gatelodge.storage.database import Database

_READABLE = {
    **ANY_ORIGIN,
    **NOT_KEPT,
    "Access-Control-Expose-Headers": f"WWW-Authenticate, {HEADER}",
}


class Unauthorized(Exception):
    """The request has no token we accept; `error` is RFC 6750's word, None when there is none."""

    def __init__(
        self, error: str | None, description: str, status: int = 401, *, nonce: str | None = None
    ) -> None:
        super().__init__(description)
        self.nonce = nonce
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class Userinfo:
    """Answers with the claims an ID token of this user flow would have now (OIDC Core §5.3)."""

    providers: Providers
    database: Database
    nonces: ProofNonces
    clock: Clock
    sign: Sign

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
        claims = application_claims(provider.user_flow, token.account, said=said_at(token.grant))
        if is_strict(provider):
            scope = token.grant.scope
            names = (*scope_claims(scope), *scope.claims.userinfo)
            claims |= standard_claims(token.account, names)
        claims = {**claims, "sub": token.claims["sub"]}
        registration = token.application.details.registration
        if registration is None or registration.userinfo_signed_response_alg is None:
            return json_answer(claims, headers=_READABLE)
        return await self._signed(provider, token.application, claims)

    async def _signed(
        self, provider: Provider, application: Application, claims: dict[str, Any]
    ) -> Response:
        """Return the claims as a JWT for an application that registered for it (§5.3.2)."""
        whole = {**claims, "iss": provider.issuer, "aud": application.app_id}
        body = await self.sign(provider.key_set, whole)
        return Response(body, headers={**_READABLE, "Content-Type": "application/jwt"})

    async def _token(self, request: Request, provider: Provider) -> LiveToken:
        scheme, value = await _presented(request)
        now, stores = self.clock(), self.database.read(provider.directory.id)
        try:
            token = await live_token(self.providers, provider, stores, value, now)
            if scheme == "dpop":
                shown = await shown_key(
                    request, provider, self.database, self.nonces, now, access_token=value
                )
            else:
                shown = None
        except NotLive as error:
            raise Unauthorized("invalid_token", str(error)) from error
        except NonceDemanded as error:
            raise Unauthorized("use_dpop_nonce", str(error), nonce=error.nonce) from error
        except ProofRefused as error:
            raise Unauthorized("invalid_dpop_proof", str(error)) from error
        if token.key_thumbprint != shown or (scheme == "dpop" and shown is None):
            raise Unauthorized("invalid_token", "The token belongs to the holder of another key")
        return token


async def _presented(request: Request) -> tuple[str, str]:
    """Return scheme and token of the header, or of a form (RFC 6750 §2.1, §2.2, RFC 9449 §7.1).

    A token in the query is never looked at.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    in_body = None
    if request.method == "POST" and request.headers.get("content-type", "").startswith(FORM):
        try:
            in_body = (await form_parameters(request)).get("access_token")
        except MalformedParameters as error:
            raise Unauthorized("invalid_request", error.reason, error.status) from error
    if scheme.lower() not in {"bearer", "dpop"} or not token:
        if in_body is None:
            raise Unauthorized(None, "Send an access token")
        return "bearer", in_body
    if in_body is not None:
        raise Unauthorized("invalid_request", "The token was sent in two ways", 400)
    return scheme.lower(), token.strip()


def _challenge(error: Unauthorized) -> Response:
    is_of_key = error.error in {"invalid_dpop_proof", "use_dpop_nonce"}
    challenge = f'DPoP algs="{" ".join(ALGORITHMS)}"' if is_of_key else 'Bearer realm="userinfo"'
    body = {}
    if error.error is not None:
        challenge += f', error="{error.error}", error_description="{error.description}"'
        body = {"error": error.error, "error_description": error.description}
    headers = {**_READABLE, "WWW-Authenticate": challenge}
    if error.nonce is not None:
        headers[HEADER] = error.nonce
    return json_answer(body, status=error.status, headers=headers)
