"""`POST …/Phonefactor/verify`: codes by message or call, with numbers of their own for answers."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.journeys.outcome import Refuse, Show
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.page_protocol.asserted import asserted
from gatelodge.oidc.page_protocol.face import Face, Visit
from gatelodge.oidc.page_protocol.sent_form import offers, pressing
from gatelodge.oidc.page_protocol.verdict import accepted, ended, phone_refused
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Page, PageId
from gatelodge.pages.second_factor import CALL, RETRY, SEND, VERIFY


@dataclass(frozen=True, slots=True)
class PhoneFactor:
    """The buttons of the page about a phone; the number on record is never one that is sent."""

    face: Face

    async def __call__(self, request: Request) -> Response:
        """Answer what became of a code: sent, right, wrong, too many."""
        return await asserted(self.face, request, self._take)

    async def _take(self, visit: Visit, body: Submitted) -> Response:
        visit, page = await self.face.standing(visit)
        if page.id is not PageId.PHONE_FACTOR:
            raise Displayed(Code.INPUT_REJECTED, status=404, reason="there is no such control")
        action = _action(page, body)
        visit, ending = await self.face.walk(visit, pressing(page, action, body))
        if isinstance(ending, Refuse):
            return ended(await self.face.end(visit, ending))
        if isinstance(ending, Show) and ending.page.errors:
            return phone_refused(ending.page, self.face.strings(visit))
        return accepted()


def _action(page: Page, body: Submitted) -> str:
    """Return the button a request stands for."""
    match list(body.get("request_type", ())):
        case ["VALIDATION_REQUEST"] if offers(page, VERIFY):
            return VERIFY
        case ["VERIFICATION_REQUEST"]:
            by_call = list(body.get("auth_type", ())) == ["dialphone"]
            wanted = (CALL, RETRY) if by_call else (SEND, RETRY)
            return next((each for each in wanted if offers(page, each)), wanted[0])
        case _:
            raise Displayed(Code.INPUT_REJECTED, reason="the page does not ask for that now")
