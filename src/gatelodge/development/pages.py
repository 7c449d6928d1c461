"""Pages for the person at the keyboard: what there is, and what was sent."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatelodge.development.drawing import Drawing
from gatelodge.development.messages import Messages
from gatelodge.development.seed import APP_ID_URI, DOMAIN, USER_FLOWS, Seed
from gatelodge.model.user_flow import UserFlowType

PURPOSES = {
    UserFlowType.SIGN_UP_OR_SIGN_IN: "Sign up or sign in",
    UserFlowType.SIGN_UP: "Sign up",
    UserFlowType.SIGN_IN: "Sign in",
    UserFlowType.PASSWORD_RESET: "Reset a password",
    UserFlowType.PROFILE_UPDATE: "Edit a profile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`GET /_dev`: user flows to run, people to sign in as, clients to call with."""

    seed: Seed
    origin: str
    own_origin: str
    ca_file: str
    drawing: Drawing

    async def __call__(self, _request: Request) -> Response:
        """Draw the page."""
        seed = self.seed
        return self.drawing.answer(
            "overview.html",
            flows=[
                {"id": USER_FLOWS[kind], "purpose": purpose} for kind, purpose in PURPOSES.items()
            ],
            users=seed.users,
            clients=[each for each in seed.clients if each is not seed.extensions],
            tenant={"id": seed.tenant_id, "domain": DOMAIN},
            api=APP_ID_URI,
            admin=seed.admin,
            origin=self.origin,
            own_origin=self.own_origin,
            ca_file=self.ca_file,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """`GET|POST /_dev/inbox`: the messages; a POST empties the inbox."""

    messages: Messages
    drawing: Drawing

    async def __call__(self, request: Request) -> Response:
        """Draw the page."""
        if request.method == "POST":
            await self.messages.clear()
            return RedirectResponse("/_dev/inbox", 303)
        return self.drawing.answer("inbox.html", messages=await self.messages.latest())
