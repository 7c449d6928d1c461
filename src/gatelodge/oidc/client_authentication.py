"""Who is asking at the token endpoint (RFC 6749 §2.3)."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.crypto.foreign_signature import read_claims
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.application import Application, Platform
from gatelodge.oidc.client_assertion import ASSERTION_TYPE, accept_assertion
from gatelodge.oidc.client_keys import ClientKeys
from gatelodge.oidc.errors import Code, TokenRefused, token_refused
from gatelodge.oidc.parameters import Parameters
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class Client:
    """The application that asks, and whether it proved itself with a secret."""

    application: Application
    is_authenticated: bool

    def require_secret(self, platform: Platform) -> None:
        """Refuse a confidential application that did not prove itself.

        An application may have browser and native redirect URIs next to those of its server part;
        what was issued to one of those is redeemed without the secret, which must not be there.
        """
        is_needed = platform is Platform.WEB and self.application.is_confidential
        if is_needed and not self.is_authenticated:
            raise token_refused(Code.SECRET_MISSING)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says about its client. `secrets` are the readings of one secret.

    `assertion` is there instead of a secret when the client signs (RFC 7523 §2.2).
    """

    client_id: str | None
    secrets: tuple[str, ...]
    status: int
    """401 when the `Authorization` header was used (RFC 6749 §5.2), else 400."""
    assertion: str | None = None


def read_credentials(authorization: str | None, parameters: Parameters) -> Credentials:
    """Return what the header or the body says; using both is refused (RFC 6749 §2.3)."""
    in_body, secret = parameters.get("client_id"), parameters.get("client_secret")
    if "client_assertion" in parameters or "client_assertion_type" in parameters:
        return _signed_credentials(authorization, parameters)
    if authorization is None:
        return Credentials(in_body, () if secret is None else (secret,), 400)
    user, password = _basic(authorization)
    # Some clients encode both parts as RFC 6749 §2.3.1 says, some send them raw. Our secrets
    # have neither '%' nor '+', so the two readings of a right one are the same.
    client_id = unquote_plus(user)
    if secret is not None:
        raise _not_this_way("the client authenticates in two ways at once")
    if in_body is not None and in_body.lower() != client_id.lower():
        raise _not_this_way("the two client ids differ")
    secrets = tuple(dict.fromkeys((password, unquote_plus(password)))) if password else ()
    return Credentials(client_id, secrets, 401)


def _signed_credentials(authorization: str | None, parameters: Parameters) -> Credentials:
    if authorization is not None or "client_secret" in parameters:
        raise _not_this_way("the client authenticates in two ways at once")
    assertion = parameters.get("client_assertion")
    if assertion is None or parameters.get("client_assertion_type") != ASSERTION_TYPE:
        reason = "the kind of assertion is not known"
        raise _not_this_way(reason, Code.CLIENT_ASSERTION_UNKNOWN)
    client_id = parameters.get("client_id")
    if client_id is None:
        client_id = _named_subject(assertion)
    return Credentials(client_id, (), 401, assertion)


def _named_subject(assertion: str) -> str:
    """Return whose assertion it says it is: enough to know which keys to try."""
    try:
        subject = read_claims(assertion).get("sub")
    except Unverifiable as error:
        raise _not_this_way("the assertion cannot be read") from error
    if not isinstance(subject, str) or not subject:
        raise _not_this_way("the assertion names no client")
    return subject


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise _not_this_way("the Authorization header is not Basic")
    try:
        user, separator, password = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError) as error:
        raise _not_this_way("the Authorization header cannot be read") from error
    if not separator or not user:
        raise _not_this_way("the Authorization header names no client")
    return user, password


def _not_this_way(reason: str, code: Code = Code.INPUT_REJECTED) -> TokenRefused:
    sentence = f"The client was not recognised: {reason}."
    return TokenRefused("invalid_client", code, sentence, 401)


async def find_client(
    providers: Providers, provider: Provider, credentials: Credentials
) -> Application:
    """Return the application the credentials name. Raises `TokenRefused`."""
    if credentials.client_id is None:
        raise token_refused(Code.PARAMETER_MISSING, parameter="client_id")
    application = await providers.application(provider, credentials.client_id)
    if application is None:
        raise token_refused(
            Code.CLIENT_UNKNOWN, status=credentials.status, client_id=credentials.client_id
        )
    return application


async def authenticate(
    database: Database,
    keys: ClientKeys,
    provider: Provider,
    application: Application,
    credentials: Credentials,
    now: datetime,
) -> Client:
    """Check that the application is who it says it is. Raises `TokenRefused`."""
    if credentials.assertion is None:
        return _check_secret(application, credentials, now)
    if not application.is_enabled:
        raise token_refused(Code.CLIENT_DISABLED)
    await accept_assertion(database, keys, provider, application, credentials.assertion, now)
    return Client(application, is_authenticated=True)


def _check_secret(application: Application, credentials: Credentials, now: datetime) -> Client:
    """Check the secret of an application, or that it has none to send. Raises `TokenRefused`."""
    if not application.is_enabled:
        raise token_refused(Code.CLIENT_DISABLED)
    if credentials.secrets:
        if not application.is_confidential:
            raise token_refused(Code.SECRET_FROM_PUBLIC_CLIENT, status=credentials.status)
        if not any(_is_secret_of(application, each, now) for each in credentials.secrets):
            raise token_refused(Code.SECRET_WRONG, status=credentials.status)
        return Client(application, is_authenticated=True)
    if application.is_confidential and not _has_public_part(application):
        raise token_refused(Code.SECRET_MISSING, status=credentials.status)
    return Client(application, is_authenticated=False)


def _has_public_part(application: Application) -> bool:
    return bool(
        application.spa_redirect_uris
        or application.public_client_redirect_uris
        or application.is_fallback_public_client
    )


def _is_secret_of(application: Application, secret: str, now: datetime) -> bool:
    digest = digest_of(secret)
    return any(
        is_same(digest, each.digest) and each.start_at <= now < each.end_at
        for each in application.password_credentials
    )
