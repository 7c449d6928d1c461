"""Digests of bearer values: what is stored in their place."""

import base64
import hashlib
import hmac


def digest_of(value: str) -> str:
    """Return the SHA-256 digest of an unguessable value in base64url, 43 characters."""
    return base64url(hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest())


def digest_of_octets(octets: bytes) -> str:
    """Return the SHA-256 digest of a content in base64url, 43 characters."""
    return base64url(hashlib.sha256(octets).digest())


def base64url(octets: bytes) -> str:
    """Return base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Return the octets of base64url without padding.

    Raises `ValueError` for anything that is not exactly that.
    """
    if len(text) % 4 == 1 or "=" in text:
        raise ValueError("not base64url without padding")
    octets = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(octets) != text:
        raise ValueError("base64url with stray bits")
    return octets


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )
