"""The shape of a room, as far as no linter knows it."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT, SOURCE


def is_only_a_docstring(module: Path) -> bool:
    tree = ast.parse(module.read_text())
    return ast.get_docstring(tree) is not None and len(tree.body) == 1


def test_the_door_of_a_room_is_only_a_docstring() -> None:
    # A name re-exported there would have two places, and an import line would not say which.
    other = [
        str(door.relative_to(ROOT))
        for door in SOURCE.rglob("__init__.py")
        if not is_only_a_docstring(door)
    ]
    assert other == []


def test_every_folder_of_modules_is_a_room_with_a_door() -> None:
    folders = {module.parent for module in SOURCE.rglob("*.py")}
    assert [str(each) for each in folders if not (each / "__init__.py").exists()] == []
