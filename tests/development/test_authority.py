"""The local certificate authority and what strict clients make of its certificate."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from gatelodge.development.authority import server_tls
from gatelodge.development.data_directory import DataDirectory
from tests.world.server import Server

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path)


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "acme.localhost"])
def test_a_strict_client_accepts_it(server: Server, name: str) -> None:
    context = ssl.create_default_context(cafile=server.facts["ca_file"])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("127.0.0.1", server.port)) as raw,
        context.wrap_socket(raw, server_hostname=name) as secured,
    ):
        assert secured.version() == "TLSv1.3"


def test_nobody_accepts_it_who_was_not_told_to(server: Server) -> None:
    context = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", server.port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(raw, server_hostname="localhost")


def test_the_authority_vouches_for_servers_only(directory: DataDirectory) -> None:
    server_tls(directory, NOW)
    authority = certificate(directory.authority_certificate)
    leaf = certificate(directory.server_certificate)
    limits = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert limits.critical
    assert (limits.value.ca, limits.value.path_length) == (True, 0)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    leaf.verify_directly_issued_by(authority)


def test_a_certificate_that_is_good_is_kept(directory: DataDirectory) -> None:
    server_tls(directory, NOW)
    before = directory.server_certificate.read_bytes()
    server_tls(directory, NOW + timedelta(days=300))
    assert directory.server_certificate.read_bytes() == before


def test_it_is_renewed_before_it_expires_under_the_same_authority(directory: DataDirectory) -> None:
    server_tls(directory, NOW)
    authority = directory.authority_certificate.read_bytes()
    before = certificate(directory.server_certificate)
    server_tls(directory, before.not_valid_after_utc - timedelta(days=29))
    renewed = certificate(directory.server_certificate)
    assert renewed.not_valid_after_utc > before.not_valid_after_utc
    assert directory.authority_certificate.read_bytes() == authority


def test_two_directories_make_two_authorities(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        path = tmp_path / name
        path.mkdir()
        server_tls(DataDirectory(path), NOW)
        found.append(certificate(DataDirectory(path).authority_certificate))
    assert found[0].subject != found[1].subject
    assert found[0].public_key() != found[1].public_key()
