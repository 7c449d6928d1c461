"""`GET|POST …/oauth2/v2.0/logout`: end the browser's session (OIDC RP-Initiated Logout 1.0)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.session import Session
from gatelodge.oidc.cookies import drop_session, session_of
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.front_channel import frames_of
from gatelodge.oidc.logout_checks import LOGOUT_CHECKS, Leaving
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.parameters import Parameters, form_parameters, query_parameters
from gatelodge.oidc.person_endpoint import visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.return_address import encode_parameters
from gatelodge.oidc.upstream_sign_out import UpstreamSignOut
from gatelodge.pages.catalogue import sign_out_page, signed_out_page
from gatelodge.pages.page import Page
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """Signs out at once with an ID token as a hint, and after a question without one.

    With the session every grant that came from it ends, refresh tokens included, and every
    application that took part in it is told. Nobody is sent to an address that the application
    did not register.
    """

    database: Database
    providers: Providers
    pages: PageResponses
    upstream: UpstreamSignOut
    sealer: Sealer
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with the way back to the application, a question, or the signed-out page."""
        return await visited(request, self.providers, self.pages, self._answer)

    async def _answer(self, request: Request, provider: Provider) -> Response:
        asked = query_parameters(request)
        form = await form_parameters(request) if request.method == "POST" else Parameters({})
        if len(form) and "seal" not in form:
            # An application may post its request; a question has to be asked at an address.
            merged = encode_parameters([*asked.items(), *form.items()])
            return _leave(f"{request.url.path}?{merged}")
        leaving = await self._checked(request, provider, asked)
        if leaving.session is None or leaving.is_proved:
            return await self._signed_out(request, leaving)
        seal = self._seal(leaving.session, request)
        if "seal" in form:
            if not is_same(form["seal"], seal):
                raise Displayed(Code.INPUT_REJECTED, status=403, reason="the form is not ours")
            if form.get("action") == "continue":
                return await self._signed_out(request, leaving)
            if leaving.target is not None:
                return _leave(leaving.target)
        return self._page(request, provider, sign_out_page(), seal=seal)

    async def _checked(
        self, request: Request, provider: Provider, parameters: Parameters
    ) -> Leaving:
        leaving = Leaving(
            provider=provider,
            providers=self.providers,
            parameters=parameters,
            session=await self._session(request, provider),
            now=self.clock(),
        )
        for check in LOGOUT_CHECKS:
            await check(leaving)
        return leaving

    async def _session(self, request: Request, provider: Provider) -> Session | None:
        handle = session_of(request, provider.directory.id)
        if handle is None:
            return None
        return await self.database.read(provider.directory.id).sessions.get(digest_of(handle))

    async def _signed_out(self, request: Request, leaving: Leaving) -> Response:
        directory_id = leaving.provider.directory.id
        frames: tuple[str, ...] = ()
        if (session := leaving.session) is not None:
            stores = self.database.read(directory_id)
            frames = await frames_of(self.providers, leaving.provider, stores, session)
            frames = (*frames, *await self.upstream.frames(session))
            event = AuditEvent(
                directory_id=directory_id,
                id=self.randomness.uuid(),
                at=self.clock(),
                name=EventName.SIGNED_OUT,
                actor=session.account_id,
                target=session.client_id,
            )

            async def work(stores: Stores) -> None:
                await stores.logout_notices.queue_for(
                    session.account_id, event.at, session_id=session.id
                )
                await stores.sessions.end(session.id)
                await stores.grants.revoke_all_of_session(session.account_id, session.id, event.at)
                await stores.audit_events.add(event)

            await self.database.write(directory_id, work)
        if leaving.target is not None and not frames:
            response = _leave(leaving.target)
        else:
            last = signed_out_page(frames=frames, target=leaving.target)
            response = self._page(request, leaving.provider, last)
        drop_session(response, directory_id)
        return response

    def _page(
        self, request: Request, provider: Provider, page: Page, *, seal: str = ""
    ) -> Response:
        """Return the question, with the seal of its form, or the last page."""
        return self.pages.page(
            page,
            strings=self.pages.strings_for(request, provider),
            provider=provider,
            correlation_id=self.randomness.uuid(),
            action_url=_own_address(request),
            seal=seal,
            redirect_uri=_own_target(request),
        )

    def _seal(self, session: Session, request: Request) -> str:
        return self.sealer.mac("logout", session.id, request.url.query)


def _leave(target: str) -> Response:
    return RedirectResponse(target, 303, {"Cache-Control": "no-store"})


def _own_address(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _own_target(request: Request) -> str | None:
    """Return where the form of the question may end: the address the request names."""
    targets = request.query_params.getlist("post_logout_redirect_uri")
    return targets[0] if len(targets) == 1 and ":" in targets[0] else None
