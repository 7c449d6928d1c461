"""What a path names. Segments are told apart before they are decoded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from gatelodge.graph.edm import Action, Door, EntitySet, Model
from gatelodge.graph.errors import Code, GraphError, bad_request

_KEYED = re.compile(r"([^(]*)\((.*)\)", re.DOTALL)
_NAMED_KEY = re.compile(r"\s*(\w+)\s*=\s*(.*)", re.DOTALL)
_CAST = re.compile(r"(?:microsoft\.)?graph\.(\w+)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A collection, or with `key` an entity, or with `action` a deed upon it.

    `key_name` is the property the key belongs to when it is not the set's own.
    """

    entity_set: EntitySet
    door: Door
    key: str | None = None
    key_name: str | None = None
    action: Action | None = None
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class Paths:
    """Every path of the model, by its segments in lower case."""

    doors: Mapping[tuple[str, ...], tuple[EntitySet, Door]]
    roots: frozenset[str]

    def resolve(self, raw_path: bytes) -> Target:
        """Return what the path below the version names.

        Raises `GraphError`: 404 for a root we do not know or a key that is no text, 400 for an
        unknown segment further on.
        """
        segments = [_decoded(each) for each in raw_path.split(b"/") if each]
        for length in range(1, len(segments) + 1):
            *before, last = segments[:length]
            name, key = _split_key(last)
            found = self.doors.get(tuple(part.lower() for part in (*before, name)))
            if found is not None:
                rest = segments[length:]
                return _below(*found, rest if key is None else [f"({key})", *rest])
        return self._unknown(segments)

    def _unknown(self, segments: list[str]) -> Target:
        if segments and segments[0].lower() in self.roots and len(segments) > 1:
            raise bad_request(f"Resource not found for the segment '{segments[1][:100]}'.")
        name = segments[0] if segments else ""
        raise GraphError(404, Code.NOT_FOUND, f"Resource not found for the segment '{name[:100]}'.")


def paths_of(model: Model) -> Paths:
    """Return the paths of a model, ready for looking up."""
    doors = {
        tuple(door.path.lower().strip("/").split("/")): (entity_set, door)
        for entity_set in model
        for door in entity_set.doors
    }
    return Paths(doors, frozenset(segments[0] for segments in doors))


def _below(entity_set: EntitySet, door: Door, rest: list[str]) -> Target:
    rest = [each for each in rest if not _is_cast(entity_set, each)]
    if entity_set.is_single:
        rest = ["", *rest]
    match rest:
        case []:
            return Target(entity_set=entity_set, door=door)
        case ["$count"]:
            return Target(entity_set=entity_set, door=door, is_count=True)
        case [key]:
            name, text = _key(key)
            return Target(entity_set=entity_set, door=door, key=text, key_name=name)
        case [key, name]:
            action = _action(entity_set, name)
            key_name, text = _key(key)
            return Target(
                entity_set=entity_set, door=door, key=text, key_name=key_name, action=action
            )
        case _:
            raise bad_request(f"Resource not found for the segment '{rest[1][:100]}'.")


def _is_cast(entity_set: EntitySet, segment: str) -> bool:
    cast = _CAST.fullmatch(segment)
    names = {each.name.lower() for each in entity_set.entity.lineage()}
    return cast is not None and cast[1].lower() in names


def _action(entity_set: EntitySet, segment: str) -> Action:
    name = segment.removesuffix("()").lower()
    name = name.removeprefix("microsoft.graph.").removeprefix("graph.")
    for each in entity_set.actions:
        if each.name.lower() == name:
            return each
    raise bad_request(f"Resource not found for the segment '{segment[:100]}'.")


def _split_key(segment: str) -> tuple[str, str | None]:
    keyed = _KEYED.fullmatch(segment)
    return (segment, None) if keyed is None else (keyed[1], keyed[2])


def _key(segment: str) -> tuple[str | None, str]:
    """Read `x`, `('x')` or `(name='x')`; a quotation mark inside is doubled."""
    if not (segment.startswith("(") and segment.endswith(")")):
        return None, segment
    text, name = segment[1:-1], None
    if not text.startswith("'") and (named := _NAMED_KEY.fullmatch(text)) is not None:
        name, text = named[1], named[2]
    if len(text) >= 2 and text.startswith("'") and text.endswith("'"):
        text = text[1:-1].replace("''", "'")
    return name, text


def _decoded(segment: bytes) -> str:
    try:
        text = unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise GraphError(404, Code.NOT_FOUND, "The path is no text.")
    return text
