import json
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from gatelodge.pages.elements import ELEMENTS
from gatelodge.pages.language import load_packaged_strings

LANGUAGES = load_packaged_strings()
PLACEHOLDER = re.compile(r"\{\w+\}")


def pairs(document: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in document]
    assert len(names) == len(set(names)), names
    return dict(document)


def entries(tag: str) -> Iterator[tuple[str, dict[str, object]]]:
    text = (files("gatelodge.pages") / "strings" / f"{tag}.json").read_text("utf-8")
    for page_id, page in json.loads(text, object_pairs_hook=pairs).items():
        for entry in page["LocalizedStrings"]:
            yield page_id, entry


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("page_id", ELEMENTS)
def test_every_element_of_a_page_has_a_string_and_every_string_an_element(
    tag: str, page_id: str
) -> None:
    assert set(LANGUAGES[tag].pages[page_id].strings) == ELEMENTS[page_id]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_has_no_page_that_does_not_exist(tag: str) -> None:
    assert set(LANGUAGES[tag].pages) == set(ELEMENTS)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_packaged_file_is_what_the_api_would_serve(tag: str) -> None:
    seen = set()
    for page_id, entry in entries(tag):
        assert list(entry) == ["ElementType", "ElementId", "StringId", "Override", "Value"]
        assert entry["Override"] is False
        assert entry["Value"]
        key = (page_id, entry["ElementType"], entry["ElementId"], entry["StringId"])
        assert key not in seen
        seen.add(key)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_translation_has_the_placeholders_of_the_english_sentence(tag: str) -> None:
    for page_id, page in LANGUAGES[tag].pages.items():
        for element, text in page.strings.items():
            english = LANGUAGES["en"].pages[page_id].strings[element]
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_sentence_about_a_wrong_password_does_not_say_which_of_both_is_wrong(tag: str) -> None:
    strings = LANGUAGES[tag].pages["api.signuporsignin"].strings
    told = {element.string_id: text for element, text in strings.items()}
    assert told["UserMessageIfInvalidPassword"] != told["UserMessageIfClaimsPrincipalDoesNotExist"]
    assert "password" not in told["UserMessageIfInvalidPassword"].lower()
