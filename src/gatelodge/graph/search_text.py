"""`$search` as Graph knows it for directory objects: `"displayName:word"`, joined by AND and OR."""

import re

from gatelodge.graph.edm import Asked, EntityType, Primitive, Property
from gatelodge.graph.errors import GraphError, bad_request
from gatelodge.graph.filter_text import names_of
from gatelodge.model.query import AllOf, AnyOf, Comparator, Comparison, Filter

MAX_CHARACTERS = 1024
MOST_CLAUSES = 10
_CLAUSE = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*(AND|OR|$)\s*', re.DOTALL)
_WITHOUT_PROPERTY = ("displayName", "mail", "userPrincipalName")


def parse_search(text: str, kind: EntityType) -> Filter:
    """Return what a `$search` asks: some word of the property begins so. Raises `GraphError` 400.

    AND binds closer than OR. Without a property the names people are known by are searched, and
    the key where there are none, in which the text may stand anywhere.
    """
    if len(text) > MAX_CHARACTERS:
        raise bad_request(f"A search may have at most {MAX_CHARACTERS} characters.", "$search")
    ways: list[list[Filter]] = [[]]
    at, joined = 0, "OR"
    for _ in range(MOST_CLAUSES):
        if (found := _CLAUSE.match(text, at)) is None:
            raise _invalid(f"a clause in quotation marks is expected at position {at}")
        ways[-1].append(_clause(found[1], kind))
        at, joined = found.end(), found[2]
        if joined == "":
            return AnyOf(tuple(AllOf(tuple(parts)) for parts in ways))
        if joined == "OR":
            ways.append([])
    raise _invalid(f"it has more than {MOST_CLAUSES} clauses")


def _clause(text: str, kind: EntityType) -> Filter:
    clause = re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
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
    each = names_of(kind).named(name)
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
