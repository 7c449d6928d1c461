"""A certificate authority of this machine's own, and the server's certificate under it."""

import ssl
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gatelodge.development.data_directory import DataDirectory
from gatelodge.development.seed import OWN_HOST

_AUTHORITY_LIFETIME = timedelta(days=3650)
_LEAF_LIFETIME = timedelta(days=397)
"""Browsers refuse a longer life even from an authority they were told to trust."""

_RENEWED_BEFORE = timedelta(days=30)
_CLOCK_SKEW = timedelta(hours=1)
_NAMES = ("localhost", "acme.localhost", "login.localhost", "admin.localhost", OWN_HOST)
_ADDRESSES = ("127.0.0.1", "::1")


def server_tls(directory: DataDirectory, now: datetime) -> ssl.SSLContext:
    """Return the TLS context of the server; make what is missing or about to expire.

    The keys are always the machine's own randomness, whatever the seed: people tell their browser
    to trust this authority, and a seed is no secret.
    """
    if not _is_good(directory.authority_certificate, now):
        _make_authority(directory, now)
        directory.server_certificate.unlink(missing_ok=True)
    if not _is_good(directory.server_certificate, now, _NAMES):
        _make_leaf(directory, now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(directory.server_certificate)
    return context


def _is_good(path: Path, now: datetime, names: tuple[str, ...] = ()) -> bool:
    if not path.exists():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    return found.not_valid_after_utc - _RENEWED_BEFORE > now and set(names) <= _names_of(found)


def _names_of(certificate: x509.Certificate) -> set[str]:
    for each in certificate.extensions:
        if isinstance(each.value, x509.SubjectAlternativeName):
            return set(each.value.get_values_for_type(x509.DNSName))
    return set()


def _make_authority(directory: DataDirectory, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # The name carries the key's identifier: two data directories make two authorities, and a
    # trust store that knows the other one must not confuse them.
    name = _name(f"Gatelodge development {identifier.digest.hex()[:8]}")
    certificate = (
        _begin(name, name, key.public_key(), now, _AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    directory.write_private(directory.authority_key, _pem(key))
    directory.write_private(directory.authority_certificate, certificate.public_bytes(Encoding.PEM))


def _make_leaf(directory: DataDirectory, now: datetime) -> None:
    issuer = x509.load_pem_x509_certificate(directory.authority_certificate.read_bytes())
    issuer_key = load_pem_private_key(directory.authority_key.read_bytes(), None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{directory.authority_key} holds another kind of key")
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    names = [x509.DNSName(each) for each in _NAMES]
    addresses = [x509.IPAddress(ip_address(each)) for each in _ADDRESSES]
    certificate = (
        _begin(_name("localhost"), issuer.subject, key.public_key(), now, _LEAF_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
    directory.write_private(
        directory.server_certificate, _pem(key) + certificate.public_bytes(Encoding.PEM)
    )


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + lifetime)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Gatelodge development"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
