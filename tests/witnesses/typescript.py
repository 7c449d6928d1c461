"""Microsoft's own types for its JavaScript client, read far enough to compare them with ours."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TYPES = (
    Path(__file__).parent
    / "node/node_modules/@microsoft/microsoft-graph-types-beta/microsoft-graph.d.ts"
)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.S | re.M)
INTERFACE = re.compile(r"export interface (\w+)(?: extends (\w+))? \{(.*?)\n?\}", re.S)
PROPERTY = re.compile(r'"?([\w.@]+)"?\??: ([^;]+);')
UNION = re.compile(r'export type (\w+) =\s*((?:\s*\|?\s*"[^"]+")+);')
NULLABLE = re.compile(r"NullableOption<(.*)>")


@dataclass(frozen=True, slots=True)
class Member:
    """A property as the client expects it, for example `string[]`."""

    kind: str
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class Types:
    """Properties of interfaces, with inherited ones, and members of enumerations, by names."""

    interfaces: dict[str, dict[str, Member]]
    enumerations: dict[str, list[str]]


def _member(text: str) -> Member:
    found = NULLABLE.fullmatch(text)
    return Member(found[1] if found else text, found is not None)


@cache
def types() -> Types:
    """Read the file once."""
    text = COMMENT.sub("", TYPES.read_text())
    own: dict[str, dict[str, Member]] = {}
    bases: dict[str, str] = {}
    for name, base, body in INTERFACE.findall(text):
        own[name] = {each: _member(kind) for each, kind in PROPERTY.findall(body)}
        bases[name] = base

    def whole(name: str) -> dict[str, Member]:
        return {**(whole(bases[name]) if bases[name] else {}), **own[name]}

    unions = {name: re.findall(r'"([^"]+)"', members) for name, members in UNION.findall(text)}
    return Types({name: whole(name) for name in own}, unions)
