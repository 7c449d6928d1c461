"""The keys a client signs with: those it registered, and those at its `jwks_uri` (RFC 7591 §2)."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from gatelodge.clock import Clock
from gatelodge.crypto.client_keys import client_key_of_jwk
from gatelodge.errors import Invalid
from gatelodge.model.application import Application, ClientKey
from gatelodge.oidc.documents import Documents, Unreadable, signing_keys_in

FRESH = timedelta(minutes=10)
"""For so long a key set is taken as it was read."""

READ_AGAIN = timedelta(seconds=30)
"""A key nobody knows makes the set be read anew, but not more often than this, whoever asks."""

LONGEST = timedelta(hours=1)
"""For so long the last key set counts while the address cannot be read."""

_MOST_KEYS = 100
_MOST_KEPT = 1000

IsMeant: TypeAlias = Callable[[ClientKey], bool]


@dataclass(slots=True)
class _KeySet:
    """What was found at one address; the lock lets one request read it for all that wait."""

    keys: tuple[ClientKey, ...] = ()
    read_at: datetime | None = None
    tried_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class ClientKeys:
    """Finds the key an assertion means; a key taken out of a set is void within ten minutes."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock
        self._kept: OrderedDict[str, _KeySet] = OrderedDict()

    async def meant(self, application: Application, is_meant: IsMeant) -> ClientKey | None:
        """Return the first key of the client that is meant and valid, None without one."""
        now = self._clock()
        found = _first(application.key_credentials, is_meant, now)
        if found is not None or (url := application.jwks_uri) is None:
            return found
        key_set = self._key_set(url)
        async with key_set.lock:
            found = _first(key_set.keys, is_meant, now)
            is_fresh = found is not None and _is_within(FRESH, key_set.read_at, now)
            if not is_fresh and not _is_within(READ_AGAIN, key_set.tried_at, now):
                with contextlib.suppress(Unreadable):
                    await self._read(url, key_set, now)
                found = _first(key_set.keys, is_meant, now)
        return found

    async def read(self, url: str) -> tuple[ClientKey, ...]:
        """Return the keys at an address now, for whoever registers it. Raises `Unreadable`."""
        key_set = self._key_set(url)
        async with key_set.lock:
            await self._read(url, key_set, self._clock())
            return key_set.keys

    def _key_set(self, url: str) -> _KeySet:
        key_set = self._kept.setdefault(url, _KeySet())
        self._kept.move_to_end(url)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return key_set

    async def _read(self, url: str, key_set: _KeySet, now: datetime) -> None:
        key_set.tried_at = now
        listed = signing_keys_in(await self._documents.read(url))
        key_set.keys, key_set.read_at = _usable_keys(listed, now), now


def _usable_keys(listed: list[dict[str, Any]], now: datetime) -> tuple[ClientKey, ...]:
    """Return the keys of a set we can use; kinds we do not use are passed over."""
    return tuple(key for each in listed[:_MOST_KEYS] if (key := _usable(each, now)) is not None)


def _usable(jwk: dict[str, Any], now: datetime) -> ClientKey | None:
    try:
        return client_key_of_jwk(
            jwk, key_id="", display_name="jwks_uri", start_at=now, end_at=now + LONGEST
        )
    except Invalid:
        return None


def _first(keys: Iterable[ClientKey], is_meant: IsMeant, now: datetime) -> ClientKey | None:
    valid = (each for each in keys if each.start_at <= now < each.end_at)
    return next((each for each in valid if is_meant(each)), None)


def _is_within(duration: timedelta, moment: datetime | None, now: datetime) -> bool:
    """Return whether a moment is not longer ago; a clock that was set back makes all things old."""
    return moment is not None and timedelta(0) <= now - moment < duration
