"""What may be used once is used once, however many ask at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatelodge.model.identifier import AccountId, GrantId, InteractionId
from gatelodge.model.proof import IDENTIFYING, ProofKind
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, an_account, numbered
from tests.world.traces import (
    ACCOUNT,
    LATER,
    a_grant,
    a_message,
    a_proof,
    a_recovery_code,
    a_refresh_token,
    a_second_factor,
    an_authorization_code,
)

INTERACTION = InteractionId("interaction-1")
GRANT = GrantId("grant-1")
ADDRESS = "ada@example.com"


async def all_at_once(
    database: Database, work: Callable[[Stores, int], Awaitable[Any]], times: int = 24
) -> list[Any]:
    """Return the answers that were not empty."""

    async def once(number: int) -> Any:
        async def write(stores: Stores) -> Any:
            return await work(stores, number)

        return await database.write(TENANT, write)

    answers = await asyncio.gather(*(once(number) for number in range(times)))
    return [each for each in answers if each]


async def plant(database: Database, *values: Any) -> None:
    await keep(database, a_directory(), an_account(), a_grant(), *values)


async def test_a_code_is_redeemed_once(database: Database) -> None:
    await plant(database, an_authorization_code())
    won = await all_at_once(
        database, lambda stores, _: stores.authorization_codes.redeem("code-1", LATER)
    )
    assert won == [an_authorization_code(redeemed_at=LATER)]
    assert await database.read(TENANT).authorization_codes.get("code-1") == won[0]


async def test_an_unknown_code_is_redeemed_never(database: Database) -> None:
    await plant(database)
    assert not await all_at_once(
        database, lambda stores, _: stores.authorization_codes.redeem("code-1", LATER), 1
    )


async def test_an_emailed_proof_is_used_once(database: Database) -> None:
    await plant(database, a_proof())
    won = await all_at_once(
        database, lambda stores, _: stores.proofs.consume_email(INTERACTION, ADDRESS, LATER)
    )
    assert won == [a_proof(consumed_at=LATER)]


@pytest.mark.parametrize("kind", IDENTIFYING)
async def test_an_identifying_proof_is_used_once(database: Database, kind: ProofKind) -> None:
    await plant(database, a_proof(kind=kind, account_id=ACCOUNT))
    won = await all_at_once(
        database, lambda stores, _: stores.proofs.consume_identifying(INTERACTION, ACCOUNT, LATER)
    )
    assert won == [a_proof(kind=kind, account_id=ACCOUNT, consumed_at=LATER)]


async def test_an_emailed_proof_identifies_nobody(database: Database) -> None:
    await plant(database, a_proof(account_id=ACCOUNT))
    assert not await all_at_once(
        database,
        lambda stores, _: stores.proofs.consume_identifying(INTERACTION, ACCOUNT, LATER),
        1,
    )


async def test_a_proof_counts_for_its_interaction_and_subject_only(database: Database) -> None:
    await plant(database, a_proof(), a_proof("proof-2", kind=ProofKind.SESSION, account_id=ACCOUNT))
    other, stranger = InteractionId("interaction-2"), AccountId(numbered(8))

    async def work(stores: Stores, _: int) -> list[Any]:
        proofs = stores.proofs
        return [
            each
            for each in (
                await proofs.consume_email(other, ADDRESS, LATER),
                await proofs.consume_email(INTERACTION, "eve@example.com", LATER),
                await proofs.consume_identifying(other, ACCOUNT, LATER),
                await proofs.consume_identifying(INTERACTION, stranger, LATER),
            )
            if each is not None
        ]

    assert not await all_at_once(database, work, 1)


async def test_a_refresh_token_is_rotated_once(database: Database) -> None:
    await plant(database, a_refresh_token())

    async def rotate(stores: Stores, number: int) -> int | None:
        successor = a_refresh_token(f"successor-{number}")
        won = await stores.refresh_tokens.rotate(
            "token-1", successor, replay=f"answer-{number}", now=LATER
        )
        return number + 1 if won else None

    won = await all_at_once(database, rotate)
    assert len(won) == 1
    winner = won[0] - 1
    tokens = database.read(TENANT).refresh_tokens
    assert await tokens.get("token-1") == a_refresh_token(
        rotated_at=LATER, successor_id=f"successor-{winner}", replay=f"answer-{winner}"
    )
    assert [await tokens.get(f"successor-{it}") is not None for it in range(24)].count(True) == 1
    assert await tokens.get(f"successor-{winner}") is not None


async def test_a_token_of_a_revoked_grant_is_not_rotated(database: Database) -> None:
    await plant(database, a_refresh_token())
    assert await database.write(TENANT, lambda stores: stores.grants.revoke(GRANT, LATER))
    rotated = await database.write(
        TENANT,
        lambda stores: stores.refresh_tokens.rotate(
            "token-1", a_refresh_token("token-2"), replay="", now=LATER
        ),
    )
    assert rotated is False
    assert await database.read(TENANT).refresh_tokens.get("token-1") == a_refresh_token()
    assert await database.read(TENANT).refresh_tokens.get("token-2") is None


async def test_a_grant_is_revoked_once(database: Database) -> None:
    await plant(database)
    assert await all_at_once(database, lambda stores, _: stores.grants.revoke(GRANT, LATER)) == [
        True
    ]
    later = LATER + timedelta(hours=1)
    assert not await database.write(TENANT, lambda stores: stores.grants.revoke(GRANT, later))
    assert await database.read(TENANT).grants.get("grant-1") == a_grant(revoked_at=LATER)


async def test_all_grants_of_an_account_are_revoked_and_no_others(database: Database) -> None:
    other = an_account(8)
    await plant(database, a_grant("grant-2"), other, a_grant("grant-3", account_id=other.id))
    ended = await database.write(TENANT, lambda stores: stores.grants.revoke_all_of(ACCOUNT, LATER))
    assert ended == 2
    assert (await database.read(TENANT).grants.require("grant-3")).revoked_at is None


async def test_a_due_message_is_claimed_by_one_sender(database: Database) -> None:
    await keep(database, a_directory(), a_message())
    until = BEGINNING + timedelta(minutes=1)
    assert await all_at_once(
        database, lambda stores, _: stores.messages.claim(a_message(), until)
    ) == [True]
    stores = database.read(TENANT)
    assert await stores.messages.due(BEGINNING) == []
    assert await stores.messages.due(until) == [a_message(attempts=1, next_attempt_at=until)]
    assert await stores.messages.directories_waiting(until) == [TENANT]
    await database.write(TENANT, lambda stores: stores.messages.mark_sent("message-1", LATER))
    assert await stores.messages.directories_waiting(until) == []
    assert await stores.messages.due(until) == []
    assert [each.sent_at for each in await stores.messages.latest()] == [LATER]
    await database.write(TENANT, lambda stores: stores.messages.clear())
    assert await stores.messages.latest() == []


async def _use_step(stores: Stores, _: int, *, step: int) -> bool:
    return await stores.second_factors.use_step(ACCOUNT, "factor-1", step)


async def test_a_time_step_counts_once_and_none_before_it(database: Database) -> None:
    await plant(database, a_second_factor(), a_second_factor(id="factor-2"))
    assert await all_at_once(database, partial(_use_step, step=7)) == [True]
    for step, counts in ((6, False), (7, False), (8, True)):
        use = partial(_use_step, step=step)
        assert bool(await all_at_once(database, use, 1)) is counts
    factors = await database.read(TENANT).second_factors.of_account(ACCOUNT)
    assert {each.id: each.last_step for each in factors} == {"factor-1": 8, "factor-2": 0}


async def test_a_recovery_code_counts_once_and_for_its_account(database: Database) -> None:
    other = an_account(8)
    await keep(database, a_directory(), an_account(), other, a_recovery_code())
    stranger = await all_at_once(
        database, lambda stores, _: stores.recovery_codes.consume(other.id, "digest-1", LATER), 1
    )
    won = await all_at_once(
        database, lambda stores, _: stores.recovery_codes.consume(ACCOUNT, "digest-1", LATER)
    )
    assert (stranger, won) == ([], [True])
    assert await database.read(TENANT).recovery_codes.unused(ACCOUNT) == 0


async def test_a_proved_factor_is_used_once_and_for_its_account(database: Database) -> None:
    await plant(database, a_proof(kind=ProofKind.SECOND_FACTOR, account_id=ACCOUNT))
    proof = {"kind": ProofKind.SECOND_FACTOR, "account_id": ACCOUNT}
    stranger = await all_at_once(
        database,
        lambda stores, _: stores.proofs.consume_second_factor(INTERACTION, "another", LATER),
        1,
    )
    identifying = await all_at_once(
        database, lambda stores, _: stores.proofs.consume_identifying(INTERACTION, ACCOUNT, LATER)
    )
    won = await all_at_once(
        database, lambda stores, _: stores.proofs.consume_second_factor(INTERACTION, ACCOUNT, LATER)
    )
    assert (stranger, identifying) == ([], [])
    assert won == [a_proof(**proof, consumed_at=LATER)]
