"""`POST …/oauth2/v2.0/revoke`: an application gives a token back (RFC 7009)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.grant import Grant
from gatelodge.oidc.client_endpoint import ClientEndpoint, Told
from gatelodge.oidc.presented_token import presented_access, presented_refresh
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class Revoking:
    """A token somebody wants revoked, and the grant behind it."""

    request: TokenRequest
    grant: Grant


RevocationCheck: TypeAlias = Callable[[Revoking], bool]


def is_of_the_client(revoking: Revoking) -> bool:
    """Demand that the token was issued to the client that asks (RFC 7009 §2.1)."""
    return revoking.grant.client_id == revoking.request.client.application.app_id


def is_authenticated(revoking: Revoking) -> bool:
    """Demand the credentials of a confidential client (RFC 7009 §2.1)."""
    revoking.request.client.require_secret(revoking.grant.platform)
    return True


def is_of_the_user_flow(revoking: Revoking) -> bool:
    """Demand that the token was issued at this endpoint's user flow (B2C: AADB2C90088)."""
    return revoking.grant.user_flow_id == revoking.request.user_flow.id


REVOCATION_CHECKS: tuple[RevocationCheck, ...] = (
    is_of_the_client,
    is_authenticated,
    is_of_the_user_flow,
)
"""What has to hold for a token to be revoked. Where it does not, nothing happens and nobody is
told, so that no client learns anything about another's tokens (RFC 7009 §2.2)."""


@dataclass(frozen=True, slots=True)
class Revoke:
    """Ends the grant of a token: with it every refresh and access token that hangs from it."""

    clients: ClientEndpoint
    database: Database
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer 200, whatever became of the token (RFC 7009 §2.2)."""
        return await self.clients.answer(request, self._perform)

    async def _perform(self, request: TokenRequest) -> Told:
        value = request.required("token")
        grant = await self._grant(request, value)
        if grant is not None:
            revoking = Revoking(request, grant)
            if all(check(revoking) for check in REVOCATION_CHECKS):
                await self._end(request, grant)
        return Told({})

    async def _grant(self, request: TokenRequest, value: str) -> Grant | None:
        """Return the grant behind a token; `token_type_hint` is not needed to find it."""
        if (refresh := await presented_refresh(request, self.database, value)) is not None:
            return refresh.grant
        access = await presented_access(request, self.database, value)
        return None if access is None else access.grant

    async def _end(self, request: TokenRequest, grant: Grant) -> None:
        event = AuditEvent(
            directory_id=request.directory_id,
            id=self.randomness.uuid(),
            at=request.now,
            name=EventName.GRANT_REVOKED,
            actor=grant.client_id,
            target=grant.account_id,
            correlation_id=request.correlation_id,
            detail={"grant": grant.id},
        )

        async def work(stores: Stores) -> None:
            if await stores.grants.revoke(grant.id, request.now):
                await stores.audit_events.add(event)

        await self.database.write(request.directory_id, work)
