"""An authenticator somebody carries: knows a secret, shows a code for every half minute.

It is written from RFC 6238, not with the program's own functions.
"""

import base64
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Authenticator:
    """One account in an authenticator."""

    label: str
    issuer: str
    secret: bytes

    @classmethod
    def scanning(cls, uri: str) -> "Authenticator":
        """Take over what a QR code says."""
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc) == ("otpauth", "totp"), uri
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert (query["algorithm"], query["digits"], query["period"]) == ("SHA1", "6", "30")
        padded = query["secret"] + "=" * (-len(query["secret"]) % 8)
        return cls(unquote(parts.path.lstrip("/")), query["issuer"], base64.b32decode(padded))

    def code(self, now: datetime, *, steps: int = 0) -> str:
        """Return what it shows at a moment, `steps` half minutes later."""
        counter = struct.pack(">Q", int(now.timestamp()) // 30 + steps)
        digest = hmac.new(self.secret, counter, "sha1").digest()
        at = digest[19] & 15
        number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"
