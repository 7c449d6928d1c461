"""A SAML provider without a network: reads our request, and signs what a test has it say."""

import base64
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from lxml.etree import _Element as Element
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner

from tests.world.browser import Arrived
from tests.world.clock import BEGINNING

ISSUER = "https://saml.example/idp"
SIGN_IN = "https://saml.example/sso"
_RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0" IssueInstant="{now}"
 Destination="{destination}" InResponseTo="{request}">
<saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>
<saml:Assertion ID="_a1" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{format}">{name}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:{method}">
<saml:SubjectConfirmationData NotOnOrAfter="{ends}" Recipient="{recipient}"
 InResponseTo="{request}"/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}"/>
<saml:AttributeStatement><saml:Attribute Name="displayName">
<saml:AttributeValue>Sam L</saml:AttributeValue></saml:Attribute><saml:Attribute Name="mail">
<saml:AttributeValue>sam@mail.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"""
LASTING = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
ASSERTION = ".//{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def a_certificate(
    key: rsa.RSAPrivateKey,
    ends: timedelta = timedelta(days=365),
    begins: timedelta = timedelta(days=-400),
) -> x509.Certificate:
    """Return a certificate of a provider's own making."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "saml.example")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(BEGINNING + begins)
        .not_valid_after(BEGINNING + ends)
        .sign(key, SHA256())
    )


@dataclass(slots=True)
class SamlProvider:
    """A key, its certificate, and what the provider says."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self.certificate = a_certificate(self.key)

    @property
    def pem(self) -> str:
        """Return the certificate as an administrator gives it."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def response(self, at: Arrived, now: datetime, **said: str) -> Element:
        """Return an unsigned response to the request a person brought."""
        request = read_request(at)
        values = {
            "now": _text(now),
            "begins": _text(now),
            "ends": _text(now + timedelta(minutes=5)),
            "issuer": ISSUER,
            "request": request.get("ID"),
            "destination": request.get("AssertionConsumerServiceURL"),
            "recipient": request.get("AssertionConsumerServiceURL"),
            "audience": request[0].text,
            "status": "Success",
            "format": LASTING,
            "method": "bearer",
            "name": "sam-1",
            **said,
        }
        return etree.fromstring(_RESPONSE.format(**values))

    def signed_assertion(self, response: Element, **how: Any) -> Element:
        """Sign the assertion of a response."""
        assertion = response.find(ASSERTION)
        assert assertion is not None
        signed = self.sign(assertion, **how)
        response.replace(assertion, signed)
        return response

    def sign(
        self,
        element: Element,
        key: rsa.RSAPrivateKey | None = None,
        method: SignatureMethod = SignatureMethod.RSA_SHA256,
    ) -> Element:
        """Sign an element as a whole; the certificate that comes along is the signer's."""
        signer_key = key or self.key
        certificate = self.certificate if key is None else a_certificate(key)
        signer = XMLSigner(
            signature_algorithm=method,
            c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        )
        return signer.sign(
            element,
            key=signer_key,
            cert=[certificate],
            reference_uri=element.get("ID"),
            id_attribute="ID",
        )


def read_request(at: Arrived) -> Element:
    """Return the request a redirect carries."""
    packed = base64.b64decode(at.parameters["SAMLRequest"])
    return etree.fromstring(zlib.decompress(packed, -15))


def sent(
    at: Arrived, response: Element | bytes, change: Callable[[bytes], bytes] = bytes
) -> dict[str, str]:
    """Return the form a browser posts to us."""
    octets = response if isinstance(response, bytes) else etree.tostring(response)
    return {
        "SAMLResponse": base64.b64encode(change(octets)).decode(),
        "RelayState": at.parameters["RelayState"],
    }


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
