"""Filters of the audit log in its readers' words, as questions to the columns of its table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from gatelodge.model.audit import ActorKind, EventName
from gatelodge.model.audit_activity import Activity, activity_named
from gatelodge.model.directory_audit import CODE_PREFIX, INVALID_CREDENTIALS, Known
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
    matches,
)

Ids: TypeAlias = Mapping[str, Known]
"""What the texts of a filter stand for, as far as they are ids."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A word that follows from a column with few values; `texts` are the words by value."""

    column: str
    texts: Mapping[Value, str | int]


@dataclass(frozen=True, slots=True)
class Named:
    """An id that can only be equal or not: `equal` is the question whether it is, or is none."""

    equal: Callable[[str | None, Ids], Filter]


@dataclass(frozen=True, slots=True)
class Coded:
    """A number that can only be equal or not: `equal` is the question whether it is."""

    equal: Callable[[int], Filter]


Word: TypeAlias = Listed | Named | Coded


@dataclass(frozen=True, slots=True)
class _One:
    text: str | int


def in_columns(where: Filter, words: Mapping[str, Word], ids: Ids) -> Filter:
    """Return a filter that asks columns where it asked for words."""
    match where:
        case AllOf() | AnyOf():
            return type(where)(tuple(in_columns(each, words, ids) for each in where.parts))
        case Not():
            return Not(in_columns(where.part, words, ids))
        case Has():
            return _member(where, words, ids)
        case Comparison() | Among() if (word := words.get(where.attribute)) is not None:
            return _asked(word, where, ids)
        case _:
            return where


def texts_in(where: Filter, words: Mapping[str, Word]) -> tuple[str, ...]:
    """Return the texts ids are compared with."""
    return tuple(dict.fromkeys(_texts(where, words)))


def _texts(where: Filter, words: Mapping[str, Word]) -> Iterator[str]:
    match where:
        case AllOf() | AnyOf():
            for part in where.parts:
                yield from _texts(part, words)
        case Not():
            yield from _texts(where.part, words)
        case Comparison() | Among() if isinstance(words.get(where.attribute), Named):
            yield from (each for each in _values(where) if isinstance(each, str))
        case _:
            return


def _values(where: Comparison | Among) -> tuple[Value, ...]:
    return where.values if isinstance(where, Among) else (where.value,)


def _listed(word: Listed, where: Comparison | Among) -> Filter:
    asked = replace(where, attribute="text")
    found = tuple(value for value, text in word.texts.items() if matches(asked, _One(text)))
    return Among(word.column, found)


def _asked(word: Word, where: Comparison | Among, ids: Ids) -> Filter:
    match word:
        case Listed():
            return _listed(word, where)
        case Named():
            found = (word.equal(_id(each), ids) for each in _values(where))
        case Coded():
            found = (word.equal(each) for each in _values(where) if isinstance(each, int))
    return _equal_or_not(AnyOf(tuple(found)), where)


def _id(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _equal_or_not(found: Filter, where: Comparison | Among) -> Filter:
    is_not = isinstance(where, Comparison) and where.comparator is Comparator.NE
    return Not(found) if is_not else found


def _member(where: Has, words: Mapping[str, Word], ids: Ids) -> Filter:
    """Return the question to the only member there is: an event has one target."""
    if where.part is None:
        return AllOf(())
    within = {
        name.removeprefix(f"{where.attribute}."): word
        for name, word in words.items()
        if name.startswith(f"{where.attribute}.")
    }
    return in_columns(where.part, within, ids)


def _activities(of: Callable[[Activity], str]) -> Mapping[Value, str | int]:
    return {name: of(activity_named(name)) for name in EventName}


def _acted(kind: ActorKind) -> Filter:
    """Return whether somebody of a kind acted, which the name tells where the row does not."""
    names = tuple(name for name in EventName if activity_named(name).actor_kind is kind)
    by_name = AllOf((Comparison("actor_kind", Comparator.EQ, None), Among("name", names)))
    return AnyOf((Comparison("actor_kind", Comparator.EQ, kind), by_name))


def _actor(kind: ActorKind) -> Named:
    def equal(text: str | None, ids: Ids) -> Filter:
        if text is None:
            return Not(_acted(kind))
        return AllOf((_acted(kind), Among("actor", _also(text, ids))))

    return Named(equal)


def _also(text: str | None, ids: Ids) -> tuple[Value, ...]:
    """Return an id and, of an application, its other one: rows hold either."""
    if text is None:
        return ()
    found = ids.get(text)
    others = () if found is None else tuple(each for each in (found.id, found.app_id) if each)
    return tuple(dict.fromkeys((text, *others)))


def _succeeded(is_success: bool) -> Filter:
    return Comparison("is_success", Comparator.EQ, is_success)


def _signed_in(text: str | None, _: Ids) -> Filter:
    if text is None:
        return _succeeded(False)
    return AllOf((_succeeded(True), Comparison("actor", Comparator.EQ, text)))


def _signed_in_at(text: str | None, ids: Ids) -> Filter:
    places = _also(text, ids)
    return AnyOf(
        (
            AllOf((_succeeded(True), Among("target", places))),
            AllOf((_succeeded(False), Among("actor", places))),
        )
    )


def _ended_with(code: int) -> Filter:
    if code == 0:
        return _succeeded(True)
    told = Comparison("code", Comparator.EQ, f"{CODE_PREFIX}{code}")
    if code == INVALID_CREDENTIALS:
        told_any = Comparison("code", Comparator.STARTS_WITH, CODE_PREFIX)
        return AllOf((_succeeded(False), AnyOf((told, Not(told_any)))))
    return AllOf((_succeeded(False), told))


DIRECTORY_WORDS: Mapping[str, Word] = {
    "activity_display_name": Listed("name", _activities(lambda it: it.display_name)),
    "category": Listed("name", _activities(lambda it: it.category)),
    "operation_type": Listed("name", _activities(lambda it: it.operation)),
    "logged_by_service": Listed("name", _activities(lambda it: it.service)),
    "result": Listed("is_success", {True: "success", False: "failure"}),
    "initiated_by.user.id": _actor(ActorKind.USER),
    "initiated_by.application.app_id": _actor(ActorKind.APPLICATION),
    "target_resources.id": Named(lambda text, ids: Among("target", _also(text, ids))),
    "target_resources.type": Listed("name", _activities(lambda it: it.target_type)),
}
SIGN_IN_WORDS: Mapping[str, Word] = {
    "user_id": Named(_signed_in),
    "app_id": Named(_signed_in_at),
    "status.error_code": Coded(_ended_with),
}
