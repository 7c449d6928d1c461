"""Which address leads to which endpoint."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from gatelodge.app.provider import STATIC_PATH, page_responses, provider_routes
from gatelodge.app.world import World
from gatelodge.graph.routes import FIRST_SEGMENTS, graph_routes
from gatelodge.model.own_host import OwnHosts
from gatelodge.oidc.brand_files import BrandFiles
from gatelodge.oidc.errors import Code
from gatelodge.oidc.page_response import PageResponses
from gatelodge.oidc.page_scripts import PageScripts
from gatelodge.operations.asked import Asked
from gatelodge.operations.cloud_metadata import (
    CloudMetadata,
    EmptyList,
    InstanceDiscovery,
    UserRealm,
)
from gatelodge.operations.guard import Guard
from gatelodge.operations.health import Healthz, Readyz
from gatelodge.operations.metrics import Measured, Metrics, MetricsPage
from gatelodge.operations.one_slash import OneSlash
from gatelodge.pages.brand import BRAND_PATH
from gatelodge.pages.page_scripts import SCRIPT_PATH
from gatelodge.pages.static_files import CACHE_CONTROL, StaticFile


class ByHost:
    """Chooses between what a host of one directory answers and what all the others do."""

    def __init__(self, own_hosts: Callable[[], OwnHosts], own: ASGIApp, shared: ASGIApp) -> None:
        self._own_hosts = own_hosts
        self._own = own
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        app = self._own if self._own_hosts().asked(_host(scope)) is not None else self._shared
        await app(scope, receive, send)


def _host(scope: Scope) -> str:
    return next((v.decode("latin-1") for name, v in scope["headers"] if name == b"host"), "")


class Segments:
    """Chooses a router by the first segment of the path."""

    def __init__(self, by_segment: Mapping[str, ASGIApp], otherwise: ASGIApp) -> None:
        self._by_segment = by_segment
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        segment = scope["path"].partition("/")[2].partition("/")[0]
        await self._by_segment.get(segment, self._otherwise)(scope, receive, send)


class Shapes:
    """Chooses a router by a path's last segment and how many it has, as no other route can fit.

    Under no segment are those whose routes end in a parameter.
    """

    def __init__(self, by_shape: Mapping[tuple[str, int], ASGIApp], otherwise: ASGIApp) -> None:
        self._by_shape = by_shape
        self._endings = frozenset(ending for ending, _ in by_shape)
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = scope["path"]
        last = path.rpartition("/")[2]
        shape = (last if last in self._endings else "", path.count("/"))
        await self._by_shape.get(shape, self._otherwise)(scope, receive, send)


def build_app(
    world: World,
    *,
    hosts: frozenset[str],
    development: ASGIApp | None = None,
    further_files: Mapping[str, StaticFile] | None = None,
) -> ASGIApp:
    """Mount every room. `development` answers below `/_dev`; without it nothing is there.

    `hosts` are the shared ones. A host of a directory's own has its pages and endpoints, and
    nothing else: neither the control plane nor what development adds.
    """
    metrics = Metrics()
    operations = _router(_operation_routes(world, metrics))
    files = _router(_file_routes({**world.static_files, **(further_files or {})}))
    pages = page_responses(world)
    providers = _by_shape(provider_routes(world, pages))
    own: dict[str, ASGIApp] = {
        **dict.fromkeys(("healthz", "readyz"), operations),
        STATIC_PATH.strip("/"): files,
        BRAND_PATH.strip("/"): _router([_brand_route(world)]),
        SCRIPT_PATH.strip("/"): _router([_script_route(world)]),
    }
    shared: dict[str, ASGIApp] = {
        **own,
        **dict.fromkeys(("metrics", "metadata", "subscriptions", "tenants", "common"), operations),
        **dict.fromkeys(FIRST_SEGMENTS, _router(_control_plane(world))),
    }
    if development is not None:
        shared["_dev"] = shared[""] = development
    by_host = ByHost(
        lambda: world.database.own_hosts,
        Segments(own, providers),
        Segments(shared, providers),
    )
    return Measured(
        Guard(
            Asked(OneSlash(by_host)),
            refuse=partial(_refuse, pages),
            randomness=world.randomness,
            clock=world.clock,
            hosts=hosts and hosts | {each.name for each in world.database.own_hosts},
            is_strict_transport=not world.is_development,
        ),
        metrics,
    )


def _control_plane(world: World) -> list[BaseRoute]:
    return graph_routes(
        database=world.database,
        keyring=world.keyring,
        passwords=world.passwords,
        sealer=world.sealer,
        clock=world.clock,
        randomness=world.randomness,
        origin=world.origin,
        outbound=world.outbound,
        is_development=world.is_development,
    )


def _by_shape(routes: Sequence[Route]) -> ASGIApp:
    """Mount a provider's routes; those that end in a parameter are compared when no other fits.

    The last segment names the endpoint, whatever form of address the request uses.
    """
    by_shape: dict[tuple[str, int], list[Route]] = {}
    for each in routes:
        ending = each.path.rpartition("/")[2]
        shape = ("" if ending.startswith("{") else ending, each.path.count("/"))
        by_shape.setdefault(shape, []).append(each)
    return Shapes({shape: _router(found) for shape, found in by_shape.items()}, _router(()))


def _router(routes: Sequence[BaseRoute]) -> Router:
    return Router(routes, redirect_slashes=False)


def _operation_routes(world: World, metrics: Metrics) -> list[Route]:
    empty = EmptyList()
    return [
        Route("/healthz", Healthz().__call__),
        Route("/readyz", Readyz(world.database).__call__),
        Route("/metrics", MetricsPage(metrics).__call__),
        Route("/metadata/endpoints", CloudMetadata(world.origin).__call__),
        Route("/subscriptions", empty.__call__),
        Route("/tenants", empty.__call__),
        Route("/common/discovery/instance", InstanceDiscovery(world.origin).__call__),
        Route("/common/userrealm/{user:path}", UserRealm().__call__),
    ]


def _brand_route(world: World) -> Route:
    return Route(f"{BRAND_PATH}/{{directory}}/{{file}}", BrandFiles(world.database).__call__)


def _script_route(world: World) -> Route:
    path = f"{SCRIPT_PATH}/{{directory}}/{{flow}}/{{page}}/{{file}}"
    return Route(path, PageScripts(world.database).__call__)


def _file_routes(files: Mapping[str, StaticFile]) -> list[Route]:
    def route(file: StaticFile) -> Route:
        async def answer(_request: object) -> Response:
            return Response(
                file.content, media_type=file.media_type, headers={"Cache-Control": CACHE_CONTROL}
            )

        return Route(f"{STATIC_PATH}/{file.name}", answer)

    return [route(each) for each in files.values()]


def _refuse(pages: PageResponses, scope: Scope, status: int, error_id: str) -> Response:
    """Answer what no room could: in the envelope of the surface that was asked."""
    is_of_graph = scope["path"].startswith(("/beta/", "/v1.0/"))
    if error_id and not is_of_graph and "text/html" in Headers(scope=scope).get("accept", ""):
        code = Code.PROCESSING_FAILED
        return pages.error(Request(scope), code, values={}, status=status, correlation_id=error_id)
    sentence = _SENTENCES[status]
    if error_id:
        sentence = f"{sentence} Quote {error_id} to whoever runs it."
    body: dict[str, Any] = {"error": "server_error", "error_description": sentence}
    if is_of_graph:
        body = {
            "error": {
                "code": _GRAPH_CODES.get(status, "BadRequest"),
                "message": sentence,
                "innerError": {"request-id": error_id},
            }
        }
    elif status < 500:
        body["error"] = "invalid_request"
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = "2"
    return JSONResponse(body, status, headers=headers)


_GRAPH_CODES = {500: "InternalServerError", 503: "ServiceUnavailable"}


_SENTENCES = {
    413: "The request is too large.",
    421: "This server does not answer for the host the request names.",
    500: "Something went wrong inside the server.",
    503: "The server cannot reach its database at the moment.",
}
