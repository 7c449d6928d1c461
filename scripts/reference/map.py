"""Which files a subject has in which rooms: `docs/explanation/map.md`."""

import ast
from collections import defaultdict
from pathlib import Path

from scripts.reference.markdown import code, first_line, page, section, table
from scripts.reference.source import SOURCE

INTRO = """\
A subject has the same file name in every room it visits. To see everything about user flows,
for example, look for its row in the first table. The second part lists every file with
what it says of itself."""


def map_page() -> str:
    """Return the page."""
    modules = [path for path in sorted(SOURCE.rglob("*.py")) if path.name != "__init__.py"]
    rooms: dict[str, list[Path]] = defaultdict(list)
    for path in modules:
        parts = path.relative_to(SOURCE).parts
        if "migrations" not in parts:
            rooms[parts[0] if len(parts) > 1 else ""].append(path)
    return page(
        "Map",
        INTRO,
        section("Subjects that visit several rooms", _subjects(rooms)),
        *(_room(name, found) for name, found in rooms.items()),
    )


def _subjects(rooms: dict[str, list[Path]]) -> str:
    subjects: dict[str, list[Path]] = defaultdict(list)
    for paths in rooms.values():
        for path in paths:
            subjects[_singular(path.stem)].append(path)
    rows = [
        (subject.replace("_", " "), ", ".join(_name(each) for each in paths))
        for subject, paths in sorted(subjects.items())
        if len({each.relative_to(SOURCE).parts[0] for each in paths}) > 1
    ]
    return table(("subject", "files"), rows)


def _singular(stem: str) -> str:
    if stem.endswith("ies"):
        return f"{stem[:-3]}y"
    return stem[:-1] if stem.endswith("s") and not stem.endswith("ss") else stem


def _name(path: Path) -> str:
    return code(path.relative_to(SOURCE))


def _doc(path: Path) -> str:
    return first_line(ast.get_docstring(ast.parse(path.read_text())))


def _room(name: str, paths: list[Path]) -> str:
    rows = [(_name(each), _doc(each)) for each in paths]
    listed = table(("file", "says"), rows)
    if not name:
        return section("Beside the rooms", listed)
    return section(code(name), _doc(SOURCE / name / "__init__.py"), listed)
