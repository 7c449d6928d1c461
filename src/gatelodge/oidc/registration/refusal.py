"""Why an application cannot be registered, as RFC 7591 §3.2.2 and RFC 6750 §3 word it."""

from starlette.responses import Response

from gatelodge.oidc.json_answer import NOT_KEPT, json_answer


class RegistrationRefused(Exception):
    """The request cannot be carried out; `description` may be told."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


def wrong_metadata(description: str) -> RegistrationRefused:
    """Return the refusal of metadata that contradict each other or us."""
    return RegistrationRefused("invalid_client_metadata", description)


def no_such_place() -> RegistrationRefused:
    """Return the refusal where nobody registers: there is nothing at this address."""
    return RegistrationRefused("invalid_request", "Nothing is registered here.", 404)


def unauthorized() -> RegistrationRefused:
    """Return the refusal of a token that is missing, wrong or not for this."""
    return RegistrationRefused("invalid_token", "Send an access token that allows this.", 401)


def refusal_answer(refused: RegistrationRefused) -> Response:
    """Return the response that tells it."""
    headers = dict(NOT_KEPT)
    if refused.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="register", error="invalid_token"'
    body = {"error": refused.error, "error_description": refused.description}
    return json_answer(body, status=refused.status, headers=headers)
