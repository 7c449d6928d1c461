"""What every endpoint that applications call directly does first, and how it answers.

The provider, the parameters of a form, who asks; then the endpoint's own work; then JSON.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.errors import TooMany, Unavailable
from gatelodge.model.application import Application
from gatelodge.oidc.client_authentication import (
    authenticate,
    find_client,
    read_credentials,
)
from gatelodge.oidc.client_keys import ClientKeys
from gatelodge.oidc.cors import for_application, preflight
from gatelodge.oidc.error_log import ErrorLog
from gatelodge.oidc.errors import Code, TokenRefused, describe, token_refused
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.parameters import MalformedParameters, Parameters, form_parameters
from gatelodge.oidc.proof_nonces import HEADER, ProofNonces
from gatelodge.oidc.proof_of_possession import NonceDemanded, ProofRefused, shown_key
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class Told:
    """What the application is told, as JSON or as values to be written as JSON."""

    body: bytes | Mapping[str, Any]
    status: int = 200


Perform: TypeAlias = Callable[[TokenRequest], Awaitable[Told]]


@dataclass(slots=True)
class _Asking:
    """How far a request has come, for whoever writes the answer."""

    correlation_id: str
    now: datetime
    provider: Provider | None = field(default=None)
    application: Application | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientEndpoint:
    """Recognises the application and answers it.

    What concerns one user is never answered with 429 or 5xx: some clients would hold it against
    every user of the application.
    """

    providers: Providers
    database: Database
    nonces: ProofNonces
    keys: ClientKeys
    errors: ErrorLog
    clock: Clock
    randomness: Randomness

    async def answer(self, request: Request, perform: Perform) -> Response:
        """Return what `perform` tells the application, or why it is refused."""
        if request.method == "OPTIONS":
            return preflight(request)
        asking = _Asking(self.randomness.uuid(), self.clock())
        headers: Mapping[str, str] = NOT_KEPT
        try:
            told = await perform(await self._asked(request, asking))
        except TokenRefused as error:
            await self._note(error, asking)
            told = Told(_error(error, asking), error.status)
            headers = {**NOT_KEPT, **_headers(error)}
        except (TooMany, Unavailable) as error:
            told = Told(_error(token_refused(Code.TEMPORARILY_UNAVAILABLE), asking), 503)
            headers = {**NOT_KEPT, "Retry-After": _retry_after(error)}
        cors = for_application(request, asking.application)
        return json_answer(told.body, status=told.status, headers={**headers, **cors})

    async def _note(self, error: TokenRefused, asking: _Asking) -> None:
        """Write an error down; words without a code are part of asking, not its end."""
        if error.code is None or asking.provider is None:
            return
        client_id = None if asking.application is None else asking.application.app_id
        await self.errors.note(
            asking.provider, error.code, asking.correlation_id, client_id=client_id
        )

    async def _asked(self, request: Request, asking: _Asking) -> TokenRequest:
        if (provider := await self.providers.provider_of(request)) is None:
            raise token_refused(Code.USER_FLOW_UNKNOWN, status=404)
        asking.provider = provider
        parameters = await _parameters(request)
        credentials = read_credentials(request.headers.get("authorization"), parameters)
        asking.application = await find_client(self.providers, provider, credentials)
        return TokenRequest(
            providers=self.providers,
            provider=provider,
            client=await authenticate(
                self.database, self.keys, provider, asking.application, credentials, asking.now
            ),
            parameters=parameters,
            now=asking.now,
            correlation_id=asking.correlation_id,
            key_thumbprint=await self._shown_key(request, provider, asking.now),
            address=request.client.host if request.client else "",
        )

    async def _shown_key(self, request: Request, provider: Provider, now: datetime) -> str | None:
        """Return the key the client shows; the Graph API takes no token that is bound to one."""
        if provider.user_flow is None:
            return None
        try:
            return await shown_key(request, provider, self.database, self.nonces, now)
        except NonceDemanded as demanded:
            raise TokenRefused(
                "use_dpop_nonce", None, f"{demanded}.", nonce=demanded.nonce
            ) from demanded
        except ProofRefused as refused:
            sentence = f"{refused}."
            raise TokenRefused("invalid_dpop_proof", Code.INPUT_REJECTED, sentence) from refused


async def _parameters(request: Request) -> Parameters:
    if request.method != "POST":
        raise token_refused(Code.POST_ONLY)
    try:
        return await form_parameters(request)
    except MalformedParameters as error:
        raise token_refused(
            Code.INPUT_REJECTED, status=error.status, reason=error.reason
        ) from error


def _error(error: TokenRefused, asking: _Asking) -> Mapping[str, str]:
    """Return the body: exactly the two properties of RFC 6749 §5.2."""
    sentence = error.description if error.code is None else f"{error.code}: {error.description}"
    description = describe(sentence, asking.correlation_id, asking.now)
    return {"error": error.error, "error_description": description}


def _retry_after(error: TooMany | Unavailable) -> str:
    """Return when to try again: soon, because clients hold everybody's requests until then."""
    return str(error.retry_after_s if isinstance(error, TooMany) else 1)


def _headers(error: TokenRefused) -> Mapping[str, str]:
    if error.nonce is not None:
        return {HEADER: error.nonce, "Access-Control-Expose-Headers": HEADER}
    if error.status == 401:
        return {"WWW-Authenticate": 'Basic realm="token", charset="UTF-8"'}
    return {"Allow": "POST, OPTIONS"} if error.code is Code.POST_ONLY else {}
