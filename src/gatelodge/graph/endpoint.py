"""The endpoint of one version of the API: from an HTTP request to an HTTP response."""

import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, TypeAlias

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.errors import Invalid, TooMany, Unavailable
from gatelodge.graph.access import Authentication, require
from gatelodge.graph.call import Answer, Call, Metadata, read_metadata, read_preferences
from gatelodge.graph.edm import Access
from gatelodge.graph.errors import Code, GraphError, envelope, invalid
from gatelodge.graph.json_text import MAX_BODY_OCTETS, read_object
from gatelodge.graph.operations import Operations
from gatelodge.graph.path import Paths, Target
from gatelodge.graph.query import read_pairs
from gatelodge.randomness import Randomness

Perform: TypeAlias = Callable[[Call], Coroutine[Any, Any, Answer]]

_LOG = logging.getLogger(__name__)
_JSON = (
    "application/json;odata.metadata={};odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
)
_JSON_OF = {level: _JSON.format(level.value) for level in Metadata}
_CORRELATION = re.compile(r"[A-Za-z0-9._{}-]{1,64}", re.ASCII)
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "request-id,client-request-id,location,retry-after,"
    "preference-applied,etag",
}
_ALWAYS = {
    **_CROSS_ORIGIN,
    "OData-Version": "4.0",
    "Cache-Control": "no-store",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "authorization,content-type,consistencylevel,prefer,if-match,"
    "client-request-id,return-client-request-id,sdkversion",
    "Access-Control-Max-Age": "600",
}


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does on a target, who may, and whether it takes a body."""

    access: Access
    perform: Perform
    takes_body: bool = False
    needs_body: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEndpoint:
    """`{version}/…`: the whole control plane."""

    version: str
    origin: str
    paths: Paths
    metadata: bytes
    authentication: Authentication
    operations: Operations
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer one request; every error leaves in Graph's envelope."""
        request_id = self.randomness.uuid()
        sent = request.headers.get("client-request-id", "")
        client_request_id = sent if _CORRELATION.fullmatch(sent) else request_id
        try:
            answer = await self._answer(request, client_request_id)
        except ClientDisconnect:
            answer = Answer(status=400)
        except Exception as error:  # noqa: BLE001 - the outermost wrapper of this room
            refusal = _translated(error, request_id)
            body = envelope(
                refusal,
                now=self.clock(),
                request_id=request_id,
                client_request_id=client_request_id,
            )
            answer = Answer(status=refusal.status, content=body, headers=refusal.headers)
        marks = {
            "request-id": request_id,
            "client-request-id": client_request_id,
            "Date": format_datetime(self.clock(), usegmt=True),
        }
        return _response(request, answer, marks)

    async def _answer(self, request: Request, correlation_id: str) -> Answer:
        if request.method == "OPTIONS":
            return self._options(request)
        if _below_version(request).rstrip(b"/").lower() in {b"$metadata", b"%24metadata"}:
            return self._described(request)
        caller = await self.authentication.caller(request.headers.getlist("authorization"))
        target = self.paths.resolve(_below_version(request))
        methods = _methods(self.operations, target)
        method = methods.get("GET" if request.method == "HEAD" else request.method)
        if method is None:
            raise _not_allowed(request.method, methods)
        require(caller, method.access)
        call = Call(
            root=f"{self.origin}/{self.version}",
            target=target,
            caller=caller,
            correlation_id=correlation_id,
            pairs=read_pairs(request.scope["query_string"]),
            body=await _body(request, method) if method.takes_body else {},
            preferences=read_preferences(request.headers.getlist("prefer")),
            metadata=read_metadata(request.headers.get("accept", "")),
            if_match=request.headers.get("if-match"),
        )
        return await method.perform(call)

    def _described(self, request: Request) -> Answer:
        """Answer `$metadata`, which is no secret: the model is the same for everybody."""
        if request.method not in {"GET", "HEAD"}:
            raise _not_allowed(request.method, {"GET": None})
        return Answer(octets=self.metadata, media_type="application/xml")

    def _options(self, request: Request) -> Answer:
        methods = _methods(self.operations, self.paths.resolve(_below_version(request)))
        allowed = _allow(methods)
        headers = {**_PREFLIGHT, "Access-Control-Allow-Methods": allowed, "Allow": allowed}
        return Answer(status=204, headers=headers)


