"""What a page carries for scripts: variables in its source, and cookies that say the same."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.page_source.page_token import page_token
from gatelodge.oidc.page_source.spoken import is_spoken
from gatelodge.oidc.page_source.transaction import (
    TRANSACTION_COOKIE,
    state_properties,
    transaction_cookie,
)
from gatelodge.oidc.page_source.turn import turn_of
from gatelodge.oidc.page_source.variables import Asked, page_variables
from gatelodge.oidc.provider import Provider, address_of
from gatelodge.pages.language import Strings
from gatelodge.pages.page import Page
from gatelodge.pages.render import Variables
from gatelodge.randomness import Randomness

TOKEN_COOKIE = "x-ms-cpim-csrf"
_CACHE_COOKIE = "x-ms-cpim-cache|{directory}_0"


class PageSource(NamedTuple):
    """One page on its way to a browser. Nothing is added where no script is answered."""

    request: Request
    provider: Provider
    interaction: Interaction
    handle: str
    sealer: Sealer

    def variables(self, page: Page, strings: Strings, randomness: Randomness) -> Variables:
        """Return what scripts read in the source."""
        flow = self.provider.user_flow
        if flow is None or not is_spoken(self.provider):
            return ()
        asked = Asked(
            flow=flow,
            interaction=self.interaction,
            tenant=f"/{self._tenant()}/{flow.id}",
            origin=self.provider.origin,
            transaction=state_properties(self.handle),
            token=self._token(page, flow),
            page_view_id=randomness.uuid(),
        )
        return page_variables(page, asked, strings)

    def set_cookies(self, response: Response, page: Page) -> None:
        """Repeat the page's token and its transaction in the cookies scripts look for.

        They prove nothing here: what binds an interaction to a browser is the cookie of our own.
        """
        flow = self.provider.user_flow
        if flow is None or not is_spoken(self.provider):
            return
        directory = self.provider.directory
        cookies = {
            TOKEN_COOKIE: self._token(page, flow),
            TRANSACTION_COOKIE: transaction_cookie(
                self.handle,
                tenant=directory.domain,
                policy=flow.id,
                client_id=self.interaction.request.client_id,
            ),
            _CACHE_COOKIE.format(directory=directory.id.replace("-", "")): self.interaction.id,
        }
        for name, value in cookies.items():
            response.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="none")

    def _token(self, page: Page, flow: UserFlow) -> str:
        turn = turn_of(page, flow, self.interaction)
        return page_token(self.sealer, self.interaction.id, turn)

    def _tenant(self) -> str:
        """Return the tenant as the request wrote it, GUID or domain."""
        directory = self.provider.directory
        is_guid = key_of(address_of(self.request).tenant) == directory.id
        return directory.id if is_guid else directory.domain
