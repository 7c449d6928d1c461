"""`grant_type=…:jwt-bearer`: an API that was called calls another one for the same user.

RFC 7523 §2.1 in the form Microsoft's libraries send, "on behalf of". What comes out never reaches
further than what went in: it ends when that ends, and cannot be renewed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.federation import without_token
from gatelodge.model.grant import Grant
from gatelodge.oidc.access_token import LiveToken, NotLive, live_token
from gatelodge.oidc.errors import Code, TokenRefused, token_refused
from gatelodge.oidc.grant_issue import new_grant
from gatelodge.oidc.grants.standing import scope_refused
from gatelodge.oidc.guard import may_issue
from gatelodge.oidc.scopes import ScopeRefused, resolve_scopes, with_consents
from gatelodge.oidc.token_answer import TokenAnswers
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ON_BEHALF_OF = "on_behalf_of"

ExchangeCheck: TypeAlias = Callable[[TokenRequest, LiveToken], bool]


def is_audience(request: TokenRequest, token: LiveToken) -> bool:
    """Demand that the token was meant for the API that presents it (RFC 7523 §3 point 3)."""
    return bool(token.claims["aud"] == request.client.application.app_id)


def is_of_another_client(request: TokenRequest, token: LiveToken) -> bool:
    """Demand that somebody else called (RFC 7523 §2.1).

    A client has a refresh token for its own needs.
    """
    return token.grant.client_id != request.client.application.app_id


def is_delegated(request: TokenRequest, token: LiveToken) -> bool:
    """Demand a permission of the user in the token, not only a name (RFC 7523 §3.1)."""
    return bool(token.claims.get("scp"))


def is_shown_by_its_holder(request: TokenRequest, token: LiveToken) -> bool:
    """Demand the key a token is bound to: it is no bearer token here either (RFC 9449 §7.1)."""
    return token.key_thumbprint in {None, request.key_thumbprint}


EXCHANGE_CHECKS: tuple[ExchangeCheck, ...] = (
    is_audience,
    is_of_another_client,
    is_delegated,
    is_shown_by_its_holder,
)
"""What has to hold of the token that was presented."""


@dataclass(frozen=True, slots=True)
class OnBehalfOf:
    """Trades the access token an API was called with for one at another API."""

    database: Database
    answers: TokenAnswers

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return an access token for `assertion`, within the permissions of the API that asks."""
        if not request.client.is_authenticated:
            raise token_refused(Code.SECRET_MISSING, error="invalid_client", status=401)
        if request.parameters.get("requested_token_use") != ON_BEHALF_OF:
            raise token_refused(Code.PARAMETER_MISSING, parameter="requested_token_use")
        token = await self._presented(request)
        scope = await self._scope(request, token)
        grant = self._grant(request, token, scope)
        refusal = may_issue(request.provider, request.client.application, token.account, grant)
        if refusal is not None:
            raise token_refused(refusal, error="invalid_grant")
        ends_at = datetime.fromtimestamp(token.claims["exp"], UTC)
        answer = await self.answers.make(
            request, token.account, grant, scope, is_refresh=True, ends_at=ends_at
        )
        await self._write(request, token, grant)
        return answer.body

    async def _presented(self, request: TokenRequest) -> LiveToken:
        stores, value = self.database.read(request.directory_id), request.required("assertion")
        try:
            token = await live_token(
                request.providers, request.provider, stores, value, request.now
            )
        except NotLive as error:
            raise TokenRefused("invalid_grant", Code.INPUT_REJECTED, f"{error}.") from error
        if not all(check(request, token) for check in EXCHANGE_CHECKS):
            sentence = "The assertion is not for this client."
            raise TokenRefused("invalid_grant", Code.INPUT_REJECTED, sentence)
        return token

    async def _scope(self, request: TokenRequest, token: LiveToken) -> GrantedScope:
        providers, provider = request.providers, request.provider
        application = request.client.application
        try:
            scope = await resolve_scopes(
                providers, provider, application, request.required("scope")
            )
            scope = await with_consents(providers, provider, application, token.account.id, scope)
        except ScopeRefused as error:
            raise scope_refused(error) from error
        if scope.resource_app_id in {None, application.app_id} or not scope.permissions:
            raise token_refused(Code.SCOPE_NAMES_NO_RESOURCE, scope=scope.requested)
        return replace(scope, is_openid=False, is_offline_access=False)

    def _grant(self, request: TokenRequest, token: LiveToken, scope: GrantedScope) -> Grant:
        return new_grant(
            request.provider,
            request.client.application,
            token.account.id,
            platform=token.grant.platform,
            scope=scope,
            auth_time=token.grant.auth_time,
            amr=token.grant.amr,
            randomness=self.answers.randomness,
            now=request.now,
            session_id=token.grant.session_id,
            # The first of a chain: whoever ends it ends all that was exchanged from it.
            parent_id=token.grant.parent_id or token.grant.id,
            connector_claims=token.grant.connector_claims,
            ip_address=token.grant.ip_address,
            upstream=None if token.grant.upstream is None else without_token(token.grant.upstream),
        )

    async def _write(self, request: TokenRequest, token: LiveToken, grant: Grant) -> None:
        event = AuditEvent(
            directory_id=request.directory_id,
            id=self.answers.randomness.uuid(),
            at=request.now,
            name=EventName.GRANT_EXCHANGED,
            actor=grant.client_id,
            target=grant.account_id,
            correlation_id=request.correlation_id,
            detail={"from": token.grant.id, "grant": grant.id},
        )

        async def work(stores: Stores) -> None:
            await stores.grants.add(grant)
            await stores.audit_events.add(event)

        await self.database.write(request.directory_id, work)
