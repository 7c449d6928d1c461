"""Who may register applications: the initial access token (RFC 7591 §3)."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.application import Application, GrantKind
from gatelodge.model.service_principal import GRAPH_APP_ID
from gatelodge.oidc.grants.client_credentials import GRAPH
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.registration.refusal import unauthorized

EVERY, OWN = "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """An application that registers others; some may configure only what they own."""

    application: Application
    owns_only: bool


def bearer_of(request: Request) -> str:
    """Return the bearer token of a request. Raises `RegistrationRefused`."""
    headers = request.headers.getlist("authorization")
    scheme, _, token = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthorized()
    return token.strip()


async def registrar_of(
    request: Request, providers: Providers, provider: Provider, now: datetime
) -> Registrar:
    """Return who registers, by a token for Graph that an application acts by itself with.

    The permission is the one Graph asks for the same. It has to be in the token and still granted.
    Raises `RegistrationRefused`.
    """
    try:
        claims = provider.key_set.verify(bearer_of(request))
    except Unverifiable as error:
        raise unauthorized() from error
    expected = {
        "iss": f"{provider.origin}/{provider.directory.id}/v2.0",
        "aud": GRAPH,
        "idtyp": "app",
    }
    is_ours = all(claims.get(name) == each for name, each in expected.items())
    if not is_ours or not claims.get("nbf", 0) <= now.timestamp() < claims.get("exp", 0):
        raise unauthorized()
    application = await providers.application(provider, str(claims.get("appid")))
    if application is None or not application.is_enabled:
        raise unauthorized()
    granted = await providers.granted(provider, application.app_id, GRAPH_APP_ID, GrantKind.ROLE)
    held = set(granted) & set(claims.get("roles", ()))
    if not held & {EVERY, OWN}:
        raise unauthorized()
    return Registrar(application=application, owns_only=EVERY not in held)
