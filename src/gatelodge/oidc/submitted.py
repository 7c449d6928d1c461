"""A form as a page of ours sent it: every value under its name, boxes ticked several times."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from gatelodge.oidc.parameters import MAX_PARAMETERS, MalformedParameters, form_body


async def submitted_form(request: Request) -> Mapping[str, list[str]]:
    """Return the values of a form body. Raises `MalformedParameters`."""
    body = await form_body(request)
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
