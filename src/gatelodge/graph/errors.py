"""Errors as Graph words them: one envelope, closed codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from gatelodge.errors import Problem


class Code(StrEnum):
    """The codes this API answers with."""

    BAD_REQUEST = "BadRequest"
    DIRECTORY_BAD_REQUEST = "Request_BadRequest"
    INVALID_TOKEN = "InvalidAuthenticationToken"
    DENIED = "Authorization_RequestDenied"
    NOT_FOUND = "ResourceNotFound"
    DIRECTORY_NOT_FOUND = "Request_ResourceNotFound"
    METHOD_NOT_ALLOWED = "MethodNotAllowed"
    CONFLICT = "Conflict"
    PRECONDITION_FAILED = "PreconditionFailed"
    FAILED_DEPENDENCY = "FailedDependency"
    TOO_LARGE = "RequestEntityTooLarge"
    UNSUPPORTED_MEDIA_TYPE = "UnsupportedMediaType"
    TOO_MANY = "TooManyRequests"
    INTERNAL = "InternalServerError"
    UNAVAILABLE = "ServiceUnavailable"


@dataclass(slots=True, eq=False)
class GraphError(Exception):
    """A request that is answered with an error. `message` is for whoever sent it."""

    status: int
    code: Code
    message: str
    target: str | None = None
    details: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def envelope(
    error: GraphError, *, now: datetime, request_id: str, client_request_id: str
) -> dict[str, Any]:
    """Return the body of an error answer; `innerError` in exactly this spelling."""
    inner = {
        "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_request_id,
    }
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.target is not None:
        body["target"] = error.target
    if error.details:
        body["details"] = [
            {"code": "InvalidValue", "message": each.message, "target": each.target}
            for each in error.details
        ]
    return {"error": {**body, "innerError": inner}}


def invalid(code: Code, problems: tuple[Problem, ...]) -> GraphError:
    """Return the 400 that names every problem."""
    first = problems[0]
    rest = "" if len(problems) == 1 else f" ({len(problems)} problems in all, see details.)"
    return GraphError(400, code, first.message + rest, first.target, problems)


def bad_request(message: str, target: str | None = None) -> GraphError:
    """Return a 400 about the request itself."""
    return GraphError(400, Code.BAD_REQUEST, message, target)
