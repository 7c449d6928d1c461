"""The way out: requests to addresses that somebody else wrote down."""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import httpx

LONGEST_S = 5.0
LARGEST_OCTETS = 65_536


class NotAllowed(Exception):
    """The address is one no request is sent to."""


class NotReached(Exception):
    """Nobody answered in time, or not in a way that can be read."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """Sends requests over TLS to hosts of the public internet, and follows nobody further.

    Development also speaks plain http, and to this machine and its neighbours. A name is looked up
    once, and that address is what is connected to: an answer that changes in between gains nothing.
    """

    is_development: bool

    async def post_form(self, url: str, form: Mapping[str, str]) -> int:
        """Send a form; return the status of the answer. Raises `NotAllowed` or `NotReached`."""
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._post(url, form)
        except (httpx.HTTPError, OSError, TimeoutError, httpx.InvalidURL) as error:
            raise NotReached(type(error).__name__) from error

    async def _post(self, url: str, form: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in self._schemes or not host or parts.username is not None:
            raise NotAllowed("the address is not https")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._address(host, port)
        literal = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=LONGEST_S) as client,
            client.stream(
                "POST",
                target,
                data=dict(form),
                headers={"Host": parts.netloc, "Accept": "*/*"},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            await _drain(answer)
            return answer.status_code

    @property
    def _schemes(self) -> tuple[str, ...]:
        return ("https", "http") if self.is_development else ("https",)

    async def _address(self, host: str, port: int) -> str:
        """Look a host up; every address it has must be one that may be connected to."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not self.is_development and not all(map(is_public, addresses)):
            raise NotAllowed("the host is not one of the public internet")
        return addresses[0]


def is_public(text: str) -> bool:
    """Return whether an address belongs to the public internet, whatever it is wrapped in."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is not None:
            address = wrapped
    return address.is_global and not address.is_multicast


async def _drain(answer: httpx.Response) -> None:
    """Read as much as anybody may answer; more is not waited for."""
    read = 0
    async for chunk in answer.aiter_raw():
        read += len(chunk)
        if read > LARGEST_OCTETS:
            return
