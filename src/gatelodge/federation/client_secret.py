"""How we show a provider that we are its client."""

import base64
from datetime import datetime
from urllib.parse import quote_plus

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from gatelodge.federation.connection import Connection
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.model.identity_provider import IdentityProvider, ProviderKind

_APPLE_LIFETIME_S = 300


def credentials(connection: Connection, now: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """Return what goes into the form and what into the headers. Raises `NotIdentified`."""
    secret = None if connection.secret is None else connection.secret.reveal()
    if connection.provider.kind is ProviderKind.APPLE and secret is not None:
        secret = apple_secret(connection.provider, connection.client_id, secret, now)
    if secret is not None and connection.is_basic:
        pair = f"{quote_plus(connection.client_id)}:{quote_plus(secret)}"
        return {}, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    form = {"client_id": connection.client_id}
    return (form if secret is None else {**form, "client_secret": secret}), {}


def apple_secret(provider: IdentityProvider, client_id: str, pem: str, now: datetime) -> str:
    """Return the token that Apple takes for a secret, signed with the developer's key."""
    issued = int(now.timestamp())
    try:
        key = load_pem_private_key(_with_armour(pem).encode(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NotIdentified(Trouble.MISCONFIGURED, "the key is of another kind")
        return jwt.encode(
            {"alg": "ES256", "kid": provider.key_id},
            {
                "iss": provider.developer_id,
                "sub": client_id,
                "aud": "https://appleid.apple.com",
                "iat": issued,
                "exp": issued + _APPLE_LIFETIME_S,
            },
            ECKey.import_key(key),
            algorithms=["ES256"],
        )
    except (ValueError, TypeError, JoseError) as error:
        raise NotIdentified(Trouble.MISCONFIGURED, "the key cannot be used") from error


def _with_armour(pem: str) -> str:
    """Return a key as a PEM file; administrators also give the text between the lines alone."""
    if pem.lstrip().startswith("-----BEGIN"):
        return pem
    return f"-----BEGIN PRIVATE KEY-----\n{pem.strip()}\n-----END PRIVATE KEY-----\n"
