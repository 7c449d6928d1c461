"""The lock files: complete, hashed, one inside the other, and without a single address."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import LOCK_FILES, ROOT

REQUIREMENT = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)( ; [^/]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
BUILD, RUNTIME, TEST, CHECK = LOCK_FILES

every_lock_file = pytest.mark.parametrize("lock_file", LOCK_FILES, ids=lambda path: path.stem)


def pinned(lock_file: Path) -> dict[str, str]:
    lines = (REQUIREMENT.fullmatch(line) for line in lock_file.read_text().splitlines())
    return {line["name"]: line["version"] for line in lines if line}


def distribution(requirement: str) -> str:
    return re.split(r"[^a-z0-9-]", requirement, maxsplit=1)[0]


@every_lock_file
def test_every_line_is_a_version_or_a_hash(lock_file: Path) -> None:
    other = [
        line
        for line in lock_file.read_text().splitlines()
        if not REQUIREMENT.fullmatch(line) and not HASH.fullmatch(line)
    ]
    assert other == []


@every_lock_file
def test_every_version_is_followed_by_a_hash(lock_file: Path) -> None:
    lines = lock_file.read_text().splitlines()
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if REQUIREMENT.fullmatch(line) and not HASH.fullmatch(following)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [(RUNTIME, TEST), (TEST, CHECK), (BUILD, CHECK)],
    ids=["runtime in test", "test in check", "build in check"],
)
def test_a_wider_file_repeats_the_narrower_one(narrow: Path, wide: Path) -> None:
    assert pinned(narrow).items() <= pinned(wide).items()


def test_everything_declared_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    runtime = project["project"]["dependencies"]
    for lock_file, declared in (
        (BUILD, groups["build"]),
        (RUNTIME, runtime),
        (TEST, [*runtime, *groups["test"]]),
        (CHECK, [*runtime, *groups["test"], *groups["check"]]),
    ):
        assert {distribution(each) for each in declared} - pinned(lock_file).keys() == set()
