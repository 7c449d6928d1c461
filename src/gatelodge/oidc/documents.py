"""Documents at addresses that applications wrote down: bounded JSON over the guarded way out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from gatelodge.outbound import Answer, NotAllowed, NotReached


class Fetch(Protocol):
    """Sends one request to an address somebody else wrote down."""

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer. Raises `NotAllowed` or `NotReached`."""
        ...


class Unreadable(Exception):
    """There is no such document; the text says why, and may be told to whoever named it."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Reads what applications keep at addresses of their own."""

    outbound: Fetch

    async def read(self, url: str) -> object:
        """Return the JSON at an address. Raises `Unreadable`."""
        try:
            answer = await self.outbound.send("GET", url, headers={"Accept": "application/json"})
            if answer.status != 200:
                raise Unreadable(f"was answered with {answer.status}")
            return msgspec.json.decode(answer.body)
        except (NotAllowed, NotReached) as error:
            raise Unreadable(f"could not be read: {error}") from error
        except (ValueError, RecursionError) as error:
            raise Unreadable("leads to no JSON") from error


def signing_keys_in(document: object) -> list[dict[str, Any]]:
    """Return the JWKs of a key set that are not for something else. Raises `Unreadable`."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(each, dict) for each in keys):
        raise Unreadable("leads to no JSON Web Key Set")
    return [each for each in keys if each.get("use", "sig") == "sig"]
