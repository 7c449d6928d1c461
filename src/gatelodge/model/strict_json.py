"""JSON of somebody else's, read strictly (RFC 8259): each name once, and numbers that are some."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn


class RepeatedName(ValueError):
    """An object gives the same name twice: two readers could take two different values."""


class NoNumber(ValueError):
    """It is NaN or Infinity, which JSON does not have; the message is its name."""


def read_strictly(text: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return the value a text holds.

    Raises `RepeatedName` or `NoNumber`, and what `json.loads` raises: other kinds of `ValueError`,
    and `RecursionError` for what is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON can hold
    """Yield every text in a value, names included."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as several:
                waiting += several
            case dict() as members:
                yield from members
                waiting += members.values()
            case _:
                pass


def is_unicode(text: str) -> bool:
    """Return whether a text has no lone half of a surrogate pair."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedName("a name is given twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise NoNumber(name)
