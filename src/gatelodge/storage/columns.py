"""Column types.

Each says how a value is written and read, because statements run on the driver directly and
SQLAlchemy's own processors are not in the path.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import BigInteger, Boolean, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

Convert: TypeAlias = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_KNOWN = 1024
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_NAME = 1000
"""Octets in UTF-8: two such names and a directory's id fit into one index entry."""


class Converted(TypeDecorator[Any]):
    """A type whose stored form differs from its Python form; None stays None."""

    impl: Any = Text
    cache_ok = True

    def encode(self, value: Any) -> Any:
        """Return the stored form of `value`."""
        raise NotImplementedError

    def decode(self, value: Any) -> Any:
        """Return the Python form of what the driver gave."""
        raise NotImplementedError


class Name(Text):
    """Text of a key or an index: PostgreSQL refuses entries beyond a third of a page."""

    cache_ok = True

    def __init__(self, *, longest_octets: int = _LONGEST_NAME) -> None:
        super().__init__()
        self.longest_octets = longest_octets

    def encode(self, value: str) -> str:
        """Return the name; raises `ValueError` when it is too long."""
        longest = self.longest_octets
        if len(value) > longest // 4 and len(value.encode()) > longest:
            raise ValueError("the name is too long")
        return value


class UtcDateTime(Converted):
    """An aware datetime as microseconds since 1970 UTC: exact, ordered, the same everywhere."""

    impl = BigInteger
    cache_ok = True

    def encode(self, value: datetime) -> int:
        """Return microseconds; a naive datetime is a mistake and raises `TypeError`."""
        return (value - _EPOCH) // _MICROSECOND

    def decode(self, value: int) -> datetime:
        """Return the aware datetime."""
        # Days, seconds, microseconds: naming one of them costs as much again.
        return _EPOCH + timedelta(0, 0, value)


class Flag(Converted):
    """A boolean, which SQLite gives back as 0 or 1."""

    impl = Boolean
    cache_ok = True

    def __init__(self) -> None:
        super().__init__()
        self.decode = bool  # type: ignore[assignment]

    def encode(self, value: bool) -> bool:
        """Return the value as it is."""
        return value


class Octets(Converted):
    """Octets, as they are."""

    impl = LargeBinary
    cache_ok = True

    def encode(self, value: bytes) -> bytes:
        """Return the value as it is."""
        return value

    def decode(self, value: bytes) -> bytes:
        """Return plain bytes."""
        return bytes(value)


class Member(Converted):
    """A member of a closed list, stored as its value."""

    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members
        # Calling the enumeration costs five times what looking up does.
        self.decode = {each.value: each for each in members}.__getitem__  # type: ignore[assignment]

    def encode(self, value: StrEnum) -> str:
        """Return the member's value."""
        return str(value)


class Json(Converted):
    """A frozen dataclass, or a collection of them, as JSON text.

    `is_repeated` says that rows tend to hold the same settings, which are then read once: a page
    of a hundred user flows has hardly more than one kind of each.
    """

    cache_ok = True

    def __init__(self, python: Any, *, is_repeated: bool = False) -> None:
        super().__init__()
        self.python = python
        self._decoder = msgspec.json.Decoder(python)
        # Read, or found in a dictionary, without a call of ours.
        self.decode = _Known(self._decoder).__getitem__ if is_repeated else self._decoder.decode  # type: ignore[assignment]

    def encode(self, value: Any) -> str:
        """Return compact JSON."""
        return msgspec.json.encode(value).decode()


class _Known(dict[str, Any]):
    """What texts stand for, read when it is first asked for."""

    def __init__(self, decoder: msgspec.json.Decoder[Any]) -> None:
        super().__init__()
        self._decoder = decoder

    def __missing__(self, text: str) -> Any:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        found = self[text] = self._decoder.decode(text)
        return found
