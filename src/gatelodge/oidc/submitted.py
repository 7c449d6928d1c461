"""A form as a page of ours sent it: every value under its name, boxes ticked several times."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from gatelodge.oidc.parameters import FORM, MAX_BODY_OCTETS, MAX_PARAMETERS, MalformedParameters


async def submitted_form(request: Request) -> Mapping[str, list[str]]:
    """Return the values of a form body. Raises `MalformedParameters`."""
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        raise MalformedParameters("the body has to be a form", status=415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_OCTETS:
            raise MalformedParameters("the body is too long", status=413)
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError as error:
        raise MalformedParameters("the body is no form in UTF-8") from error
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form
