"""Find what a SAML provider signed. Everything else in its answer is nobody's word."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from lxml import etree
from lxml.etree import _Element as Element
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from gatelodge.crypto.foreign_certificates import read_certificates
from gatelodge.federation.saml_xml import (
    ASSERTION,
    PROTOCOL,
    SIGNATURE,
    children,
    identifiers,
    invalid,
    name,
    only_child,
    read_xml,
)
from gatelodge.federation.trouble import NotIdentified, Trouble

_METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_ROOT, _ASSERTION = name(PROTOCOL, "Response"), name(ASSERTION, "Assertion")


def certificates_of(text: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates an administrator gave; while keys change there are two."""
    try:
        return read_certificates(text)
    except ValueError as error:
        raise NotIdentified(Trouble.MISCONFIGURED, "the certificate cannot be used") from error


def signed_assertion(
    root: Element, certificates: Sequence[x509.Certificate], now: datetime
) -> Element:
    """Return the assertion of a response, read anew from the very octets that were signed.

    There is one assertion, directly in the response. The signature is its own child or the
    response's, refers to its parent and to nothing else, and is by one of these certificates,
    whatever certificate it brings along. Raises `NotIdentified`.
    """
    if root.tag != _ROOT:
        raise invalid("it is no response")
    if any(root.iter(name(ASSERTION, "EncryptedAssertion"))):
        raise invalid("it is encrypted, which nobody asked for")
    assertions = list(root.iter(_ASSERTION))
    if len(assertions) != 1 or assertions[0].getparent() is not root:
        raise invalid("it has not exactly one assertion")
    known = list(identifiers(root))
    if len(known) != len(set(known)):
        raise invalid("an identifier is there twice")
    assertion = assertions[0]
    signatures = list(root.iter(name(SIGNATURE, "Signature")))
    if any(each.getparent() not in (root, assertion) for each in signatures):
        raise invalid("a signature is where none belongs")
    if children(assertion, "Signature", SIGNATURE):
        return _verified_by_any(assertion, _ASSERTION, certificates, now)
    response = _verified_by_any(root, _ROOT, certificates, now)
    return only_child(response, "Assertion")


def _verified_by_any(
    element: Element, tag: str, certificates: Sequence[x509.Certificate], now: datetime
) -> Element:
    *others, last = certificates
    for each in others:
        try:
            return _verified(element, tag, each, now)
        except NotIdentified:
            continue
    return _verified(element, tag, last, now)


def _verified(element: Element, tag: str, certificate: x509.Certificate, now: datetime) -> Element:
    only_child(element, "Signature", SIGNATURE)
    try:
        result = XMLVerifier().verify(
            etree.tostring(element, with_tail=False),
            x509_cert=certificate,
            id_attribute="ID",
            expect_config=SignatureConfiguration(
                location="./",
                expect_references=1,
                signature_methods=_METHODS,
                digest_algorithms=_DIGESTS,
                verification_time=now,
            ),
        )
    except (
        SignXMLException,
        # What libxml2 cannot put into canonical form, as a namespace that is no absolute address.
        etree.LxmlError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        raise invalid(f"the signature does not hold: {type(error).__name__}") from error
    if not isinstance(result, VerifyResult):
        raise invalid("it refers to several things")
    # What was signed is parsed again, by the parser that reads everything here.
    signed = read_xml(result.signed_data)
    if signed.tag != tag or signed.get("ID") != element.get("ID"):
        raise invalid("something else was signed")
    return signed
