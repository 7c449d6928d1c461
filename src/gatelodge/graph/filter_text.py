"""`$filter` as text (OData URL Conventions 4.01 §5.1.1), read for one entity type.

Written by hand because a filter comes from outside: depth, size and every name are bounded while
reading, an error says where it is, and functions are known in any case.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gatelodge.graph.edm import (
    Asked,
    ComplexType,
    EntityType,
    Enumeration,
    Primitive,
    Property,
)
from gatelodge.graph.errors import GraphError, bad_request
from gatelodge.graph.primitive import Mismatch, read_member, read_primitive
from gatelodge.model.query import (
    AllOf,
    Among,
    AnyOf,
    Comparator,
    Comparison,
    Filter,
    Has,
    Not,
    Value,
)

MAX_CHARACTERS = 4096
MAX_DEPTH = 20
MAX_NODES = 200
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<guid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)"
    r"|(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)"
    r"|(?P<name>[a-z_][\w.]*)"
    r"|(?P<mark>[(),/:])",
    re.ASCII | re.I,
)
_EQUALITY = {Comparator.EQ, Comparator.NE}
_FUNCTIONS = {Comparator.STARTS_WITH, Comparator.ENDS_WITH, Comparator.CONTAINS}
_OPERATORS = {each.value: each for each in Comparator if each not in _FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the filter; `at` is where it begins, counted from 0."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Names:
    """What names mean: properties of a type by name, and what they are properties of.

    Names that begin with `open_prefix`, when there is one, are properties of an open type.
    """

    owner: str
    properties: Mapping[str, Property]
    open_prefix: str = ""

    def is_open(self, name: str) -> bool:
        """Return whether the name is one of an open type's further properties."""
        return bool(self.open_prefix) and name.lower().startswith(self.open_prefix)

    def named(self, name: str, option: str = "$filter") -> Property:
        """Return the property; raise `GraphError` about the option when there is none."""
        if (found := self.properties.get(name.lower())) is None and self.is_open(name):
            return _open_property(name)
        if found is None:
            raise bad_request(
                f"Could not find a property named '{name[:100]}' on type '{self.owner}'.", option
            )
        return found


def _open_property(name: str) -> Property:
    key = name.lower()
    return Property(name=key, attribute=key, type=Primitive.STRING, doc="", asked=Asked.EVERYTHING)


def names_of(kind: EntityType) -> Names:
    """Return the names of an entity type, in lower case."""
    return Names(
        f"microsoft.graph.{kind.name}", {each.name.lower(): each for each in kind.all_properties()}
    )


def parse_filter(text: str, kind: EntityType) -> Filter:
    """Return what a `$filter` asks. Raises `GraphError` 400."""
    if len(text) > MAX_CHARACTERS:
        raise bad_request(f"A filter may have at most {MAX_CHARACTERS} characters.", "$filter")
    names = replace(names_of(kind), open_prefix=kind.open_prefix)
    parser = _Parser(_tokens(text), names)
    where = parser.any_of()
    parser.expect_end()
    return where


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or "\0" in found[0]:
            raise _invalid(at, "it cannot be read there")
        if found.lastgroup is not None and found.lastgroup != "space":
            tokens.append(Token(found.lastgroup, found[0], at))
        at = found.end()
    return [*tokens, Token("end", "", at)]


def _invalid(at: int, why: str) -> GraphError:
    return bad_request(f"Invalid filter clause at position {at}: {why}.", "$filter")


