"""Names say what a thing is; these words say only that somebody did not decide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCE, modules

EMPTY_WORDS = {
    "base",
    "common",
    "handler",
    "helper",
    "manager",
    "misc",
    "processor",
    "service",
    "util",
    "utility",
}
# The standards' own words: Microsoft Graph has service principals and self-service sign-up.
BORROWED = re.compile(r"service_?principal|self_?service", re.IGNORECASE)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def empty_words(name: str) -> set[str]:
    words = [word.lower() for word in WORD.findall(BORROWED.sub("", name))]
    return {word for word in words if word in EMPTY_WORDS or word.removesuffix("s") in EMPTY_WORDS}


def defined_names(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


@pytest.mark.parametrize(
    "name",
    ["token_service", "UserManager", "utils", "HTTPHandler", "BaseStore", "helpers", "do_misc"],
)
def test_an_empty_word_is_recognised(name: str) -> None:
    assert empty_words(name)


@pytest.mark.parametrize(
    "name",
    ["database", "servicePrincipals", "service_principals", "futile", "base64url", "baseline"],
)
def test_a_word_that_only_contains_one_is_left_alone(name: str) -> None:
    assert not empty_words(name)


def test_no_file_is_named_by_an_empty_word() -> None:
    paths = [path.relative_to(ROOT).with_suffix("") for path in modules()]
    assert [str(path) for path in paths if any(empty_words(part) for part in path.parts)] == []


def test_no_class_or_function_is_named_by_an_empty_word() -> None:
    found = [
        f"{module.relative_to(ROOT)}: {name}"
        for module in modules()
        if module.is_relative_to(SOURCE) or "tests" in module.parts
        for name in defined_names(module)
        if not name.startswith("test_") and empty_words(name)
    ]
    assert found == []
