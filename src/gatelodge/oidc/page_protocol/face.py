"""What every request of a script passes first: it is answered here, and it has the page's token."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gatelodge.clock import Clock
from gatelodge.journeys.outcome import Ending, Leave, Refuse, Show
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.own_interaction import own_interaction, rewound
from gatelodge.oidc.page_source.page_token import turn_of_token
from gatelodge.oidc.page_source.spoken import is_spoken
from gatelodge.oidc.page_source.transaction import handle_of
from gatelodge.oidc.page_source.turn import Turn, turn_of
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.steps import REFUSED, Steps, user_flow_of
from gatelodge.pages.form import Submitted
from gatelodge.pages.language import Strings
from gatelodge.pages.page import Page, PageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that belongs to a page of an interaction of this browser."""

    request: Request
    provider: Provider
    interaction: Interaction
    handle: str
    turn: Turn

    @property
    def flow(self) -> UserFlow:
        """Return the user flow it takes place in."""
        return user_flow_of(self.provider)

    @property
    def is_done_by_code(self) -> bool:
        """Return whether the step of the page was finished by the code alone.

        Scripts send the answers of such a page as well, when there is nothing left to answer.
        """
        is_done = self.turn.step in self.interaction.completed
        return is_done and self.turn.page_id in _DONE_BY_CODE

    def is_at(self, ending: Ending) -> bool:
        """Return whether it is still the turn of the page the visit belongs to."""
        return (
            isinstance(ending, Show)
            and turn_of(ending.page, self.flow, self.interaction) == self.turn
        )


class Ended(Exception):
    """A step refused to go on: the journey is over, and the application can be told so."""

    def __init__(self, code: Code) -> None:
        super().__init__(str(code))
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Leads requests of scripts to the steps; what a step demands it demands here as well."""

    providers: Providers
    steps: Steps
    clock: Clock

    async def provider(self, request: Request) -> Provider | None:
        """Return the provider a request addresses, None where no script is answered."""
        provider = await self.providers.provider_of(request)
        return provider if provider is not None and is_spoken(provider) else None

    async def visit(self, request: Request, provider: Provider, token: str | None) -> Visit:
        """Return the visit a request makes with the token of a page. Raises `Displayed`."""
        self._check_site(request, provider)
        handle = handle_of(request)
        interaction = await own_interaction(
            request, provider, self.steps.database, handle, self.clock()
        )
        turn = turn_of_token(self.steps.sealer, interaction.id, token or "")
        if turn is None:
            raise Displayed(Code.INPUT_REJECTED, reason="the token of the page is missing")
        return Visit(
            request=request,
            provider=provider,
            interaction=interaction,
            handle=handle,
            turn=turn,
        )

    def _check_site(self, request: Request, provider: Provider) -> None:
        """Refuse what another site made a browser send, and what nobody asked for yet.

        Where a browser names the site that counts; `Origin` only where it does not.
        """
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin", "null")
        is_own = origin in {"null", provider.origin} if site is None else site in _OWN_SITES
        if not is_own or "prefetch" in request.headers.get("sec-purpose", ""):
            raise Displayed(
                Code.INPUT_REJECTED, status=403, reason="the request came from elsewhere"
            )

    async def again(self, visit: Visit) -> Visit:
        """Return the visit with the interaction as it is stored now."""
        interaction = await own_interaction(
            visit.request, visit.provider, self.steps.database, visit.handle, self.clock()
        )
        return replace(visit, interaction=interaction)

    async def walk(self, visit: Visit, form: Submitted | None = None) -> tuple[Visit, Ending]:
        """Carry the interaction of a visit on as far as it goes. Raises `Stale`."""
        interaction, ending = await self.steps.walk(
            visit.request, visit.provider, visit.interaction, form
        )
        return replace(visit, interaction=interaction), ending

    async def standing(self, visit: Visit) -> tuple[Visit, Page]:
        """Return the page of the visit as it stands now; raise `Displayed` if it is another's turn.

        Raises `Ended` when the step is not to be done any more, and ends the journey.
        What belongs to the first page leads back there as long as nobody is identified.
        """
        if visit.interaction.answer is not None:
            raise Displayed(Code.STATE_LOST)
        there, ending = await self.walk(visit)
        if not there.is_at(ending):
            back = rewound(there.interaction, visit.turn.step)
            if back is not there.interaction:
                there, ending = await self.walk(replace(there, interaction=back))
        if isinstance(ending, Refuse):
            raise Ended(await self.end(there, ending))
        if not isinstance(ending, Show) or not there.is_at(ending):
            raise Displayed(Code.STATE_LOST)
        return there, ending.page

    def strings(self, visit: Visit) -> Strings:
        """Return the sentences in the language of the pages."""
        wanted = visit.interaction.request.ui_locales or ""
        return self.steps.pages.strings_for(visit.request, visit.provider, ui_locales=wanted)

    async def end(self, visit: Visit, ending: Refuse) -> Code:
        """End a journey a step refused; the application hears of it when the script goes on."""
        await self.finish(visit, ending)
        return REFUSED[ending.reason][1]

    async def finish(self, visit: Visit, ending: Ending) -> Response:
        """Return the next page, or what the journey ended in."""
        if isinstance(ending, Show):
            return self.steps.show(
                visit.request, visit.provider, visit.interaction, ending, visit.handle
            )
        if isinstance(ending, Leave):
            return self.steps.sent_away(visit.provider, ending, visit.handle)
        return await self.steps.finish(
            visit.request, visit.provider, visit.interaction, ending, visit.handle
        )


def not_spoken() -> Response:
    """Return what an address that does not exist answers."""
    return PlainTextResponse("Not Found", 404)


_OWN_SITES = frozenset({"same-origin", "none"})
_DONE_BY_CODE = frozenset({PageId.SIGN_IN_BY_CODE, PageId.EMAIL_FACTOR})
