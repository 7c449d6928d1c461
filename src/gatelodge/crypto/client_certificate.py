"""Certificates we show to others when we connect."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12


class Unreadable(Exception):
    """It is no PKCS#12 file with a key and its certificate, or the password is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWithKey:
    """A certificate, and as PEM its private key followed by it and what certifies it."""

    thumbprint: str
    not_before: datetime
    not_after: datetime
    pem: bytes


def read_pkcs12(octets: bytes, password: str) -> CertificateWithKey:
    """Open a PKCS#12 file (RFC 7292); raises `Unreadable`."""
    try:
        found = load_pkcs12(octets, password.encode() or None)
    except (ValueError, TypeError) as error:
        raise Unreadable("not a file this password opens") from error
    if found.key is None or found.cert is None:
        raise Unreadable("no key, or no certificate for it")
    certificate = found.cert.certificate
    if certificate.public_key() != found.key.public_key():
        raise Unreadable("the certificate is for another key")
    key = found.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = (certificate, *(each.certificate for each in found.additional_certs))
    return CertificateWithKey(
        # Graph's thumbprints are SHA-1; nothing trusts them.
        thumbprint=certificate.fingerprint(SHA1()).hex().upper(),  # noqa: S303
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        pem=key + b"".join(each.public_bytes(Encoding.PEM) for each in chain),
    )


def load_into(context: ssl.SSLContext, pem: bytes, password: str) -> None:
    """Have a TLS context show the certificate of a `CertificateWithKey`.

    Python loads certificates from files only: the key is in one for a moment, encrypted under
    `password`, which nobody else learns.
    """
    key = load_pem_private_key(pem, None)
    encrypted = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
    )
    _, separator, certificates = pem.partition(b"-----BEGIN CERTIFICATE-----")
    with TemporaryDirectory() as directory:
        path = Path(directory) / "client.pem"
        path.write_bytes(encrypted + separator + certificates)
        context.load_cert_chain(path, password=password)
