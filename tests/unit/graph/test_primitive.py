"""Single values: what is read and how it is written."""

import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gatelodge.graph.edm import Enumeration, Primitive
from gatelodge.graph.primitive import (
    Mismatch,
    read_member,
    read_primitive,
    read_single,
    write_date_time,
    write_single,
)
from gatelodge.model.attribute import DataType


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (1, 1.0),
        (1.0, 1.0),
        ("1", 1.0),
        ("1.1", 1.1),
        (1.1, 1.1),
        (1.10000002384185791015625, 1.1),
        (0.1 + 0.2, 0.3),
        (16_777_217, 16_777_216.0),
        (3.4e38, 3.4e38),
        (1e-50, 0.0),
    ],
    ids=repr,
)
def test_a_number_is_rounded_to_single_precision_and_kept_short(given: object, read: float) -> None:
    found = read_single(given)
    assert found == read
    assert struct.pack("<f", found) == struct.pack("<f", float(str(given)))


@pytest.mark.parametrize(
    "given",
    [1e39, -1e39, float("nan"), float("inf"), "NaN", "INF", "", "1,5", "0x1", "\u0661", True],
)
def test_what_is_no_single_precision_number_is_refused(given: object) -> None:
    with pytest.raises(Mismatch):
        read_single(given)


def test_a_number_beyond_every_precision_is_refused() -> None:
    with pytest.raises(Mismatch):
        read_single(10**400)


def test_a_whole_number_is_written_without_a_fraction() -> None:
    assert str(write_single(3.0)) == "3"
    assert str(write_single(1.1)) == "1.1"


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (Primitive.INT32, 7, 7),
        (Primitive.INT32, 7.0, 7),
        (Primitive.INT64, "9007199254740993", 9007199254740993),
        (
            Primitive.GUID,
            "ABCDEF01-0000-4000-8000-000000000000",
            "abcdef01-0000-4000-8000-" + "0" * 12,
        ),
        (Primitive.DATE_TIME, "2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (Primitive.DATE_TIME, "2026-03-01T13:00:00+01:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_value_is_read_as_its_type(kind: Primitive, given: object, read: object) -> None:
    assert read_primitive(kind, given) == read


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Primitive.STRING, 1),
        (Primitive.BOOLEAN, "true"),
        (Primitive.BOOLEAN, 1),
        (Primitive.INT32, 2**31),
        (Primitive.INT32, "7"),
        (Primitive.INT32, 7.5),
        (Primitive.INT32, True),
        (Primitive.INT64, "9" * 19),
        (Primitive.INT64, 2**63),
        (Primitive.GUID, "abc"),
        (Primitive.DATE_TIME, "yesterday"),
        (Primitive.DATE_TIME, "0001-01-01T00:00:00+23:00"),
        (Primitive.DATE_TIME, 7),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Primitive, given: object) -> None:
    with pytest.raises(Mismatch):
        read_primitive(kind, given)


@pytest.mark.parametrize("given", ["int64", "INT64", "Int64", 3, "3"], ids=repr)
def test_a_member_is_known_by_name_in_any_case_and_by_number(given: object) -> None:
    assert read_member(Enumeration("x", DataType, ""), given) is DataType.INT64


@pytest.mark.parametrize(
    "given", [0, 6, "6", "double", "", None, True, 3.0, "unknownFutureValue"], ids=repr
)
def test_an_unknown_member_is_refused(given: object) -> None:
    with pytest.raises(Mismatch):
        read_member(Enumeration("x", DataType, ""), given)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00Z"),
        (datetime(2026, 3, 1, 12, 0, 0, 70, tzinfo=UTC), "2026-03-01T12:00:00.000070Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
        (datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T23:00:00Z"),
    ],
)
def test_a_moment_is_written_in_utc(moment: datetime, written: str) -> None:
    assert write_date_time(moment) == written
