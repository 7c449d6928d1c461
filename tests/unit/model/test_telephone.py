import pytest

from gatelodge.model.telephone import (
    mask_telephone,
    parse_telephone,
    region_of,
    regions,
    spaced_telephone,
)
from gatelodge.pages.telephone_regions import REGION_NAMES


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("0151 23456789", "DE", "+4915123456789"),
        ("+49 (0)151 23456789", "US", "+4915123456789"),
        ("(206) 555-0100", "US", "+12065550100"),
        ("0151 23456789", None, None),
        ("0900 1234567", "DE", None),
        ("0800 1234567", "DE", None),
        ("112", "DE", None),
        ("", "DE", None),
        ("+", None, None),
        ("tel:+4915123456789;ext=7", None, None),
        ("+4915123456789" * 3, None, None),
        ("0151 23456789", "XX", None),
    ],
)
def test_a_number_is_one_a_person_is_reached_at(
    text: str, region: str | None, number: str | None
) -> None:
    assert parse_telephone(text, region) == number


def test_a_number_is_masked_but_for_its_end_and_written_apart_for_graph() -> None:
    assert mask_telephone("+4915123456789") == "XXX-XXX-6789"
    assert spaced_telephone("+4915123456789") == "+49 15123456789"
    assert parse_telephone(spaced_telephone("+12065550100")) == "+12065550100"
    assert (region_of("+4915123456789"), region_of("+12065550100")) == ("DE", "US")


def test_every_region_has_a_name() -> None:
    assert set(REGION_NAMES) == set(regions())
    assert all(len(name) > 3 for name in REGION_NAMES.values())
