"""`GET …/api/{page}/…`: on to what a page leads to, which a script asks for by itself."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.errors import Stale
from gatelodge.journeys.outcome import Refusal, Refuse
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.page_protocol.face import Ended, Face, Visit, not_spoken
from gatelodge.oidc.page_protocol.sent_form import offers, pressing
from gatelodge.oidc.page_source.api_name import API_NAMES, COMBINED
from gatelodge.oidc.person_endpoint import displayed
from gatelodge.oidc.provider import Provider
from gatelodge.pages.page import TICKED

_TRIES = 3
_EXCHANGES = {
    "ForgotPassword": "forgotPassword",
    "ForgotPasswordExchange": "forgotPassword",
    "SignUpWithLogonEmailExchange": "createAccount",
}
"""Claims exchanges that are links of our pages under another name; others are buttons' own."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Leads from one page to the next, once the step of the first is done."""

    face: Face

    async def __call__(self, request: Request) -> Response:
        """Answer with a page, with the way to the application, or with why there is neither."""
        if (provider := await self.face.provider(request)) is None:
            return not_spoken()
        pages = self.face.steps.pages
        answer = self._answer(request, provider)
        return await displayed(answer, request, provider, pages, correlation_id=None)

    async def _answer(self, request: Request, provider: Provider) -> Response:
        tokens = request.query_params.getlist("csrf_token")
        token = tokens[0] if len(tokens) == 1 else None
        visit = await self.face.visit(request, provider, token)
        answer = displayed(
            self._take(visit),
            request,
            provider,
            self.face.steps.pages,
            correlation_id=visit.interaction.correlation_id,
        )
        response = await answer
        if response.status_code == 303:
            # Nothing was posted, and scripts look for this one.
            response.status_code = 302
        return response

    async def _take(self, visit: Visit) -> Response:
        if visit.request.path_params["api"] not in API_NAMES:
            raise Displayed(Code.INPUT_REJECTED, status=404, reason="there is no such page")
        for _ in range(_TRIES):
            try:
                return await self._go(visit)
            except (Stale, Ended):
                visit = await self.face.again(visit)
        raise Displayed(Code.TEMPORARILY_UNAVAILABLE, status=503)

    async def _go(self, visit: Visit) -> Response:
        action = visit.request.path_params["action"]
        if visit.interaction.answer is not None:
            return await self._repeat(visit)
        match action:
            case "confirmed":
                return await self._confirmed(visit)
            case "unified":
                return await self._press(visit, _chosen(visit.request))
            case "forgotPassword":
                return await self._press(visit, "forgotPassword")
            case "error" | "cancelled":
                return await self._press(visit, "cancel")
            case _:
                raise Displayed(Code.INPUT_REJECTED, status=404, reason="there is no such action")

    async def _confirmed(self, visit: Visit) -> Response:
        """Go on, if the step of the page is done; a journey that goes on without it is over."""
        visit = _kept(visit)
        visit, ending = await self.face.walk(visit)
        if visit.is_at(ending):
            ending = Refuse(reason=Refusal.NOT_PROVED)
        return await self.face.finish(visit, ending)

    async def _press(self, visit: Visit, action: str) -> Response:
        visit, page = await self.face.standing(visit)
        if not offers(page, action):
            raise Displayed(Code.INPUT_REJECTED, reason="the page does not offer that")
        visit, ending = await self.face.walk(visit, pressing(page, action, {}))
        return await self.face.finish(visit, ending)

    async def _repeat(self, visit: Visit) -> Response:
        repeated = await self.face.steps.respond.repeat(
            visit.request, visit.provider, visit.interaction, visit.handle
        )
        if repeated is None:
            raise Displayed(Code.STATE_LOST)
        return repeated


def _chosen(request: Request) -> str:
    """Return the action that a link of the first page stands for."""
    query = request.query_params
    if query.get("local") == "signup":
        return "createAccount"
    exchange = query.get("claimsexchange") or query.get("social") or ""
    return _EXCHANGES.get(exchange, exchange)


def _kept(visit: Visit) -> Visit:
    """Note that the person is to stay signed in, which scripts say only when they go on.

    Whether the user flow allows it is decided where the session begins.
    """
    if visit.turn.api != COMBINED or visit.request.query_params.get("rememberMe") != TICKED:
        return visit
    facts = replace(visit.interaction.facts, keeps_signed_in=True)
    return replace(visit, interaction=replace(visit.interaction, facts=facts))
