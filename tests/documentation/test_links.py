"""Pages lead somewhere."""

import re

from tests.documentation.pages import DOCS

_LINK = re.compile(r"\]\(([^)#:\s]+\.md)(?:#[^)]*)?\)")


def test_every_link_to_another_page_finds_it() -> None:
    broken = [
        f"{page.relative_to(DOCS)}: {target}"
        for page in sorted(DOCS.rglob("*.md"))
        for target in _LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
