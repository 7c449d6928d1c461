"""Every test of the suite's plans has one of ours of the same name, or a reason why not."""

import ast
from pathlib import Path

import pytest

from scripts.conformance.modules import DOES_NOT_APPLY, PLANS
from scripts.conformance.plans import read_plans
from tests.protocol.conformance.conftest import BASIC
from tests.protocol.conformance.strict import Client

MODULES = frozenset(name for names in PLANS.values() for name in names)


def name_of(module: str) -> str:
    return f"test_{module.lower().replace('-', '_')}"


def our_tests() -> set[str]:
    """Return the names of the tests in this folder, one for each definition."""
    files = Path(__file__).parent.glob("test_*.py")
    trees = [ast.parse(each.read_text()) for each in files]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_module_that_applies_has_a_test_of_its_name() -> None:
    wanted = {name_of(each) for each in MODULES - set(DOES_NOT_APPLY)}
    assert wanted - our_tests() == set()


def test_no_test_has_the_name_of_a_module_there_is_not() -> None:
    known = {name_of(each) for each in MODULES - set(DOES_NOT_APPLY)}
    assert {each for each in our_tests() if each.startswith("test_oidcc")} - known == set()


def test_every_plan_we_run_is_one_whose_modules_are_listed() -> None:
    run = {each.plan for each in read_plans("https://suite.example")}
    left_out = {plan for plan, names in PLANS.items() if not set(names) - set(DOES_NOT_APPLY)}
    assert run == set(PLANS) - left_out
    assert set(DOES_NOT_APPLY) <= MODULES


@pytest.mark.parametrize("variant", BASIC[:1], ids=" ".join, indirect=True)
def test_discovery_says_what_does_not_apply(client: Client) -> None:
    assert client.metadata["request_uri_parameter_supported"] is False
    assert client.metadata["request_parameter_supported"] is False
    assert "check_session_iframe" not in client.metadata
    assert client.metadata["pushed_authorization_request_endpoint"]
