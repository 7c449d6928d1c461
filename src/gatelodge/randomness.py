"""Chance, as an argument: opaque values, digit codes and identifiers."""

import base64
import hashlib
import secrets
import uuid
from typing import Protocol


def _opaque(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Randomness(Protocol):
    """Where every unguessable value comes from."""

    def octets(self, count: int) -> bytes:
        """Return `count` random octets."""
        ...

    def opaque(self, octets: int = 32) -> str:
        """Return a bearer value of `octets` random octets in base64url without padding."""
        ...

    def digits(self, count: int) -> str:
        """Return `count` decimal digits, each equally likely."""
        ...

    def uuid(self) -> str:
        """Return a random UUID (RFC 9562 §5.4) in lower-case text form."""
        ...


class SystemRandomness:
    """The operating system's randomness."""

    def octets(self, count: int) -> bytes:
        """Return `count` random octets."""
        return secrets.token_bytes(count)

    def opaque(self, octets: int = 32) -> str:
        """Return `octets` random octets in base64url without padding."""
        return _opaque(secrets.token_bytes(octets))

    def digits(self, count: int) -> str:
        """Return `count` decimal digits."""
        return f"{secrets.randbelow(10**count):0{count}d}"

    def uuid(self) -> str:
        """Return a random UUID."""
        return str(uuid.uuid4())


class SeededRandomness:
    """A repeatable sequence for development and tests: SHA-256 of a seed and a counter.

    Anyone who knows the seed knows every value; a production start has no way to ask for it.
    """

    def __init__(self, seed: int) -> None:
        self._seed = str(seed).encode()
        self._counter = 0

    def octets(self, count: int) -> bytes:
        """Return the next `count` octets of the sequence."""
        blocks = b""
        while len(blocks) < count:
            self._counter += 1
            blocks += hashlib.sha256(self._seed + b"|" + str(self._counter).encode()).digest()
        return blocks[:count]

    def opaque(self, octets: int = 32) -> str:
        """Return the next `octets` octets in base64url without padding."""
        return _opaque(self.octets(octets))

    def digits(self, count: int) -> str:
        """Return the next `count` decimal digits."""
        return f"{int.from_bytes(self.octets(count + 8)) % 10**count:0{count}d}"

    def uuid(self) -> str:
        """Return the next UUID."""
        return str(uuid.UUID(bytes=self.octets(16), version=4))
