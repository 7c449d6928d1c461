"""The generated reference: complete, and what would be generated now."""

from dataclasses import fields

import pytest

from gatelodge.model.audit import EventName
from gatelodge.oidc.errors import Code
from gatelodge.pages.elements import ELEMENTS
from gatelodge.settings import Settings
from gatelodge.storage.tables import metadata
from scripts.reference.every_page import DOCS, GENERATED, every_page

CLOSED_LISTS = {
    "settings.md": [each.name for each in fields(Settings)],
    "error-codes.md": [each.value for each in Code],
    "audit-events.md": [each.value for each in EventName],
    "pages.md": list(ELEMENTS),
    "tables.md": list(metadata.tables),
}


@pytest.mark.parametrize("page", CLOSED_LISTS)
def test_every_member_of_a_closed_list_is_documented(page: str) -> None:
    text = (GENERATED / page).read_text()
    assert [each for each in CLOSED_LISTS[page] if f"`{each}`" not in text] == []


def test_what_is_kept_is_what_would_be_generated() -> None:
    differing = [
        path
        for path, text in every_page().items()
        if not (DOCS / path).exists() or (DOCS / path).read_text() != text
    ]
    assert differing == [], "run make docs"


def test_nothing_is_kept_that_is_not_generated_any_more() -> None:
    kept = {str(path.relative_to(DOCS)) for path in GENERATED.rglob("*.md")}
    assert sorted(kept - set(every_page())) == []
