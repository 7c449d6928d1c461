"""`GET|POST …/interaction/{handle}`: show a step, take its form."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.errors import Stale
from gatelodge.journeys.engine import next_step
from gatelodge.journeys.outcome import Show
from gatelodge.model.interaction import Interaction
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.own_interaction import own_interaction, rewound
from gatelodge.oidc.own_origin import check_origin
from gatelodge.oidc.person_endpoint import displayed, visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.steps import Steps, see_interaction, user_flow_of
from gatelodge.oidc.submitted import submitted_form
from gatelodge.pages.form import Submitted

_TRIES = 3
"""How often a form is taken again when others change what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interact:
    """The pages of an interaction; its address is the same from the first to the last."""

    providers: Providers
    steps: Steps
    clock: Clock

    async def __call__(self, request: Request) -> Response:
        """Answer with a page, with the way to the next one, or with the way to the application."""
        return await visited(request, self.providers, self.steps.pages, self._answer)

    async def _answer(self, request: Request, provider: Provider) -> Response:
        interaction = await self._interaction(request, provider)
        answer = self._take if request.method == "POST" else self._show
        return await displayed(
            answer(request, provider, interaction),
            request,
            provider,
            self.steps.pages,
            correlation_id=interaction.correlation_id,
        )

    async def _interaction(self, request: Request, provider: Provider) -> Interaction:
        handle = request.path_params["handle"]
        return await own_interaction(request, provider, self.steps.database, handle, self.clock())

    async def _show(
        self, request: Request, provider: Provider, interaction: Interaction
    ) -> Response:
        handle = request.path_params["handle"]
        if interaction.answer is not None:
            # The second of two clicks is sent here, and the browser forgets the first one's answer.
            return await self._repeat(request, provider, interaction)
        try:
            interaction, ending = await self.steps.walk(request, provider, interaction)
            if isinstance(ending, Show):
                return self.steps.show(request, provider, interaction, ending, handle)
            return await self.steps.finish(request, provider, interaction, ending, handle)
        except Stale:
            return see_interaction(provider, handle)

    async def _take(
        self, request: Request, provider: Provider, interaction: Interaction
    ) -> Response:
        check_origin(request, provider.origin)
        form, handle = await submitted_form(request), request.path_params["handle"]
        sealed = self._sealed_step(provider, interaction, form)
        for _ in range(_TRIES):
            try:
                return await self._carry_on(request, provider, interaction, form, sealed)
            except Stale:
                found, revision = await self._interaction(request, provider), interaction.revision
                if found.revision != revision:
                    return see_interaction(provider, handle)
                # What a step wanted to change was changed by others: it decides again.
                interaction = found
        raise Displayed(Code.TEMPORARILY_UNAVAILABLE, status=503)

    async def _carry_on(
        self,
        request: Request,
        provider: Provider,
        interaction: Interaction,
        form: Submitted,
        sealed: str,
    ) -> Response:
        """Take a form for the step it is sealed for; a form of another step changes nothing."""
        if interaction.answer is not None:
            return await self._repeat(request, provider, interaction)
        handle = request.path_params["handle"]
        current = next_step(user_flow_of(provider), interaction)
        if current is None or sealed != current.name:
            interaction = rewound(interaction, sealed)
            current = next_step(user_flow_of(provider), interaction)
            if current is None or sealed != current.name:
                return see_interaction(provider, handle)
        after, ending = await self.steps.walk(request, provider, interaction, form)
        if not isinstance(ending, Show):
            return await self.steps.finish(request, provider, after, ending, handle)
        if ending.page.notices:
            return self.steps.show(request, provider, after, ending, handle)
        return see_interaction(provider, handle)

    async def _repeat(
        self, request: Request, provider: Provider, interaction: Interaction
    ) -> Response:
        """Give the answer of an interaction that is over once more, unless it was made use of."""
        handle = request.path_params["handle"]
        repeated = await self.steps.respond.repeat(request, provider, interaction, handle)
        if repeated is None:
            raise Displayed(Code.STATE_LOST)
        return repeated

    def _sealed_step(self, provider: Provider, interaction: Interaction, form: Submitted) -> str:
        """Return the step a form belongs to, by its seal; without one it is not ours."""
        seals = form.get("seal", ())
        seal = seals[0] if len(seals) == 1 else ""
        step = seal.partition(".")[0]
        if not is_same(seal, self.steps.seal(provider, interaction.id, step)):
            raise Displayed(Code.INPUT_REJECTED, status=403, reason="the form is not ours")
        return step
