"""The browser of the tests: it trusts what it is told to trust, and shows a page at two sizes."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Error, ViewportSize

from tests.world.chromium import DESKTOP, PHONE, OpenChromium

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An HTTPS site and the authority that vouches for it."""

    origin: str
    ca_file: Path


class Greeting(BaseHTTPRequestHandler):
    """Answers every request with one heading."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>t</title><h1>Good evening</h1>")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> bytes:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(f"CN={subject}"))
        .issuer_name(x509.Name.from_rfc4514_string(f"CN={issuer}"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(extension, critical=True)
        .sign(issuer_key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("site")
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_file, chain = directory / "ca.pem", directory / "site.pem"
    authority = x509.BasicConstraints(ca=True, path_length=0)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    ca_file.write_bytes(certificate("Authority", ca_key, "Authority", ca_key, authority))
    chain.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate("Site", key, "Authority", ca_key, names)
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(chain)
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(origin=f"https://127.0.0.1:{server.server_port}", ca_file=ca_file)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_shows_the_page_of_a_site_whose_authority_it_trusts(
    open_chromium: OpenChromium, site: Site, size: ViewportSize
) -> None:
    page = open_chromium(site.ca_file).new_page(viewport=size)
    page.goto(site.origin)
    assert page.locator("h1").inner_text() == "Good evening"
    assert page.evaluate("window.innerWidth") == size["width"]


def test_it_refuses_a_site_whose_authority_it_was_not_given(
    open_chromium: OpenChromium, site: Site
) -> None:
    page = open_chromium().new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(site.origin)
