"""Time-based one-time passwords (RFC 6238): six digits, thirty seconds, SHA-1.

These are the only parameters every authenticator understands.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

from gatelodge.crypto.digest import is_same
from gatelodge.randomness import Randomness

DIGITS = 6
PERIOD_S = 30
DRIFT_STEPS = 1
"""How far the clocks of server and authenticator may be apart, either way."""

_SECRET_OCTETS = 20  # RFC 4226 §4 R6


def new_secret(randomness: Randomness) -> bytes:
    """Return a shared secret of 160 bits."""
    return randomness.octets(_SECRET_OCTETS)


def step_at(now: datetime) -> int:
    """Return the number of the time step a moment lies in (RFC 6238 §4.2)."""
    return int(now.timestamp()) // PERIOD_S


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a time step (RFC 4226 §5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: bytes, typed: str, now: datetime, *, after: int) -> int | None:
    """Return the time step a typed code belongs to, None for none.

    Only steps later than `after`, the last one that was used, count: a code that was overheard is
    worth nothing once it was typed. Every candidate is compared, whatever came of the others.
    """
    current = step_at(now)
    found = [
        step
        for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
        if is_same(code_at(secret, step), typed) and step > after
    ]
    return found[-1] if found else None


def as_base32(secret: bytes) -> str:
    """Return a secret as authenticators take it when somebody types it."""
    return base64.b32encode(secret).decode().rstrip("=")


def provisioning_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """Return the `otpauth:` address that a QR code carries to an authenticator."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    query = {
        "secret": as_base32(secret),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": PERIOD_S,
    }
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"
