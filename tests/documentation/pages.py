"""Read what is written, the way a reader would use it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_FILE_NAME = re.compile(r"# (\w+\.py)\n")


class Block(NamedTuple):
    """A fenced block: its language and what is in it."""

    language: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    for language, text in _BLOCK.findall(page.read_text()):
        yield Block(language, text)


def script_of(page: Path) -> str:
    """Return the page as one shell script.

    `sh` blocks are run, `python` blocks saved under the name in their first line. `console` and
    `text` blocks are only shown to the reader.
    """
    parts = ["set -euo pipefail\n"]
    for block in blocks(page):
        if block.language == "sh":
            parts.append(block.text)
        elif block.language == "python":
            name = _FILE_NAME.match(block.text)
            assert name is not None, f"{page}: a program has no name"
            parts.append(f"cat > {name[1]} <<'END OF FILE'\n{block.text}END OF FILE\n")
    return "".join(parts)
