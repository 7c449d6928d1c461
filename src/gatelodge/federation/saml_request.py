"""The way to a SAML provider: an authentication request in a redirect (SAML 2.0 Bindings §3.4)."""

import base64
import zlib
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from gatelodge.federation.departure import with_query
from gatelodge.federation.saml_xml import ASSERTION, METADATA, PROTOCOL, name

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntity:
    """Who we are to SAML providers of a tenant, and where they send people back to."""

    entity_id: str
    consumer_url: str


def own_entity(origin: str, domain: str) -> OwnEntity:
    """Return who a tenant is; its entity id is where its metadata is."""
    return OwnEntity(
        entity_id=f"{origin}/{domain}/samlp/metadata",
        consumer_url=f"{origin}/{domain}/samlp/sso/assertionconsumer",
    )


def request_id(state: str) -> str:
    """Return the identifier of a request, which the answer repeats; it begins like a name."""
    return f"_{state}"


def request_address(sign_in_url: str, own: OwnEntity, *, state: str, now: datetime) -> str:
    """Return where the person goes; `RelayState` is added by whoever knows which browser it is."""
    request = etree.Element(
        name(PROTOCOL, "AuthnRequest"),
        {
            "ID": request_id(state),
            "Version": "2.0",
            "IssueInstant": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "Destination": sign_in_url,
            "AssertionConsumerServiceURL": own.consumer_url,
            "ProtocolBinding": POST_BINDING,
        },
        nsmap={"samlp": PROTOCOL, "saml": ASSERTION},
    )
    etree.SubElement(request, name(ASSERTION, "Issuer")).text = own.entity_id
    etree.SubElement(request, name(PROTOCOL, "NameIDPolicy"), {"AllowCreate": "true"})
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(etree.tostring(request)) + packer.flush()
    return with_query(sign_in_url, {"SAMLRequest": base64.b64encode(packed).decode()})


def metadata(own: OwnEntity) -> bytes:
    """Return what a provider's administrator gives to the provider (SAML 2.0 Metadata §2.4.4)."""
    root = etree.Element(
        name(METADATA, "EntityDescriptor"), {"entityID": own.entity_id}, nsmap={"md": METADATA}
    )
    descriptor = etree.SubElement(
        root,
        name(METADATA, "SPSSODescriptor"),
        {
            "AuthnRequestsSigned": "false",
            "WantAssertionsSigned": "true",
            "protocolSupportEnumeration": PROTOCOL,
        },
    )
    etree.SubElement(
        descriptor,
        name(METADATA, "AssertionConsumerService"),
        {"Binding": POST_BINDING, "Location": own.consumer_url, "index": "0", "isDefault": "true"},
    )
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document
