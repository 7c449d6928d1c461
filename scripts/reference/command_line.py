"""The command line, read from its own parser."""

import argparse

from gatelodge.cli import _parser
from scripts.reference.markdown import code, page, section, table

INTRO = """\
`make setup` puts the program at `.venv/bin/gatelodge`. Status 0 means done; 2 means wrong usage
or configuration, with one line on standard error; 1 means anything else that failed. `SIGTERM`
lets requests in flight finish and ends the process within ten seconds."""


def command_line_page() -> str:
    """Return the page."""
    commands = next(
        action
        for action in _actions(_parser())
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001 - argparse hides it
    )
    about = {each.dest: each.help or "" for each in commands._choices_actions}  # noqa: SLF001
    return page(
        "Command line",
        INTRO,
        *(_command(name, about[name], parser) for name, parser in commands.choices.items()),
    )


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001 - argparse has no other way to list them


def _command(name: str, about: str, parser: argparse.ArgumentParser) -> str:
    options = [each for each in _actions(parser) if not isinstance(each, argparse._HelpAction)]  # noqa: SLF001
    rows = [(code(_spelled(each)), _meaning(each)) for each in options]
    title = f"`gatelodge {name}`"
    return section(title, f"{about[0].upper()}{about[1:]}.", table(("option", "meaning"), rows))


def _spelled(option: argparse.Action) -> str:
    spelled = ", ".join(option.option_strings)
    if option.nargs == 0:
        return spelled
    return f"{spelled} {option.metavar or option.dest.upper()}".strip()


def _meaning(option: argparse.Action) -> str:
    said = [option.help or ""]
    if option.required:
        said.append("required")
    elif option.default not in {None, False}:
        said.append(f"default {code(option.default)}")
    return "; ".join(each for each in said if each)
