"""Randomness that repeats itself on demand."""

import hashlib

from gatelodge.randomness import Randomness, SeededRandomness


def stream(seed: str, purpose: str) -> SeededRandomness:
    """Return the sequence a seed gives for one purpose; purposes share nothing."""
    digest = hashlib.sha256(f"{seed}|{purpose}".encode()).digest()
    return SeededRandomness(int.from_bytes(digest))


class ReplaceableRandomness:
    """Passes every question on; the sequence behind it can be begun again."""

    def __init__(self, current: Randomness) -> None:
        self.current = current

    def octets(self, count: int) -> bytes:
        """Return the next `count` octets."""
        return self.current.octets(count)

    def opaque(self, octets: int = 32) -> str:
        """Return the next `octets` octets in base64url without padding."""
        return self.current.opaque(octets)

    def digits(self, count: int) -> str:
        """Return the next `count` decimal digits."""
        return self.current.digits(count)

    def uuid(self) -> str:
        """Return the next UUID."""
        return self.current.uuid()
