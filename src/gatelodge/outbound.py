"""The way out: requests to addresses that somebody else wrote down."""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, urlencode, urlsplit

import httpx

LONGEST_S = 5.0
LARGEST_OCTETS = 65_536
_MOST_ADDRESSES = 3
"""How many addresses of a host are tried, one after the other, until somebody is there."""

Network: TypeAlias = IPv4Network | IPv6Network


class Failure(StrEnum):
    """Why no answer came."""

    NAME_UNKNOWN = "nameUnknown"
    NOT_CONNECTED = "notConnected"
    TIMED_OUT = "timedOut"
    UNREADABLE = "unreadable"
    TOO_LARGE = "tooLarge"


class NotAllowed(Exception):
    """The address is one no request is sent to."""


class NotReached(Exception):
    """Nobody answered in time, or not in a way that can be read."""

    def __init__(self, detail: str, failure: Failure = Failure.UNREADABLE) -> None:
        super().__init__(detail)
        self.failure = failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; the body is at most as long as was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """Sends requests over TLS to hosts of the public internet, and follows nobody further.

    Development also speaks plain http, and to this machine and its neighbours. `allowed` are
    networks that are not public and may be reached all the same, `own_origins` are where the
    server itself is found and never goes. `authorities` is a PEM file with authorities that certify
    hosts, beside those everybody trusts. A name is looked up once, and that address is what is
    connected to: an answer that changes in between gains nothing.
    """

    is_development: bool
    allowed: tuple[Network, ...] = ()
    authorities: Path | None = None
    own_origins: tuple[str, ...] = ()

    async def post_form(self, url: str, form: Mapping[str, str]) -> int:
        """Send a form; return the status of the answer, whose body is left where it is.

        Raises `NotAllowed` or `NotReached`.
        """
        answer = await self.send(
            "POST",
            url,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(dict(form)).encode(),
            is_cut_off=True,
        )
        return answer.status

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        tls: ssl.SSLContext | None = None,
        longest_s: float = LONGEST_S,
        largest_octets: int = LARGEST_OCTETS,
        is_cut_off: bool = False,
    ) -> Answer:
        """Send one request; return the answer. Redirects are answers like any other.

        Everything together takes at most `longest_s`. An answer with more than `largest_octets` is
        none, unless `is_cut_off` says that the beginning will do. `tls` is a context of
        `tls_context`, with a certificate of ours. Raises `NotAllowed` or `NotReached`.
        """
        try:
            async with asyncio.timeout(longest_s):
                target = await self._target(url)
                sent = {"Accept": "*/*", **(headers or {}), "Accept-Encoding": "identity"}
                async with httpx.AsyncClient(
                    trust_env=False,
                    follow_redirects=False,
                    timeout=longest_s,
                    verify=tls or tls_context(self.authorities),
                ) as client:
                    answer = await target.connected(client, method, sent, content)
                    try:
                        return await _read(answer, largest_octets, is_cut_off=is_cut_off)
                    finally:
                        await answer.aclose()
        except TimeoutError as error:
            raise NotReached("no answer in time", Failure.TIMED_OUT) from error
        except httpx.TimeoutException as error:
            raise NotReached(type(error).__name__, Failure.TIMED_OUT) from error
        except (httpx.HTTPError, OSError, httpx.InvalidURL) as error:
            raise NotReached(type(error).__name__, _failure_of(error)) from error

    async def _target(self, url: str) -> "_Target":
        parts, port = self._parts(url)
        host = parts.hostname or ""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NotReached("no such host", Failure.NAME_UNKNOWN) from error
        addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
        if not all(map(self.may_reach, addresses)):
            raise NotAllowed("the host is not one of the public internet")
        return _Target(parts=parts, port=port, host=host, addresses=addresses)

    def _parts(self, url: str) -> tuple[SplitResult, int]:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise NotAllowed("the address cannot be read") from error
        schemes = ("https", "http") if self.is_development else ("https",)
        if parts.scheme not in schemes or not parts.hostname or parts.username is not None:
            raise NotAllowed("the address is not https")
        if any(_place(parts) == _place(urlsplit(each)) for each in self.own_origins):
            raise NotAllowed("the address is our own")
        return parts, port or _default_port(parts)

    def may_reach(self, text: str) -> bool:
        """Return whether an address is connected to, every host behind it included."""
        if is_public(text):
            return True
        address = unwrapped(text)
        allowed = _NEIGHBOURS if self.is_development else self.allowed
        return any(address in network for network in allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where to connect to, and whom to expect there."""

    parts: SplitResult
    port: int
    host: str
    addresses: tuple[str, ...]

    async def connected(
        self, client: httpx.AsyncClient, method: str, headers: Mapping[str, str], content: bytes
    ) -> httpx.Response:
        """Send the request to the first address where somebody is; return what begins to come."""
        last: httpx.ConnectError | None = None
        for address in self.addresses[:_MOST_ADDRESSES]:
            literal = f"[{address}]" if ":" in address else address
            parts = self.parts._replace(netloc=f"{literal}:{self.port}", fragment="")
            request = client.build_request(
                method,
                parts.geturl(),
                headers={**headers, "Host": self.parts.netloc},
                content=content or None,
                extensions={**_timeouts(client), "sni_hostname": self.host},
            )
            try:
                return await client.send(request, stream=True)
            except httpx.ConnectError as error:
                last = error
        raise last or httpx.ConnectError("no address")


def _timeouts(client: httpx.AsyncClient) -> dict[str, object]:
    return {"timeout": client.timeout.as_dict()}


async def _read(answer: httpx.Response, largest_octets: int, *, is_cut_off: bool) -> Answer:
    """Read as much as anybody may answer; more is not waited for."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if headers.get("content-encoding", "identity") != "identity" and not is_cut_off:
        raise NotReached("the answer is compressed, which nobody asked for")
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > largest_octets:
            if is_cut_off:
                break
            raise NotReached("the answer is too large", Failure.TOO_LARGE)
    return Answer(status=answer.status_code, headers=headers, body=bytes(body[:largest_octets]))


def _failure_of(error: Exception) -> Failure:
    is_silent = isinstance(error, httpx.ConnectError | httpx.ReadError | OSError)
    return Failure.NOT_CONNECTED if is_silent else Failure.UNREADABLE


@lru_cache(maxsize=8)
def tls_context(authorities: Path | None = None) -> ssl.SSLContext:
    """Return the context for hosts certified by everybody's authorities or these; it is shared."""
    return new_tls_context(authorities)


def new_tls_context(authorities: Path | None = None) -> ssl.SSLContext:
    """Return a context of one's own, to load a certificate into."""
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities is not None:
        context.load_verify_locations(cafile=authorities)
    return context


_NEIGHBOURS: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
)
"""This machine and its neighbours, but not what clouds tell about a machine to itself."""

