"""`GET|POST …/oauth2/authresp[/{provider}]`: back from an identity provider."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.errors import Stale
from gatelodge.journeys.engine import next_step
from gatelodge.journeys.outcome import Show
from gatelodge.journeys.provider_visits import CALLBACK, STATE
from gatelodge.journeys.step import StepName
from gatelodge.model.interaction import Interaction
from gatelodge.oidc.cookies import browser_of
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.leaving import open_relay_state, open_state
from gatelodge.oidc.parameters import Parameters, request_parameters
from gatelodge.oidc.person_endpoint import displayed, visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.steps import Steps, interaction_path, user_flow_of

_WEB = ("http", "https")
_ACTION = "action"
"""What a button of our pages sends; no provider presses one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """The callback of every identity provider of a tenant, whichever user flow it was.

    Another site sends the browser here, so nothing counts but the state we gave it, in the browser
    we gave it to, once.
    """

    providers: Providers
    steps: Steps
    clock: Clock
    is_saml: bool = False

    async def __call__(self, request: Request) -> Response:
        """Take the answer, and lead the browser on."""
        return await visited(request, self.providers, self.steps.pages, self._answer)

    async def _answer(self, request: Request, addressed: Provider) -> Response:
        answer = await request_parameters(request)
        state, handle = self._opened(addressed, answer)
        interaction = await self._interaction(request, addressed, handle)
        provider = await self.providers.beside(addressed, interaction.user_flow_id)
        if provider is None:
            raise Displayed(Code.USER_FLOW_UNKNOWN, status=404)
        return await displayed(
            self._take(request, provider, interaction, answer, state, handle),
            request,
            provider,
            self.steps.pages,
            correlation_id=interaction.correlation_id,
        )

    def _opened(self, addressed: Provider, answer: Parameters) -> tuple[str | None, str]:
        """Return the state, and the handle of the interaction; what SAML signs has the state."""
        directory_id, sealer = addressed.directory.id, self.steps.sealer
        if self.is_saml:
            relayed = answer.get("RelayState")
            handle = open_relay_state(relayed, directory_id=directory_id, sealer=sealer)
            found = None if handle is None else (None, handle)
            opened: tuple[str | None, str] | None = found
        else:
            opened = open_state(answer.get("state"), directory_id=directory_id, sealer=sealer)
        if opened is None:
            raise Displayed(Code.STATE_LOST)
        return opened

    async def _interaction(self, request: Request, provider: Provider, handle: str) -> Interaction:
        """Return the interaction, if it still goes on and is this browser's."""
        browser = browser_of(request)
        found = await self.steps.database.read(provider.directory.id).interactions.get(
            digest_of(handle)
        )
        if found is None or browser is None or not is_same(found.browser, digest_of(browser)):
            raise Displayed(Code.STATE_LOST)
        if found.answer is not None or found.expires_at <= self.clock():
            raise Displayed(Code.STATE_LOST)
        return found

    async def _take(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        answer: Parameters,
        state: str | None,
        handle: str,
    ) -> Response:
        """Give the answer to the step that waits for it; any other is passed over.

        Who comes a second time, by reload or the back button, goes on where the interaction is.
        """
        page = interaction_path(provider, handle)
        if not _is_awaited(provider, interaction, state):
            return self._led(request, provider, interaction, RedirectResponse(page))
        ours = {STATE: state or "", CALLBACK: request.path_params.get("provider_id", "")}
        said = {name: value for name, value in answer.items() if name != _ACTION}
        form = {name: (value,) for name, value in {**said, **ours}.items()}
        try:
            after, ending = await self.steps.walk(request, provider, interaction, form)
            if not isinstance(ending, Show):
                response = await self.steps.finish(request, provider, after, ending, handle)
            elif ending.page.notices:
                return self.steps.show(request, provider, after, ending, handle)
            else:
                response = RedirectResponse(page)
        except Stale:
            after, response = interaction, RedirectResponse(page)
        return self._led(request, provider, after, response)

    def _led(
        self, request: Request, provider: Provider, interaction: Interaction, response: Response
    ) -> Response:
        """Return a redirect as a page that leads on by itself.

        The provider's own page may have been a form, and browsers hold every redirect after a form
        against the places its page allowed forms to go to.
        """
        target = response.headers.get("location")
        if target is None or urlsplit(target).scheme not in {*_WEB, ""}:
            return response
        led = self.steps.lead(request, provider, interaction, target)
        for name, value in response.raw_headers:
            if name == b"set-cookie":
                led.headers.append("set-cookie", value.decode("latin-1"))
        return led


def _is_awaited(provider: Provider, interaction: Interaction, state: str | None) -> bool:
    step, facts = next_step(user_flow_of(provider), interaction), interaction.facts
    waiting = {
        StepName.FEDERATE: facts.departure,
        StepName.MANAGE_ACCOUNT: facts.account.departure,
    }
    departure = None if step is None else waiting.get(step.name)
    if departure is None:
        return False
    return state is None or is_same(digest_of(state), departure.state or "")
