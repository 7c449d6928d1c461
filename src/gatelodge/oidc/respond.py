"""The end of a journey: a grant, a code or tokens, and the way back to the application."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of
from gatelodge.errors import NotFound
from gatelodge.journeys.outcome import Change, Finished, Unproved
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.authorization import AuthorizationRequest, GrantedScope, ResponseType
from gatelodge.model.grant import AuthorizationCode, Grant
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import SessionConfiguration, UserFlow
from gatelodge.oidc.answer import Answers
from gatelodge.oidc.audience import audience_of, own_audience
from gatelodge.oidc.cookies import session_of, set_device, set_session
from gatelodge.oidc.entitled import entitled_account, entitled_application
from gatelodge.oidc.errors import Code, Displayed, Redirected
from gatelodge.oidc.front_channel import frames_of
from gatelodge.oidc.grant_issue import new_code, new_grant
from gatelodge.oidc.guard import may_issue
from gatelodge.oidc.optional_claims import wants_address
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.remembered_device import handle_to_remember, remember
from gatelodge.oidc.return_address import return_address_of
from gatelodge.oidc.scopes import ScopeRefused, still_granted, with_consents
from gatelodge.oidc.second_factor import use_up_factor
from gatelodge.oidc.sent import Sent, open_sent, seal_sent
from gatelodge.oidc.signing import Sign
from gatelodge.oidc.token_id import new_token_id
from gatelodge.oidc.tokens import access_token_claims, client_info, id_token_claims, lifetime_s
from gatelodge.pages.catalogue import device_done_page
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

REPEAT_WINDOW_S = 60
"""How long a form that arrives twice at the end of a journey is answered the same."""


async def _approve_device(stores: Stores, asked: AuthorizationRequest, grant: Grant) -> None:
    """Give the grant to the device that waits for it; raise `Displayed` when none does any more."""
    if (waiting := asked.device_request_id) is None:
        return
    if not await stores.device_requests.approve(waiting, grant.id, grant.created_at):
        raise Displayed(Code.STATE_LOST)


async def _replace_session(stores: Stores, session_id: str, grant: Grant) -> None:
    """End the session the browser had, and have its applications told.

    Somebody else's applications are ended with it, as if that person had signed out.
    """
    if (old := await stores.sessions.get(session_id)) is None:
        return
    await stores.logout_notices.queue_for(old.account_id, grant.created_at, session_id=old.id)
    if old.account_id != grant.account_id:
        await stores.grants.revoke_all_of_session(old.account_id, old.id, grant.created_at)
    await stores.sessions.end(old.id)


_SOMEBODY_ELSE = "somebody else signed in than the request asks for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Respond:
    """Issues what the application asked for, once for each proof that somebody is who they are."""

    database: Database
    providers: Providers
    answers: Answers
    sign: Sign
    clock: Clock
    randomness: Randomness

    async def finish(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        finished: Finished,
        handle: str,
        *,
        old_session_id: str | None,
    ) -> Response:
        """Return the answer, and sign the browser in when the journey began a session.

        Session, grant, code, audit event and the used-up proof are one transaction. Raises `Stale`
        when the interaction ended meanwhile, `Redirected` when nothing may be issued any more, and
        `Displayed` when the application is not to be trusted with an answer any more.
        """
        now = self.clock()
        asked = interaction.request
        application = await entitled_application(self.providers, provider, asked)
        accounts = self.database.read(provider.directory.id).accounts
        account = await entitled_account(accounts, interaction, finished.account_id)
        if asked.hinted_account_id not in {None, account.id}:
            raise Redirected("login_required", Code.INPUT_REJECTED, reason=_SOMEBODY_ELSE)
        scope = await self._scope(provider, application, account, asked)
        grant = self._grant(provider, application, account, interaction, finished, scope, now)
        if await self._is_address_wanted(provider, application, scope):
            grant = replace(grant, ip_address=request.client.host if request.client else None)
        if (refused := may_issue(provider, application, account, grant)) is not None:
            raise Redirected("access_denied", refused)
        value, code = self._code(grant, asked)
        parameters = await self._parameters(
            provider, application, account, grant, interaction, value
        )
        session = None if finished.session is None else finished.session.reveal()
        device = handle_to_remember(request, interaction, self.randomness)
        replaced = old_session_id if session else None
        frames = await self._frames(provider, replaced, account)
        sent = Sent(parameters=parameters, device=device, frames=frames)
        sent = _with_session(request, provider, interaction, sent, session)
        ended = self._ended(interaction, sent, handle, code.id if code else None)
        changes = finished.changes
        if device is not None:
            changes = (*changes, remember(device, interaction, account.id, now))
        await self._write(provider.user_flow, ended, grant, code, replaced, changes)
        return self._response(request, provider, interaction, sent)

    async def _frames(
        self, provider: Provider, replaced: str | None, account: Account
    ) -> tuple[str, ...]:
        """Return the frames that tell applications of the session of somebody else who was here.

        They are told as if that person had signed out (Front-Channel Logout §2).
        """
        if replaced is None:
            return ()
        stores = self.database.read(provider.directory.id)
        old = await stores.sessions.get(replaced)
        if old is None or old.account_id == account.id:
            return ()
        return await frames_of(self.providers, provider, stores, old)

    async def _is_address_wanted(
        self, provider: Provider, application: Application, scope: GrantedScope
    ) -> bool:
        """Return whether a token says from where the person signed in."""
        resource = scope.resource_app_id
        api = None if resource is None else await self.providers.application(provider, resource)
        return wants_address(application, api)

    async def refuse(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        refused: Redirected,
        handle: str,
    ) -> Response:
        """End the interaction without tokens and tell the application why.

        Raises `Stale` when it ended meanwhile, and `Displayed` as `finish` does.
        """
        asked = interaction.request
        await entitled_application(self.providers, provider, asked)
        parameters = self.answers.error_parameters(
            provider, refused, asked.state, interaction.correlation_id, asked.login_hint
        )
        sent = Sent(parameters=parameters)
        ended = self._ended(interaction, sent, handle, None)

        told = self.answers.pages.errors.event(
            provider, refused.code, ended.correlation_id, client_id=asked.client_id
        )

        async def work(stores: Stores) -> None:
            await stores.interactions.save(ended)
            if told is not None:
                await stores.audit_events.add(told)
            if asked.device_request_id is not None:
                await stores.device_requests.refuse(asked.device_request_id, self.clock())

        await self.database.write(ended.directory_id, work)
        return self._response(request, provider, interaction, sent)

    async def repeat(
        self, request: Request, provider: Provider, interaction: Interaction, handle: str
    ) -> Response | None:
        """Return the same answer again when the form of the last page arrives twice.

        None when the answer was used already: then there is nothing to be had here any more.
        """
        if (sent := open_sent(interaction, handle)) is None:
            return None
        if interaction.code_id is not None:
            stores = self.database.read(provider.directory.id)
            code = await stores.authorization_codes.get(interaction.code_id)
            if code is None or code.redeemed_at is not None:
                return None
        return self._response(request, provider, interaction, sent)

    def _code(
        self, grant: Grant, asked: AuthorizationRequest
    ) -> tuple[str, AuthorizationCode] | tuple[None, None]:
        """Return a code and what is stored of it, if the application asked for one."""
        if ResponseType.CODE not in asked.response_types:
            return None, None
        return new_code(
            grant,
            redirect_uri=asked.redirect_uri,
            code_challenge=asked.code_challenge,
            is_plain_challenge=asked.is_plain_challenge,
            randomness=self.randomness,
            now=grant.created_at,
        )

    async def _scope(
        self,
        provider: Provider,
        application: Application,
        account: Account,
        asked: AuthorizationRequest,
    ) -> GrantedScope:
        """Return the scope with what the person allowed. Raises `Redirected`."""
        try:
            allowed = await with_consents(
                self.providers, provider, application, account.id, asked.scope
            )
            return await still_granted(self.providers, provider, application, account.id, allowed)
        except ScopeRefused as refused:
            raise Redirected("access_denied", refused.code, **refused.values) from refused

    def _grant(
        self,
        provider: Provider,
        application: Application,
        account: Account,
        interaction: Interaction,
        finished: Finished,
        scope: GrantedScope,
        now: datetime,
    ) -> Grant:
        facts, begun = interaction.facts, finished.session
        return new_grant(
            provider,
            application,
            account.id,
            platform=interaction.request.platform,
            scope=scope,
            auth_time=facts.auth_time or now,
            amr=facts.amr,
            randomness=self.randomness,
            now=now,
            nonce=interaction.request.nonce,
            is_new_account=facts.is_new_account,
            key_thumbprint=interaction.request.key_thumbprint,
            session_id=facts.session_id if begun is None else digest_of(begun.reveal()),
            connector_claims=facts.connectors.claims,
            upstream=facts.upstream,
        )

    async def _parameters(
        self,
        provider: Provider,
        application: Application,
        account: Account,
        grant: Grant,
        interaction: Interaction,
        code: str | None,
    ) -> tuple[tuple[str, str], ...]:
        asked, now = interaction.request, grant.created_at
        found: list[tuple[str, str]] = []
        if asked.state is not None:
            found.append(("state", asked.state))
        if asked.wants_client_info:
            found.append(("client_info", client_info(provider, account.id)))
        if code is not None:
            found.append(("code", code))
        token: str | None = None
        if ResponseType.TOKEN in asked.response_types and provider.user_flow is not None:
            token_id = new_token_id(grant.id, self.randomness)
            audience = await audience_of(
                self.providers, provider, application, account.id, grant.scope
            )
            claims = access_token_claims(
                provider, application, account, grant, now, token_id=token_id, audience=audience
            )
            token = await self.sign(provider.key_set, claims)
            found += [
                ("access_token", token),
                ("token_type", "Bearer"),
                ("expires_in", str(lifetime_s(provider.user_flow))),
                ("scope", asked.scope.requested),
            ]
        if ResponseType.ID_TOKEN in asked.response_types:
            own = await own_audience(self.providers, provider, application, account.id)
            id_claims = id_token_claims(
                provider,
                application,
                account,
                grant,
                now,
                code=code,
                access_token=token,
                roles=own.roles,
            )
            found.append(("id_token", await self.sign(provider.key_set, id_claims)))
        return (*found, ("iss", provider.issuer))

    def _ended(
        self, interaction: Interaction, sent: Sent, handle: str, code_id: str | None
    ) -> Interaction:
        return replace(
            interaction,
            answer=seal_sent(sent, interaction.id, handle, self.randomness),
            code_id=code_id,
            expires_at=self.clock() + timedelta(seconds=REPEAT_WINDOW_S),
        )

    async def _write(
        self,
        flow: UserFlow | None,
        ended: Interaction,
        grant: Grant,
        code: AuthorizationCode | None,
        old_session_id: str | None,
        changes: tuple[Change, ...],
    ) -> None:
        now = grant.created_at
        event = AuditEvent(
            directory_id=ended.directory_id,
            id=self.randomness.uuid(),
            at=now,
            name=EventName.SIGN_IN,
            actor=grant.account_id,
            target=grant.client_id,
            correlation_id=ended.correlation_id,
            detail=_said_of(ended),
        )

        async def work(stores: Stores) -> None:
            await stores.interactions.save(ended)
            for change in changes:
                await change(stores)
            if await stores.proofs.consume_identifying(ended.id, grant.account_id, now) is None:
                raise Unproved(grant.account_id)
            await use_up_factor(stores, flow, ended, grant, now)
            await stores.grants.add(grant)
            await _approve_device(stores, ended.request, grant)
            if code is not None:
                await stores.authorization_codes.add(code)
            if old_session_id is not None:
                await _replace_session(stores, old_session_id, grant)
            await stores.audit_events.add(event)

        try:
            await self.database.write(ended.directory_id, work)
        except Unproved as unproved:
            raise Redirected("server_error", Code.STEP_INCOMPLETE) from unproved
        except NotFound as gone:
            raise Redirected("access_denied", Code.ACCOUNT_GONE) from gone

    def _device_done(
        self, request: Request, provider: Provider, interaction: Interaction, sent: Sent
    ) -> Response:
        """Return the last page of who signed in for a device; the browser stays as it was."""
        pages = self.answers.pages
        is_signed_in = not any(name == "error" for name, _ in sent.parameters)
        return pages.page(
            device_done_page(is_signed_in=is_signed_in),
            strings=pages.strings_for(request),
            provider=provider,
            correlation_id=interaction.correlation_id,
        )

    def _response(
        self, request: Request, provider: Provider, interaction: Interaction, sent: Sent
    ) -> Response:
        if interaction.request.device_request_id is not None:
            return self._device_done(request, provider, interaction, sent)
        response = self.answers.send(
            request,
            return_address_of(interaction.request),
            sent.parameters,
            provider=provider,
            correlation_id=interaction.correlation_id,
            frames=sent.frames,
        )
        if sent.session is not None:
            set_session(response, provider.directory.id, sent.session, sent.session_s)
        if sent.device is not None:
            set_device(response, provider.directory.id, sent.device)
        return response


def _said_of(ended: Interaction) -> dict[str, str]:
    """Return what the sign-in log says of a journey: its user flow, and what was proved."""
    proved = ended.facts.factor.proved
    factor = {} if proved is None else {"secondFactor": proved.value}
    return {"userFlow": ended.user_flow_id, **factor}


def _with_session(
    request: Request, provider: Provider, interaction: Interaction, sent: Sent, begun: str | None
) -> Sent:
    """Return the answer with the cookie of the session the journey began.

    A user flow that keeps nobody signed in also takes from a resumed session that it outlives
    the browser: its cookie is set anew.
    """
    facts, flow = interaction.facts, provider.user_flow
    session = flow.single_sign_on_session_configuration if flow else SessionConfiguration()
    is_kept = facts.keeps_signed_in and session.is_keep_me_signed_in_enabled
    if begun is not None:
        lasts_s = session.keep_me_signed_in_days * 86_400 if is_kept else None
        return replace(sent, session=begun, session_s=lasts_s)
    handle = session_of(request, provider.directory.id)
    is_own = handle is not None and digest_of(handle) == facts.session_id
    return replace(sent, session=handle) if is_own and facts.keeps_signed_in != is_kept else sent
