"""`GET|POST …/oauth2/v2.0/logout`: end the browser's session (OIDC RP-Initiated Logout 1.0)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.crypto.seal import Sealer
from gatelodge.model.application import Application
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.session import Session
from gatelodge.oidc.cookies import drop_session, session_of
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.front_channel import frames_of
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.parameters import Parameters, form_parameters, query_parameters
from gatelodge.oidc.person_endpoint import visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.redirect_uris import match_redirect_uri
from gatelodge.oidc.return_address import encode_parameters
from gatelodge.oidc.steps import user_flow_of
from gatelodge.oidc.subject import account_named
from gatelodge.oidc.upstream_sign_out import UpstreamSignOut
from gatelodge.pages.catalogue import sign_out_page, signed_out_page
from gatelodge.pages.page import Page
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a request asks for; `is_proved` when its ID token shows that the person is meant."""

    provider: Provider
    session: Session | None
    target: str | None
    is_proved: bool


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
        wanted = await self._wanted(request, provider, asked)
        if wanted.session is None or wanted.is_proved:
            return await self._signed_out(request, wanted)
        seal = self._seal(wanted.session, request)
        if "seal" in form:
            if not is_same(form["seal"], seal):
                raise Displayed(Code.INPUT_REJECTED, status=403, reason="the form is not ours")
            if form.get("action") == "continue":
                return await self._signed_out(request, wanted)
            if wanted.target is not None:
                return _leave(wanted.target)
        return self._page(request, provider, sign_out_page(), seal=seal)

    async def _wanted(self, request: Request, provider: Provider, asked: Parameters) -> _Wanted:
        session = await self._session(request, provider)
        subject, client_id, is_over = self._hint(provider, asked)
        client_id = client_id or asked.get("client_id")
        if client_id is None and session is not None:
            client_id = session.client_id
        target = asked.get("post_logout_redirect_uri")
        if target is not None:
            application = await self._application(provider, client_id)
            target = _registered(provider, application, target)
            if (state := asked.get("state")) is not None:
                separator = "&" if "?" in target else "?"
                target = f"{target}{separator}{encode_parameters([('state', state)])}"
        is_proved = subject is not None and session is not None and subject == session.account_id
        if is_over and not is_proved and (session is not None or _wants_hint(provider)):
            raise Displayed(Code.HINT_EXPIRED)
        return _Wanted(provider=provider, session=session, target=target, is_proved=is_proved)

    async def _session(self, request: Request, provider: Provider) -> Session | None:
        handle = session_of(request, provider.directory.id)
        if handle is None:
            return None
        return await self.database.read(provider.directory.id).sessions.get(digest_of(handle))

    def _hint(self, provider: Provider, asked: Parameters) -> tuple[str | None, str | None, bool]:
        """Return subject and client of the ID token sent as a hint, and whether it has expired.

        An old one still ends the session it tells of, and no other (RP-Initiated Logout §2).
        """
        hint = asked.get("id_token_hint")
        if hint is None:
            if _wants_hint(provider):
                raise Displayed(Code.HINT_MISSING)
            return None, None, False
        try:
            claims = provider.key_set.verify(hint)
        except Unverifiable as error:
            raise Displayed(Code.HINT_SIGNATURE_WRONG) from error
        if not str(claims.get("iss", "")).startswith(f"{provider.origin}/"):
            raise Displayed(Code.HINT_OF_ANOTHER_ISSUER)
        client_id = asked.get("client_id")
        if client_id is not None and client_id.lower() != claims.get("aud"):
            raise Displayed(Code.HINT_OF_ANOTHER_AUDIENCE)
        if "azp" in claims or "idtyp" in claims:
            raise Displayed(Code.HINT_MALFORMED)
        is_over = int(claims.get("exp", 0)) <= self.clock().timestamp()
        return account_named(claims), str(claims.get("aud")), is_over

    async def _application(self, provider: Provider, client_id: str | None) -> Application | None:
        return None if client_id is None else await self.providers.application(provider, client_id)

    async def _signed_out(self, request: Request, wanted: _Wanted) -> Response:
        directory_id = wanted.provider.directory.id
        frames: tuple[str, ...] = ()
        if (session := wanted.session) is not None:
            stores = self.database.read(directory_id)
            frames = await frames_of(self.providers, wanted.provider, stores, session)
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
        if wanted.target is not None and not frames:
            response = _leave(wanted.target)
        else:
            last = signed_out_page(frames=frames, target=wanted.target)
            response = self._page(request, wanted.provider, last)
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


def _wants_hint(provider: Provider) -> bool:
    configuration = user_flow_of(provider).single_sign_on_session_configuration
    return configuration.enforce_id_token_hint_on_logout


def _registered(provider: Provider, application: Application | None, target: str) -> str:
    """Return the address if the application registered it; raise `Displayed` if it did not."""
    if application is not None:
        if match_redirect_uri(application, target) is not None:
            return target
        if target == application.web_logout_url:
            return target
    is_https = target.startswith("https://") and target.isascii() and target.isprintable()
    if provider.directory.switches.redirects_after_logout_unchecked and is_https:
        return target
    raise Displayed(Code.LOGOUT_URI_MALFORMED)


def _leave(target: str) -> Response:
    return RedirectResponse(target, 303, {"Cache-Control": "no-store"})


def _own_address(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _own_target(request: Request) -> str | None:
    """Return where the form of the question may end: the address the request names."""
    targets = request.query_params.getlist("post_logout_redirect_uri")
    return targets[0] if len(targets) == 1 and ":" in targets[0] else None
