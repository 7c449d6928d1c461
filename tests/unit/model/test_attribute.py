from dataclasses import fields

import pytest

from gatelodge.model.account import Account
from gatelodge.model.attribute import BUILT_IN_ATTRIBUTES, built_in, claim_of_custom
from tests.world.makers import a_user_attribute


@pytest.mark.parametrize("name", ["ShoeSize", "shoe_size", "a"])
def test_the_claim_of_a_custom_attribute_names_no_application(name: str) -> None:
    assert claim_of_custom(a_user_attribute(name).id) == f"extension_{name}"


@pytest.mark.parametrize("spelling", ["givenName", "givenname", "GIVENNAME"])
def test_a_built_in_attribute_is_found_in_any_case(spelling: str) -> None:
    found = built_in(spelling)
    assert found is not None
    assert found.id == "givenName"


def test_what_is_not_built_in_is_none() -> None:
    assert built_in("extension_1_ShoeSize") is None


def test_ids_and_claims_are_each_used_once() -> None:
    ids = [each.id.casefold() for each in BUILT_IN_ATTRIBUTES]
    claims = [each.claim for each in BUILT_IN_ATTRIBUTES if each.claim]
    assert len(set(ids)) == len(ids)
    assert len(set(claims)) == len(claims)


LEGAL = "legal_age_group_classification"
"""Follows from what is stored."""


def test_what_is_stored_is_stored_in_an_account() -> None:
    stored = {each.account_attribute for each in BUILT_IN_ATTRIBUTES if each.account_attribute}
    assert stored <= {each.name for each in fields(Account)} | {LEGAL}
