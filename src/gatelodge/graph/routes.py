"""Everything the control plane answers, as routes for the composition root."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, request_response

from gatelodge.clock import Clock
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.passwords import Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.graph.access import Authentication
from gatelodge.graph.audited import Refusals
from gatelodge.graph.documentation import documentation_page
from gatelodge.graph.endpoint import GraphEndpoint
from gatelodge.graph.metadata import metadata_document
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.openapi import VERSIONS, openapi_document
from gatelodge.graph.paging import Paging
from gatelodge.graph.path import Paths, paths_of
from gatelodge.graph.streams import Streams
from gatelodge.outbound import Outbound
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

_JSON = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}
_HTML = {"Content-Type": "text/html; charset=utf-8"}
FIRST_SEGMENTS = (*VERSIONS, "openapi.json", "docs")
"""What the paths of the control plane begin with."""


def graph_routes(
    *,
    database: Database,
    keyring: Keyring,
    passwords: Passwords,
    sealer: Sealer,
    clock: Clock,
    randomness: Randomness,
    origin: str,
    outbound: Outbound,
    is_development: bool = False,
) -> list[BaseRoute]:
    """Return the routes of both versions and of their description.

    `origin` is where clients reach us, without a slash at the end. `is_development` allows web
    hooks on loopback addresses.
    """
    authentication = Authentication(database, keyring, clock, origin)
    operations = Streams(
        database=database,
        passwords=passwords,
        sealer=sealer,
        outbound=outbound,
        paging=Paging(sealer),
        clock=clock,
        randomness=randomness,
        is_development=is_development,
    )
    described = _described(origin)
    routes: list[BaseRoute] = [
        _fixed("/openapi.json", described.openapi, _JSON),
        _fixed("/docs", described.page, {**_HTML, "Content-Security-Policy": described.policy}),
    ]
    for version in VERSIONS:
        endpoint = GraphEndpoint(
            version=version,
            origin=origin,
            paths=described.paths,
            metadata=described.metadata,
            authentication=authentication,
            operations=operations,
            refusals=Refusals(database, clock, randomness),
            clock=clock,
            randomness=randomness,
        )
        routes.append(_mounted(version, endpoint))
    return routes


@dataclass(frozen=True, slots=True)
class _Described:
    paths: Paths
    metadata: bytes
    openapi: bytes
    page: bytes
    policy: str


@cache
def _described(origin: str) -> _Described:
    """Return what follows from the model alone, worked out once."""
    page, policy = documentation_page(MODEL, origin)
    return _Described(
        paths=paths_of(MODEL),
        metadata=metadata_document(MODEL),
        openapi=msgspec.json.encode(openapi_document(MODEL, origin)),
        page=page,
        policy=policy,
    )


def _fixed(path: str, content: bytes, headers: Mapping[str, str]) -> BaseRoute:
    async def answer(_request: Request) -> Response:
        return Response(content, headers={**headers, "Cache-Control": "public, max-age=300"})

    return Route(path, answer)


def _mounted(version: str, endpoint: GraphEndpoint) -> BaseRoute:
    async def answer(request: Request) -> Response:
        return await endpoint(request)

    # A mount, because the endpoint answers every method itself and reads the path undecoded.
    mount = Mount(f"/{version}", app=request_response(answer))
    # A path may have line breaks, at which a dot would stop.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
