"""A development server, from its data directory to its last answer."""

import hashlib
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from starlette.routing import Router
from starlette.types import ASGIApp

from gatelodge.app.mounting import build_app
from gatelodge.app.provider import STATIC_PATH
from gatelodge.app.running import run
from gatelodge.app.world import World, build_world
from gatelodge.clock import system_clock
from gatelodge.crypto.passwords import HashParameters
from gatelodge.development.authority import server_tls
from gatelodge.development.clock import MovableClock
from gatelodge.development.control import ClockControl, Reset
from gatelodge.development.data_directory import DataDirectory
from gatelodge.development.description import describe
from gatelodge.development.drawing import Drawing, new_drawing
from gatelodge.development.journeys import JourneyList, JourneyPicture
from gatelodge.development.messages import Messages
from gatelodge.development.pages import InboxPage, Overview
from gatelodge.development.planting import Planting
from gatelodge.development.pretend_provider import PretendProvider, signing_key
from gatelodge.development.routes import SameSiteOnly, development_routes
from gatelodge.development.run import Callback, Run
from gatelodge.development.seed import DOMAIN, OWN_HOST, USER_FLOWS
from gatelodge.development.start import Stage, set_stage
from gatelodge.mail.inbox import Inbox
from gatelodge.model.directory import Switches
from gatelodge.model.own_host import OwnHost, OwnHosts
from gatelodge.model.user_flow import UserFlowType
from gatelodge.operations.listening import CannotListen, bind_loopback
from gatelodge.outbound import Outbound
from gatelodge.pages.static_files import StaticFile
from gatelodge.storage.holding import held
from gatelodge.storage.opening import open_database
from gatelodge.storage.schema import is_current

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentOptions:
    """What the command line may say about a development server."""

    data: Path
    port: int = 8443
    seed: int | None = None
    database: str | None = None


async def develop(options: DevelopmentOptions, say: Callable[[str], None]) -> None:
    """Run a development server until a signal says stop.

    Raises `Invalid` for a data directory of another seed or one that is served already,
    `WrongSeed` for a database of somebody else's and `CannotListen` when the port is taken.
    """
    sockets = bind_loopback(options.port)
    directory = DataDirectory(options.data)
    directory.make()
    with held(options.database or directory.database_url):
        await _develop(options, sockets, say)


async def _develop(
    options: DevelopmentOptions, sockets: list[socket.socket], say: Callable[[str], None]
) -> None:
    port: int = sockets[0].getsockname()[1]
    origin = f"https://localhost:{port}"
    stage = set_stage(options.data, options.seed)
    clock = MovableClock(system_clock)
    world = await _world(options, stage, clock, origin)
    own_host = OwnHost(name=OWN_HOST, origin=f"https://{OWN_HOST}:{port}", directory=DOMAIN)
    world.database.own_hosts = OwnHosts([own_host])
    planting = Planting(
        database=world.database,
        seed=stage.seed,
        origin=origin,
        sealer=world.sealer,
        passwords=world.passwords,
        clock=clock,
        randomness=stage.randomness,
        is_repeatable=stage.is_repeatable,
        # Tests written for B2C and the conformance suite are run against a server of this kind.
        switches=Switches(speaks_page_protocol=True, registers_applications=True),
    )
    await planting.begin()
    inbox = Inbox()
    app = _app(world, stage, planting, clock, inbox, own_host.origin)

    def ready() -> None:
        stage.directory.write_description(
            describe(stage.seed, origin=origin, ca_file=stage.directory.authority_certificate)
        )
        say(_greeting(origin, stage))

    try:
        await run(
            world,
            app,
            sockets=[*sockets, *_standard_port()],
            tls=server_tls(stage.directory, system_clock()),
            transport=inbox,
            on_ready=ready,
            on_stop=inbox.close,
            on_sent=inbox.announce,
        )
    finally:
        stage.directory.description.unlink(missing_ok=True)


