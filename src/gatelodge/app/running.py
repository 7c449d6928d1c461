"""Serve until a signal says stop."""

import asyncio
import contextlib
import socket
import ssl
import sys
from collections.abc import Callable
from datetime import timedelta

from starlette.types import ASGIApp

from gatelodge.app.provider import error_log
from gatelodge.app.world import World
from gatelodge.errors import Unavailable
from gatelodge.mail.outbox import Outbox
from gatelodge.mail.transport import Transport
from gatelodge.oidc.back_channel import BackChannel
from gatelodge.oidc.provider import Providers
from gatelodge.operations.audit import AuditLog
from gatelodge.operations.audit_verification import Broken
from gatelodge.operations.listening import Server
from gatelodge.operations.sweep import TRACES_KEPT, Sweeper

_SWITCH_INTERVAL_S = 0.001
"""Threads that hash give the interpreter back quickly: the loop must not wait five of Python's
default milliseconds for each of them."""

_AUDIT_KEPT = timedelta(days=90)


async def run(
    world: World,
    app: ASGIApp,
    *,
    sockets: list[socket.socket],
    transport: Transport,
    tls: ssl.SSLContext | None = None,
    trusted_proxies: str = "",
    audit_kept: timedelta = _AUDIT_KEPT,
    traces_kept: timedelta = TRACES_KEPT,
    on_ready: Callable[[], None] = lambda: None,
    on_stop: Callable[[], None] = lambda: None,
    on_sent: Callable[[], None] = lambda: None,
) -> None:
    """Serve until a signal says stop; meanwhile send messages, sweep and link the audit log."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    server = Server(
        app, tls=tls, trusted_proxies=trusted_proxies, on_ready=on_ready, on_stop=on_stop
    )
    outbox = Outbox(world.database, transport, world.clock, on_sent=on_sent)
    audit = AuditLog(
        world.database,
        world.sealer,
        world.clock,
        audit_kept,
        may_restart=world.is_development,
    )
    errors = error_log(world)
    loops = [
        asyncio.create_task(audit.run(), name="audit"),
        asyncio.create_task(errors.run(), name="errors"),
        asyncio.create_task(_back_channel(world).run(), name="back channel"),
        asyncio.create_task(outbox.run(), name="outbox"),
        asyncio.create_task(
            Sweeper(world.database, world.clock, traces_kept).run(), name="sweeper"
        ),
    ]
    try:
        await server.serve(sockets)
    finally:
        for loop in loops:
            loop.cancel()
        for loop in loops:
            with contextlib.suppress(asyncio.CancelledError):
                await loop
        with contextlib.suppress(Broken, Unavailable):  # the log of the rounds before says it
            await errors.tell_left_out(at_once=True)
            await audit.link()
        await world.database.close()


def _back_channel(world: World) -> BackChannel:
    providers = Providers(world.database, world.keyring, world.origin)
    return BackChannel(world.database, providers, world.outbound, world.clock)
