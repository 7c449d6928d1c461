"""Signatures of others: assertions of clients and proofs of possession (RFC 7515, RFC 7638)."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gatelodge.crypto.digest import from_base64url
from gatelodge.crypto.key_set import MAX_TOKEN_CHARACTERS, Unverifiable

ALGORITHMS = ("ES256", "RS256", "PS256")
"""What others may sign with."""

PublicKey: TypeAlias = RSAKey | ECKey
_SMALLEST_RSA_BITS = 2048


class _Registry(jws.JWSRegistry):
    """Headers of others carry keys and certificates; the length of the whole is bounded before."""

    max_header_length = MAX_TOKEN_CHARACTERS


_REGISTRIES: Mapping[type[PublicKey], _Registry] = {
    RSAKey: _Registry(algorithms=["RS256", "PS256"]),
    ECKey: _Registry(algorithms=["ES256"]),
}


def public_key(jwk: object) -> PublicKey:
    """Return the key a JWK describes: RSA of 2048 bits or more, or P-256, and public.

    Members that can be no part of it are passed over (RFC 7517 §4). Raises `Unverifiable` for any
    other.
    """
    if not isinstance(jwk, dict):
        raise Unverifiable("not a JWK")
    jwk = {name: each for name, each in jwk.items() if isinstance(each, str | list)}
    try:
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            key: PublicKey = ECKey.import_key(jwk)
        elif jwk.get("kty") == "RSA":
            key = RSAKey.import_key(jwk)
        else:
            raise Unverifiable("a kind of key we do not use")
        is_small = isinstance(key, RSAKey) and key.public_key.key_size < _SMALLEST_RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unverifiable("not a public key") from error
    if key.is_private or is_small:
        raise Unverifiable("not a public key of a good size")
    return key


def thumbprint_of(key: PublicKey) -> str:
    """Return the SHA-256 thumbprint of a key in base64url (RFC 7638)."""
    return key.thumbprint()


def read_header(token: str) -> dict[str, Any]:
    """Return the protected header of a compact JWS; nothing is verified. Raises `Unverifiable`."""
    return _part(token, 0)


def read_claims(token: str) -> dict[str, Any]:
    """Return the claims of a compact JWS; nothing is verified. Raises `Unverifiable`."""
    return _part(token, 1)


def _part(token: str, index: int) -> dict[str, Any]:
    parts = token.split(".")
    if len(token) > MAX_TOKEN_CHARACTERS or len(parts) != 3:
        raise Unverifiable("not a compact JWS")
    try:
        found = msgspec.json.decode(from_base64url(parts[index]))
    except (ValueError, RecursionError) as error:
        raise Unverifiable("not a compact JWS") from error
    if not isinstance(found, dict):
        raise Unverifiable("not an object")
    return found


def verified_claims(token: str, key: PublicKey) -> dict[str, Any]:
    """Return the claims of a compact JWS that `key` signed; what they say is not judged.

    The algorithms are those of the key, whatever the header says. Raises `Unverifiable`.
    """
    try:
        jws.deserialize_compact(token, key, registry=_REGISTRIES[type(key)])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unverifiable("the key did not sign it") from error
    return read_claims(token)
