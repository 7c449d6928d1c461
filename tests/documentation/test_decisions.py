"""Decisions can be found, and say what they refuse."""

from pathlib import Path

import pytest

from tests.documentation.pages import DOCS

DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_was_decided_and_refused(page: Path) -> None:
    text = page.read_text()
    assert [each for each in ("Status:", "## Decision", "## Refused") if each not in text] == []


def test_every_decision_is_listed_with_its_title() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text()
    missing = []
    for page in DECISIONS:
        title = page.read_text().splitlines()[0].partition(". ")[2]
        if f"[{title}]({page.name})" not in listed:
            missing.append(page.name)
    assert missing == []