def _below_version(request: Request) -> bytes:
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].lstrip(b"/").partition(b"/")[2]


def _methods(operations: Operations, target: Target) -> dict[str, Method]:
    """Return what may be done to a target, by HTTP method."""
    entity_set = target.entity_set
    read = entity_set.read.access
    if (action := target.action) is not None:
        return {
            "POST": Method(
                action.access,
                lambda call: operations.act(call, action),
                takes_body=True,
                needs_body=bool(action.parameters),
            )
        }
    if target.is_count:
        return {"GET": Method(read, operations.count)}
    if target.key is None:
        found = {"GET": Method(read, operations.list)}
        if (create := entity_set.create) is not None:
            found["POST"] = Method(
                create.access, lambda call: operations.create(call, create), takes_body=True
            )
        return found
    found = {"GET": Method(read, operations.read)}
    if (update := entity_set.update) is not None:
        found["PATCH"] = Method(
            update.access, lambda call: operations.update(call, update), takes_body=True
        )
    if (delete := entity_set.delete) is not None:
        found["DELETE"] = Method(delete.access, lambda call: operations.delete(call, delete))
    return found


def _allow(methods: Mapping[str, object]) -> str:
    names = (*methods, "HEAD") if "GET" in methods else tuple(methods)
    return ", ".join((*names, "OPTIONS"))


def _not_allowed(name: str, methods: Mapping[str, object]) -> GraphError:
    allowed = _allow(methods)
    return GraphError(
        405,
        Code.METHOD_NOT_ALLOWED,
        f"The method {name[:20]} is not allowed here; allowed are {allowed}.",
        headers={"Allow": allowed},
    )


async def _body(request: Request, method: Method) -> dict[str, Any]:
    types = request.headers.getlist("content-type")
    octets = await _octets(request)
    if not octets and not method.needs_body:
        return {}
    if len(types) != 1 or types[0].partition(";")[0].strip().lower() != "application/json":
        raise GraphError(
            415, Code.UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json."
        )
    return read_object(octets)


async def _octets(request: Request) -> bytes:
    pieces, length = [], 0
    async for piece in request.stream():
        length += len(piece)
        if length > MAX_BODY_OCTETS:
            raise GraphError(
                413, Code.TOO_LARGE, f"A body may have at most {MAX_BODY_OCTETS} octets."
            )
        pieces.append(piece)
    return b"".join(pieces)


def _translated(error: Exception, request_id: str) -> GraphError:
    if isinstance(error, GraphError):
        return error
    if isinstance(error, TooMany):
        headers = {"Retry-After": str(error.retry_after_s)}
        return GraphError(429, Code.TOO_MANY, "Too many requests.", headers=headers)
    if isinstance(error, Unavailable):
        headers = {"Retry-After": "1"}
        return GraphError(
            503, Code.UNAVAILABLE, "The database does not answer; try again.", headers=headers
        )
    if isinstance(error, Invalid):
        return invalid(Code.BAD_REQUEST, error.problems)
    _LOG.error("request %s failed", request_id, exc_info=error)
    return GraphError(500, Code.INTERNAL, "The server failed; the request id tells it which.")


def _response(request: Request, answer: Answer, marks: Mapping[str, str]) -> Response:
    content, media_type = b"", None
    if answer.content is not None:
        content = msgspec.json.encode(answer.content)
        media_type = _JSON_OF[read_metadata(request.headers.get("accept", ""))]
    elif answer.text is not None:
        content, media_type = answer.text.encode(), "text/plain"
    elif answer.octets is not None:
        content, media_type = answer.octets, answer.media_type
    headers = {**_ALWAYS, **marks, **answer.headers}
    response = Response(content, answer.status, headers, media_type)
    if request.method == "HEAD":
        response.body = b""
    return response
