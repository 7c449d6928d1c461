"""Everything the control plane answers, as routes for the composition root."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, request_response

from gatelodge.clock import Clock
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.passwords import Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.graph.access import Authentication
from gatelodge.graph.endpoint import GraphEndpoint
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.operations import Operations
from gatelodge.graph.paging import Paging
from gatelodge.graph.path import paths_of
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

VERSIONS = ("beta", "v1.0")


def graph_routes(
    *,
    database: Database,
    keyring: Keyring,
    passwords: Passwords,
    sealer: Sealer,
    clock: Clock,
    randomness: Randomness,
    origin: str,
) -> list[BaseRoute]:
    """Return the routes of both versions. `origin` is where clients reach us, without a slash."""
    authentication = Authentication(database, keyring, clock, origin)
    operations = Operations(
        database=database,
        passwords=passwords,
        paging=Paging(sealer),
        clock=clock,
        randomness=randomness,
    )
    paths = paths_of(MODEL)
    routes: list[BaseRoute] = []
    for version in VERSIONS:
        endpoint = GraphEndpoint(
            version=version,
            origin=origin,
            paths=paths,
            authentication=authentication,
            operations=operations,
            clock=clock,
            randomness=randomness,
        )
        routes.append(_mounted(version, endpoint))
    return routes


def _mounted(version: str, endpoint: GraphEndpoint) -> BaseRoute:
    async def answer(request: Request) -> Response:
        return await endpoint(request)

    # A mount, because the endpoint answers every method itself and reads the path undecoded.
    return Mount(f"/{version}", app=request_response(answer))
