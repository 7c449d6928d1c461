"""Query options: what of a list or an entity is asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, unquote_to_bytes

from gatelodge.graph.edm import (
    Asked,
    ComplexType,
    Door,
    EntitySet,
    EntityType,
    Navigation,
    Returned,
)
from gatelodge.graph.errors import bad_request
from gatelodge.graph.filter_text import names_of, parse_filter
from gatelodge.graph.search_text import Sought, parse_search, parse_words
from gatelodge.model.query import AllOf, Filter, Order

Pairs: TypeAlias = tuple[tuple[str, str], ...]

_OF_LIST = frozenset(
    {"top", "skip", "skiptoken", "select", "filter", "search", "orderby", "count", "expand"}
)
_OF_ITEM = frozenset({"select", "expand"})
_OF_VALUES = frozenset({"top", "skip", "count", "search"})
_OF_COUNT = frozenset({"filter", "search"})
_KNOWN = _OF_LIST | {"format", "apply", "compute", "deltatoken", "levels", "@id"}
_FORMATS = ("json", "application/json")
_EXPANDED = re.compile(r"(\w+)\s*(?:\((.*)\))?", re.DOTALL | re.ASCII)
_MOST = 2**31 - 1
_MOST_ORDERS = 5


def read_pairs(query: bytes) -> Pairs:
    """Return the options of a query string, names in lower case and without `$`.

    Options we know are known without their dollar sign as well; others without one are nobody's
    business and left out. Raises `GraphError` for an option given twice.
    """
    found: dict[str, str] = {}
    for piece in query.lstrip(b"?").split(b"&"):
        name, _, value = piece.partition(b"=")
        option = _text(name).strip().lower()
        if not option.startswith("$") and option not in _KNOWN:
            continue
        option = option.removeprefix("$")
        if option in found:
            said = f"${option[:50]}"
            raise bad_request(f"The query option '{said}' is given twice.", said)
        found[option] = _text(value)
    return tuple(found.items())


def _text(octets: bytes) -> str:
    try:
        text = unquote_to_bytes(octets.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise bad_request("The query string is not UTF-8.") from error
    if "\0" in text:
        raise bad_request("The query string contains NUL.")
    return text


@dataclass(frozen=True, slots=True)
class Expansion:
    """A navigation to be followed, and what to return of the entities it leads to."""

    navigation: Navigation
    select: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Checked query options. `kept` are those a link to the next page repeats.

    `sought` says whether a value that is no entity is among those that were searched for.
    """

    select: tuple[str, ...] | None = None
    expand: tuple[Expansion, ...] = ()
    where: Filter | None = None
    order: tuple[Order, ...] = ()
    top: int | None = None
    skip: int = 0
    is_counted: bool = False
    token: str | None = None
    kept: Pairs = ()
    sought: Sought | None = None
    scope: tuple[str, ...] = field(default=())


def list_options(pairs: Pairs, entity_set: EntitySet) -> Options:
    """Check the options of a list."""
    given = _allowed(pairs, _OF_LIST)
    kind = entity_set.entity
    return Options(
        select=_select(given, kind),
        expand=_expand(given, entity_set.navigations()),
        where=_where(given, kind),
        order=tuple(_orders(given.get("orderby", ""), kind)),
        top=_number(given, "top"),
        skip=_number(given, "skip") or 0,
        is_counted=_flag(given, "count"),
        token=given.get("skiptoken"),
        kept=tuple(pair for pair in pairs if pair[0] not in {"skip", "skiptoken"}),
        scope=tuple(given.get(name, "") for name in ("filter", "search", "orderby")),
    )


def reference_options(pairs: Pairs, entity_set: EntitySet) -> Options:
    """Check the options of a list of references, of which nothing can be selected."""
    given = _allowed(pairs, _OF_LIST - {"select", "expand"})
    return list_options(tuple(given.items()), entity_set)


def item_options(pairs: Pairs, entity_set: EntitySet) -> Options:
    """Check the options of a single entity."""
    given = _allowed(pairs, _OF_ITEM)
    return Options(
        select=_select(given, entity_set.entity),
        expand=_expand(given, entity_set.navigations()),
    )


def lookup_options(pairs: Pairs, kind: EntityType) -> Options:
    """Check the options of a question that has a body."""
    return Options(select=_select(_allowed(pairs, frozenset({"select"})), kind))


def structure_options(pairs: Pairs, kind: ComplexType) -> Options:
    """Check the options of a structured value."""
    ways = {name: each for each in kind.navigations for name in each.names}
    given = _allowed(pairs, _OF_ITEM)
    return Options(select=_select_of(given, kind, ways), expand=_expand(given, ways))


def values_options(pairs: Pairs) -> Options:
    """Check the options of a list of values that are no entities."""
    given = _allowed(pairs, _OF_VALUES)
    return Options(
        top=_number(given, "top"),
        skip=_number(given, "skip") or 0,
        is_counted=_flag(given, "count"),
        sought=parse_words(given["search"]) if "search" in given else None,
    )


def no_options(pairs: Pairs) -> None:
    """Raise `GraphError` 400 for any option."""
    _allowed(pairs, frozenset())


def referred(pairs: Pairs) -> str | None:
    """Return the address in `@id`, which says what `$ref` is about."""
    return _allowed(pairs, frozenset({"@id"})).get("@id")


