"""What every endpoint that people come to does first, and where an error only they may see ends.

The provider; then the endpoint's own work; then its answer, or the page that says why there is
none.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.parameters import MalformedParameters
from gatelodge.oidc.provider import Provider, Providers

_METHODS = ("GET", "HEAD", "POST")

Answer: TypeAlias = Callable[[Request, Provider], Awaitable[Response]]


async def visited(
    request: Request,
    providers: Providers,
    pages: PageResponses,
    answer: Answer,
    *,
    correlation_id: str | None = None,
) -> Response:
    """Return the answer of the provider a request addresses, or the page that says why not."""
    if (provider := await providers.provider_of(request)) is None:
        return pages.error(
            request, Code.USER_FLOW_UNKNOWN, values={}, status=404, correlation_id=correlation_id
        )
    is_method_known = request.method in _METHODS
    work = answer(request, provider) if is_method_known else _no_such_method()
    response = await displayed(work, request, provider, pages, correlation_id=correlation_id)
    if not is_method_known:
        response.headers["Allow"] = ", ".join(_METHODS)
    return response


async def _no_such_method() -> Response:
    raise Displayed(Code.METHOD_UNSUPPORTED, status=405)


async def displayed(
    answer: Awaitable[Response],
    request: Request,
    provider: Provider,
    pages: PageResponses,
    *,
    correlation_id: str | None,
) -> Response:
    """Return an answer, or the page that says why there is none, under this correlation id."""
    try:
        return await answer
    except MalformedParameters as malformed:
        shown = Displayed(Code.INPUT_REJECTED, status=malformed.status, reason=malformed.reason)
    except Displayed as raised:
        shown = raised
    correlation_id = correlation_id or pages.randomness.uuid()
    await pages.errors.note(provider, shown.code, correlation_id)
    return pages.error(
        request,
        shown.code,
        values=shown.values,
        status=shown.status,
        provider=provider,
        correlation_id=correlation_id,
    )
