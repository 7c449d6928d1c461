"""Hosts of a directory's own, which the operator gave to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gatelodge.model.directory import Directory
from gatelodge.model.identifier import key_of

_PORT_OF_HTTPS = ":443"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHost:
    """A host that answers for one directory; `directory` is its domain or GUID in lower case."""

    name: str
    origin: str
    directory: str

    def is_of(self, directory: Directory) -> bool:
        """Return whether it is this directory's."""
        return self.directory in {directory.id, key_of(directory.domain)}


class OwnHosts:
    """Every host that belongs to one directory alone; none unless the operator says so."""

    __slots__ = ("_by_name",)

    def __init__(self, hosts: Iterable[OwnHost] = ()) -> None:
        self._by_name = {each.name: each for each in hosts}

    def __iter__(self) -> Iterator[OwnHost]:
        """Yield each of them."""
        return iter(self._by_name.values())

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._by_name)

    def asked(self, host: str) -> OwnHost | None:
        """Return whose host a `Host` header names, whatever the port; None for the shared ones."""
        return self._by_name.get(host_name(host)) if self._by_name else None

    def of(self, directory: Directory) -> tuple[OwnHost, ...]:
        """Return the hosts of a directory."""
        return tuple(each for each in self if each.is_of(directory))


def host_name(host: str) -> str:
    """Return what a `Host` header names, in lower case and without a port (RFC 9110 §7.2)."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()


def read_own_hosts(text: str) -> OwnHosts:
    """Read `login.contoso.com=contoso.example, …`; a port after a host is part of its origin.

    Raises `ValueError` for anything else, and for a host that is named twice.
    """
    found: dict[str, OwnHost] = {}
    for each in filter(None, (part.strip().lower() for part in text.split(","))):
        host, equals, directory = (part.strip() for part in each.partition("="))
        name = host_name(host)
        port = host.removeprefix(name)
        if not equals or not directory or not _is_host(name) or name in found:
            raise ValueError(each)
        if not _is_port(port):
            raise ValueError(each)
        # Browsers leave the port of https out, and forms have to come from the same origin.
        origin = f"https://{name}{'' if port == _PORT_OF_HTTPS else port}"
        found[name] = OwnHost(name=name, origin=origin, directory=directory)
    return OwnHosts(found.values())


def _is_port(port: str) -> bool:
    """Return whether it is no port or one as browsers write it, with its colon."""
    number = port.removeprefix(":")
    return not port or (number.isascii() and str(int(number)) == number and int(number) < 65_536)


def _is_host(name: str) -> bool:
    """Return whether it is a name of several labels (RFC 1123 §2.1), and no address."""
    labels = name.split(".")
    is_named = all(
        each and each.replace("-", "a").isalnum() and each.isascii() and each.strip("-") == each
        for each in labels
    )
    return is_named and len(labels) > 1 and len(name) <= 253 and not labels[-1].isdigit()
