"""The control that proves an address: its buttons, each pressed by a request of its own."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.journeys.outcome import Ending, Refuse, Show
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.page_protocol.asserted import asserted
from gatelodge.oidc.page_protocol.face import Face, Visit
from gatelodge.oidc.page_protocol.sent_form import differs_from_settled, offers, pressing
from gatelodge.oidc.page_protocol.verdict import accepted, ended, not_verified, refused
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import FieldGroup, Page

_MOST_CHANGES = 2
"""How often another address is begun with before a code is sent."""


@dataclass(frozen=True, slots=True)
class DisplayControl:
    """`POST …/SelfAsserted/DisplayControlAction/vbeta/{control}/{action}`."""

    face: Face

    async def __call__(self, request: Request) -> Response:
        """Answer what the page would say in the control."""
        return await asserted(self.face, request, self._take)

    async def _take(self, visit: Visit, body: Submitted) -> Response:
        control = visit.request.path_params["control"]
        match visit.request.path_params["action"]:
            case "SendCode":
                return await send_code(self.face, visit, body, control)
            case "VerifyCode":
                return await verify_code(self.face, visit, body, control)
            case _:
                raise Displayed(Code.INPUT_REJECTED, status=404, reason="there is no such action")


async def send_code(
    face: Face, visit: Visit, body: Submitted, control: str | None = None
) -> Response:
    """Have a code sent to the address a script names, even if it named another one before."""
    visit, page = await face.standing(visit)
    for _ in range(_MOST_CHANGES):
        group = _group(page, control)
        send, again = f"{group.id}_but_send_code", f"{group.id}_but_send_new_code"
        if offers(page, send):
            return await _press(face, visit, page, send, body)
        if offers(page, again) and not differs_from_settled(page, body):
            return await _press(face, visit, page, again, body)
        change = pressing(page, f"{group.id}_but_change_claims", body)
        visit, ending = await face.walk(visit, change)
        if not isinstance(ending, Show):
            break
        page = ending.page
    raise Displayed(Code.STATE_LOST)


async def verify_code(
    face: Face, visit: Visit, body: Submitted, control: str | None = None
) -> Response:
    """Compare a code with the one that was sent to the address a script names."""
    visit, page = await face.standing(visit)
    action = f"{_group(page, control).id}_but_verify_code"
    if not offers(page, action) or differs_from_settled(page, body):
        return not_verified(page, face.strings(visit))
    return await _press(face, visit, page, action, body)


async def _press(face: Face, visit: Visit, page: Page, action: str, body: Submitted) -> Response:
    visit, ending = await face.walk(visit, pressing(page, action, body))
    return await _told(face, visit, ending)


async def _told(face: Face, visit: Visit, ending: Ending) -> Response:
    if isinstance(ending, Show):
        page = ending.page
        return refused(page, face.strings(visit)) if page.errors else accepted()
    return ended(await face.end(visit, ending)) if isinstance(ending, Refuse) else accepted()


def _group(page: Page, control: str | None) -> FieldGroup:
    group = page.group
    if group is None or control not in {None, group.id}:
        raise Displayed(Code.INPUT_REJECTED, status=404, reason="there is no such control")
    return group
