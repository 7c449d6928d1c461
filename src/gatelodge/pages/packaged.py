"""The packaged strings as files: what an administrator sees before anything is overridden."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

FALLBACK = "en"
"""The language that has strings of its own for every page."""


@cache
def _document(tag: str) -> dict[str, Any] | None:
    file = files("gatelodge.pages") / "strings" / f"{tag}.json"
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


@cache
def packaged_page(tag: str, page_id: str) -> bytes:
    """Return the file of a page: in its own language where there is one, else in English."""
    for each in (tag.lower(), tag.lower().split("-")[0], FALLBACK):
        found = _document(each) if each.replace("-", "").isalnum() else None
        if found is not None and page_id in found:
            return msgspec.json.encode(found[page_id])
    raise KeyError(page_id)
