"""The packaged sentences as files: English by page, every other language by English sentence."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

ENGLISH = "en"


@cache
def english_pages() -> dict[str, Any]:
    """Return the English pages by their ids, each as Graph serves it."""
    pages: dict[str, Any] = msgspec.json.decode(_text_of(ENGLISH))
    return pages


@cache
def translations_into(tag: str) -> dict[str, str]:
    """Return what English sentences are in a packaged language: nothing in one that is not."""
    if tag == ENGLISH or not tag.replace("-", "").isalnum():
        return {}
    text = _text_of(tag)
    return msgspec.json.decode(text, type=dict[str, str]) if text else {}


@cache
def packaged_page(tag: str, page_id: str) -> bytes:
    """Return the file of a page in a language, or in English where the language has no words."""
    page = english_pages()[page_id]
    told = translations_into(tag.lower()) or translations_into(tag.lower().partition("-")[0])
    strings = [
        {**each, "Value": told.get(each["Value"], each["Value"])}
        for each in page["LocalizedStrings"]
    ]
    return msgspec.json.encode({**page, "LocalizedStrings": strings})


def _text_of(tag: str) -> str:
    file = files("gatelodge.pages") / "strings" / f"{tag}.json"
    return file.read_text("utf-8") if file.is_file() else ""
