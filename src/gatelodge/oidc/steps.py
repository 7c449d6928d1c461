"""Walk a stored interaction and turn its ending into a response."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.engine import Engine, next_step
from gatelodge.journeys.outcome import Change, Ending, Finished, Leave, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.identifier import InteractionId
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.answer import Answers
from gatelodge.oidc.cookies import session_of
from gatelodge.oidc.errors import Code, Displayed, Redirected
from gatelodge.oidc.leaving import address_with_state
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.page_source.source import PageSource
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.respond import Respond
from gatelodge.oidc.return_address import return_address_of
from gatelodge.oidc.sign_in_link import link_maker
from gatelodge.pages.catalogue import leaving_page
from gatelodge.pages.form import Submitted
from gatelodge.pages.language import Strings
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

REFUSED = {
    Refusal.CANCELLED: ("access_denied", Code.CANCELLED),
    Refusal.FORGOT_PASSWORD: ("access_denied", Code.PASSWORD_FORGOTTEN),
    Refusal.NOT_PROVED: ("server_error", Code.STEP_INCOMPLETE),
    Refusal.ALREADY_EXISTS: ("access_denied", Code.ACCOUNT_EXISTS),
    Refusal.NO_SUCH_ACCOUNT: ("access_denied", Code.ACCOUNT_GONE),
    Refusal.ACCOUNT_DELETED: ("access_denied", Code.ACCOUNT_GONE),
    Refusal.ACCOUNT_DISABLED: ("access_denied", Code.ACCOUNT_DISABLED),
    Refusal.NOT_INTERACTIVE: ("server_error", Code.STEP_INCOMPLETE),
    Refusal.TOO_MANY_RETRIES: ("access_denied", Code.TOO_MANY_RETRIES),
    Refusal.FACTOR_LOCKED: ("access_denied", Code.FACTOR_RETRIES_EXCEEDED),
    Refusal.FACTOR_UNAVAILABLE: ("access_denied", Code.FACTOR_UNAVAILABLE),
    Refusal.NO_WAY_IN: ("server_error", Code.NO_WAY_IN),
    Refusal.NOT_SIGNED_UP: ("access_denied", Code.NOT_SIGNED_UP),
    Refusal.PROVIDER_DENIED: ("access_denied", Code.PROVIDER_ANSWER_INVALID),
    Refusal.PROVIDER_UNREACHABLE: ("server_error", Code.PROVIDER_UNREACHABLE),
    Refusal.PROVIDER_MISCONFIGURED: ("server_error", Code.PROVIDER_MISCONFIGURED),
    Refusal.PROVIDER_REFUSED_US: ("server_error", Code.PROVIDER_UNREACHABLE),
    Refusal.PROVIDER_ANSWER_INVALID: ("server_error", Code.PROVIDER_ANSWER_INVALID),
    Refusal.PROVIDER_ANSWER_INCOMPLETE: ("server_error", Code.PROVIDER_ANSWER_INCOMPLETE),
    Refusal.PROVIDER_SAID_NOTHING: ("server_error", Code.PROVIDER_SAID_NOTHING),
    Refusal.UNDER_AGE: ("access_denied", Code.UNDER_AGE),
    Refusal.CONNECTOR_PASSWORD_REFUSED: ("server_error", Code.CONNECTOR_PASSWORD_REFUSED),
    Refusal.CONNECTOR_CERTIFICATE_REFUSED: ("server_error", Code.CONNECTOR_CERTIFICATE_REFUSED),
    Refusal.CONNECTOR_FAILED: ("server_error", Code.CONNECTOR_FAILED),
    Refusal.CONNECTOR_TIMED_OUT: ("server_error", Code.CONNECTOR_TIMED_OUT),
    Refusal.CONNECTOR_UNREADABLE: ("server_error", Code.CONNECTOR_UNREADABLE),
    Refusal.CONNECTOR_NOT_REACHED: ("server_error", Code.CONNECTOR_NOT_REACHED),
    Refusal.CONSENT_DENIED: ("access_denied", Code.CANCELLED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Runs the engine against the database and answers the browser."""

    database: Database
    engine: Engine
    respond: Respond
    answers: Answers
    pages: PageResponses
    sealer: Sealer

    async def begin(
        self, request: Request, provider: Provider, interaction: Interaction
    ) -> tuple[Interaction, Ending]:
        """Carry a new interaction on as far as it goes.

        It is stored together with what its first step answers, or as it is when that is nothing.
        """
        is_stored = False

        async def commit(kept: Interaction, changes: tuple[Change, ...]) -> Interaction:
            nonlocal is_stored
            if is_stored:
                return await self._commit(kept, changes)
            added = await self._add(kept, changes)
            is_stored = True
            return added

        place = self._place(request, provider, interaction)
        found, ending = await self.engine.walk(place, interaction, commit)
        return found if is_stored else await self._add(found, ()), ending

    async def _add(self, interaction: Interaction, changes: tuple[Change, ...]) -> Interaction:
        async def work(stores: Stores) -> Interaction:
            await stores.interactions.add(interaction)
            for change in changes:
                await change(stores)
            return interaction

        return await self.database.write(interaction.directory_id, work)

    async def walk(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        form: Submitted | None = None,
    ) -> tuple[Interaction, Ending]:
        """Carry the interaction on as far as it goes. Raises `Stale`."""
        place = self._place(request, provider, interaction)
        return await self.engine.walk(place, interaction, self._commit, form)

    def _place(self, request: Request, provider: Provider, interaction: Interaction) -> Place:
        handle = request.path_params.get("handle")
        return Place(
            directory=provider.directory,
            user_flow=user_flow_of(provider),
            strings=self._strings(request, provider, interaction),
            origin=provider.origin,
            link_to=None if handle is None else link_maker(provider, self.sealer, handle),
        )

    def _strings(self, request: Request, provider: Provider, interaction: Interaction) -> Strings:
        wanted = interaction.request.ui_locales or ""
        return self.pages.strings_for(request, provider, ui_locales=wanted)

    async def _commit(self, interaction: Interaction, changes: tuple[Change, ...]) -> Interaction:
        async def work(stores: Stores) -> Interaction:
            saved = await stores.interactions.save(interaction)
            for change in changes:
                await change(stores)
            return saved

        return await self.database.write(interaction.directory_id, work)

    async def finish(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        ending: Finished | Refuse | Leave,
        handle: str,
    ) -> Response:
        """Send the application what the journey ended in, or the browser to a provider."""
        if isinstance(ending, Leave):
            address = self.departure(provider, ending, handle)
            return self.lead(request, provider, interaction, address)
        try:
            if isinstance(ending, Refuse):
                raise Redirected(*REFUSED[ending.reason])
            session = session_of(request, provider.directory.id)
            return await self.respond.finish(
                request,
                provider,
                interaction,
                ending,
                handle,
                old_session_id=None if session is None else digest_of(session),
            )
        except Redirected as refused:
            return await self.respond.refuse(request, provider, interaction, refused, handle)

    def departure(self, provider: Provider, leave: Leave, handle: str) -> str:
        """Return where a person leaves for, with what brings them back."""
        return address_with_state(
            leave, handle, directory_id=provider.directory.id, sealer=self.sealer
        )

    def sent_away(self, provider: Provider, leave: Leave, handle: str) -> Response:
        """Send the browser to an identity provider, without any page of ours."""
        address = self.departure(provider, leave, handle)
        return RedirectResponse(address, 303, {"Cache-Control": "no-store"})

    def lead(
        self, request: Request, provider: Provider, interaction: Interaction, target: str
    ) -> Response:
        """Return the page that leads the browser on by itself.

        After a form a redirect will not do: browsers let forms end only where their page says.
        """
        return self.pages.page(
            leaving_page(target),
            strings=self._strings(request, provider, interaction),
            provider=provider,
            correlation_id=interaction.correlation_id,
        )

    async def refuse(
        self, request: Request, provider: Provider, interaction: Interaction, refused: Redirected
    ) -> Response:
        """Send the application an error."""
        await self.pages.errors.note(
            provider,
            refused.code,
            interaction.correlation_id,
            client_id=interaction.request.client_id,
        )
        return self.answers.refuse(
            request,
            return_address_of(interaction.request),
            refused,
            provider=provider,
            correlation_id=interaction.correlation_id,
        )

    def show(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        shown: Show,
        handle: str,
    ) -> Response:
        """Show the page of the step the interaction waits at."""
        if (step := next_step(user_flow_of(provider), interaction)) is None:
            raise Displayed(Code.STATE_LOST)
        strings = self._strings(request, provider, interaction)
        source = PageSource(request, provider, interaction, handle, self.sealer)
        response = self.pages.page(
            shown.page,
            strings=strings,
            provider=provider,
            correlation_id=interaction.correlation_id,
            action_url=interaction_path(provider, handle),
            seal=self.seal(provider, interaction.id, step.name),
            redirect_uri=interaction.request.redirect_uri or None,
            variables=source.variables(shown.page, strings, self.pages.randomness),
        )
        source.set_cookies(response, shown.page)
        return response

    def seal(self, provider: Provider, interaction_id: InteractionId, step: str) -> str:
        """Return what a form of this step has to bring to this host: nobody else can make it."""
        return f"{step}.{self.sealer.mac('form', provider.origin, interaction_id, step)}"


def user_flow_of(provider: Provider) -> UserFlow:
    """Return the user flow an interaction takes place in. Raises `Displayed` without one."""
    if provider.user_flow is None:
        raise Displayed(Code.USER_FLOW_MISSING)
    return provider.user_flow


def interaction_path(provider: Provider, handle: str) -> str:
    """Return the path of an interaction: reload and back button always find it there."""
    user_flow = user_flow_of(provider)
    return f"/{provider.directory.domain}/{user_flow.policy}/interaction/{handle}"


def see_interaction(provider: Provider, handle: str) -> Response:
    """Send the browser to the page of an interaction, so that reloading repeats no form."""
    return RedirectResponse(interaction_path(provider, handle), 303, {"Cache-Control": "no-store"})
