"""What a path names. Segments are told apart before they are decoded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote_to_bytes

from gatelodge.graph.edm import (
    Action,
    ComplexType,
    Door,
    EntitySet,
    Function,
    Lookup,
    Model,
    Navigation,
    Property,
    Stream,
)
from gatelodge.graph.errors import Code, GraphError, bad_request
from gatelodge.model.query import Filter

_KEYED = re.compile(r"([^(]*)\((.*)\)", re.DOTALL)
_NAMED_KEY = re.compile(r"\s*(\w+)\s*=\s*(.*)", re.DOTALL)
_CAST = re.compile(r"(?:microsoft\.)?graph\.(\w+)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """An entity on the way to a target, and how it was reached from the one before."""

    entity_set: EntitySet
    navigation: Navigation | None = None
    key: str | None = None
    key_name: str | None = None
    only: Filter | None = None
    cast: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A collection, or with `key` an entity, or with `action` a deed upon it.

    `key_name` is the property the key belongs to when it is not the set's own. What a `navigation`
    leads to lies behind a door made for this path, below the `owners`, outermost first. A
    `structure` lies in others along the path `within`. An entity must be of the type `cast`.
    """

    entity_set: EntitySet
    door: Door
    key: str | None = None
    key_name: str | None = None
    action: Action | None = None
    function: Function | None = None
    lookup: Lookup | None = None
    is_count: bool = False
    is_reference: bool = False
    is_value: bool = False
    navigation: Navigation | None = None
    owners: tuple[Hop, ...] = ()
    structure: Property | None = None
    within: str = ""
    cast: str | None = None
    stream: Stream | None = None

    @property
    def is_collection(self) -> bool:
        """Return whether the target is a list rather than one entity."""
        return self.key is None and not self.leads_to_one

    @property
    def is_question(self) -> bool:
        """Return whether a POST asks something and changes nothing."""
        is_action = self.action is not None and self.action.event is None
        return is_action or self.lookup is not None

    @property
    def leads_to_one(self) -> bool:
        """Return whether the target is what a navigation to one leads to."""
        return self.navigation is not None and not self.navigation.is_collection

    @property
    def hop(self) -> Hop:
        """Return the entity as one on the way to others."""
        return Hop(
            entity_set=self.entity_set,
            navigation=self.navigation,
            key=self.key,
            key_name=self.key_name,
            only=self.door.only,
            cast=self.cast,
        )

    @property
    def path(self) -> str:
        """Return the path of the collection or entity, its key in quoted form."""
        return self.door.path if self.key is None else keyed(self.door.path, self.key)


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


def keyed(path: str, key: str) -> str:
    """Return the path of the entity with a key, in quoted form."""
    return f"{path}('{quote(key.replace(chr(39), chr(39) * 2), safe='')}')"


def address_key(address: str) -> str | None:
    """Return the key at the end of an object's address, whoever is said to be reached there."""
    path = address.partition("?")[0].rstrip("/").encode(errors="replace")
    *before, last = path.split(b"/")
    if not before:
        return None
    segment = _decoded(last)
    keyed_name = _split_key(segment)[1]
    return _key(segment if keyed_name is None else f"({keyed_name})")[1] or None


def _below(entity_set: EntitySet, door: Door, rest: list[str]) -> Target:
    target = Target(entity_set=entity_set, door=door, key="" if entity_set.is_single else None)
    for segment in rest:
        if _is_complete(target):
            raise _no_segment(segment)
        if (found := _cast(target, segment)) is None:
            found = _in_list(target, segment) if target.is_collection else _in_one(target, segment)
        target = found
    return target


def _is_complete(target: Target) -> bool:
    ended = target.is_count or target.is_reference or target.is_value
    ended = ended or target.stream is not None
    bound = (target.action, target.function, target.lookup)
    return ended or any(each is not None for each in bound)


def _cast(target: Target, segment: str) -> Target | None:
    """Return the target as the type a segment names, None when it names none."""
    cast = _CAST.fullmatch(segment)
    if cast is None:
        return None
    name, entity_set = cast[1].lower(), target.entity_set
    if target.structure is not None:
        return target if name in _names_of(target.structure.type) else None
    for door in entity_set.doors:
        if door.only is not None and door.declared.name.lower() == name:
            path = target.door.path
            path = f"{path}/microsoft.graph.{door.declared.name}" if target.key is None else path
            return replace(target, door=replace(door, path=path))
    for each in entity_set.casts:
        if each.entity.name.lower() == name:
            path = target.door.path
            path = f"{path}/microsoft.graph.{each.entity.name}" if target.key is None else path
            door = Door(path=path, declared=each.entity)
            return replace(target, entity_set=each, door=door)
    if any(each.name.lower() == name for each in entity_set.entity.lineage()):
        return target
    others = {each.name.lower() for each in entity_set.derived}
    # A list of several types would have to be told apart; one of a single type is that list.
    is_meant = name in others and (target.key is not None or len(others) == 1)
    return replace(target, cast=name) if is_meant else None


