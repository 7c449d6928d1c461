"""Certificates of others: what cannot be used is told from what can, and nothing else is raised."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from gatelodge.crypto.client_certificate import Unreadable, read_pkcs12
from gatelodge.crypto.client_keys import client_key_of_certificate
from gatelodge.crypto.foreign_certificates import certificates_problem
from gatelodge.errors import Invalid
from tests.world.clock import BEGINNING

P256, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
FROM = BEGINNING.replace(microsecond=0)
RSA = rsa.generate_private_key(65537, 2048)


def certified(key: CertificateIssuerPrivateKeyTypes) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client.example")])
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(FROM)
        .not_valid_after(FROM.replace(year=FROM.year + 1))
        .sign(key, digest)
    )


def packed(
    key: ec.EllipticCurvePrivateKey | None, certificate: x509.Certificate | None, password: str = ""
) -> bytes:
    how = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    more = [certified(OTHER)] if certificate is None else None
    return serialize_key_and_certificates(b"client", key, certificate, more, how)


def test_a_file_with_a_key_and_its_certificate_is_opened_by_its_password() -> None:
    found = read_pkcs12(packed(P256, certified(P256), "right"), "right")
    assert found.not_before == FROM
    assert found.pem.count(b"-----BEGIN CERTIFICATE-----") == 1


@pytest.mark.parametrize(
    ("octets", "password"),
    [
        (b"", ""),
        (b"no file of this kind", "right"),
        (packed(P256, certified(P256), "right"), "wrong"),
        (packed(P256, certified(P256), "right"), ""),
        (packed(P256, None), ""),
        (packed(None, None), ""),
    ],
    ids=[
        "empty",
        "garbage",
        "wrong password",
        "no password",
        "no certificate",
        "no key",
    ],
)
def test_any_other_file_is_unreadable(octets: bytes, password: str) -> None:
    with pytest.raises(Unreadable):
        read_pkcs12(octets, password)


@pytest.mark.parametrize("key", [P256, RSA], ids=["EC", "RSA"])
@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM], ids=["DER", "PEM"])
def test_a_client_may_have_a_certificate_of_either_kind_of_key(
    key: CertificateIssuerPrivateKeyTypes, encoding: Encoding
) -> None:
    certificate = certified(key).public_bytes(encoding)
    found = client_key_of_certificate(certificate, key_id="1", display_name=None)
    assert (found.start_at, found.key_id) == (FROM, "1")
    assert '"d"' not in found.public_jwk


@pytest.mark.parametrize(
    "certificate",
    [
        b"",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        certified(ec.generate_private_key(ec.SECP384R1())).public_bytes(Encoding.DER),
        certified(ed25519.Ed25519PrivateKey.generate()).public_bytes(Encoding.DER),
    ],
    ids=["empty", "garbage", "another curve", "another kind"],
)
def test_a_key_that_no_client_signs_with_is_refused(certificate: bytes) -> None:
    with pytest.raises(Invalid):
        client_key_of_certificate(certificate, key_id="1", display_name=None)


def test_a_text_of_certificates_is_base64_or_pem() -> None:
    one = certified(RSA)
    pem = one.public_bytes(Encoding.PEM).decode()
    der = base64.encodebytes(one.public_bytes(Encoding.DER)).decode()
    assert [certificates_problem(each) for each in (pem, pem + pem, der)] == [None] * 3
    for wrong in ("", "AAAA", "ä", "-----BEGIN CERTIFICATE-----"):
        assert certificates_problem(wrong) is not None, wrong
