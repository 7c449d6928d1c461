"""`$search` as Graph knows it for directory objects: `"displayName:word"`, joined by AND and OR."""

import re
from collections.abc import Callable
from typing import TypeAlias

from gatelodge.graph.edm import Asked, EntityType, Primitive, Property
from gatelodge.graph.errors import GraphError, bad_request
from gatelodge.graph.filter_text import names_of
from gatelodge.model.identifier import key_of
from gatelodge.model.query import AllOf, AnyOf, Comparator, Comparison, Filter

Sought: TypeAlias = Callable[[str], bool]

MAX_CHARACTERS = 1024
MOST_CLAUSES = 10
_CLAUSE = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*(AND|OR|$)\s*', re.DOTALL)
_WITHOUT_PROPERTY = ("displayName", "mail", "userPrincipalName")


def parse_search(text: str, kind: EntityType) -> Filter:
    """Return what a `$search` asks: some word of the property begins so. Raises `GraphError` 400.

    AND binds closer than OR. Without a property the names people are known by are searched, and
    the key where there are none, in which the text may stand anywhere.
    """
    return AnyOf(tuple(AllOf(tuple(_clause(each, kind) for each in way)) for way in _ways(text)))


def _ways(text: str) -> list[list[str]]:
    """Return the clauses of a search, of which those of one way have to hold."""
    if len(text) > MAX_CHARACTERS:
        raise bad_request(f"A search may have at most {MAX_CHARACTERS} characters.", "$search")
    ways: list[list[str]] = [[]]
    at = 0
    for _ in range(MOST_CLAUSES):
        if (found := _CLAUSE.match(text, at)) is None:
            raise _invalid(f"a clause in quotation marks is expected at position {at}")
        ways[-1].append(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL))
        at = found.end()
        if found[2] == "":
            return ways
        if found[2] == "OR":
            ways.append([])
    raise _invalid(f"it has more than {MOST_CLAUSES} clauses")


def parse_words(text: str) -> Sought:
    """Return whether a value is among those a `$search` asks for: it has the words in it."""
    ways = [[key_of(clause) for clause in way] for way in _ways(text)]

    def is_found(value: str) -> bool:
        return any(all(clause in key_of(value) for clause in way) for way in ways)

    return is_found


def _clause(clause: str, kind: EntityType) -> Filter:
    name, colon, word = clause.partition(":")
    if colon:
        return _begins(_searched(name.strip(), kind), word)
    known = {each.name: each for each in kind.all_properties()}
    places = [known[each] for each in _WITHOUT_PROPERTY if each in known]
    if not places:
        key = _searched(kind.key, kind)
        return Comparison(key.attribute, Comparator.CONTAINS, _word(key, clause))
    return AnyOf(tuple(_begins(each, clause) for each in places))


def _searched(name: str, kind: EntityType) -> Property:
    each = names_of(kind).named(name, "$search")
    if each.type is not Primitive.STRING or each.is_collection or each.asked is Asked.NOTHING:
        raise _invalid(f"the property '{each.name}' cannot be searched")
    return each


def _word(each: Property, text: str) -> str:
    if not (word := text.strip()):
        raise _invalid(f"no word is given for '{each.name}'")
    return word


def _begins(each: Property, text: str) -> Filter:
    word = _word(each, text)
    return AnyOf(
        (
            Comparison(each.attribute, Comparator.STARTS_WITH, word),
            Comparison(each.attribute, Comparator.CONTAINS, f" {word}"),
        )
    )


def _invalid(why: str) -> GraphError:
    return bad_request(f"Invalid search clause: {why}.", "$search")
