"""Where in the source something is used."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "gatelodge"


@cache
def _attributes() -> tuple[tuple[str, str, str], ...]:
    """Return module, name and attribute of every `Name.ATTRIBUTE` there is."""
    return tuple(
        (str(path.relative_to(SOURCE)), node.value.id, node.attr)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )


def users_of(name: str, *, declared_in: str) -> Mapping[str, tuple[str, ...]]:
    """Return, for each member of the enumeration `name`, the modules that use it."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, owner, attribute in _attributes():
        if owner == name and module != declared_in and module not in found[attribute]:
            found[attribute].append(module)
    return {attribute: tuple(modules) for attribute, modules in found.items()}
