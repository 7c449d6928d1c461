"""A web hook of an administrator's: a real HTTPS server that notes what it is told."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from tests.world.clock import BEGINNING

CONTINUE: Mapping[str, Any] = {"version": "1.0.0", "action": "Continue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One request; `certificate` is the name in the certificate that was shown."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    text: str
    certificate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered: a value as JSON, or octets as they are."""

    body: object = field(default_factory=lambda: dict(CONTINUE))
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Hook:
    """The server; `replies` are given one after the other, the last one for ever."""

    url: str
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    told: list[Told] = field(default_factory=list)
    documents: dict[str, object] = field(default_factory=dict)
    """What is there to be read, by path."""

    def address(self, path: str) -> str:
        """Return where a document lies."""
        return urljoin(self.url, path)

    def will(self, *replies: Reply) -> None:
        """Answer so from now on, and forget what was told."""
        self.replies, self.told = list(replies), []


class Authority:
    """Certifies the hook, and those who call it."""

    def __init__(self, directory: Path) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name("Authority of hooks")
        self.path = directory / "authority.pem"
        certificate = (
            self._begun(self.name, self.key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.path.write_bytes(certificate.public_bytes(Encoding.PEM))

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(BEGINNING - timedelta(days=3650))
            .not_valid_after(BEGINNING + timedelta(days=3650))
        )

    def _certified(
        self, name: str, host: str | None
    ) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._begun(_name(name), key.public_key())
        if host is not None:
            address = x509.IPAddress(ip_address(host))
            builder = builder.add_extension(
                x509.SubjectAlternativeName([address, x509.DNSName("localhost")]), critical=False
            )
        return key, builder.sign(self.key, hashes.SHA256())

    def server_context(self, *, host: str = "127.0.0.1", asks: bool = False) -> ssl.SSLContext:
        """Return the context of a server of this host; `asks` wants a certificate of callers."""
        key, certificate = self._certified("hook", host)
        path = self.path.with_name(f"server-{host}.pem")
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if asks:
            context.load_verify_locations(self.path)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def pkcs12(self, name: str, password: str) -> bytes:
        """Return a file with a certificate of this name, as an administrator uploads it."""
        key, certificate = self._certified(name, None)
        return serialize_key_and_certificates(
            name.encode(), key, certificate, None, BestAvailableEncryption(password.encode())
        )


@contextmanager
def serving(context: ssl.SSLContext | None) -> Iterator[Hook]:
    """Serve on this machine until the end of the block."""
    scheme = "http" if context is None else "https"
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    hook = Hook(f"{scheme}://127.0.0.1:{server.server_port}/hook?key=value")
    server.RequestHandlerClass = _answering(hook, is_secure=context is not None)
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answering(hook: Hook, *, is_secure: bool) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            hook.told.append(
                Told(
                    path=self.path,
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=json.loads(text),
                    text=text,
                    certificate=_shown(self.connection) if is_secure else None,
                )
            )
            self._answer(hook.replies.pop(0) if len(hook.replies) > 1 else hook.replies[0])

        def do_GET(self) -> None:
            found = hook.documents.get(self.path)
            self._answer(Reply(status=404) if found is None else Reply(body=found))

        def _answer(self, reply: Reply) -> None:
            octets = reply.body if isinstance(reply.body, bytes) else _json(reply.body)
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(octets)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Answering


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _shown(connection: Any) -> str | None:
    octets = connection.getpeercert(binary_form=True)
    if octets is None:
        return None
    names = x509.load_der_x509_certificate(octets).subject.get_attributes_for_oid(
        NameOID.COMMON_NAME
    )
    return str(names[0].value)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
