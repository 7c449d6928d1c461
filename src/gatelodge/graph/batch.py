"""`$batch`: several requests in one (OData JSON Format 4.01 §19, as Graph narrows it)."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.responses import Response

from gatelodge.graph.errors import GraphError, bad_request

MOST_REQUESTS = 20
_MOST_HEADERS = 50
_LONGEST_URL = 8192
_JSON = "application/json"
# Microsoft's JavaScript client looks for exactly this spelling.
_SPELLED = {
    each.lower().encode(): each
    for each in ("Content-Type", "Location", "Retry-After", "Preference-Applied", "ETag", "Allow")
}

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One request of a batch. `path` is undecoded and begins below the version."""

    id: str
    method: str
    path: bytes
    query: bytes
    headers: Headers
    body: bytes
    depends_on: tuple[str, ...]


Send: TypeAlias = Callable[[Part], Awaitable[Response]]


def is_batch(path: bytes) -> bool:
    """Return whether a path below the version names the batch itself."""
    return unquote_to_bytes(path).strip(b"/").lower() == b"$batch"


def read_parts(body: Mapping[str, Any], root: str) -> tuple[Part, ...]:
    """Return the requests of a batch sent to `root`, the address of a version.

    Raises `GraphError` 400 for what no part could be blamed for alone: too many of them, an id
    given twice, a dependency on nobody or in a circle, an address that is not ours.
    """
    given = body.get("requests")
    if not isinstance(given, list) or not given:
        raise bad_request("The batch must hold a list of requests.", "requests")
    if len(given) > MOST_REQUESTS:
        raise bad_request(f"A batch may hold at most {MOST_REQUESTS} requests.", "requests")
    parts = tuple(_part(each, root, f"requests/{at}") for at, each in enumerate(given))
    ids = {each.id for each in parts}
    if len(ids) != len(parts):
        raise bad_request("Two requests of the batch have the same id.", "requests")
    for at, each in enumerate(parts):
        if not ids.issuperset(each.depends_on):
            raise _wrong(f"requests/{at}", "dependsOn", "must name requests of the batch")
    try:
        TopologicalSorter({each.id: each.depends_on for each in parts}).prepare()
    except CycleError as error:
        raise bad_request("Requests of the batch wait for one another.", "requests") from error
    return parts


async def answers_of(parts: Sequence[Part], send: Send, block: Send) -> list[dict[str, Any]]:
    """Send every part and return the answers in the order of the parts.

    A part begins when those it depends on have ended, and goes to `block` when one of them did
    not succeed; parts that wait for nobody run at the same time.
    """
    tasks: dict[str, asyncio.Task[Response]] = {}

    async def answer(part: Part) -> Response:
        before = [await tasks[name] for name in part.depends_on]
        is_blocked = any(each.status_code >= 400 for each in before)
        return await (block if is_blocked else send)(part)

    async with asyncio.TaskGroup() as group:
        for each in parts:
            tasks[each.id] = group.create_task(answer(each))
    return [_written(each.id, tasks[each.id].result()) for each in parts]


def _part(given: object, root: str, place: str) -> Part:
    if not isinstance(given, dict):
        raise bad_request(f"'{place}' must be an object.", place)
    name, method, url = given.get("id"), given.get("method"), given.get("url")
    if not isinstance(name, str) or not name:
        raise _wrong(place, "id", "must be text and not empty")
    if not isinstance(method, str) or not method.isalpha():
        raise _wrong(place, "method", "must be a method of HTTP")
    path, query = _address(url, root, place)
    return Part(
        id=name,
        method=method.upper(),
        path=path,
        query=query,
        headers=_headers(given.get("headers"), place),
        body=_body(given.get("body"), place),
        # Microsoft's Python client spells it in its own language.
        depends_on=_names(given.get("dependsOn", given.get("depends_on")), place),
    )


def _address(url: object, root: str, place: str) -> tuple[bytes, bytes]:
    if not isinstance(url, str) or not url or len(url) > _LONGEST_URL:
        raise _wrong(place, "url", "must be an address")
    rest = url
    if "://" in url.partition("?")[0]:
        if not url.lower().startswith(f"{root.lower()}/"):
            raise _wrong(place, "url", f"must be relative or begin with {root}/")
        rest = url[len(root) :]
    path, _, query = rest.partition("#")[0].encode().partition(b"?")
    if is_batch(path):
        raise _wrong(place, "url", "must not be another batch")
    return path.lstrip(b"/"), query


def _headers(given: object, place: str) -> Headers:
    if given is None:
        return ()
    if not isinstance(given, dict) or len(given) > _MOST_HEADERS:
        raise _wrong(place, "headers", f"must be an object of at most {_MOST_HEADERS} texts")
    try:
        return tuple(
            (name.lower().encode("ascii"), value.encode("latin-1")) for name, value in given.items()
        )
    except (AttributeError, UnicodeEncodeError) as error:
        raise _wrong(place, "headers", "must be text that a header can carry") from error


def _body(given: object, place: str) -> bytes:
    """Return the octets of a body: JSON as it stands; text is base64 of anything else."""
    if given is None:
        return b""
    try:
        if isinstance(given, str):
            return b64decode(given, validate=True)
        return json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _wrong(place, "body", "must be JSON, or base64 of what is none") from error


def _names(given: object, place: str) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise _wrong(place, "dependsOn", "must be a list of ids")
    return tuple(given)


def _written(name: str, response: Response) -> dict[str, Any]:
    headers = {
        _SPELLED.get(key, key.decode()): value.decode("latin-1")
        for key, value in response.raw_headers
    }
    written: dict[str, Any] = {"id": name, "status": response.status_code, "headers": headers}
    octets = bytes(response.body)
    if octets and headers.get("Content-Type", "").startswith(_JSON):
        written["body"] = msgspec.Raw(octets)
    elif octets:
        written["body"] = b64encode(octets).decode()
    return written


def _wrong(place: str, name: str, rest: str) -> GraphError:
    return bad_request(f"The value of '{place}/{name}' {rest}.", f"{place}/{name}")
