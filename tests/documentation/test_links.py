"""Pages lead somewhere."""

import re
from pathlib import Path

from tests.documentation.pages import DOCS, ROOT

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CODE = re.compile(r"```.*?```", re.DOTALL)
_ELSEWHERE = ("https:", "http:", "mailto:")


def prose(page: Path) -> str:
    """Return what a page says outside its blocks of code."""
    return _CODE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    """Return the names its headings can be linked by, as renderers of Markdown make them."""
    plain = (re.sub(r"[^\w\- ]", "", each.lower()) for each in _HEADING.findall(prose(page)))
    return {each.strip().replace(" ", "-") for each in plain}


def leads_nowhere(page: Path, target: str) -> bool:
    """Tell whether a link of `page` names no file, or no heading of one."""
    name, _, anchor = target.partition("#")
    found = page.parent / name if name else page
    if not found.exists():
        return True
    return bool(anchor) and anchor not in anchors(found)


def test_every_link_finds_its_page_and_its_heading() -> None:
    pages = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in _LINK.findall(prose(page))
        if not target.startswith(_ELSEWHERE) and leads_nowhere(page, target)
    ]
    assert broken == []
