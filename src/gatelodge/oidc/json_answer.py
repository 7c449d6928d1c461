"""JSON answers and the headers they travel with."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

_EVERY_ANSWER = {
    "Content-Type": "application/json; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
}
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def json_answer(
    body: bytes | Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str]
) -> Response:
    """Return a response; a body that is bytes is JSON already. `headers` say who may keep it."""
    octets = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Response(octets, status, {**_EVERY_ANSWER, **headers})
