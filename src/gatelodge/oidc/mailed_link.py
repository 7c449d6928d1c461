"""`GET /{T}/{P}/signinlink`: the link in a mail with a code for signing in.

Fetching it does nothing, because programs that look for harm in mail fetch links. In the browser
the sign-in began in, it shows the page that takes the code, filled in; anywhere else it
shows the code, which counts in that browser alone.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.engine import next_step
from gatelodge.journeys.mailed_codes import MailedCodes
from gatelodge.journeys.outcome import Show
from gatelodge.journeys.perform.sign_in_by_code import code_page
from gatelodge.journeys.step import StepName
from gatelodge.model.interaction import Interaction
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.own_interaction import is_own, live_interaction
from gatelodge.oidc.person_endpoint import visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.sign_in_link import open_link
from gatelodge.oidc.steps import Steps, user_flow_of
from gatelodge.pages.catalogue import link_elsewhere_page


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedLink:
    """Leads back to a sign-in from a mail."""

    providers: Providers
    steps: Steps
    codes: MailedCodes
    clock: Clock

    async def __call__(self, request: Request) -> Response:
        """Answer with the page to confirm, with the code to type, or with the end of the way."""
        return await visited(request, self.providers, self.steps.pages, self._answer)

    async def _answer(self, request: Request, provider: Provider) -> Response:
        token = request.query_params.get("token", "")
        if (carried := open_link(provider, self.steps.sealer, token)) is None:
            raise Displayed(Code.STATE_LOST)
        found = await live_interaction(
            provider, self.steps.database, digest_of(carried.handle), self.clock()
        )
        self._check(provider, found, carried.code)
        if is_own(request, found):
            page = code_page(user_flow_of(provider), found.facts, code=carried.code)
            return self.steps.show(request, provider, found, Show(page=page), carried.handle)
        pages = self.steps.pages
        return pages.page(
            link_elsewhere_page(code=carried.code),
            strings=pages.strings_for(request, provider),
            provider=provider,
            correlation_id=found.correlation_id,
        )

    def _check(self, provider: Provider, found: Interaction, typed: str) -> None:
        """Raise `Displayed` unless this very code is the one that is waited for."""
        step = next_step(user_flow_of(provider), found)
        code, settings = found.facts.code, user_flow_of(provider).one_time_code_configuration
        is_waited_for = (
            step is not None
            and step.name is StepName.SIGN_IN_BY_CODE
            and code is not None
            and code.is_usable(self.clock(), settings.maximum_verification_attempts)
            and self.codes.is_right(found, code, typed)
        )
        if not is_waited_for:
            raise Displayed(Code.STATE_LOST)
