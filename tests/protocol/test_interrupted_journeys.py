"""Journeys that stopped just before their end: carried on if everything still stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.model.account import Account
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.proof import Proof, ProofKind
from gatelodge.storage.stores import Stores
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.clock import BEGINNING
from tests.world.house import House
from tests.world.relying_party import RelyingParty


def victim(house: House) -> AccountId:
    return AccountId(house.facts["users"][0]["object_id"])


def stopped(
    house: House, visitor: Browser, *, proof: dict[str, Any] | None, **facts: Any
) -> tuple[RelyingParty, Shown]:
    """Leave an interaction as a crash would between the last step and the answer."""
    party = RelyingParty(house, "signIn")
    shown = page(visitor.open(party.link()))
    known = {"path": Path.LOCAL, "account_id": victim(house), "auth_time": house.clock(), **facts}

    async def stop(stores: Stores) -> Interaction:
        found = await stores.interactions.require(digest_of(shown.url.rpartition("/")[2]))
        await stores.interactions.save(found.after("choose", replace(found.facts, **known)))
        if proof is not None:
            values: dict[str, Any] = {
                "directory_id": found.directory_id,
                "id": f"proof-{found.id}",
                "interaction_id": found.id,
                "kind": ProofKind.PASSWORD,
                "subject": "somebody",
                "account_id": victim(house),
                "created_at": house.clock(),
                **proof,
            }
            await stores.proofs.add(Proof(**values))
        return found

    house.stores(stop)
    return party, shown


@pytest.fixture
def account(house: House) -> Iterator[Account]:
    """Return the account; afterwards it is as it was."""

    async def restore(stores: Stores) -> None:
        now = await stores.accounts.require(before.id)
        await stores.accounts.save(replace(before, revision=now.revision))

    before = house.stores(lambda stores: stores.accounts.require(victim(house)))
    yield before
    house.stores(restore)


def change(house: House, **changes: Any) -> None:
    async def work(stores: Stores) -> None:
        found = await stores.accounts.require(victim(house))
        await stores.accounts.save(replace(found, **changes))

    house.stores(work)


def test_a_journey_that_a_crash_stopped_is_carried_on(house: House, visitor: Browser) -> None:
    party, shown = stopped(house, visitor, proof={})
    arrived = arrival(visitor.open(shown.url))
    assert party.claims(arrived)["sub"] == victim(house)
    assert not isinstance(visitor.open(party.link()), Shown)


@pytest.mark.parametrize(
    "proof",
    [
        None,
        {"kind": ProofKind.EMAIL},
        {"account_id": AccountId("somebody-else")},
        {"account_id": None},
        {"interaction_id": "another"},
    ],
)
def test_what_an_interaction_believes_is_worth_nothing_without_its_proof(
    house: House, visitor: Browser, proof: dict[str, Any] | None
) -> None:
    _, shown = stopped(house, visitor, proof=proof)
    arrived = arrival(visitor.open(shown.url))
    assert arrived.parameters["error"] == "server_error"
    assert arrived.error_code == "AADB2C90255"


@pytest.mark.parametrize(
    "proof",
    [
        None,
        {"subject": "other@people.example"},
        {"interaction_id": "another"},
        {"kind": ProofKind.SESSION},
        {"consumed_at": BEGINNING},
    ],
)
@pytest.mark.parametrize("flow", ["passwordReset", "signUp"])
def test_an_address_counts_only_with_the_proof_of_this_journey(
    house: House, visitor: Browser, flow: str, proof: dict[str, Any] | None
) -> None:
    is_reset = flow == "passwordReset"
    email = house.facts["users"][0]["email"] if is_reset else "unproved@people.example"
    shown = page(visitor.open(RelyingParty(house, flow).link()))

    async def believe(stores: Stores) -> None:
        found = await stores.interactions.require(digest_of(shown.url.rpartition("/")[2]))
        facts = replace(found.facts, email=email, is_email_proved=True)
        await stores.interactions.save(found.after("verifyEmail", facts))
        if proof is not None:
            values: dict[str, Any] = {
                "directory_id": found.directory_id,
                "id": f"proof-{found.id}",
                "interaction_id": found.id,
                "kind": ProofKind.EMAIL,
                "subject": email,
                "created_at": house.clock(),
                **proof,
            }
            await stores.proofs.add(Proof(**values))

    house.stores(believe)
    before = house.stores(lambda stores: stores.passwords.get(victim(house)))
    asked = page(visitor.open(shown.url))
    password = {"newPassword": "Amber-Lantern-64", "reenterPassword": "Amber-Lantern-64"}
    arrived = arrival(visitor.press(asked, "continue", **password))
    assert arrived.error_code == "AADB2C90255"
    assert house.stores(lambda stores: stores.passwords.get(victim(house))) == before
    domain = house.facts["tenant_domain"]
    made = house.stores(
        lambda stores: stores.accounts.by_sign_in_name(domain, "unproved@people.example")
    )
    assert made is None


def test_a_proof_that_was_used_up_is_none(house: House, visitor: Browser) -> None:
    _, shown = stopped(house, visitor, proof={"consumed_at": house.clock()})
    assert arrival(visitor.open(shown.url)).error_code == "AADB2C90255"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account_enabled": False}, "AADB2C90111"),
        ({"sign_in_sessions_valid_from": timedelta(seconds=1)}, "AADB2C90129"),
    ],
)
def test_what_happened_to_the_account_meanwhile_counts(
    house: House, visitor: Browser, account: Account, changes: dict[str, Any], code: str
) -> None:
    _, shown = stopped(house, visitor, proof={})
    house.clock.move(minutes=5)
    if "sign_in_sessions_valid_from" in changes:
        changes = {"sign_in_sessions_valid_from": house.clock()}
    change(house, **changes)
    arrived = arrival(visitor.open(shown.url))
    assert isinstance(arrived, Arrived)
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", code)
    assert account.account_enabled


def test_an_account_that_is_gone_gets_no_answer(house: House, visitor: Browser) -> None:
    nobody = AccountId("99999999-9999-4999-8999-999999999999")
    _, shown = stopped(house, visitor, proof=None, account_id=nobody)
    arrived = arrival(visitor.open(shown.url))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", "AADB2C90128")


def test_a_journey_at_a_form_the_user_flow_no_longer_waits_at_is_not_lost(
    house: House, visitor: Browser
) -> None:
    party, shown = stopped(house, visitor, proof={})
    user = house.facts["users"][0]
    answer = visitor.press(shown, "next", email=user["email"], password="wrong")
    assert party.claims(arrival(answer))["sub"] == victim(house)
