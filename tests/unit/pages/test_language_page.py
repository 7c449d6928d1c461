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