def _names_of(kind: object) -> frozenset[str]:
    kinds = (kind, *kind.derived) if isinstance(kind, ComplexType) else ()
    return frozenset(each.name.lower() for each in kinds)


def _in_list(target: Target, segment: str) -> Target:
    if segment == "$count":
        return replace(target, is_count=True)
    if segment == "$ref":
        return replace(target, is_reference=True)
    if segment == "$value":
        return replace(target, is_value=True)
    if (found := _bound(target, segment, is_of_collection=True)) is not None:
        return found
    name, text = _key(segment)
    return replace(target, key=text, key_name=name)


def _in_one(target: Target, segment: str) -> Target:
    if segment == "$value":
        return replace(target, is_value=True)
    if segment == "$ref":
        return replace(target, is_reference=True)
    if target.structure is None and (found := _bound(target, segment, is_of_collection=False)):
        return found
    name, key = _split_key(segment)
    navigations = _navigations(target)
    if (navigation := navigations.get(name.lower())) is not None:
        reached = _through(target, navigation)
        return reached if key is None else _in_list(reached, f"({key})")
    if target.structure is not None:
        return _part(target, target.structure, segment)
    if (stream := _named_stream(target.entity_set, segment)) is not None:
        return replace(target, stream=stream)
    if (structure := _structure(target, segment)) is None:
        raise _no_segment(segment)
    return replace(target, structure=structure)


def _navigations(target: Target) -> Mapping[str, Navigation]:
    if target.structure is None:
        return target.entity_set.navigations()
    kind = target.structure.type
    navigations = kind.ways() if isinstance(kind, ComplexType) else ()
    return {name: each for each in navigations for name in each.names}


def _part(target: Target, structure: Property, segment: str) -> Target:
    """Return the target with what lies in its structure under the name of a segment."""
    parts = structure.type.parts() if isinstance(structure.type, ComplexType) else ()
    for each in parts:
        if each.name.lower() == segment.lower():
            within = f"{target.within}/{structure.name}"
            return replace(target, structure=each, within=within)
    raise _no_segment(segment)


def _through(target: Target, navigation: Navigation) -> Target:
    name = "" if target.structure is None else f"/{target.structure.name}"
    middle = f"{target.within}{name}"
    path = f"{target.path}{middle}/{navigation.name}"
    return Target(
        entity_set=navigation.to,
        door=Door(path=path, declared=navigation.to.entity),
        navigation=navigation,
        owners=(*target.owners, target.hop),
    )


def _named_stream(entity_set: EntitySet, segment: str) -> Stream | None:
    for kind in entity_set.types():
        for each in kind.streams:
            if each.name.lower() == segment.lower():
                return each
    return None


def _structure(target: Target, segment: str) -> Property | None:
    for kind in target.entity_set.types():
        if target.cast is not None and kind.name.lower() != target.cast:
            continue
        for each in kind.all_properties():
            is_path = isinstance(each.type, ComplexType) and each.type.has_path
            if is_path and each.name.lower() == segment.lower():
                return each
    return None


def _bound(target: Target, segment: str, *, is_of_collection: bool) -> Target | None:
    """Return the target with the action or function a segment names, None when it names none."""
    name = segment.removesuffix("()").lower()
    name = name.removeprefix("microsoft.graph.").removeprefix("graph.")
    for action in target.entity_set.actions:
        if action.name.lower() == name and action.is_of_collection is is_of_collection:
            return replace(target, action=action)
    for function in target.entity_set.functions:
        if function.name.lower() == name and function.is_of_collection is is_of_collection:
            return replace(target, function=function)
    for lookup in target.entity_set.lookups if is_of_collection else ():
        if lookup.name.lower() == name:
            return replace(target, lookup=lookup)
    return None


def _no_segment(segment: str) -> GraphError:
    return bad_request(f"Resource not found for the segment '{segment[:100]}'.")


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
