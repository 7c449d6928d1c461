"""`grant_type=authorization_code`: a code becomes tokens, once (RFC 6749 §4.1.3, RFC 7636 §4.6)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TypeAlias

from gatelodge.crypto.digest import base64url, digest_of, is_same
from gatelodge.model.directory import Switches
from gatelodge.model.grant import CODE_LIFETIME_S, AuthorizationCode, Grant
from gatelodge.model.user_flow import UserFlowType
from gatelodge.oidc.errors import Code, TokenRefused, token_refused
from gatelodge.oidc.grants.standing import check_standing, end_grant, expired, remaining_scope
from gatelodge.oidc.token_answer import TokenAnswer, TokenAnswers
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")

RedemptionCheck: TypeAlias = Callable[[TokenRequest, AuthorizationCode, Grant], None]


def check_client(request: TokenRequest, _code: AuthorizationCode, grant: Grant) -> None:
    """Demand the credentials of a confidential client (RFC 6749 §4.1.3)."""
    request.client.require_secret(grant.platform)


def check_age(request: TokenRequest, code: AuthorizationCode, _grant: Grant) -> None:
    """Demand a code that is young (RFC 6749 §4.1.2)."""
    if request.now >= code.expires_at:
        issued = code.expires_at - timedelta(seconds=CODE_LIFETIME_S)
        raise expired(request.now, issued, code.expires_at)


def check_redirect_uri(request: TokenRequest, code: AuthorizationCode, _grant: Grant) -> None:
    """Demand the redirect URI the code was sent to, letter by letter (RFC 6749 §4.1.3)."""
    if request.parameters.get("redirect_uri") != code.redirect_uri:
        sentence = "The 'redirect_uri' is not the one the code was sent to."
        raise TokenRefused("invalid_grant", Code.INPUT_REJECTED, sentence)


def check_verifier(request: TokenRequest, code: AuthorizationCode, _grant: Grant) -> None:
    """Demand the verifier of the challenge, and none where there was none (RFC 7636 §4.6)."""
    verifier = request.parameters.get("code_verifier")
    switches = request.provider.directory.switches
    if (wrong := verifier_problem(code, verifier, switches)) is not None:
        raise token_refused(wrong)


REDEMPTION_CHECKS: tuple[RedemptionCheck, ...] = (
    check_client,
    check_age,
    check_redirect_uri,
    check_verifier,
)
"""What has to hold of a code nobody used, once its grant stands."""


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """Redeems a code.

    Everything is judged and signed first; then one statement uses the code up and the refresh
    token is stored with it. Whoever comes second ends the grant: one of the two is a thief.
    """

    database: Database
    answers: TokenAnswers

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return tokens for `code`."""
        if request.user_flow.user_flow_type is UserFlowType.RESOURCE_OWNER:
            raise request.unsupported()
        stores = self.database.read(request.directory_id)
        code = await stores.authorization_codes.get(digest_of(request.required("code")))
        grant = None if code is None else await stores.grants.get(code.grant_id)
        if code is None or grant is None:
            raise token_refused(Code.ACCOUNT_GONE)
        if code.redeemed_at is not None:
            raise await self._end(request, grant)
        if grant.client_id != request.client.application.app_id:
            await self._end(request, grant)
            raise token_refused(Code.GRANT_OF_ANOTHER_CLIENT)
        account = await check_standing(request, grant, stores)
        for check in REDEMPTION_CHECKS:
            check(request, code, grant)
        scope = await remaining_scope(request, grant)
        answer = await self.answers.make(request, account, grant, scope)
        if not await self._redeem(request, code, grant, answer):
            raise await self._end(request, grant)
        return answer.body

    async def _end(self, request: TokenRequest, grant: Grant) -> TokenRefused:
        return await end_grant(request, grant, self.database, self.answers.randomness)

    async def _redeem(
        self, request: TokenRequest, code: AuthorizationCode, grant: Grant, answer: TokenAnswer
    ) -> bool:
        # A confidential client binds its refresh tokens by its credentials (RFC 9449 §5).
        bound_to = None if request.client.is_authenticated else request.key_thumbprint

        async def work(stores: Stores) -> bool:
            if await stores.authorization_codes.redeem(code.id, request.now) is None:
                return False
            if grant.key_thumbprint != bound_to:
                await stores.grants.bind(grant.id, bound_to)
            if answer.refresh_token is not None:
                await stores.refresh_tokens.add(answer.refresh_token)
            return True

        return await self.database.write(request.directory_id, work)


def verifier_problem(
    code: AuthorizationCode, verifier: str | None, switches: Switches
) -> Code | None:
    """Return what is wrong with the proof of possession of a code, or None (RFC 7636 §4.6).

    A verifier nobody announced is refused as well: somebody may have stripped the challenge from
    the authorization request (RFC 9700 §4.8.2).
    """
    if code.code_challenge is None:
        return None if verifier is None else Code.VERIFIER_INVALID
    if verifier is None or _VERIFIER.fullmatch(verifier) is None:
        return Code.VERIFIER_INVALID
    if code.is_plain_challenge:
        if not switches.allows_pkce_plain:
            return Code.CHALLENGE_METHOD_UNSUPPORTED
        shown = verifier
    else:
        shown = base64url(sha256(verifier.encode()).digest())
    return None if is_same(shown, code.code_challenge) else Code.VERIFIER_WRONG
