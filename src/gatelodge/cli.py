"""The command line. Status 0: done; 2: wrong usage or configuration; 1: anything else."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

from gatelodge.errors import Invalid

WRONG_USAGE = 2
FAILED = 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and where to read more."""
        _leave(WRONG_USAGE, f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except Invalid as error:
        _leave(WRONG_USAGE, str(error))
    except KeyboardInterrupt:
        sys.exit(FAILED)


def _leave(status: int, sentence: str) -> NoReturn:
    print(f"gatelodge: {' '.join(sentence.split())}", file=sys.stderr)
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="gatelodge", description="A self-hosted customer-identity server.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    dev = commands.add_parser("dev", help="run a seeded server on this machine")
    dev.add_argument("--data", type=Path, default=Path(".gatelodge"), metavar="DIR")
    dev.add_argument("--port", type=_port, default=8443, help="0 takes any free port")
    dev.add_argument("--seed", type=int, metavar="N", help="make ids, keys and codes repeatable")
    dev.add_argument("--database", metavar="URL", help="instead of SQLite in DIR")
    dev.set_defaults(command=_dev)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise ValueError(text)
    return port


def _dev(options: argparse.Namespace) -> None:
    from gatelodge.app.development import DevelopmentOptions, develop
    from gatelodge.development.planting import WrongSeed
    from gatelodge.operations.listening import CannotListen
    from gatelodge.operations.logs import configure_logs

    configure_logs("info", is_json=False)
    wanted = DevelopmentOptions(
        data=options.data, port=options.port, seed=options.seed, database=options.database
    )
    try:
        _run(develop(wanted, lambda text: print(text, flush=True)))
    except WrongSeed as error:
        _leave(WRONG_USAGE, str(error))
    except CannotListen as error:
        _leave(FAILED, str(error))


def _run(work: Coroutine[Any, Any, None]) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
