"""Every address of a provider."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gatelodge.oidc.provider import Endpoint

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]

_READ = ("GET", "OPTIONS")
_FORM = ("GET", "POST")
_READ_OR_FORM = ("GET", "POST", "OPTIONS")
_ANY = ("GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
PREFIXES = ("/tfp", "/te", "")
"""Prefixes of older clients first: a tenant or policy would match them otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """What answers at each address."""

    authorize: Answer
    interact: Answer
    logout: Answer
    token: Answer
    userinfo: Answer
    discovery: Answer
    keys: Answer
    revoke: Answer
    introspect: Answer
    push: Answer
    device_authorization: Answer
    device: Answer
    arrive: Answer
    saml_arrive: Answer
    saml_metadata: Answer
    link: Answer
    register: Answer
    configure: Answer


def oidc_routes(endpoints: Endpoints) -> list[Route]:
    """Return the routes of all providers: with the policy in the path, or as `?p=`.

    What applications call directly takes every method, because it says itself that it wants a POST.
    """
    known: tuple[tuple[Endpoint, Answer, tuple[str, ...]], ...] = (
        (Endpoint.TOKEN, endpoints.token, _ANY),
        (Endpoint.AUTHORIZE, endpoints.authorize, _ANY),
        (Endpoint.KEYS, endpoints.keys, _READ),
        (Endpoint.DISCOVERY, endpoints.discovery, _READ),
        (Endpoint.USERINFO, endpoints.userinfo, _READ_OR_FORM),
        (Endpoint.LOGOUT, endpoints.logout, _ANY),
        (Endpoint.REVOKE, endpoints.revoke, _ANY),
        (Endpoint.DEVICE_AUTHORIZATION, endpoints.device_authorization, _ANY),
        (Endpoint.DEVICE, endpoints.device, _FORM),
        (Endpoint.PUSH, endpoints.push, _ANY),
        (Endpoint.INTROSPECT, endpoints.introspect, _ANY),
        (Endpoint.ARRIVE, endpoints.arrive, _FORM),
        (Endpoint.SAML_ARRIVE, endpoints.saml_arrive, ("POST",)),
        (Endpoint.SAML_METADATA, endpoints.saml_metadata, ("GET",)),
        (Endpoint.LINK, endpoints.link, ("GET",)),
        (Endpoint.REGISTER, endpoints.register, _ANY),
    )
    return [
        *(route for prefix in PREFIXES for each in known for route in _both(prefix, *each)),
        *(
            Route(
                f"{prefix}{place}/{Endpoint.REGISTER}/{{client_id}}",
                Served(endpoints.configure),
                methods=list(_ANY),
                name="configure",
            )
            for prefix in PREFIXES
            for place in ("/{tenant}/{policy}", "/{tenant}")
        ),
        Route(
            f"/{{tenant}}/{Endpoint.ARRIVE}/{{provider_id}}",
            Served(endpoints.arrive),
            methods=list(_FORM),
            name="arrive",
        ),
        Route(
            "/{tenant}/{policy}/interaction/{handle}",
            Served(endpoints.interact),
            methods=list(_FORM),
            name="interaction",
        ),
    ]


def _both(prefix: str, kind: Endpoint, answer: Answer, methods: tuple[str, ...]) -> Iterator[Route]:
    for path in (f"{prefix}/{{tenant}}/{{policy}}/{kind}", f"{prefix}/{{tenant}}/{kind}"):
        yield Route(path, Served(answer), methods=list(methods), name=kind.name.lower())


class Served:
    """An endpoint as an application: Starlette's wrapper only sees to exceptions we never raise."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)
