"""Keys of clients, and what they sign with them."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from gatelodge.crypto.client_keys import client_key_of_jwk
from gatelodge.crypto.digest import base64url
from gatelodge.model.application import ClientKey
from tests.world.clock import BEGINNING
from tests.world.makers import SECRET_END

EC = ECKey.generate_key("P-256")
OTHER_EC = ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(2048)
EVERY_ALGORITHM = ["RS256", "ES256", "PS256", "HS256", "none"]
_numbers = count(1)

Key = ECKey | RSAKey | OctKey


def a_client_key(key: ECKey | RSAKey = EC, **changes: Any) -> ClientKey:
    """Return what is registered of a client's key."""
    values: dict[str, Any] = {
        "key_id": f"key-{key.thumbprint()[:8]}",
        "display_name": None,
        "start_at": BEGINNING,
        "end_at": SECRET_END,
    }
    return client_key_of_jwk(dict(key.as_dict(private=False)), **{**values, **changes})


def signed(
    claims: Mapping[str, Any], key: Key = EC, algorithm: str = "ES256", **header: Any
) -> str:
    """Return a compact JWS with the claims; None takes a header away."""
    wanted = {"alg": algorithm, **header}
    kept = {name: value for name, value in wanted.items() if value is not None}
    return jws.serialize_compact(kept, json.dumps(claims).encode(), key, algorithms=EVERY_ALGORITHM)


def an_assertion(client_id: str, audience: Any, now: datetime, **changes: Any) -> dict[str, Any]:
    """Return the claims of a client assertion; None takes one away."""
    at = int(now.timestamp())
    wanted = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": at,
        "exp": at + 120,
        "jti": f"jti-{next(_numbers)}",
        **changes,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def a_proof(
    method: str,
    url: str,
    now: datetime,
    *,
    key: ECKey | RSAKey = EC,
    algorithm: str = "ES256",
    access_token: str | None = None,
    header: Mapping[str, Any] | None = None,
    **changes: Any,
) -> str:
    """Return a DPoP proof; None takes a claim away."""
    wanted: dict[str, Any] = {
        "htm": method,
        "htu": url,
        "iat": int(now.timestamp()),
        "jti": f"jti-{next(_numbers)}",
    }
    if access_token is not None:
        wanted["ath"] = base64url(sha256(access_token.encode()).digest())
    claims = {name: value for name, value in {**wanted, **changes}.items() if value is not None}
    told = {"typ": "dpop+jwt", "jwk": key.as_dict(private=False), **(header or {})}
    return signed(claims, key, algorithm, **told)
