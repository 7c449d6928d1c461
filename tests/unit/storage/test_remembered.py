"""Values kept for rows that come again: the same row, the same value; any other row, another."""

from typing import Any

import pytest

from gatelodge.storage.remembered import Remembered

ROW = ("directory", "key", 1, "text")


def made(row: Any) -> list[Any]:
    return list(row)


def read(row: Any) -> Any:
    return row


def test_the_same_row_gives_the_same_value() -> None:
    remembered = Remembered(made)
    assert remembered.of(ROW, read) is remembered.of(tuple(ROW), read)


@pytest.mark.parametrize(
    "other",
    [
        ("directory", "key", 2, "text"),
        ("directory", "key", 1, "Text"),
        ("another", "key", 1, "text"),
        ("directory", "key", None, "text"),
    ],
)
def test_what_differs_anywhere_is_made_anew(other: tuple[Any, ...]) -> None:
    remembered = Remembered(made)
    first = remembered.of(ROW, read)
    assert remembered.of(other, read) == list(other)
    assert remembered.of(ROW, read) == first == list(ROW)


def test_only_so_many_are_kept() -> None:
    remembered = Remembered(made)
    first = remembered.of(ROW, read)
    for number in range(1024):
        remembered.of(("directory", f"key{number}", 1, "text"), read)
    assert remembered.of(ROW, read) is not first
