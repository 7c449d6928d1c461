"""Where packages come from is the machine's business: no file of ours names such a place."""

from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, files

# Written in pieces, or this file would be the first to break the rule.
REGISTRIES = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("repo", "maven"),
        ("docker", "io"),
    )
)


def lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    yield from enumerate(text.splitlines(), start=1)


def test_no_line_names_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files()
        for number, line in lines(path)
        if any(registry in line for registry in REGISTRIES)
    ]
    assert found == []
