"""Values made of rows, kept for rows that come again unchanged.

The database is asked every time: what is not done twice is working out what its answer means.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from gatelodge.storage.statement import Row

T = TypeVar("T")
_MOST = 1024


class Remembered(Generic[T]):
    """Makes values of rows that begin with their key; the same row gives the same value."""

    __slots__ = ("_known", "_make")

    def __init__(self, make: Callable[[Row], T]) -> None:
        self._make = make
        self._known: dict[Row, tuple[Row, T]] = {}

    def of(self, row: Row, read: Callable[[Row], Row]) -> T:
        """Return the value of a row, which `read` turns into what values are made of."""
        key = row[:2]
        known = self._known.get(key)
        # All of it is compared: what is kept is never older than what was just read.
        if known is not None and known[0] == row:
            return known[1]
        if len(self._known) >= _MOST:
            self._known.clear()
        value = self._make(read(row))
        self._known[key] = (row, value)
        return value
