import json
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from gatelodge.model.language import BUILT_IN_LANGUAGES
from gatelodge.pages.elements import ELEMENTS
from gatelodge.pages.language import load_packaged_strings
from gatelodge.pages.packaged import packaged_page, translations_into

LANGUAGES = load_packaged_strings()
ENGLISH = LANGUAGES["en"].pages
TRANSLATED = sorted(set(BUILT_IN_LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"\{\w+\}")


def sentences() -> set[str]:
    return {text for page in ENGLISH.values() for text in page.strings.values()}


def pairs(document: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in document]
    assert len(names) == len(set(names)), names
    return dict(document)


def document(tag: str) -> dict[str, object]:
    text = (files("gatelodge.pages") / "strings" / f"{tag}.json").read_text("utf-8")
    found: dict[str, object] = json.loads(text, object_pairs_hook=pairs)
    return found


def english_entries() -> Iterator[tuple[str, dict[str, object]]]:
    for page_id, page in document("en").items():
        assert isinstance(page, dict)
        for entry in page["LocalizedStrings"]:
            yield page_id, entry


@pytest.mark.parametrize("page_id", ELEMENTS)
def test_every_element_of_a_page_has_a_string_and_every_string_an_element(page_id: str) -> None:
    assert set(ENGLISH[page_id].strings) == ELEMENTS[page_id]


def test_there_are_no_strings_of_a_page_that_does_not_exist() -> None:
    assert set(ENGLISH) == set(ELEMENTS)


def test_a_packaged_file_is_what_the_api_would_serve() -> None:
    seen = set()
    for page_id, entry in english_entries():
        assert list(entry) == ["ElementType", "ElementId", "StringId", "Override", "Value"]
        assert entry["Override"] is False
        assert entry["Value"]
        key = (page_id, entry["ElementType"], entry["ElementId"], entry["StringId"])
        assert key not in seen
        seen.add(key)


def test_every_file_of_strings_is_of_a_language_that_is_offered() -> None:
    folder = files("gatelodge.pages") / "strings"
    assert {each.name for each in folder.iterdir()} <= {f"{tag}.json" for tag in BUILT_IN_LANGUAGES}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_sentence_is_said_in_every_language_and_no_other(tag: str) -> None:
    assert set(translations_into(tag)) == sentences()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_has_the_placeholders_of_the_english_sentence(tag: str) -> None:
    for english, text in translations_into(tag).items():
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(english)), english
        assert text.strip() == text
        assert text, english


def test_a_page_is_served_in_the_words_of_its_language() -> None:
    english, german = (json.loads(packaged_page(tag, "api.signout")) for tag in ("en", "de"))
    assert [each["StringId"] for each in german["LocalizedStrings"]] == [
        each["StringId"] for each in english["LocalizedStrings"]
    ]
    assert german["LocalizedStrings"][0]["Value"] == "Abmelden?"
    assert json.loads(packaged_page("de-AT", "api.signout")) == german


@pytest.mark.parametrize("tag", BUILT_IN_LANGUAGES)
def test_the_sentence_about_a_wrong_password_is_not_the_one_about_an_unknown_account(
    tag: str,
) -> None:
    strings, told = ENGLISH["api.signuporsignin"].strings, translations_into(tag)
    by_id = {each.string_id: told.get(text, text) for each, text in strings.items()}
    assert (
        by_id["UserMessageIfInvalidPassword"] != by_id["UserMessageIfClaimsPrincipalDoesNotExist"]
    )
    assert tag != "en" or "password" not in by_id["UserMessageIfInvalidPassword"].lower()
