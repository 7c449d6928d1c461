"""The command line. Status 0: done; 2: wrong usage or configuration; 1: anything else."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

from gatelodge.errors import AlreadyExists, Invalid, Unavailable
from gatelodge.model.email_address import parse_email_address
from gatelodge.settings import read_settings

SWITCHES = (
    "allows_pkce_plain",
    "trims_passwords",
    "redirects_after_logout_unchecked",
    "tells_unknown_accounts",
    "speaks_page_protocol",
    "registers_applications",
    "demands_proof_nonces",
)
WRONG_USAGE = 2
FAILED = 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and where to read more."""
        _leave(WRONG_USAGE, f"{message} (see {self.prog} --help)")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print the version and leave."""
        from importlib.metadata import version

        print(f"{parser.prog} {version('gatelodge')}")
        sys.exit(0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except Invalid as error:
        _leave(WRONG_USAGE, str(error))
    except Unavailable as error:
        _leave(FAILED, str(error))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _leave(FAILED, f"{place}{error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(FAILED)


def _leave(status: int, sentence: str) -> NoReturn:
    print(f"gatelodge: {' '.join(sentence.split())}", file=sys.stderr)
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="gatelodge", description="A self-hosted customer-identity server.")
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    dev = _command(commands, "dev", "run a seeded server on this machine")
    dev.add_argument(
        "--data", type=Path, default=Path(".gatelodge"), metavar="DIR", help="holds all it keeps"
    )
    dev.add_argument("--port", type=_port, default=8443, help="0 takes any free port")
    dev.add_argument("--seed", type=int, metavar="N", help="make ids, keys and codes repeatable")
    dev.add_argument("--database", metavar="URL", help="instead of SQLite in DIR")
    dev.set_defaults(command=_dev)
    _add_production(commands)
    return parser


def _command(commands: "argparse._SubParsersAction[_Parser]", name: str, about: str) -> _Parser:
    added: _Parser = commands.add_parser(
        name, help=about, description=f"{about[0].upper()}{about[1:]}."
    )
    return added


def _add_production(commands: "argparse._SubParsersAction[_Parser]") -> None:
    def add(name: str, command: Callable[[argparse.Namespace], None], about: str) -> _Parser:
        added = _command(commands, name, about)
        added.add_argument("--config", type=Path, required=True, metavar="FILE", help="TOML")
        added.set_defaults(command=command)
        return added

    add("serve", _serve, "run a production server")
    add("migrate", _migrate, "bring the database to this version's schema")
    first = add("bootstrap", _bootstrap, "make the first directory and its administrator")
    first.add_argument("--domain", required=True, help="the directory's domain, acme.example")
    first.add_argument("--name", help="what people read on its pages; the domain if left out")
    rotate = add("rotate-keys", _rotate_keys, "replace signing keys")
    rotate.add_argument(
        "--now", action="store_true", help="emergency: the old keys are void at once"
    )
    rotate.add_argument(
        "--algorithm", choices=["RS256", "ES256"], help="of the new key; the last one's if left out"
    )
    audit = _command(commands, "audit", "say whether the audit log is as it was written")
    audit.add_argument("action", choices=["verify"], metavar="verify", help="the only action")
    place = audit.add_mutually_exclusive_group(required=True)
    place.add_argument("--config", type=Path, metavar="FILE", help="TOML, of a production server")
    place.add_argument("--data", type=Path, metavar="DIR", help="of a development server")
    audit.add_argument("--database", metavar="URL", help="with --data: instead of SQLite in DIR")
    audit.add_argument(
        "--head", type=_head, metavar="N:DIGEST", help="a place noted earlier the log leads through"
    )
    audit.set_defaults(command=_audit)
    _add_switch(commands)
    _add_journey(commands)
    add("doctor", _doctor, "list every weakened or risky setting")


def _add_switch(commands: "argparse._SubParsersAction[_Parser]") -> None:
    switch = _command(commands, "switch", "turn a less safe behaviour on or off")
    switch.add_argument("name", choices=SWITCHES, metavar="NAME", help=", ".join(SWITCHES))
    switch.add_argument("state", choices=["on", "off"], metavar="STATE", help="on or off")
    place = switch.add_mutually_exclusive_group(required=True)
    place.add_argument("--config", type=Path, metavar="FILE", help="TOML, of a production server")
    place.add_argument("--data", type=Path, metavar="DIR", help="of a development server")
    switch.add_argument("--database", metavar="URL", help="with --data: instead of SQLite in DIR")
    switch.add_argument("--domain", required=True, help="the directory's domain, acme.example")
    switch.set_defaults(command=_switch)


def _add_journey(commands: "argparse._SubParsersAction[_Parser]") -> None:
    journey = _command(commands, "journey", "show the steps of a user flow")
    journey.add_argument("flow", metavar="FLOW", help="a user flow's id, or a type such as signIn")
    journey.add_argument("--svg", action="store_true", help="draw a picture instead of a list")
    place = journey.add_mutually_exclusive_group()
    place.add_argument("--config", type=Path, metavar="FILE", help="TOML, of a production server")
    place.add_argument("--data", type=Path, metavar="DIR", help="of a development server")
    journey.add_argument("--database", metavar="URL", help="with --data: instead of SQLite in DIR")
    journey.add_argument("--domain", help="the directory's domain, if there are several")
    journey.add_argument(
        "--correlation-id", metavar="ID", help="with --svg: draw the way this interaction took"
    )
    journey.set_defaults(command=_journey)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to 65535")
    return int(text)


def _head(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest:
        raise argparse.ArgumentTypeError(f"'{text}' is not what the log says: NUMBER:DIGEST")
    return int(number), digest


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
        _leave(FAILED, f"{error}; choose another with --port (0 takes any free one)")


def _serve(options: argparse.Namespace) -> None:
    from gatelodge.app.production import check_production, serve
    from gatelodge.operations.listening import CannotListen, bind
    from gatelodge.operations.logs import configure_logs
    from gatelodge.operations.processes import run_processes
    from gatelodge.storage.holding import held

    settings = read_settings(options.config)
    configure_logs(settings.log_level, is_json=True)
    _run(check_production(settings))
    with held(settings.database):
        try:
            sockets = [bind(settings.host, settings.port)]
        except CannotListen as error:
            _leave(FAILED, str(error))
        if settings.workers == 1:
            _run(serve(settings, sockets))
        else:
            sys.exit(run_processes(settings.workers, lambda: _run(serve(settings, sockets))))


def _migrate(options: argparse.Namespace) -> None:
    from gatelodge.app.operating import migrate_database

    async def work() -> None:
        print(await migrate_database(read_settings(options.config)))

    _run(work())


def _bootstrap(options: argparse.Namespace) -> None:
    from gatelodge.app.operating import bootstrap

    async def work() -> None:
        domain: str = options.domain.lower()
        settings = read_settings(options.config)
        founded = await bootstrap(settings, domain, options.name or domain)
        print(f"directory      {domain} ({founded.directory_id})")
        print(f"token endpoint {settings.origin}/{founded.directory_id}/oauth2/v2.0/token")
        print(f"client id      {founded.client_id}")
        print(f"client secret  {founded.client_secret.reveal()}")
        print("Keep the secret now: it is stored nowhere and cannot be shown again.")

    if not parse_email_address(f"a@{options.domain}"):
        _leave(WRONG_USAGE, f"'{options.domain}' is no domain name, as acme.example is one")
    try:
        _run(work())
    except AlreadyExists:
        _leave(FAILED, "this installation is set up already; nothing was changed")


def _rotate_keys(options: argparse.Namespace) -> None:
    from gatelodge.app.operating import rotate_keys
    from gatelodge.operations.key_rotation import AlreadyWaiting

    async def work() -> None:
        settings = read_settings(options.config)
        async for sentence in rotate_keys(
            settings, is_emergency=options.now, algorithm=options.algorithm
        ):
            print(sentence)

    try:
        _run(work())
    except AlreadyWaiting as error:
        _leave(FAILED, f"{error}; nothing was changed (--now would)")


def _doctor(options: argparse.Namespace) -> None:
    from gatelodge.app.operating import examine

    async def work() -> None:
        async for sentence in examine(read_settings(options.config)):
            print(sentence)

    _run(work())


def _switch(options: argparse.Namespace) -> None:
    from gatelodge.app.switching import switch_development, switch_production

    async def work() -> None:
        name, domain, is_on = options.name, options.domain, options.state == "on"
        if options.config is not None:
            settings = read_settings(options.config)
            is_new = await switch_production(settings, name, domain, is_on=is_on)
        else:
            is_new = await switch_development(
                options.data, options.database, name, domain, is_on=is_on
            )
        print(f"{domain}: {name} is {options.state}{'' if is_new else ', as it was'}.")

    _run(work())


def _journey(options: argparse.Namespace) -> None:
    from gatelodge.app.picturing import draw_configured, installation, steps_listed, type_named
    from gatelodge.journeys.picture import draw_journey

    kind = type_named(options.flow)
    is_configured = options.correlation_id is not None or kind is None
    if is_configured and options.config is None and options.data is None:
        _leave(WRONG_USAGE, "a user flow is looked up in --config FILE or --data DIR")
    if kind is not None and not is_configured:
        drawn = draw_journey(kind, title=str(kind))
        print(drawn if options.svg else "\n".join(steps_listed(kind)))
        return

    async def work() -> None:
        settings = None if options.config is None else read_settings(options.config)
        async with installation(settings, options.data or Path(), options.database) as database:
            flow, drawn = await draw_configured(
                database,
                options.flow,
                domain=options.domain,
                correlation_id=options.correlation_id,
            )
        print(drawn if options.svg else "\n".join(steps_listed(flow.user_flow_type)))

    _run(work())


def _audit(options: argparse.Namespace) -> None:
    from gatelodge.app.auditing import verify_development, verify_production
    from gatelodge.operations.audit_verification import Broken

    async def work() -> None:
        if options.config is not None:
            sentences = verify_production(read_settings(options.config), options.head)
        else:
            sentences = verify_development(options.data, options.database, options.head)
        async for sentence in sentences:
            print(sentence)

    try:
        _run(work())
    except Broken as broken:
        _leave(FAILED, f"the audit log is not as it was written: {broken}")


def _run(work: Coroutine[Any, Any, None]) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