@dataclass(slots=True)
class _Parser:
    tokens: list[Token]
    names: Names
    variable: str | None = None
    at: int = 0
    depth: int = 0
    nodes: int = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def is_word(self, word: str) -> bool:
        return self.next.kind in {"name", "mark"} and self.next.text.lower() == word

    def takes(self, word: str) -> bool:
        if self.is_word(word):
            self.take()
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.takes(word):
            raise _invalid(self.next.at, f"'{word}' is expected")

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise _invalid(self.next.at, "'and', 'or' or the end is expected")

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _invalid(self.next.at, f"it is nested more than {MAX_DEPTH} deep")

    def node(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _invalid(self.next.at, f"it has more than {MAX_NODES} parts")

    def any_of(self) -> Filter:
        parts = [self.all_of()]
        while self.takes("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self) -> Filter:
        parts = [self.one()]
        while self.takes("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def one(self) -> Filter:
        self.enter()
        self.node()
        if self.takes("not"):
            found: Filter = Not(self.one())
        elif self.takes("("):
            found = self.any_of()
            self.expect(")")
        elif self.next.kind == "name" and self.tokens[self.at + 1].text == "(":
            found = self.function()
        else:
            found = self.comparison()
        self.depth -= 1
        return found

    def function(self) -> Filter:
        token = self.take()
        comparator = next((each for each in _FUNCTIONS if each == token.text.lower()), None)
        if comparator is None:
            raise _invalid(token.at, f"the function '{token.text[:100]}' is not supported")
        self.expect("(")
        place = self.path()
        self.expect(",")
        value = self.value(place, comparator)
        self.expect(")")
        if not isinstance(value, str):
            raise _invalid(token.at, "text is expected")
        return Comparison(place.attribute, comparator, value)

    def comparison(self) -> Filter:
        place = self.path()
        if place.is_collection:
            return self.lambda_(place)
        if self.takes("in"):
            return self.among(place)
        comparator = _OPERATORS.get(self.next.text.lower())
        if comparator is None and place.type is Primitive.BOOLEAN:
            return Comparison(place.attribute, Comparator.EQ, True)
        if comparator is None:
            raise _invalid(self.next.at, "an operator is expected")
        self.take()
        return Comparison(place.attribute, comparator, self.value(place, comparator))

    def among(self, place: Property) -> Filter:
        self.expect("(")
        values = [self.value(place, Comparator.EQ)]
        while self.takes(","):
            self.node()
            values.append(self.value(place, Comparator.EQ))
        self.expect(")")
        return Among(place.attribute, tuple(values))

    def path(self) -> Property:
        token = self.take()
        if token.kind != "name":
            raise _invalid(token.at, "the name of a property is expected")
        if self.variable is not None:
            return self.member(token)
        place = self.names.named(token.text)
        while isinstance(place.type, ComplexType) and _is_one(place) and self.takes("/"):
            place = _within(place, place.type, self.take().text)
        if place.asked is Asked.NOTHING:
            raise _invalid(token.at, f"'{place.name}' cannot be filtered by")
        return place

    def member(self, token: Token) -> Property:
        if token.text != self.variable:
            raise _invalid(token.at, f"'{token.text[:100]}' is not the variable in scope")
        if not self.takes("/"):
            return self.names.named("")
        return self.names.named(self.take().text)

    def lambda_(self, place: Property) -> Filter:
        self.expect("/")
        is_all = self.is_word("all")
        if not is_all and not self.is_word("any"):
            raise _invalid(self.next.at, "'any' or 'all' is expected")
        self.take()
        self.expect("(")
        if not is_all and self.takes(")"):
            return Has(place.attribute)
        part = self.inside(place)
        self.expect(")")
        return Not(Has(place.attribute, Not(part))) if is_all else Has(place.attribute, part)

    def inside(self, place: Property) -> Filter:
        if self.variable is not None:
            raise _invalid(self.next.at, "'any' cannot stand inside 'any'")
        token = self.take()
        if token.kind != "name":
            raise _invalid(token.at, "the name of a variable is expected")
        self.expect(":")
        outer = self.names
        self.names, self.variable = _members_of(place), token.text
        part = self.any_of()
        self.names, self.variable = outer, None
        return part

    def value(self, place: Property, comparator: Comparator) -> Value:
        token = self.take()
        if token.kind == "name" and self.next.kind == "text":
            token = self.take()
        is_text = place.type is Primitive.STRING
        if place.asked is Asked.EQUALITY and comparator not in _EQUALITY:
            raise _invalid(token.at, f"'{place.name}' can only be compared by eq, ne and in")
        if comparator in _FUNCTIONS and not is_text:
            raise _invalid(token.at, f"'{place.name}' is no text")
        if token.kind == "name" and token.text.lower() == "null":
            return None
        try:
            if self.variable is None and self.names.is_open(place.attribute):
                return _open_literal(token)
            value: Value = _literal(place, token)
        except Mismatch as mismatch:
            raise _invalid(token.at, f"the value of '{place.name}' {mismatch}"[:-1]) from mismatch
        return value


def _is_one(place: Property) -> bool:
    return not place.is_collection


def _within(place: Property, kind: ComplexType, name: str) -> Property:
    """Return a property of a structured value, by the attributes that lead to it."""
    found = Names(kind.name, {each.name.lower(): each for each in kind.properties}).named(name)
    if place.inlined is not None:
        return found
    return replace(found, attribute=f"{place.attribute}.{found.attribute}")


def _members_of(place: Property) -> Names:
    if isinstance(place.type, ComplexType):
        return Names(
            place.type.name,
            {each.name.lower(): each for each in place.type.properties if _is_asked(each)},
        )
    itself = Property(
        name=place.name, attribute=".", type=place.type, doc=place.doc, asked=Asked.EVERYTHING
    )
    return Names(place.name, {"": itself})


def _is_asked(each: Property) -> bool:
    return each.asked is not Asked.NOTHING


def _open_literal(token: Token) -> Value:
    """Return the value as it is written: the type of the property is not known here."""
    if token.kind == "time":
        found: Value = read_primitive(Primitive.DATE_TIME, token.text)
        return found
    return _written(token)


def _literal(place: Property, token: Token) -> Any:  # noqa: ANN401 - as many types as properties
    value = _written(token)
    if isinstance(place.type, Enumeration):
        return read_member(place.type, value)
    if isinstance(place.type, ComplexType):
        raise Mismatch("cannot be compared.")
    return read_primitive(place.type, value)


def _written(token: Token) -> Value:
    match token.kind:
        case "text":
            return token.text[1:-1].replace("''", "'")
        case "guid" | "time":
            return token.text
        case "number" if set(token.text) & set(".eE"):
            return float(token.text)
        case "number":
            return int(token.text[:40])
        case "name" if token.text.lower() in {"true", "false"}:
            return token.text.lower() == "true"
        case _:
            raise Mismatch("must be a literal.")
