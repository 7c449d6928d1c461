"""`grant_type=refresh_token`: rotation that notices theft and survives a crash (RFC 6749 §6).

Every use replaces the token. The answer is kept for 30 s, sealed so that only the bearer of the
replaced token can open it: a client whose answer was lost asks again and gets the same octets, as
long as the successor was not used. Any other second use means two parties hold one token, and
ends the grant (RFC 9700 §4.14.2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.seal import Unsealable, seal_for_bearer, unseal_for_bearer
from gatelodge.model.grant import REPLAY_WINDOW_S, Grant, RefreshToken
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.grant_issue import end_of_refreshing
from gatelodge.oidc.grants.standing import check_standing, end_grant, expired, remaining_scope
from gatelodge.oidc.token_answer import TokenAnswers
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database

RefreshCheck: TypeAlias = Callable[[TokenRequest, RefreshToken, Grant], None]


def check_age(request: TokenRequest, token: RefreshToken, grant: Grant) -> None:
    """Demand a token that has not lived out its own time (RFC 6749 §1.5)."""
    if request.now >= token.expires_at:
        raise expired(request.now, grant.created_at, token.expires_at)


def check_window(request: TokenRequest, _token: RefreshToken, grant: Grant) -> None:
    """Demand that refreshing is not over, as it is configured now (B2C: AADB2C90080)."""
    end = end_of_refreshing(grant, request.user_flow.token_lifetime_configuration)
    if end is not None and request.now >= end:
        raise expired(request.now, grant.created_at, end)


REFRESH_CHECKS: tuple[RefreshCheck, ...] = (check_age, check_window)
"""What has to hold of a token nobody used, once its grant stands and the client is known."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Rotates a refresh token; signs first, then one conditional statement decides."""

    database: Database
    answers: TokenAnswers

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return new tokens for `refresh_token`."""
        bearer = request.required("refresh_token")
        stores = self.database.read(request.directory_id)
        token = await stores.refresh_tokens.get(digest_of(bearer))
        grant = None if token is None else await stores.grants.get(token.grant_id)
        if token is None or grant is None:
            raise token_refused(Code.ACCOUNT_GONE)
        account = await check_standing(request, grant, stores)
        request.client.require_secret(grant.platform)
        scope = await remaining_scope(request, grant)
        if token.rotated_at is not None:
            return await self._again(request, bearer, token, grant)
        for check in REFRESH_CHECKS:
            check(request, token, grant)
        answer = await self.answers.make(request, account, grant, scope, is_refresh=True)
        if answer.refresh_token is None:
            raise token_refused(Code.GRANT_REVOKED)
        if await self._rotate(request, bearer, token, answer.body, answer.refresh_token):
            return answer.body
        # Somebody was faster with the same token: perhaps the same client, twice at once.
        token = await stores.refresh_tokens.require(token.id)
        return await self._again(request, bearer, token, grant)

    async def _rotate(
        self,
        request: TokenRequest,
        bearer: str,
        token: RefreshToken,
        body: bytes,
        successor: RefreshToken,
    ) -> bool:
        replay = seal_for_bearer(bearer, body, _place(token), self.answers.randomness)
        return await self.database.write(
            request.directory_id,
            lambda stores: stores.refresh_tokens.rotate(
                token.id, successor, replay=replay, now=request.now
            ),
        )

    async def _again(
        self, request: TokenRequest, bearer: str, token: RefreshToken, grant: Grant
    ) -> bytes:
        """Return the answer once given for a token that was rotated, or end the grant."""
        stores = self.database.read(request.directory_id)
        if token.rotated_at is None or token.successor_id is None or token.replay is None:
            raise token_refused(Code.GRANT_REVOKED)
        successor = await stores.refresh_tokens.get(token.successor_id)
        is_recent = request.now <= token.rotated_at + timedelta(seconds=REPLAY_WINDOW_S)
        if is_recent and successor is not None and successor.rotated_at is None:
            try:
                return unseal_for_bearer(bearer, token.replay, _place(token))
            except Unsealable as error:
                raise token_refused(Code.SIGN_IN_AGAIN, error="invalid_grant") from error
        raise await end_grant(request, grant, self.database, self.answers.randomness)


def _place(token: RefreshToken) -> str:
    return f"refresh_token|{token.directory_id}|{token.id}"
