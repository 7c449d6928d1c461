"""Make the keys of clients from what administrators have: certificates and JWKs."""

import base64
from datetime import datetime
from hashlib import sha1, sha256

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc.jwk import ECKey, RSAKey

from gatelodge.crypto.digest import base64url
from gatelodge.crypto.foreign_signature import PublicKey, public_key
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.errors import Invalid, Problem
from gatelodge.model.application import ClientKey


def client_key_of_certificate(
    certificate: bytes, *, key_id: str, display_name: str | None
) -> ClientKey:
    """Return the key of an X.509 certificate (DER or PEM); it lives as long as that.

    Nobody vouches for the certificate but the administrator who registered it. Raises `Invalid`.
    """
    try:
        is_pem = certificate.lstrip().startswith(b"-----BEGIN")
        load = x509.load_pem_x509_certificate if is_pem else x509.load_der_x509_certificate
        found = load(certificate)
        key = _key_of(found)
    except (ValueError, Unverifiable) as error:
        raise Invalid(Problem("key", "The certificate cannot be used.")) from error
    der = found.public_bytes(Encoding.DER)
    return ClientKey(
        key_id=key_id,
        public_jwk=msgspec.json.encode(key.as_dict(private=False)).decode(),
        display_name=display_name,
        start_at=found.not_valid_before_utc,
        end_at=found.not_valid_after_utc,
        certificate=base64.b64encode(der).decode(),
        thumbprint=base64url(sha1(der).digest()),  # noqa: S324 - the name clients give it by
        thumbprint_s256=base64url(sha256(der).digest()),
    )


def _key_of(certificate: x509.Certificate) -> PublicKey:
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return public_key(RSAKey.import_key(public).as_dict(private=False))
    if isinstance(public, ec.EllipticCurvePublicKey):
        return public_key(ECKey.import_key(public).as_dict(private=False))
    raise Unverifiable("a kind of key we do not use")


def client_key_of_jwk(
    jwk: dict[str, object],
    *,
    key_id: str,
    display_name: str | None,
    start_at: datetime,
    end_at: datetime,
) -> ClientKey:
    """Return the key a public JWK describes, with its `kid` if it has one. Raises `Invalid`."""
    try:
        key = public_key(jwk)
    except Unverifiable as error:
        raise Invalid(Problem("key", "The JWK cannot be used.")) from error
    named = {"kid": jwk["kid"]} if isinstance(jwk.get("kid"), str) else {}
    return ClientKey(
        key_id=key_id,
        public_jwk=msgspec.json.encode({**key.as_dict(private=False), **named}).decode(),
        display_name=display_name,
        start_at=start_at,
        end_at=end_at,
    )
