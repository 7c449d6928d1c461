"""What lies in the working tree, with or without git."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gatelodge"
LOCK_FILES = tuple(
    ROOT / "requirements" / f"{name}.txt" for name in ("build", "runtime", "test", "check")
)

INSTALLED = {"node_modules", "dist", "htmlcov", "__pycache__"}


def files() -> Iterator[Path]:
    """Yield every file a person wrote or committed."""
    for directory, below, names in os.walk(ROOT):
        below[:] = [
            name
            for name in below
            if name not in INSTALLED and (name == ".ci" or not name.startswith("."))
        ]
        yield from (Path(directory, name) for name in names)


def modules() -> Iterator[Path]:
    """Yield every Python file."""
    return (path for path in files() if path.suffix == ".py")
