"""The server to be measured: the real application of a seeded tenant, without TLS.

What encrypting costs is the platform's affair and would hide what is ours. Nothing in the package
leaves TLS out; only this process does, on loopback.
"""

import argparse
import cProfile
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import uvloop
from starlette.types import Receive, Scope, Send

from bench.target import BARE
from gatelodge.app.mounting import build_app
from gatelodge.app.running import run
from gatelodge.app.world import build_world
from gatelodge.clock import system_clock
from gatelodge.crypto.passwords import HashParameters
from gatelodge.development.description import describe
from gatelodge.development.planting import Planting
from gatelodge.development.start import set_stage
from gatelodge.mail.inbox import Inbox
from gatelodge.operations.listening import bind_loopback
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database


def main() -> None:
    """Serve until a signal says stop; profile meanwhile if asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--memory-kib", type=int, default=HashParameters().memory_kib)
    parser.add_argument("--passes", type=int, default=HashParameters().passes)
    parser.add_argument("--profile", type=Path)
    asked = parser.parse_args()
    if asked.profile is None:
        uvloop.run(_serve(asked, lambda: None))
        return
    # What this thread works, not what it waits: hashes and commits have threads of their own.
    profile = cProfile.Profile(time.thread_time)
    # Starting is measured elsewhere.
    uvloop.run(_serve(asked, profile.enable))
    profile.dump_stats(asked.profile)


async def _serve(asked: argparse.Namespace, on_ready: Callable[[], None]) -> None:
    [socket, *_] = sockets = bind_loopback(0)
    origin = f"http://localhost:{socket.getsockname()[1]}"
    stage = set_stage(asked.data, None)
    url = asked.database or stage.directory.database_url
    await migrate(url)
    world = build_world(
        origin=origin,
        is_development=False,
        database=await open_database(url),
        clock=system_clock,
        randomness=stage.randomness,
        master_key=stage.master_key,
        hash_parameters=HashParameters(memory_kib=asked.memory_kib, passes=asked.passes),
        processes=asked.processes,
    )
    await Planting(
        database=world.database,
        seed=stage.seed,
        origin=origin,
        sealer=world.sealer,
        passwords=world.passwords,
        clock=world.clock,
        randomness=stage.randomness,
        is_repeatable=False,
    ).begin()
    app = build_app(world, hosts=frozenset({"localhost"}))

    async def with_bare(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != BARE:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": _BARE_HEADERS})
        await send({"type": "http.response.body", "body": b"{}"})

    def ready() -> None:
        facts = describe(stage.seed, origin=origin, ca_file=asked.data)
        sys.stdout.write(json.dumps({"facts": facts, "process": os.getpid()}) + "\n")
        sys.stdout.flush()
        on_ready()

    await run(world, with_bare, sockets=sockets, transport=Inbox(), on_ready=ready)


_BARE_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"2")]


if __name__ == "__main__":
    main()
