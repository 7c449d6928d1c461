"""`GET|POST /{T}/{P}/device`: a person types the code of a device and signs in for it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.model.application import Platform
from gatelodge.model.authorization import AuthorizationRequest, Prompt, ResponseMode
from gatelodge.model.device import NOWHERE, source_of
from gatelodge.model.device_request import DeviceRequest
from gatelodge.model.user_flow import UserFlowType
from gatelodge.oidc.authorize import begun
from gatelodge.oidc.cookies import browser_of, set_browser
from gatelodge.oidc.device_authorization import user_code_digest
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.own_origin import check_origin
from gatelodge.oidc.person_endpoint import visited
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.remembered_device import device_at
from gatelodge.oidc.steps import Steps, see_interaction, user_flow_of
from gatelodge.oidc.submitted import submitted_form
from gatelodge.pages.catalogue import device_page
from gatelodge.pages.page import Notice
from gatelodge.randomness import Randomness
from gatelodge.storage.stores import Stores

_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePage:
    """Leads from a user code into the user flow (RFC 8628 §3.3).

    The person always types or confirms the code and always signs in anew: a link alone, or a
    session alone, allows a device nothing.
    """

    providers: Providers
    steps: Steps
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with the page that asks for the code, or with the way into the user flow."""
        return await visited(request, self.providers, self.steps.pages, self._answer)

    async def _answer(self, request: Request, provider: Provider) -> Response:
        if provider.user_flow is None:
            raise Displayed(Code.USER_FLOW_UNKNOWN, status=404)
        if provider.user_flow.user_flow_type is UserFlowType.RESOURCE_OWNER:
            raise Displayed(Code.USER_FLOW_UNKNOWN)
        if request.method != "POST":
            typed = request.query_params.get("user_code", "")[:_LONGEST_CODE]
            return self._page(request, provider, typed=typed)
        check_origin(request, provider.origin)
        codes = (await submitted_form(request)).get("userCode", ())
        return await self._take(request, provider, codes[0] if len(codes) == 1 else "")

    async def _take(self, request: Request, provider: Provider, typed: str) -> Response:
        who = f"userCode|{source_of(request.client.host if request.client else '')}"
        now, stores = self.clock(), self.steps.database.read(provider.directory.id)
        lockout = await stores.lockouts.get(who)
        if lockout is not None and lockout.is_locked(now):
            return self._page(request, provider, notice=Notice("ServiceThrottled"))
        digest = user_code_digest(user_flow_of(provider), typed[:_LONGEST_CODE])
        device = await stores.device_requests.by_user_code(digest)
        if device is None or not device.is_open(now):
            await self._note_guess(provider, who)
            wrong = Notice("error_device_code", "userCode")
            return self._page(request, provider, typed=typed[:_LONGEST_CODE], notice=wrong)
        return await self._begin(request, provider, device)

    async def _note_guess(self, provider: Provider, who: str) -> None:
        """Count a code nobody has against where it came from (RFC 8628 §5.1)."""

        async def work(stores: Stores) -> None:
            await stores.lockouts.note_failure(who, self.clock())

        await self.steps.database.write(provider.directory.id, work)

    async def _begin(self, request: Request, provider: Provider, device: DeviceRequest) -> Response:
        handle, browser = self.randomness.opaque(), browser_of(request)
        new_browser = self.randomness.opaque() if browser is None else None
        interaction = begun(
            provider,
            _asked_by(device),
            now=self.clock(),
            correlation_id=self.randomness.uuid(),
            handle=handle,
            browser=browser or new_browser or "",
            session=None,
            device=device_at(request, provider.directory.id, NOWHERE),
        )
        await self.steps.begin(request, provider, interaction)
        response = see_interaction(provider, handle)
        if new_browser is not None:
            set_browser(response, new_browser)
        return response

    def _page(
        self,
        request: Request,
        provider: Provider,
        *,
        typed: str = "",
        notice: Notice | None = None,
    ) -> Response:
        pages = self.steps.pages
        return pages.page(
            device_page(typed=typed, notices=() if notice is None else (notice,)),
            strings=pages.strings_for(request, provider),
            provider=provider,
            correlation_id=self.randomness.uuid(),
            action_url=request.url.path,
        )


def _asked_by(device: DeviceRequest) -> AuthorizationRequest:
    return AuthorizationRequest(
        client_id=device.client_id,
        redirect_uri="",
        platform=Platform.PUBLIC_CLIENT,
        response_types=(),
        response_mode=ResponseMode.QUERY,
        scope=device.scope,
        prompts=(Prompt.LOGIN,),
        device_request_id=device.id,
    )
