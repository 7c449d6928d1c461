"""`POST …/oauth2/v2.0/token`: for which grant type an application asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.errors import NotFound
from gatelodge.oidc.client_endpoint import ClientEndpoint, Told
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.token_request import GrantType, TokenRequest


@dataclass(frozen=True, slots=True)
class Token:
    """The token endpoint of every user flow and of the directory itself (RFC 6749 §3.2).

    `grant_types` are looked up by the value of `grant_type`.
    """

    clients: ClientEndpoint
    grant_types: Mapping[str, GrantType]

    async def __call__(self, request: Request) -> Response:
        """Answer with tokens, or with an error in JSON."""
        return await self.clients.answer(request, self._perform)

    async def _perform(self, request: TokenRequest) -> Told:
        grant_type = self.grant_types.get(request.required("grant_type"))
        if grant_type is None:
            raise request.unsupported()
        try:
            return Told(await grant_type(request))
        except NotFound as error:
            # An account that was deleted meanwhile took its grants with it.
            raise token_refused(Code.ACCOUNT_GONE) from error
