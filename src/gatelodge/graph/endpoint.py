"""The endpoint of one version of the API: from an HTTP request to an HTTP response."""

import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime
from functools import partial
from typing import Any, TypeAlias

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message

from gatelodge.clock import Clock
from gatelodge.errors import Invalid, TooMany, Unavailable
from gatelodge.graph.access import Authentication, Caller, require
from gatelodge.graph.audited import Refusals
from gatelodge.graph.batch import Part, answers_of, is_batch, read_parts
from gatelodge.graph.call import (
    EVERY_MEMBER,
    Answer,
    Call,
    Metadata,
    read_metadata,
    read_preferences,
)
from gatelodge.graph.errors import Code, GraphError, envelope, invalid
from gatelodge.graph.json_text import MAX_BODY_OCTETS, read_object
from gatelodge.graph.methods import Body, Method, methods_of
from gatelodge.graph.path import Paths
from gatelodge.graph.query import no_options, read_pairs
from gatelodge.graph.refusals import is_version
from gatelodge.graph.streams import Streams
from gatelodge.randomness import Randomness

Respond: TypeAlias = Callable[[str], Coroutine[Any, Any, Answer]]

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
    "Vary": "Accept-Encoding",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "authorization,content-type,consistencylevel,prefer,if-match,"
    "if-none-match,client-request-id,return-client-request-id,sdkversion",
    "Access-Control-Max-Age": "600",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEndpoint:
    """`{version}/…`: the whole control plane."""

    version: str
    origin: str
    paths: Paths
    metadata: bytes
    authentication: Authentication
    operations: Streams
    refusals: Refusals
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer one request; every error leaves in Graph's envelope."""
        return await self._respond(request, partial(self._answer, request))

    async def _respond(self, request: Request, perform: Respond) -> Response:
        request_id = self.randomness.uuid()
        sent = request.headers.get("client-request-id", "")
        client_request_id = sent if _CORRELATION.fullmatch(sent) else request_id
        try:
            answer = await perform(client_request_id)
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
        path = _below_version(request)
        if _is_description(path):
            return self._described(request)
        caller = await self.authentication.caller(request.headers.getlist("authorization"))
        if is_batch(path):
            return await self._batch(request, caller)
        return await self._called(request, caller, correlation_id)

    async def _called(self, request: Request, caller: Caller, correlation_id: str) -> Answer:
        path = _below_version(request)
        if _is_description(path):
            return self._described(request)
        target = self.paths.resolve(path)
        methods = methods_of(self.operations, target)
        method = methods.get("GET" if request.method == "HEAD" else request.method)
        if method is None:
            raise _not_allowed(request.method, methods)
        call = Call(
            root=f"{self.origin}/{self.version}",
            target=target,
            caller=caller,
            correlation_id=correlation_id,
            preferences=read_preferences(request.headers.getlist("prefer")),
            metadata=read_metadata(request.headers.get("accept", "")),
            if_match=request.headers.get("if-match"),
        )
        try:
            require(caller, method.access, is_owner=True)
            complete = replace(
                call,
                only_owned=not caller.may(method.access),
                pairs=read_pairs(request.scope["query_string"]),
                body=await _object_of(request, method),
                octets=await _octets_of(request, method),
            )
            _refuse_options(request.method, complete)
            answer = _with_every_member(complete, await method.perform(complete))
            return _unless_known(request, answer)
        except GraphError as error:
            if request.method not in {"GET", "HEAD"} and not target.is_question:
                await self.refusals.record(call, request.method, error)
            raise

    async def _batch(self, request: Request, caller: Caller) -> Answer:
        """Answer `$batch`: every part with the permissions of whoever sent the whole."""
        if request.method != "POST":
            raise _not_allowed(request.method, {"POST": None})
        parts = read_parts(await _body(request, is_needed=True), f"{self.origin}/{self.version}")

        async def send(part: Part) -> Response:
            inner = self._request(request, part)
            return await self._respond(inner, partial(self._called, inner, caller))

        async def block(part: Part) -> Response:
            return await self._respond(self._request(request, part), _blocked)

        return Answer(content={"responses": await answers_of(parts, send, block)})

    def _request(self, outer: Request, part: Part) -> Request:
        """Return a part as a request of its own."""

        async def receive() -> Message:
            return {"type": "http.request", "body": part.body, "more_body": False}

        path = f"/{self.version}/".encode() + part.path
        scope = {
            "type": "http",
            "method": part.method,
            "raw_path": path,
            "path": path.decode(errors="replace"),
            "query_string": part.query,
            "headers": list(part.headers),
            "app": outer.scope.get("app"),
        }
        return Request(scope, receive)

    def _described(self, request: Request) -> Answer:
        """Answer `$metadata`, which is no secret: the model is the same for everybody."""
        if request.method not in {"GET", "HEAD"}:
            raise _not_allowed(request.method, {"GET": None})
        return Answer(octets=self.metadata, media_type="application/xml")

    def _options(self, request: Request) -> Answer:
        methods = methods_of(self.operations, self.paths.resolve(_below_version(request)))
        allowed = _allow(methods)
        headers = {**_PREFLIGHT, "Access-Control-Allow-Methods": allowed, "Allow": allowed}
        return Answer(status=204, headers=headers)


