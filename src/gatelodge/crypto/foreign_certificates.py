"""Certificates of others (RFC 5280), as administrators give them."""

import base64

from cryptography import x509


def read_certificates(text: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates in a text: PEM, one behind the other, or the base64 of one.

    Raises `ValueError` for any other text.
    """
    if "-----BEGIN" in text:
        return tuple(x509.load_pem_x509_certificates(text.encode()))
    return (x509.load_der_x509_certificate(base64.b64decode("".join(text.split()))),)


def certificates_problem(text: str) -> str | None:
    """Return what is wrong with a text of certificates, or None."""
    try:
        read_certificates(text)
    except ValueError:
        return "must be an X.509 certificate in base64, or several in PEM."
    return None