async def _world(
    options: DevelopmentOptions, stage: Stage, clock: MovableClock, origin: str
) -> World:
    url = options.database or stage.directory.database_url
    if not await is_current(url):
        # Only when there is something to migrate: loading Alembic takes longer than all the rest.
        from gatelodge.storage.migrate import migrate

        await migrate(url)
    return build_world(
        origin=origin,
        is_development=True,
        database=await open_database(url),
        clock=clock,
        randomness=stage.randomness,
        master_key=stage.master_key,
        hash_parameters=HashParameters(),
        outbound=Outbound(is_development=True, authorities=stage.directory.authority_certificate),
    )


def _standard_port() -> list[socket.socket]:
    """Return sockets on port 443 too, for the client that asks nowhere else; none if refused."""
    with suppress(CannotListen):
        return bind_loopback(443)
    return []


def _app(
    world: World,
    stage: Stage,
    planting: Planting,
    clock: MovableClock,
    inbox: Inbox,
    own_origin: str,
) -> ASGIApp:
    stylesheet = _stylesheet()
    served = {**world.static_files, "development.css": stylesheet}
    drawing = new_drawing({name: f"{STATIC_PATH}/{file.name}" for name, file in served.items()})
    messages = Messages(database=world.database, directory_id=planting.directory_id, inbox=inbox)
    mounted: list[ASGIApp] = []

    async def ask_tokens(url: str, form: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
        return await _post(mounted[0], url, form)

    routes = development_routes(
        overview=_overview(world, stage, drawing, own_origin),
        messages=messages,
        clock=ClockControl(clock),
        reset=Reset(planting, clock),
        inbox=InboxPage(messages=messages, drawing=drawing),
        run=Run(
            seed=stage.seed,
            origin=world.origin,
            own_origin=own_origin,
            randomness=world.randomness,
        ),
        journeys=JourneyList(
            database=world.database, directory_id=planting.directory_id, drawing=drawing
        ),
        journey_picture=JourneyPicture(database=world.database, directory_id=planting.directory_id),
        callback=Callback(
            seed=stage.seed,
            origin=world.origin,
            own_origin=own_origin,
            ask_tokens=ask_tokens,
            drawing=drawing,
        ),
        provider=PretendProvider(
            seed=stage.seed,
            origin=world.origin,
            own_origin=own_origin,
            sealer=world.sealer,
            clock=world.clock,
            drawing=drawing,
            key=signing_key(stage.seed.seed),
        ),
    )
    development = SameSiteOnly(Router(routes, redirect_slashes=False))
    app = build_app(
        world,
        hosts=HOSTS,
        development=development,
        further_files={"development.css": stylesheet},
    )
    mounted.append(app)
    return app


def _overview(world: World, stage: Stage, drawing: Drawing, own_origin: str) -> Overview:
    return Overview(
        seed=stage.seed,
        origin=world.origin,
        own_origin=own_origin,
        ca_file=str(stage.directory.authority_certificate),
        drawing=drawing,
    )


async def _post(app: ASGIApp, url: str, form: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
    # The token endpoint is asked the way any application asks it, only without a network.
    from httpx import ASGITransport, AsyncClient

    async with AsyncClient(transport=ASGITransport(app)) as client:
        answer = await client.post(url, data=dict(form))
    try:
        return answer.status_code, msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        return answer.status_code, {"error_description": f"status {answer.status_code}"}


def _stylesheet() -> StaticFile:
    content = (files("gatelodge.development") / "static" / "development.css").read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return StaticFile(
        name=f"development.{digest}.css", content=content, media_type="text/css; charset=utf-8"
    )


def _greeting(origin: str, stage: Stage) -> str:
    first = USER_FLOWS[UserFlowType.SIGN_UP_OR_SIGN_IN]
    return "\n".join(
        (
            "",
            f"  Run user flow   {origin}/_dev/run/{first}",
            f"  Inbox           {origin}/_dev/inbox",
            f"  Everything else {origin}/_dev  and {stage.directory.description}",
            f"  Trust           {stage.directory.authority_certificate}",
            "",
        )
    )
