"""Seal what is stored, and derive keys, under the installation's one master key."""

import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gatelodge.crypto.digest import base64url, from_base64url
from gatelodge.randomness import Randomness

MASTER_KEY_OCTETS = 32
_NONCE_OCTETS = 12


class Unsealable(Exception):
    """The sealed value was changed, moved to another place, or sealed under another key."""


def derive(master_key: bytes, purpose: str) -> bytes:
    """Return the 32-octet key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master_key)


class Sealer:
    """AES-256-GCM and HMAC-SHA256 under keys derived from one master key.

    `place` says where a sealed value lives (table, directory, row): it is authenticated, so a
    value copied elsewhere does not open.
    """

    def __init__(self, master_key: bytes, randomness: Randomness) -> None:
        if len(master_key) != MASTER_KEY_OCTETS:
            raise ValueError(f"a master key has {MASTER_KEY_OCTETS} octets")
        self._master_key = master_key
        self._cipher = AESGCM(derive(master_key, "seal"))
        self._randomness = randomness
        self._mac_keys: dict[str, bytes] = {}

    def seal(self, plaintext: bytes, place: str) -> str:
        """Return `plaintext` encrypted and bound to `place`."""
        nonce = self._randomness.octets(_NONCE_OCTETS)
        return base64url(nonce + self._cipher.encrypt(nonce, plaintext, place.encode()))

    def unseal(self, sealed: str, place: str) -> bytes:
        """Return what was sealed; raise `Unsealable` when it is not that."""
        return _decrypt(self._cipher, sealed, place)

    def mac(self, purpose: str, *parts: str) -> str:
        """Return a keyed digest of `parts`; different purposes never agree."""
        key = self._mac_keys.get(purpose)
        if key is None:
            key = self._mac_keys[purpose] = derive(self._master_key, f"mac:{purpose}")
        framed = b"".join(
            len(octets).to_bytes(4, "big") + octets
            for octets in (part.encode("utf-8", "surrogatepass") for part in parts)
        )
        return base64url(hmac.digest(key, framed, sha256))


def seal_for_bearer(bearer: str, plaintext: bytes, place: str, randomness: Randomness) -> str:
    """Seal so that only who holds the bearer value can open it."""
    nonce = randomness.octets(_NONCE_OCTETS)
    cipher = AESGCM(derive(bearer.encode(), "bearer"))
    return base64url(nonce + cipher.encrypt(nonce, plaintext, place.encode()))


def unseal_for_bearer(bearer: str, sealed: str, place: str) -> bytes:
    """Return what was sealed for this bearer value; raise `Unsealable` when it is not that."""
    return _decrypt(AESGCM(derive(bearer.encode(), "bearer")), sealed, place)


def _decrypt(cipher: AESGCM, sealed: str, place: str) -> bytes:
    try:
        octets = from_base64url(sealed)
        return cipher.decrypt(octets[:_NONCE_OCTETS], octets[_NONCE_OCTETS:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Unsealable("not sealed here") from error
