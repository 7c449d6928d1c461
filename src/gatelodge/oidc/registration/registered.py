"""Between metadata and the application that is stored."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from gatelodge.crypto.client_keys import client_key_of_jwk
from gatelodge.crypto.digest import digest_of
from gatelodge.errors import Invalid
from gatelodge.model.application import Application, ClientKey, ClientPassword, Platform
from gatelodge.model.application_details import SIGNING, Registration
from gatelodge.model.new_application import SECRET_LIFETIME, new_client_password
from gatelodge.oidc.documents import Unreadable, signing_keys_in
from gatelodge.oidc.registration.checks import PUBLIC, platform_of
from gatelodge.oidc.registration.client_metadata import ClientMetadata
from gatelodge.oidc.registration.refusal import wrong_metadata
from gatelodge.randomness import Randomness

_KEPT = (
    "token_endpoint_auth_method",
    "grant_types",
    "response_types",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "contacts",
    "jwks_uri",
    "sector_identifier_uri",
    "post_logout_redirect_uris",
    "userinfo_signed_response_alg",
)


def described(application: Application, metadata: ClientMetadata) -> Application:
    """Return the application as the metadata say it is; secrets and keys stay as they are.

    What was registered and is not said any more is forgotten (RFC 7592 §2.2).
    """
    platform, types = platform_of(metadata), {*" ".join(metadata.response_types).split()}
    uris = {each: metadata.redirect_uris if each is platform else () for each in Platform}
    registration = Registration(**{name: getattr(metadata, name) for name in _KEPT})
    return replace(
        application,
        display_name=metadata.client_name or application.app_id,
        web_redirect_uris=uris[Platform.WEB],
        spa_redirect_uris=uris[Platform.SPA],
        public_client_redirect_uris=uris[Platform.PUBLIC_CLIENT],
        web_home_page_url=metadata.client_uri,
        web_logout_url=metadata.frontchannel_logout_uri,
        web_back_channel_logout_url=metadata.backchannel_logout_uri,
        is_id_token_issuance_enabled="id_token" in types,
        is_access_token_issuance_enabled="token" in types,
        requires_pushed_requests=metadata.require_pushed_authorization_requests,
        details=replace(application.details, registration=registration),
    )


def new_secret(
    metadata: ClientMetadata, randomness: Randomness, now: datetime
) -> tuple[str, ClientPassword] | None:
    """Return a secret and what is stored of it; None for a client that needs none."""
    if metadata.token_endpoint_auth_method in {PUBLIC, SIGNING}:
        return None
    value = randomness.opaque(32)
    return value, new_client_password(
        key_id=randomness.uuid(),
        digest=digest_of(value),
        hint=value[:3],
        display_name="registration",
        start_at=now,
        end_at=None,
    )


def client_keys(
    metadata: ClientMetadata, randomness: Randomness, now: datetime
) -> tuple[ClientKey, ...]:
    """Return what is stored of the keys an application sent. Raises `RegistrationRefused`.

    A public client proves itself with nothing, so that keys it sends are for nothing we do.
    """
    if metadata.jwks is None or metadata.token_endpoint_auth_method == PUBLIC:
        return ()
    try:
        return tuple(
            client_key_of_jwk(
                each,
                key_id=randomness.uuid(),
                display_name="registration",
                start_at=now,
                end_at=now + SECRET_LIFETIME,
            )
            for each in signing_keys_in(metadata.jwks)
        )
    except Unreadable as error:
        raise wrong_metadata(f"'jwks' {error}.") from error
    except Invalid as error:
        raise wrong_metadata("A key cannot be used: RSA of 2048 bits or P-256, public.") from error


def metadata_of(application: Application) -> dict[str, Any]:
    """Return what is registered, in the words of RFC 7591 §2."""
    registration = application.details.registration or Registration()
    is_native = bool(application.public_client_redirect_uris)
    known = {
        "client_id": application.app_id,
        "client_id_issued_at": int(application.created_at.timestamp()),
        "client_name": application.display_name,
        "redirect_uris": [uri for _, uri in application.redirect_uris],
        "application_type": "native" if is_native else "web",
        "client_uri": application.web_home_page_url,
        "frontchannel_logout_uri": application.web_logout_url,
        "backchannel_logout_uri": application.web_back_channel_logout_url,
        "require_pushed_authorization_requests": application.requires_pushed_requests,
        **{name: getattr(registration, name) for name in _KEPT},
    }
    return {name: value for name, value in known.items() if value not in (None, ())}
