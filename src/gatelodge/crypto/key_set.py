"""A directory's signing keys, loaded once and ready to use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm, SigningKey
from gatelodge.randomness import Randomness

MAX_TOKEN_CHARACTERS = 16_384
_KEY_CLASS: dict[Algorithm, type[RSAKey] | type[ECKey]] = {
    Algorithm.RS256: RSAKey,
    Algorithm.ES256: ECKey,
}

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Unverifiable(Exception):
    """A token that none of the directory's keys signed, or that is not a token at all."""


@dataclass(frozen=True, slots=True)
class LoadedKey:
    """A key pair, ready to use; `header` is the protected header as every token has it."""

    algorithm: Algorithm
    header: Mapping[str, Any]
    jose: RSAKey | ECKey


class KeySet:
    """Signs with the newest active key and verifies with every published one.

    `known` are keys loaded before: a key never changes under its id.
    """

    def __init__(
        self,
        keys: Sequence[SigningKey],
        sealer: Sealer,
        now: datetime,
        known: Mapping[str, LoadedKey] = MappingProxyType({}),
    ) -> None:
        published = [key for key in keys if key.retired_at is None or key.retired_at > now]
        self._by_id = {key.id: known.get(key.id) or _load(key, sealer) for key in published}
        active = [key for key in published if key.active_at <= now]
        self._signing = self._by_id[max(active, key=lambda it: (it.active_at, it.id)).id]
        self.jwks = msgspec.json.encode(
            {"keys": [msgspec.json.decode(key.public_jwk) for key in published]}
        )

    @property
    def loaded(self) -> Mapping[str, LoadedKey]:
        """Return every key by its id."""
        return self._by_id

    @property
    def algorithm(self) -> Algorithm:
        """Return the algorithm tokens are signed with now."""
        return self._signing.algorithm

    def sign(self, claims: Mapping[str, Any], *, token_type: str = "JWT") -> str:
        """Return a signed JWT (RFC 7519) of the claims, in the compact form of RFC 7515 §3.1.

        A token of another type than `JWT` is for somebody else: `verify` refuses it.
        """
        key = self._signing
        return jws.serialize_compact(
            {**key.header, "typ": token_type},
            msgspec.json.encode(claims),
            key.jose,
            [key.algorithm],
        )

    def verify(self, token: str) -> dict[str, Any]:
        """Return the claims of a JWT one of our keys signed; times and audience are not judged.

        The algorithm is that of the key, whatever the header says; headers that carry or point to
        keys, or that are critical, are refused (RFC 8725 §3.1). Raises `Unverifiable`.
        """
        if len(token) > MAX_TOKEN_CHARACTERS or token.count(".") != 2:
            raise Unverifiable("not a compact JWS")
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            key = self._by_id[header["kid"]]
            if set(header) - {"alg", "typ", "kid"} or header.get("typ") != "JWT":
                raise Unverifiable("the header has parameters we do not use")
            verified = jws.deserialize_compact(token, key.jose, [key.algorithm])
            claims = msgspec.json.decode(verified.payload)
        except (JoseError, KeyError, TypeError, ValueError, msgspec.DecodeError) as error:
            raise Unverifiable("no key of this directory signed it") from error
        if not isinstance(claims, dict):
            raise Unverifiable("the payload is no object")
        return claims


def _load(key: SigningKey, sealer: Sealer) -> LoadedKey:
    der = sealer.unseal(key.sealed_private_key, _place(key.directory_id, key.id))
    header = {"typ": "JWT", "alg": str(key.algorithm), "kid": key.id}
    # What we sealed is a key we made. Looking again whether its primes are prime takes as long as
    # a hundred signatures, and is for keys that come from elsewhere.
    private_key = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    return LoadedKey(
        algorithm=key.algorithm,
        header=header,
        jose=_KEY_CLASS[key.algorithm].import_key(private_key),  # type: ignore[arg-type]
    )


def _place(directory_id: DirectoryId, key_id: str) -> str:
    return f"signing_key|{directory_id}|{key_id}"


def generate_private_key(algorithm: Algorithm) -> PrivateKey:
    """Return a new private key: RSA of 2048 bits, or P-256. Takes up to a second."""
    if algorithm is Algorithm.RS256:
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def new_signing_key(
    private_key: PrivateKey,
    *,
    directory_id: DirectoryId,
    sealer: Sealer,
    randomness: Randomness,
    now: datetime,
    active_at: datetime,
) -> SigningKey:
    """Return the key pair as it is stored; its id is random."""
    algorithm = Algorithm.RS256 if isinstance(private_key, rsa.RSAPrivateKey) else Algorithm.ES256
    key_id = randomness.opaque(32)
    public = _KEY_CLASS[algorithm].import_key(private_key.public_key())  # type: ignore[arg-type]
    jwk = {
        "kid": key_id,
        "nbf": int(active_at.timestamp()),
        "use": "sig",
        "alg": str(algorithm),
        **public.as_dict(private=False),
    }
    jwk["kid"] = key_id
    der = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey(
        directory_id=directory_id,
        id=key_id,
        algorithm=algorithm,
        public_jwk=msgspec.json.encode(jwk).decode(),
        sealed_private_key=sealer.seal(der, _place(directory_id, key_id)),
        created_at=now,
        active_at=active_at,
    )
