"""`POST …/oauth2/v2.0/par`: a client pushes an authorization request (RFC 9126)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.crypto.digest import digest_of
from gatelodge.model.identifier import ClientId
from gatelodge.model.pushed_request import PUSHED_LIFETIME_S, PushedRequest
from gatelodge.model.user_flow import UserFlowType
from gatelodge.oidc.checks import Asked, run_checks
from gatelodge.oidc.client_endpoint import ClientEndpoint, Told
from gatelodge.oidc.errors import (
    Code,
    Displayed,
    Redirected,
    TokenRefused,
    sentence_of,
    token_refused,
)
from gatelodge.oidc.parameters import Parameters
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
_OF_CLIENT = frozenset({"client_secret", "client_assertion", "client_assertion_type"})


@dataclass(frozen=True, slots=True)
class Push:
    """Judges a request as the authorization endpoint would, and keeps it for a minute."""

    clients: ClientEndpoint
    database: Database
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer 201 with the `request_uri` (RFC 9126 §2.2), or with an error in JSON."""
        return await self.clients.answer(request, self._perform)

    async def _perform(self, request: TokenRequest) -> Told:
        if request.user_flow.user_flow_type is UserFlowType.RESOURCE_OWNER:
            raise token_refused(Code.USER_FLOW_UNKNOWN)
        parameters = _pushed(request)
        asked = Asked(
            request.provider,
            request.providers,
            parameters,
            is_pushed=True,
            key_thumbprint=request.key_thumbprint,
        )
        try:
            checked = await run_checks(asked)
        except Displayed as refused:
            raise token_refused(refused.code, status=refused.status, **refused.values) from refused
        except Redirected as refused:
            sentence = sentence_of(refused.code, refused.values)
            raise TokenRefused(refused.error, refused.code, sentence) from refused
        request.client.require_secret(checked.platform)
        value = self.randomness.opaque()
        pushed = PushedRequest(
            directory_id=request.directory_id,
            id=_id_of(request.user_flow.id, value),
            client_id=checked.client_id,
            parameters=dict(parameters),
            key_thumbprint=request.key_thumbprint,
            expires_at=request.now + timedelta(seconds=PUSHED_LIFETIME_S),
        )
        await self.database.write(
            request.directory_id, lambda stores: stores.pushed_requests.add(pushed)
        )
        return Told({"request_uri": REQUEST_URI + value, "expires_in": PUSHED_LIFETIME_S}, 201)


def _pushed(request: TokenRequest) -> Parameters:
    """Return the parameters of the authorization request, without the client's credentials."""
    kept = {name: text for name, text in request.parameters.items() if name not in _OF_CLIENT}
    return Parameters({**kept, "client_id": request.client.application.app_id})


def _id_of(user_flow_id: str, value: str) -> str:
    """Return under which id a request is kept: it is good at the user flow it was pushed to."""
    return digest_of(f"{user_flow_id}|{value}")


async def pulled(asked: Asked, stores: Stores, now: datetime) -> Asked:
    """Return what was pushed in place of a `request_uri` of ours, using it up (RFC 9126 §4).

    Of the browser's own parameters only `client_id` counts. Raises `Displayed`: without the pushed
    request nobody knows where an error could be sent.
    """
    value, client_id = asked.parameters.get("request_uri", ""), asked.parameters.get("client_id")
    if not value.startswith(REQUEST_URI) or asked.provider.user_flow is None:
        return asked
    found = await stores.pushed_requests.take(
        _id_of(asked.provider.user_flow.id, value.removeprefix(REQUEST_URI)),
        ClientId((client_id or "").lower()),
        now,
    )
    if found is None:
        raise Displayed(Code.INPUT_REJECTED, reason="the pushed request is not there any more")
    return Asked(
        asked.provider,
        asked.providers,
        Parameters(found.parameters),
        is_pushed=True,
        key_thumbprint=found.key_thumbprint,
    )
