"""Where an answer to the application goes, and how it travels there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from gatelodge.model.authorization import AuthorizationRequest, ResponseMode

_ESCAPED = re.compile(r"%[0-9A-F]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAddress:
    """A registered redirect URI with the response mode and state of a request."""

    redirect_uri: str
    response_mode: ResponseMode
    state: str | None

    def with_parameters(self, parameters: Sequence[tuple[str, str]]) -> str:
        """Return the redirect URI carrying the parameters in its query or fragment."""
        encoded = encode_parameters(parameters)
        if self.response_mode is ResponseMode.FRAGMENT:
            return f"{self.redirect_uri}#{encoded}"
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{encoded}"


def return_address_of(request: AuthorizationRequest) -> ReturnAddress:
    """Return where the answer to a checked request goes."""
    return ReturnAddress(
        redirect_uri=request.redirect_uri,
        response_mode=request.response_mode,
        state=request.state,
    )


def encode_parameters(parameters: Sequence[tuple[str, str]]) -> str:
    """Return form-encoded parameters with lower-case escapes, as B2C's clients have seen them."""
    encoded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in parameters)
    return _ESCAPED.sub(lambda match: match[0].lower(), encoded)
