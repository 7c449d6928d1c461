"""Password hashing with argon2id (RFC 9106), off the event loop."""

import unicodedata
from dataclasses import dataclass
from importlib.metadata import distribution

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from gatelodge.crypto.workers import Workers
from gatelodge.randomness import Randomness

MAX_PASSWORD_CHARACTERS = 256
_SALT_OCTETS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class HashParameters:
    """Cost of one hash. The defaults are OWASP's minimum for argon2id."""

    memory_kib: int = 19_456
    passes: int = 2
    lanes: int = 1


class Passwords:
    """Hashes and verifies passwords.

    Verifying against no hash at all costs the same as against a wrong one, so that an unknown
    account cannot be told by the time the answer takes.
    """

    def __init__(
        self, parameters: HashParameters, workers: Workers, randomness: Randomness
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=parameters.passes,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.lanes,
        )
        self._workers = workers
        self._randomness = randomness
        self._nobody = self._hasher.hash("", salt=randomness.octets(_SALT_OCTETS))

    async def hash(self, password: str) -> str:
        """Return a PHC string. Raises `TooMany` when too many hashes are waiting."""
        salt = self._randomness.octets(_SALT_OCTETS)
        return await self._workers.run(self._hash, _normal(password), salt)

    def _hash(self, password: bytes, salt: bytes) -> str:
        return self._hasher.hash(password, salt=salt)

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Return whether the password is the one that was hashed; False when `hashed` is None.

        Raises `TooMany` when too many hashes are waiting.
        """
        if len(password) > MAX_PASSWORD_CHARACTERS:
            hashed, password = None, ""
        stored = self._nobody if hashed is None else hashed
        found = await self._workers.run(self._verify, stored, _normal(password))
        return found and hashed is not None

    def _verify(self, hashed: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    def is_outdated(self, hashed: str) -> bool:
        """Return whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)


def is_compiled_here() -> bool:
    """Return whether the hashing was compiled for this machine, not taken as it is published."""
    # Published builds name the oldest system they run on; one of our own only says `linux`.
    said = distribution("argon2-cffi-bindings").read_text("WHEEL") or ""
    tags = [line.rsplit("-", 1)[-1] for line in said.splitlines() if line.startswith("Tag:")]
    return bool(tags) and all(each.startswith("linux_") for each in tags)


def _normal(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
