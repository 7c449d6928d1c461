"""`POST …/oauth2/v2.0/token`: who asks, for which grant type, and how the answer travels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.errors import NotFound, TooMany, Unavailable
from gatelodge.oidc.client_authentication import (
    authenticate,
    find_client,
    read_credentials,
)
from gatelodge.oidc.cors import for_application, preflight
from gatelodge.oidc.errors import Code, TokenRefused, describe, token_refused
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.parameters import MalformedParameters, Parameters, form_parameters
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.token_request import GrantType, TokenRequest
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True)
class Token:
    """The token endpoint of every user flow and of the directory itself (RFC 6749 §3.2).

    `grant_types` are looked up by the value of `grant_type`. What concerns one user is never
    answered with 429 or 5xx: some clients would hold it against every user of the application.
    """

    providers: Providers
    grant_types: Mapping[str, GrantType]
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with tokens, or with an error in JSON."""
        if request.method == "OPTIONS":
            return preflight(request)
        application = None
        now, correlation_id = self.clock(), self.randomness.uuid()
        try:
            provider = await self._provider(request)
            parameters = await _parameters(request)
            credentials = read_credentials(request.headers.get("authorization"), parameters)
            application = await find_client(self.providers, provider, credentials)
            asked = TokenRequest(
                providers=self.providers,
                provider=provider,
                client=authenticate(application, credentials, now),
                parameters=parameters,
                now=now,
                correlation_id=correlation_id,
            )
            body: bytes | Mapping[str, str] = await self._perform(asked)
            status, headers = 200, NOT_KEPT
        except TokenRefused as error:
            body, status = _error(error, correlation_id, now), error.status
            headers = {**NOT_KEPT, **_headers(error)}
        except (TooMany, Unavailable) as error:
            body = _error(token_refused(Code.TEMPORARILY_UNAVAILABLE), correlation_id, now)
            status, headers = 503, {**NOT_KEPT, "Retry-After": _retry_after(error)}
        return json_answer(
            body, status=status, headers={**headers, **for_application(request, application)}
        )

    async def _provider(self, request: Request) -> Provider:
        if (provider := await self.providers.provider_of(request)) is None:
            raise token_refused(Code.USER_FLOW_UNKNOWN, status=404)
        return provider

    async def _perform(self, request: TokenRequest) -> bytes:
        grant_type = self.grant_types.get(request.required("grant_type"))
        if grant_type is None:
            raise request.unsupported()
        try:
            return await grant_type(request)
        except NotFound as error:
            # An account that was deleted meanwhile took its grants with it.
            raise token_refused(Code.ACCOUNT_GONE) from error


async def _parameters(request: Request) -> Parameters:
    if request.method != "POST":
        raise token_refused(Code.POST_ONLY)
    try:
        return await form_parameters(request)
    except MalformedParameters as error:
        raise token_refused(
            Code.INPUT_REJECTED, status=error.status, reason=error.reason
        ) from error


def _error(error: TokenRefused, correlation_id: str, now: datetime) -> Mapping[str, str]:
    """Return the body: exactly the two properties of RFC 6749 §5.2."""
    sentence = error.description if error.code is None else f"{error.code}: {error.description}"
    description = describe(sentence, correlation_id, now)
    return {"error": error.error, "error_description": description}


def _retry_after(error: TooMany | Unavailable) -> str:
    """Return when to try again: soon, because clients hold everybody's requests until then."""
    return str(error.retry_after_s if isinstance(error, TooMany) else 1)


def _headers(error: TokenRefused) -> Mapping[str, str]:
    if error.status == 401:
        return {"WWW-Authenticate": 'Basic realm="token", charset="UTF-8"'}
    return {"Allow": "POST, OPTIONS"} if error.code is Code.POST_ONLY else {}
