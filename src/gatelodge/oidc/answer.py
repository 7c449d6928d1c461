"""Answers to the application: by redirect, or by a form the browser posts."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatelodge.clock import Clock
from gatelodge.model.authorization import ResponseMode
from gatelodge.model.email_address import parse_email_address
from gatelodge.oidc.errors import Code, Redirected, description_of
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.return_address import ReturnAddress
from gatelodge.pages.catalogue import leaving_page
from gatelodge.pages.page import FormPost


@dataclass(frozen=True, slots=True)
class Answers:
    """Sends parameters to where a request said they should go."""

    pages: PageResponses
    clock: Clock

    def send(
        self,
        request: Request,
        address: ReturnAddress,
        parameters: Sequence[tuple[str, str]],
        *,
        provider: Provider,
        correlation_id: str,
        frames: tuple[str, ...] = (),
    ) -> Response:
        """Return the response that carries the parameters to the application, after `frames`.

        A redirect is a 303, so that a browser never posts a password on (RFC 9700 §4.12).
        """
        if address.response_mode is ResponseMode.FORM_POST:
            action_url = address.redirect_uri
            return self.pages.form_post(
                FormPost(action_url=action_url, parameters=tuple(parameters), frames=frames),
                strings=self.pages.strings_for(request, provider),
                provider=provider,
                correlation_id=correlation_id,
            )
        target = address.with_parameters(parameters)
        if not frames:
            return RedirectResponse(target, 303, {"Cache-Control": "no-store"})
        return self.pages.page(
            leaving_page(target, frames=frames),
            strings=self.pages.strings_for(request, provider),
            provider=provider,
            correlation_id=correlation_id,
        )

    def refuse(
        self,
        request: Request,
        address: ReturnAddress,
        refused: Redirected,
        *,
        provider: Provider,
        correlation_id: str,
    ) -> Response:
        """Return the response that tells the application what went wrong (RFC 6749 §4.1.2.1)."""
        parameters = self.error_parameters(provider, refused, address.state, correlation_id)
        return self.send(
            request, address, parameters, provider=provider, correlation_id=correlation_id
        )

    def error_parameters(
        self,
        provider: Provider,
        refused: Redirected,
        state: str | None,
        correlation_id: str,
        login_hint: str | None = None,
    ) -> tuple[tuple[str, str], ...]:
        """Return `error`, `error_description`, the state of the request and who answers (RFC 9207).

        Who forgot the password is named by the hint, if it is an address: applications begin the
        password reset with it.
        """
        description = description_of(refused.code, refused.values, correlation_id, self.clock())
        if refused.code is Code.PASSWORD_FORGOTTEN and parse_email_address(login_hint or ""):
            description += f"login_hint: {login_hint}\r\n"
        told = [("error", refused.error), ("error_description", description)]
        if state is not None:
            told.append(("state", state))
        return (*told, ("iss", provider.issuer))
