"""`GET|POST …/oauth2/v2.0/authorize`: check the request and begin an interaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.catalogue import resumes_sessions
from gatelodge.journeys.engine import next_step
from gatelodge.journeys.outcome import Leave, Show
from gatelodge.journeys.step import StepName
from gatelodge.model.authorization import AuthorizationRequest, Prompt
from gatelodge.model.device import NOWHERE, Device
from gatelodge.model.identifier import InteractionId
from gatelodge.model.interaction import INTERACTION_LIFETIME_S, Facts, Interaction
from gatelodge.model.user_flow import UserFlowType
from gatelodge.oidc.checks import Asked, run_checks
from gatelodge.oidc.cookies import browser_of, session_of, set_browser
from gatelodge.oidc.errors import Code, Displayed, Redirected, redirected
from gatelodge.oidc.page_source.spoken import is_spoken
from gatelodge.oidc.parameters import request_parameters
from gatelodge.oidc.person_endpoint import visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.push import pulled
from gatelodge.oidc.remembered_device import device_at
from gatelodge.oidc.steps import Steps, see_interaction, user_flow_of
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorize:
    """The authorization endpoint of every user flow (OIDC Core §3.1.2)."""

    providers: Providers
    steps: Steps
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with the way to a page, or to the application."""
        correlation_id = self.randomness.uuid()

        async def begin(request: Request, provider: Provider) -> Response:
            return await self._begin(request, provider, correlation_id)

        return await visited(
            request, self.providers, self.steps.pages, begin, correlation_id=correlation_id
        )

    async def _begin(self, request: Request, provider: Provider, correlation_id: str) -> Response:
        if user_flow_of(provider).user_flow_type is UserFlowType.RESOURCE_OWNER:
            raise Displayed(Code.USER_FLOW_UNKNOWN)
        asked = Asked(provider, self.providers, await request_parameters(request))
        if "request_uri" in asked.parameters:
            asked = await self._pulled(asked)
        try:
            checked = await run_checks(asked)
        except Redirected as refused:
            if asked.return_address is None:
                raise Displayed(refused.code) from refused
            client_id = None if asked.application is None else asked.application.app_id
            await self.steps.pages.errors.note(
                provider, refused.code, correlation_id, client_id=client_id
            )
            return self.steps.answers.refuse(
                request,
                asked.return_address,
                refused,
                provider=provider,
                correlation_id=correlation_id,
            )
        return await self._walk(request, provider, checked, correlation_id)

    async def _pulled(self, asked: Asked) -> Asked:
        now = self.clock()
        return await self.steps.database.write(
            asked.provider.directory.id, lambda stores: pulled(asked, stores, now)
        )

    async def _walk(
        self,
        request: Request,
        provider: Provider,
        checked: AuthorizationRequest,
        correlation_id: str,
    ) -> Response:
        handle, browser = self.randomness.opaque(), browser_of(request)
        session = await self._session(request, provider, checked)
        new_browser = self.randomness.opaque() if browser is None else None
        interaction = begun(
            provider,
            checked,
            now=self.clock(),
            correlation_id=correlation_id,
            handle=handle,
            browser=browser or new_browser or "",
            session=session,
            device=device_at(request, provider.directory.id, NOWHERE),
        )
        if Prompt.NONE in checked.prompts and session is None:
            return await self.steps.refuse(request, provider, interaction, _nobody_here(checked))
        interaction, ending = await self.steps.begin(request, provider, interaction)
        if not isinstance(ending, Show | Leave):
            response = await self.steps.finish(request, provider, interaction, ending, handle)
        elif Prompt.NONE in checked.prompts:
            refused = await self._unattended(interaction, provider, session)
            response = await self.steps.refuse(request, provider, interaction, refused)
        elif isinstance(ending, Leave):
            response = self.steps.sent_away(provider, ending, handle)
        else:
            response = self._first_page(request, provider, interaction, ending, handle)
        if new_browser is not None:
            set_browser(response, new_browser)
        return response

    def _first_page(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        shown: Show,
        handle: str,
    ) -> Response:
        """Return the way to the first page; scripts written for B2C want the page itself."""
        if is_spoken(provider):
            return self.steps.show(request, provider, interaction, shown, handle)
        return see_interaction(provider, handle)

    async def _session(
        self, request: Request, provider: Provider, checked: AuthorizationRequest
    ) -> str | None:
        """Return the handle of the browser's session, unless another user is asked for."""
        handle = session_of(request, provider.directory.id)
        if handle is None or checked.hinted_account_id is None:
            return handle
        stores = self.steps.database.read(provider.directory.id)
        found = await stores.sessions.get(digest_of(handle))
        return handle if found and found.account_id == checked.hinted_account_id else None

    async def _unattended(
        self, interaction: Interaction, provider: Provider, session: str | None
    ) -> Redirected:
        """Return why nobody can be signed in without a page (OIDC Core §3.1.2.6)."""
        checked = interaction.request
        step = next_step(user_flow_of(provider), interaction)
        if step is not None and step.name is StepName.CONSENT:
            return redirected(Code.CONSENT_MISSING, client_id=checked.client_id)
        if checked.max_age_s is not None and session is not None:
            stores = self.steps.database.read(provider.directory.id)
            found = await stores.sessions.get(digest_of(session))
            if found is not None and self.clock() < found.expires_at:
                return redirected(Code.SESSION_TOO_OLD)
        return _nobody_here(checked)


def begun(
    provider: Provider,
    checked: AuthorizationRequest,
    *,
    now: datetime,
    correlation_id: str,
    handle: str,
    browser: str,
    session: str | None,
    device: Device,
) -> Interaction:
    """Return a new interaction; `handle`, `browser` and `session` are kept as digests."""
    user_flow = user_flow_of(provider)
    offered = session if resumes_sessions(user_flow.user_flow_type) else None
    return Interaction(
        directory_id=provider.directory.id,
        id=InteractionId(digest_of(handle)),
        user_flow_id=user_flow.id,
        request=checked,
        browser=digest_of(browser),
        correlation_id=correlation_id,
        created_at=now,
        expires_at=now + timedelta(seconds=INTERACTION_LIFETIME_S),
        facts=Facts(session_id=None if offered is None else digest_of(offered), device=device),
    )


def _nobody_here(checked: AuthorizationRequest) -> Redirected:
    """Return what `prompt=none` is told: B2C's word, or that the user asked for is not here."""
    word = "interaction_required" if checked.hinted_account_id is None else "login_required"
    return Redirected(word, Code.INTERACTION_REQUIRED, prompt="none")
