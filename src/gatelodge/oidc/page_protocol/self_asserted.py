"""`POST …/SelfAsserted`: what was filled in, and the older way to prove an address."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.journeys.outcome import Refuse, Show
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.page_protocol.asserted import asserted
from gatelodge.oidc.page_protocol.display_control import send_code, verify_code
from gatelodge.oidc.page_protocol.face import Face, Visit
from gatelodge.oidc.page_protocol.sent_form import (
    claim_in,
    differs_from_settled,
    going_on,
    pressing,
)
from gatelodge.oidc.page_protocol.verdict import accepted, not_verified, refused
from gatelodge.pages.form import Submitted


@dataclass(frozen=True, slots=True)
class SelfAsserted:
    """Takes the answers of a page: all that are asked for there, or none."""

    face: Face

    async def __call__(self, request: Request) -> Response:
        """Answer `status` 200 when the step is done; what comes next is had by `confirmed`."""
        return await asserted(self.face, request, self._take)

    async def _take(self, visit: Visit, body: Submitted) -> Response:
        match list(body.get("request_type", ())):
            case ["RESPONSE"]:
                return await self._respond(visit, body)
            case ["VERIFICATION_REQUEST"]:
                return await send_code(self.face, visit, claim_in(body))
            case ["VALIDATION_REQUEST"]:
                return await verify_code(self.face, visit, claim_in(body))
            case _:
                raise Displayed(Code.INPUT_REJECTED, reason="it has no 'request_type' we know")

    async def _respond(self, visit: Visit, body: Submitted) -> Response:
        if visit.is_done_by_code:
            return accepted()
        visit, page = await self.face.standing(visit)
        action, strings = going_on(page), self.face.strings(visit)
        if action is None or differs_from_settled(page, body):
            return not_verified(page, strings)
        visit, ending = await self.face.walk(visit, pressing(page, action, body))
        if isinstance(ending, Show) and (ending.page.errors or visit.is_at(ending)):
            return refused(ending.page, strings)
        if isinstance(ending, Refuse):
            await self.face.end(visit, ending)
        # Where tokens are due nothing is issued yet: who goes on walks there again.
        return accepted()
