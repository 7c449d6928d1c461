"""No path issues anything for a user without asking the guard."""

import ast
from pathlib import Path

import pytest

import gatelodge.oidc

ROOM = Path(gatelodge.oidc.__path__[0])
ISSUES = {"new_code", "new_grant", "access_token_claims", "id_token_claims", "make"}
ASKS = {"may_issue", "check_standing"}
MAKES_ONLY = {"token_answer.py", "tokens.py", "grant_issue.py"}
"""Modules that build what others, who ask, hand out."""


def called(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call):
            name = node.func
            found.add(name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", ""))
    return found


ISSUING = [
    module
    for module in sorted(ROOM.rglob("*.py"))
    if module.name not in MAKES_ONLY and called(module) & ISSUES
]


def test_the_paths_that_issue_are_known() -> None:
    assert {module.name for module in ISSUING} == {
        "authorization_code.py",
        "device_code.py",
        "on_behalf_of.py",
        "refresh_token.py",
        "resource_owner.py",
        "respond.py",
    }


@pytest.mark.parametrize("module", ISSUING, ids=lambda module: module.stem)
def test_a_path_that_issues_asks(module: Path) -> None:
    assert called(module) & ASKS
