"""Names are compared without case, in every script; federated ones exactly."""

import pytest

from gatelodge.errors import AlreadyExists
from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.identifier import UserFlowId, key_of
from gatelodge.storage.database import Database
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, a_user_attribute, a_user_flow, an_account


def a_name(name: str, kind: SignInType = SignInType.EMAIL_ADDRESS) -> SignInName:
    issuer = "acme.example" if kind is not SignInType.FEDERATED else "https://idp.example"
    return SignInName(sign_in_type=kind, issuer=issuer, issuer_assigned_id=name)


@pytest.mark.parametrize("spelling", ["B2C_1_SuSi", "b2c_1_susi", "B2C_1_SUSI"])
async def test_a_user_flow_is_found_in_any_case_and_keeps_its_own(
    database: Database, spelling: str
) -> None:
    await keep(database, a_directory(), a_user_flow())
    found = await database.read(TENANT).user_flows.get(spelling)
    assert found is not None
    assert found.id == "B2C_1_SuSi"
    with pytest.raises(AlreadyExists):
        await keep(database, a_user_flow(id=UserFlowId(spelling)))
    await database.write(TENANT, lambda stores: stores.user_flows.remove(spelling))
    assert await database.read(TENANT).user_flows.get("B2C_1_SuSi") is None


async def test_a_custom_attribute_is_found_in_any_case(database: Database) -> None:
    attribute = a_user_attribute()
    await keep(database, a_directory(), attribute)
    assert await database.read(TENANT).user_attributes.get(attribute.id.upper()) == attribute


@pytest.mark.parametrize(
    ("kept", "rival"),
    [
        ("Ada@Example.com", "ADA@EXAMPLE.COM"),
        ("Straße@example.com", "STRASSE@EXAMPLE.COM"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ÅSA", "åsa"),
    ],
)
async def test_a_local_name_is_one_in_any_case(database: Database, kept: str, rival: str) -> None:
    account = an_account(1, identities=(a_name(kept),))
    await keep(database, a_directory(), account)
    accounts = database.read(TENANT).accounts
    assert await accounts.by_sign_in_name("acme.example", key_of(rival)) == account
    with pytest.raises(AlreadyExists) as refused:
        await keep(database, an_account(2, identities=(a_name(rival, SignInType.USER_NAME),)))
    assert refused.value.target == "key"


async def test_a_federated_name_is_compared_exactly(database: Database) -> None:
    one = an_account(1, identities=(a_name("AbC", SignInType.FEDERATED),))
    other = an_account(2, identities=(a_name("aBc", SignInType.FEDERATED),))
    await keep(database, a_directory(), one, other)
    accounts = database.read(TENANT).accounts
    assert await accounts.by_sign_in_name("https://idp.example", "AbC") == one
    assert await accounts.by_sign_in_name("https://idp.example", "aBc") == other
    assert await accounts.by_sign_in_name("https://idp.example", "abc") is None


async def test_an_account_keeps_its_names_in_their_order(database: Database) -> None:
    names = tuple(a_name(f"{letter}@example.com") for letter in "zaqb")
    account = an_account(1, identities=names)
    await keep(database, a_directory(), account)
    assert await database.read(TENANT).accounts.get(account.id) == account


async def test_an_account_cannot_have_a_name_twice(database: Database) -> None:
    twice = (a_name("ada@example.com"), a_name("ADA@example.com"))
    await keep(database, a_directory())
    with pytest.raises(AlreadyExists):
        await keep(database, an_account(1, identities=twice))
    assert await database.read(TENANT).accounts.get(an_account(1).id) is None
