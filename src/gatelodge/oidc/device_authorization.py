"""`POST …/oauth2/v2.0/devicecode`: a device asks for somebody to sign in elsewhere (RFC 8628)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.crypto.digest import digest_of
from gatelodge.errors import AlreadyExists
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.device_request import (
    DEVICE_LIFETIME_S,
    POLL_INTERVAL_S,
    USER_CODE_LENGTH,
    USER_CODE_LETTERS,
    DeviceRequest,
    user_code_key,
)
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.oidc.client_endpoint import ClientEndpoint, Told
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.grants.standing import scope_refused
from gatelodge.oidc.provider import AddressStyle, Endpoint
from gatelodge.oidc.scopes import ScopeRefused, resolve_scopes
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

_TRIES = 3
_FAIR_OCTETS = 256 - 256 % len(USER_CODE_LETTERS)

DeviceCheck: TypeAlias = Callable[[TokenRequest], None]


def check_user_flow(request: TokenRequest) -> None:
    """Demand a user flow that people walk through (RFC 8628 §3.3)."""
    if request.user_flow.user_flow_type is UserFlowType.RESOURCE_OWNER:
        raise request.unsupported()


def check_client(request: TokenRequest) -> None:
    """Demand a client that proved itself, or one registered as public (RFC 8628 §3.1)."""
    is_public = request.client.application.is_fallback_public_client
    if not is_public and not request.client.is_authenticated:
        raise token_refused(Code.NOT_A_PUBLIC_CLIENT)


def check_scope(request: TokenRequest) -> None:
    """Demand a scope: without one there is nothing to allow (AADB2C90010)."""
    if "scope" not in request.parameters:
        raise token_refused(Code.SCOPE_MISSING)


DEVICE_CHECKS: tuple[DeviceCheck, ...] = (check_user_flow, check_client, check_scope)
"""What a device has to pass before it gets a code."""


@dataclass(frozen=True, slots=True)
class DeviceAuthorization:
    """Hands out a code for the device, and a short one for the person."""

    clients: ClientEndpoint
    database: Database
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with both codes and where the person has to go (RFC 8628 §3.2)."""
        return await self.clients.answer(request, self._perform)

    async def _perform(self, request: TokenRequest) -> Told:
        for check in DEVICE_CHECKS:
            check(request)
        try:
            scope = await resolve_scopes(
                request.providers,
                request.provider,
                request.client.application,
                request.required("scope"),
            )
        except ScopeRefused as refused:
            raise scope_refused(refused) from refused
        device_code = self.randomness.opaque()
        user_code = await self._user_code(request, scope, device_code)
        provider = request.provider
        address = provider.endpoint(Endpoint.DEVICE, AddressStyle.PATH, provider.directory.domain)
        return Told(
            {
                "device_code": device_code,
                "user_code": user_code,
                "verification_uri": address,
                "verification_uri_complete": f"{address}?user_code={user_code}",
                "expires_in": DEVICE_LIFETIME_S,
                "interval": POLL_INTERVAL_S,
                "message": f"To sign in, open {address} in a browser and type {user_code}.",
            }
        )

    async def _user_code(self, request: TokenRequest, scope: GrantedScope, device_code: str) -> str:
        for _ in range(_TRIES):
            letters = drawn_letters(self.randomness)
            device = DeviceRequest(
                directory_id=request.directory_id,
                id=digest_of(device_code),
                user_code=user_code_digest(request.user_flow, letters),
                client_id=request.client.application.app_id,
                user_flow_id=request.user_flow.id,
                scope=scope,
                created_at=request.now,
                expires_at=request.now + timedelta(seconds=DEVICE_LIFETIME_S),
            )
            try:
                await self._add(device)
            except AlreadyExists:
                continue
            half = USER_CODE_LENGTH // 2
            return f"{letters[:half]}-{letters[half:]}"
        raise token_refused(Code.TEMPORARILY_UNAVAILABLE)

    async def _add(self, device: DeviceRequest) -> None:
        await self.database.write(
            device.directory_id, lambda stores: stores.device_requests.add(device)
        )


def drawn_letters(randomness: Randomness) -> str:
    """Return the letters of a user code, each equally likely (RFC 8628 §6.1)."""
    letters = ""
    while len(letters) < USER_CODE_LENGTH:
        fair = [each for each in randomness.octets(16) if each < _FAIR_OCTETS]
        letters += "".join(USER_CODE_LETTERS[each % len(USER_CODE_LETTERS)] for each in fair)
    return letters[:USER_CODE_LENGTH]


def user_code_digest(user_flow: UserFlow, typed: str) -> str:
    """Return what is stored of a user code: it is good at one user flow."""
    return digest_of(f"{user_flow.policy}|{user_code_key(typed)}")
