"""The keys providers sign with (RFC 7517), read when they are needed and kept for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gatelodge.crypto.foreign_signature import PublicKey, public_key
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.federation.fetch import Fetch
from gatelodge.federation.recent import Recent
from gatelodge.federation.trouble import NotIdentified, Trouble

_MOST_KEYS = 100
READ_AGAIN = timedelta(seconds=60)
"""A key nobody knows makes the set be read anew, but not more often than this."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """One key of a provider; `algorithm` is the only one it is for, None when it does not say."""

    key_id: str | None
    algorithm: str | None
    key: PublicKey


@dataclass(frozen=True, slots=True)
class KeySets:
    """Finds the key a token names, in the key set of its issuer and nowhere else."""

    fetch: Fetch
    recent: Recent[tuple[ForeignKey, ...]]

    async def key(self, jwks_uri: str, header: Mapping[str, Any]) -> PublicKey:
        """Return the key of a token's header. Raises `NotIdentified` when there is none."""

        async def read() -> tuple[ForeignKey, ...]:
            return _keys(await self.fetch.read(jwks_uri))

        found = _chosen(await self.recent.get(jwks_uri, read), header)
        if found is None:
            found = _chosen(await self.recent.get(jwks_uri, read, at_most=READ_AGAIN), header)
        if found is None:
            raise NotIdentified(Trouble.INVALID_ANSWER, "no key of the provider signed the token")
        return found


def _keys(document: Mapping[str, Any]) -> tuple[ForeignKey, ...]:
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise NotIdentified(Trouble.MISCONFIGURED, "the key set has no keys")
    return tuple(found for each in listed[:_MOST_KEYS] if (found := _key(each)) is not None)


def _key(jwk: object) -> ForeignKey | None:
    """Return a key that signs; others in the set, and kinds we do not use, are passed over."""
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return None
    key_id, algorithm = jwk.get("kid"), jwk.get("alg")
    try:
        key = public_key(jwk)
    except Unverifiable:
        return None
    return ForeignKey(
        key_id if isinstance(key_id, str) else None,
        algorithm if isinstance(algorithm, str) else None,
        key,
    )


def _chosen(keys: tuple[ForeignKey, ...], header: Mapping[str, Any]) -> PublicKey | None:
    """Return the key of that id; without an id the only one there is."""
    fitting = [
        each
        for each in keys
        if each.algorithm in {None, header.get("alg")} and _is_named(each, header)
    ]
    return fitting[0].key if len(fitting) == 1 else None


def _is_named(key: ForeignKey, header: Mapping[str, Any]) -> bool:
    return "kid" not in header or key.key_id == header["kid"]
