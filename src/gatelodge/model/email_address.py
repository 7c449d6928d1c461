"""One grammar for email addresses, stricter than the standards on purpose."""

import re
from typing import NewType

EmailAddress = NewType("EmailAddress", str)

MAX_LENGTH = 254
"""Longest address a mail server must accept (RFC 5321 §4.5.3.1.3)."""

_LOCAL = re.compile(r"[a-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*", re.ASCII | re.I)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}", re.ASCII | re.I)


def parse_email_address(text: str) -> EmailAddress | None:
    """Accept `text` as the address mail will be sent to, byte for byte, or answer None.

    The domain comes back in lower case, the local part as written. Refused although some standard
    allows it: quoted local parts, comments, address literals, encoded words, `%` and `!` routes,
    single-label domains, anything beyond ASCII (an international domain is written as `xn--…`).
    """
    local, at, domain = text.rpartition("@")
    if not at or len(text) > MAX_LENGTH or len(local) > 64:
        return None
    # An encoded word is made of legal characters, and some mailers decode it into another address.
    if "=?" in local or "?=" in local:
        return None
    if _LOCAL.fullmatch(local) is None or _DOMAIN.fullmatch(domain) is None:
        return None
    return EmailAddress(f"{local}@{domain.lower()}")
