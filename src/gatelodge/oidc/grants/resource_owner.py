"""`grant_type=password`: only at a user flow made for it (RFC 6749 §4.3, AADB2C ROPC)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from gatelodge.journeys.factor_rules import state_of
from gatelodge.model.account import Account
from gatelodge.model.application import Platform
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.directory import Directory
from gatelodge.model.grant import Grant
from gatelodge.model.user_flow import SecondFactorState, UserFlowType
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.grant_issue import new_grant
from gatelodge.oidc.grants.standing import scope_refused
from gatelodge.oidc.guard import may_issue
from gatelodge.oidc.provider import Providers
from gatelodge.oidc.scopes import ScopeRefused, resolve_scopes, with_consents
from gatelodge.oidc.token_answer import TokenAnswer, TokenAnswers
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


class CheckPassword(Protocol):
    """Checks a local sign-in name and password, counting failures towards the same lockout."""

    async def __call__(
        self, directory: Directory, sign_in_name: str, password: str, address: str
    ) -> Account | None:
        """Return the account, or None for every reason it is not to be had.

        Raises `TooMany` when too many passwords are being checked.
        """
        ...


PasswordCheck: TypeAlias = Callable[[TokenRequest], None]


def check_user_flow(request: TokenRequest) -> None:
    """Demand a user flow made for it (RFC 6749 §4.3.2, B2C: AADB2C90086)."""
    if request.user_flow.user_flow_type is not UserFlowType.RESOURCE_OWNER:
        raise request.unsupported()


def check_accounts(request: TokenRequest) -> None:
    """Demand local accounts with passwords, which a policy may forbid (B2C: AADB2C90249)."""
    if not request.user_flow.takes_passwords:
        raise token_refused(Code.PASSWORD_GRANT_FORBIDDEN)


def check_client(request: TokenRequest) -> None:
    """Demand an application registered as public (B2C: AADB2C90224)."""
    if not request.client.application.is_fallback_public_client:
        raise token_refused(Code.PASSWORD_GRANT_NOT_ENABLED)


def check_tokens(request: TokenRequest) -> None:
    """Demand an application that may have access tokens without a code (B2C: AADB2C90057)."""
    if not request.client.application.is_access_token_issuance_enabled:
        raise token_refused(Code.IMPLICIT_NOT_ALLOWED)


PASSWORD_CHECKS: tuple[PasswordCheck, ...] = (
    check_user_flow,
    check_accounts,
    check_client,
    check_tokens,
)
"""What has to hold before a name and a password are looked at."""


@dataclass(frozen=True, slots=True)
class ResourceOwner:
    """Trades a user name and password for tokens. Every failure reads the same."""

    database: Database
    providers: Providers
    answers: TokenAnswers
    check_password: CheckPassword

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return tokens for `username` and `password`."""
        for check in PASSWORD_CHECKS:
            check(request)
        username, password = request.required("username"), request.required("password")
        scope = await self._scope(request)
        account = await self.check_password(
            request.provider.directory, username, password, request.address
        )
        if account is None or await self._needs_a_page(request, account):
            raise token_refused(Code.PASSWORD_GRANT_REFUSED)
        scope = await self._allowed(request, account, scope)
        grant = self._grant(request, account, scope)
        if may_issue(request.provider, request.client.application, account, grant) is not None:
            raise token_refused(Code.PASSWORD_GRANT_REFUSED)
        answer = await self.answers.make(request, account, grant, scope)
        await self._write(request, grant, answer)
        return answer.body

    async def _scope(self, request: TokenRequest) -> GrantedScope:
        if (scope := request.parameters.get("scope")) is None:
            raise token_refused(Code.SCOPE_MISSING, error="invalid_scope")
        try:
            return await resolve_scopes(
                self.providers, request.provider, request.client.application, scope
            )
        except ScopeRefused as error:
            raise scope_refused(error) from error

    async def _allowed(
        self, request: TokenRequest, account: Account, scope: GrantedScope
    ) -> GrantedScope:
        """Return the scope with what the person allowed before: there is no page to ask on."""
        try:
            return await with_consents(
                self.providers, request.provider, request.client.application, account.id, scope
            )
        except ScopeRefused as error:
            raise scope_refused(error) from error

    async def _needs_a_page(self, request: TokenRequest, account: Account) -> bool:
        """Return whether more is asked of this account than a name and a password.

        An account with a second factor or a passkey never gets past it this way, whatever the user
        flow says.
        """
        stores = self.database.read(account.directory_id)
        credential = await stores.passwords.get(account.id)
        if credential is None or credential.force_change_next_sign_in:
            return True
        if state_of(request.user_flow) is not SecondFactorState.OFF:
            return True
        factors = await stores.second_factors.of_account(account.id)
        return bool(factors or await stores.passkeys.of_account(account.id))

    def _grant(self, request: TokenRequest, account: Account, scope: GrantedScope) -> Grant:
        return new_grant(
            request.provider,
            request.client.application,
            account.id,
            platform=Platform.PUBLIC_CLIENT,
            scope=scope,
            auth_time=request.now,
            amr=("pwd",),
            randomness=self.answers.randomness,
            now=request.now,
        )

    async def _write(self, request: TokenRequest, grant: Grant, answer: TokenAnswer) -> None:
        event = AuditEvent(
            directory_id=request.directory_id,
            id=self.answers.randomness.uuid(),
            at=request.now,
            name=EventName.SIGN_IN,
            actor=grant.account_id,
            target=grant.client_id,
            correlation_id=request.correlation_id,
            detail={"userFlow": grant.user_flow_id},
        )

        async def work(stores: Stores) -> None:
            await stores.audit_events.add(event)
            await stores.grants.add(grant)
            if answer.refresh_token is not None:
                await stores.refresh_tokens.add(answer.refresh_token)

        await self.database.write(request.directory_id, work)
