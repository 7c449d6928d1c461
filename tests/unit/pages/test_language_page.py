import pytest

from gatelodge.errors import Invalid
from gatelodge.pages.language_page import Element, ElementType, parse_language_page

GOOD = {
    "ElementType": "UxElement",
    "ElementId": "",
    "StringId": "heading",
    "Override": False,
    "Value": "Hello",
}


def test_a_page_file_is_read_and_an_empty_element_id_means_none() -> None:
    page = parse_language_page({"LocalizedStrings": [GOOD]})
    assert page.strings == {Element(ElementType.UX_ELEMENT, None, "heading"): "Hello"}


def test_an_entry_that_does_not_override_is_ignored_in_an_upload() -> None:
    assert parse_language_page({"LocalizedStrings": [GOOD]}, only_overrides=True).strings == {}


@pytest.mark.parametrize(
    "document",
    [
        [],
        "x",
        {"LocalizedStrings": {}},
        {"LocalizedStrings": ["x"]},
        {"LocalizedStrings": [{**GOOD, "ElementType": "Nothing"}]},
        {"LocalizedStrings": [{**GOOD, "ElementType": []}]},
        {"LocalizedStrings": [{**GOOD, "ElementId": 1}]},
        {"LocalizedStrings": [{**GOOD, "StringId": None}]},
        {"LocalizedStrings": [{**GOOD, "Value": 1}]},
        {"LocalizedCollections": [{"ElementId": "x", "Items": [1]}]},
        {"LocalizedCollections": [{"ElementId": "x", "Items": [{"Name": "n"}]}]},
    ],
)
def test_a_document_of_another_shape_is_invalid(document: object) -> None:
    with pytest.raises(Invalid):
        parse_language_page(document)


OPTION = {"Name": "Small", "Value": "S"}
SIZES = {"ElementType": "ClaimType", "ElementId": "size", "Items": [OPTION]}


@pytest.mark.parametrize(
    ("document", "target"),
    [
        ({"LocalizedStrings": [GOOD, GOOD]}, "LocalizedStrings"),
        ({"LocalizedStrings": [{**GOOD, "Value": "x" * 4001}]}, "Value"),
        ({"LocalizedStrings": [{**GOOD, "StringId": "x" * 257}]}, "StringId"),
        ({"LocalizedStrings": [{**GOOD, "ElementId": "x" * 257}]}, "ElementId"),
        ({"LocalizedStrings": [{**GOOD, "StringId": str(n)} for n in range(1001)]}, None),
        ({"LocalizedCollections": [SIZES, SIZES]}, "LocalizedCollections"),
        ({"LocalizedCollections": [{**SIZES, "Items": [OPTION, OPTION]}]}, "Items"),
    ],
)
def test_what_is_given_twice_or_too_large_is_invalid_and_named(
    document: object, target: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        parse_language_page(document)
    assert refused.value.problems[0].target == (target or "LocalizedStrings")