_NOT_PUBLIC: tuple[Network, ...] = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Return whether an address belongs to the public internet, whatever it is wrapped in."""
    address = unwrapped(text)
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    is_special = address.is_multicast or any(address in each for each in _NOT_PUBLIC)
    return address.is_global and not is_special


def unwrapped(text: str) -> IPv4Address | IPv6Address:
    """Return an address, or the IPv4 address that is reached through it."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is None and address in _TRANSLATED:
            wrapped = IPv4Address(int(address) & 0xFFFF_FFFF)
        return wrapped or address
    return address


def read_networks(text: str) -> tuple[Network, ...]:
    """Return networks written with commas between them; raises `ValueError`."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _place(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "").rstrip("."), parts.port or _default_port(parts)


def host_problem(host: str, allowed: Sequence[Network] = ()) -> str | None:
    """Return why a host of production can be refused by its name alone, or None.

    Numbers in any spelling that a resolver takes for an address are such names.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "must not lead to this machine."
    try:
        address = unwrapped(name)
    except ValueError:
        return "must not spell an address in numbers this way." if _is_numeric(name) else None
    if is_public(str(address)) or any(address in network for network in allowed):
        return None
    return "must not lead to an address that is not public."


def _is_numeric(name: str) -> bool:
    try:
        socket.inet_aton(name)
    except OSError:
        return False
    return True
