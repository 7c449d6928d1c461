"""Whether a grant still stands, asked the same way whatever is presented for it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from gatelodge.journeys.upstream import is_still_offered
from gatelodge.model.account import Account
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.grant import Grant
from gatelodge.oidc.errors import Code, TokenRefused, sentence_of, token_refused
from gatelodge.oidc.guard import may_issue
from gatelodge.oidc.scopes import ScopeRefused, narrow, still_granted
from gatelodge.oidc.second_factor import lacks_factor
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

StandingCheck: TypeAlias = Callable[[TokenRequest, Grant], None]


def check_second_factor(request: TokenRequest, grant: Grant) -> None:
    """Demand the second factor the user flow asks for by now (B2C: AADB2C90129)."""
    if lacks_factor(request.user_flow, grant):
        raise refused(request, grant, Code.GRANT_REVOKED)


def check_identity_provider(request: TokenRequest, grant: Grant) -> None:
    """Demand that the user flow still offers where the person came from (B2C: AADB2C90129)."""
    if not is_still_offered(request.user_flow, grant.upstream):
        raise refused(request, grant, Code.GRANT_REVOKED)


def check_key(request: TokenRequest, grant: Grant) -> None:
    """Demand the key the grant is bound to (RFC 9449 §5, §10)."""
    if grant.key_thumbprint not in {None, request.key_thumbprint}:
        sentence = "The grant belongs to the holder of another key."
        raise TokenRefused("invalid_dpop_proof", Code.INPUT_REJECTED, sentence)


STANDING_CHECKS: tuple[StandingCheck, ...] = (
    check_second_factor,
    check_identity_provider,
    check_key,
)
"""What has to hold of a grant at the token endpoint, once the guard has nothing against it."""


async def check_standing(request: TokenRequest, grant: Grant, stores: Stores) -> Account:
    """Return the grant's account as it is now. Raises `TokenRefused` when nothing may be issued."""
    account = await stores.accounts.get(grant.account_id)
    refusal = may_issue(request.provider, request.client.application, account, grant)
    if refusal is not None or account is None:
        raise refused(request, grant, refusal or Code.ACCOUNT_GONE)
    for check in STANDING_CHECKS:
        check(request, grant)
    return account


def refused(request: TokenRequest, grant: Grant, code: Code) -> TokenRefused:
    """Return `invalid_grant` with the reason; the names of both user flows where they differ."""
    return token_refused(
        code,
        error="invalid_grant",
        actual=request.user_flow.id,
        expected=grant.user_flow_id,
        client_id=grant.client_id,
    )


async def remaining_scope(request: TokenRequest, grant: Grant) -> GrantedScope:
    """Return what the request and the permissions of today leave of the grant's scope.

    Raises `TokenRefused`: `invalid_scope` for asking too much, `invalid_grant` when the API is
    gone or every permission was taken away, so that the client asks the user to sign in again.
    """
    try:
        scope = narrow(grant.scope, request.parameters.get("scope"))
    except ScopeRefused as error:
        raise scope_refused(error) from error
    application = request.client.application
    try:
        return await still_granted(
            request.providers, request.provider, application, grant.account_id, scope
        )
    except ScopeRefused as error:
        sentence = sentence_of(error.code, error.values)
        raise TokenRefused("invalid_grant", error.code, sentence) from error


def scope_refused(error: ScopeRefused) -> TokenRefused:
    """Return the token endpoint's error for a scope that cannot be granted.

    Where only the user's consent is missing, `invalid_grant` has clients send the user to a page.
    """
    word = "invalid_grant" if error.code is Code.CONSENT_MISSING else "invalid_scope"
    return TokenRefused(word, error.code, sentence_of(error.code, error.values))


async def end_grant(
    request: TokenRequest, grant: Grant, database: Database, randomness: Randomness
) -> TokenRefused:
    """Revoke a grant something of which was used twice; return what the client is told."""
    event = AuditEvent(
        directory_id=request.directory_id,
        id=randomness.uuid(),
        at=request.now,
        name=EventName.TOKEN_REUSED,
        actor=grant.client_id,
        target=grant.account_id,
        is_success=False,
        correlation_id=request.correlation_id,
        detail={"grant": grant.id},
    )

    async def work(stores: Stores) -> None:
        if await stores.grants.revoke(grant.id, request.now):
            await stores.audit_events.add(event)

    await database.write(request.directory_id, work)
    return token_refused(Code.GRANT_REVOKED)


def expired(now: datetime, issued: datetime, expires: datetime) -> TokenRefused:
    """Return the refusal of what is too old, with all three moments as seconds since 1970."""
    return token_refused(
        Code.GRANT_EXPIRED,
        now=str(int(now.timestamp())),
        issued=str(int(issued.timestamp())),
        expires=str(int(expires.timestamp())),
    )