def restricted(door: Door, where: Filter | None) -> Filter | None:
    """Return the filter for what lies behind a door."""
    if door.only is None or where is None:
        return door.only or where
    return AllOf((door.only, where))


def count_options(pairs: Pairs, kind: EntityType) -> Options:
    """Check the options of `/$count`."""
    return Options(where=_where(_allowed(pairs, _OF_COUNT), kind))


def _allowed(pairs: Pairs, allowed: frozenset[str]) -> dict[str, str]:
    given = {name: value for name, value in pairs if name != "format"}
    if not dict(pairs).get("format", "json").lower().startswith(_FORMATS):
        raise bad_request("The value of '$format' must be json.", "$format")
    for name in given:
        if name not in allowed:
            option = f"${name[:50]}"
            raise bad_request(f"The query option '{option}' is not supported here.", option)
    return given


def _number(given: dict[str, str], name: str) -> int | None:
    if (text := given.get(name)) is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= _MOST):
        message = f"The value of '${name}' must be a whole number, 0 to {_MOST}."
        raise bad_request(message, f"${name}")
    return int(text)


def _flag(given: dict[str, str], name: str) -> bool:
    text = given.get(name, "false").lower()
    if text not in {"true", "false"}:
        raise bad_request(f"The value of '${name}' must be true or false.", f"${name}")
    return text == "true"


def _where(given: dict[str, str], kind: EntityType) -> Filter | None:
    parts = [parse_filter(given["filter"], kind)] if "filter" in given else []
    parts += [parse_search(given["search"], kind)] if "search" in given else []
    return AllOf(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _select(given: dict[str, str], kind: EntityType) -> tuple[str, ...] | None:
    if "select" not in given:
        return None
    names = names_of(kind)
    found: dict[str, None] = {}
    for word in (part.strip() for part in given["select"].split(",")):
        if word == "*":
            found |= {each.name: None for each in kind.all_properties() if _is_default(each)}
        elif kind.open_prefix and word.lower().startswith(kind.open_prefix):
            found[word] = None
        else:
            found[names.named(word, "$select").name] = None
    return tuple(found)


def _select_of(
    given: dict[str, str], kind: ComplexType, ways: Mapping[str, Navigation]
) -> tuple[str, ...] | None:
    if "select" not in given:
        return None
    kinds = (kind, *kind.derived)
    known = {each.name.lower(): each.name for part in kinds for each in part.properties}
    found: dict[str, None] = {}
    for word in (part.strip() for part in given["select"].split(",")):
        if word == "*":
            return None
        if (name := known.get(word.lower())) is not None:
            found[name] = None
        elif word.lower() not in ways:
            owner = f"microsoft.graph.{kind.name}"
            message = f"Could not find a property named '{word[:100]}' on type '{owner}'."
            raise bad_request(message, "$select")
    return tuple(found)


def _expand(given: dict[str, str], known: Mapping[str, Navigation]) -> tuple[Expansion, ...]:
    found: dict[str, Expansion] = {}
    for piece in _pieces(given["expand"]) if "expand" in given else ():
        parts = _EXPANDED.fullmatch(piece)
        navigation = None if parts is None else known.get(parts[1].lower())
        if parts is None or navigation is None:
            message = f"Could not find a navigation property named '{piece[:100]}'."
            raise bad_request(message, "$expand")
        within: dict[str, str] = {}
        for option in (parts[2] or "").split(";"):
            name, _, value = option.strip().partition("=")
            if name.strip().lower().removeprefix("$") != "select" and option.strip():
                raise bad_request(f"'{name[:50]}' is not supported within '$expand'.", "$expand")
            if option.strip():
                within["select"] = value
        found[navigation.name] = Expansion(navigation, _select(within, navigation.to.entity))
    return tuple(found.values())


def _pieces(text: str) -> Iterator[str]:
    """Split at commas outside parentheses."""
    depth, piece = 0, ""
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield piece.strip()
            piece = ""
        else:
            piece += character
    yield piece.strip()


def _is_default(each: object) -> bool:
    return getattr(each, "returned", None) is Returned.BY_DEFAULT


def _orders(text: str, kind: EntityType) -> Iterator[Order]:
    parts = text.split(",") if text.strip() else []
    if len(parts) > _MOST_ORDERS:
        message = f"'$orderby' takes at most {_MOST_ORDERS} properties."
        raise bad_request(message, "$orderby")
    for words in (part.split() for part in parts):
        direction = words[1].lower() if len(words) == 2 else "asc"
        if len(words) not in {1, 2} or direction not in {"asc", "desc"}:
            message = "The value of '$orderby' must be names, each with asc or desc."
            raise bad_request(message, "$orderby")
        each = names_of(kind).named(words[0], "$orderby")
        if each.asked is Asked.NOTHING or each.is_collection or not each.is_sorted:
            raise bad_request(f"The property '{each.name}' cannot be sorted by.", "$orderby")
        yield Order(each.attribute, direction == "desc")


def query_string(pairs: Sequence[tuple[str, str]]) -> str:
    """Return options as a query string, with their dollar signs."""
    return "&".join(f"${name}={quote(value, safe='')}" for name, value in pairs)
