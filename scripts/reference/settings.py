"""The settings of a production server."""

from dataclasses import MISSING, fields

from gatelodge.settings import _RULES, Settings
from scripts.reference.markdown import code, page, section, table

INTRO = """\
`gatelodge serve` and the other production commands read a TOML file, named by `--config`. Every
key can also be given as a variable of the environment, which wins over the file. An unknown
key, a value of the wrong type and a value out of range are refused at the start, all in one
message, with status 2."""


def settings_page() -> str:
    """Return the page."""
    rows = [
        (
            code(each.name),
            code(f"GATELODGE_{each.name.upper()}"),
            _default(each.default),
            each.metadata["doc"],
        )
        for each in fields(Settings)
    ]
    rules = "\n".join(f"- {sentence}" for _, sentence, _ in _RULES)
    return page(
        "Settings",
        INTRO,
        table(("key", "environment", "default", "meaning"), rows),
        section("What is refused", "A start with one of these is refused:", rules),
    )


def _default(value: object) -> str:
    if value is MISSING:
        return "required"
    return code(value) if value != "" else "empty"
