"""Ask a provider something: bounded JSON over the guarded way out, or a trouble that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.outbound import Answer, NotAllowed, NotReached

LARGEST_OCTETS = 262_144
"""A key set or discovery document of a large provider has a tenth of this."""

_FORM = "application/x-www-form-urlencoded"


class Sends(Protocol):
    """The way out, as far as providers are concerned."""

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        largest_octets: int = LARGEST_OCTETS,
    ) -> Answer:
        """Send one request; raises `NotAllowed` or `NotReached`."""
        ...


@dataclass(frozen=True, slots=True)
class Fetch:
    """Reads JSON objects of providers. Whatever else they send is a trouble, not an error."""

    outbound: Sends

    async def read(self, url: str, *, bearer: str | None = None) -> Mapping[str, Any]:
        """Return the object at an address. Raises `NotIdentified`."""
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        status, found = await self._ask("GET", url, headers)
        if status != 200:
            raise NotIdentified(Trouble.UNREACHABLE, f"status {status}")
        return found

    async def post(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, Any]]:
        """Send a form; return the status and the object that came back. Raises `NotIdentified`."""
        sent = {"Content-Type": _FORM, **headers}
        return await self._ask("POST", url, sent, urlencode(dict(form)).encode())

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes = b""
    ) -> tuple[int, Mapping[str, Any]]:
        try:
            answer = await self.outbound.send(
                method,
                url,
                headers={"Accept": "application/json", **headers},
                content=content,
                largest_octets=LARGEST_OCTETS,
            )
        except (NotAllowed, NotReached) as error:
            raise NotIdentified(Trouble.UNREACHABLE, str(error)) from error
        try:
            found = msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise NotIdentified(Trouble.UNREACHABLE, "the answer is no JSON") from error
        if not isinstance(found, dict):
            raise NotIdentified(Trouble.UNREACHABLE, "the answer is no object")
        return answer.status, found