def _with_every_member(call: Call, answer: Answer) -> Answer:
    """Say that no member of an enumeration is hidden, where that was asked for."""
    if EVERY_MEMBER not in call.preferences or answer.content is None:
        return answer
    applied = answer.headers.get("Preference-Applied")
    both = EVERY_MEMBER if applied is None else f"{applied}, {EVERY_MEMBER}"
    return replace(answer, headers={**answer.headers, "Preference-Applied": both})


def _refuse_options(method: str, call: Call) -> None:
    """Raise `GraphError` where options would change nothing: they are for what is answered."""
    is_removal = method == "DELETE" and call.target.is_reference
    is_read = method in {"GET", "HEAD"} or call.target.lookup is not None
    if not is_read and not is_removal:
        no_options(call.pairs)


def _unless_known(request: Request, answer: Answer) -> Answer:
    """Return 304 instead of an entity of which the client has this version (RFC 9110 §13.1.2)."""
    known = request.headers.get("if-none-match")
    if known is None or request.method not in {"GET", "HEAD"} or "ETag" not in answer.headers:
        return answer
    is_same = is_version(known, answer.headers)
    return Answer(status=304, headers=answer.headers) if is_same else answer


async def _blocked(_correlation_id: str) -> Answer:
    message = "A request that this one depends on did not succeed."
    raise GraphError(424, Code.FAILED_DEPENDENCY, message)


def _is_description(path: bytes) -> bool:
    return path.rstrip(b"/").lower() in {b"$metadata", b"%24metadata"}


def _below_version(request: Request) -> bytes:
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].lstrip(b"/").partition(b"/")[2]


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


async def _object_of(request: Request, method: Method) -> dict[str, Any]:
    if method.body not in {Body.OBJECT, Body.OBJECT_OR_NOTHING}:
        return {}
    return await _body(request, is_needed=method.body is Body.OBJECT)


async def _octets_of(request: Request, method: Method) -> bytes:
    if method.body is not Body.OCTETS:
        return b""
    given = request.headers.get("content-type", "application/octet-stream")
    if given.partition(";")[0].strip().lower() not in method.media_types:
        message = f"The body must be sent as one of {', '.join(method.media_types)}."
        raise GraphError(415, Code.UNSUPPORTED_MEDIA_TYPE, message)
    return await _octets(request)


async def _body(request: Request, *, is_needed: bool) -> dict[str, Any]:
    types = request.headers.getlist("content-type")
    octets = await _octets(request)
    if not octets and not is_needed:
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
        level = read_metadata(request.headers.get("accept", ""))
        body = answer.content
        if level is Metadata.NONE:
            body = {name: each for name, each in body.items() if name != "@odata.context"}
        content, media_type = msgspec.json.encode(body), _JSON_OF[level]
    elif answer.text is not None:
        content, media_type = answer.text.encode(), "text/plain"
    elif answer.octets is not None:
        content, media_type = answer.octets, answer.media_type
    headers = {**_ALWAYS, **marks, **answer.headers}
    response = Response(content, answer.status, headers, media_type)
    if request.method == "HEAD":
        response.body = b""
    return response
