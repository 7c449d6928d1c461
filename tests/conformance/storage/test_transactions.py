"""A transaction is kept whole or not at all, and says when it changed configuration."""

import asyncio
from dataclasses import replace

import pytest

from gatelodge.errors import AlreadyExists, NotFound, Stale
from gatelodge.model.identifier import UserFlowId
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.databases import keep
from tests.world.makers import (
    TENANT,
    a_directory,
    a_password,
    a_permission_grant,
    a_signing_key,
    a_user_attribute,
    a_user_flow,
    an_account,
    an_application,
)
from tests.world.traces import (
    ACCOUNT,
    a_lockout,
    a_message,
    a_proof,
    a_session,
    an_audit_event,
    an_interaction,
)


async def test_nothing_of_work_that_raises_is_kept(database: Database) -> None:
    await keep(database, a_directory())

    async def work(stores: Stores) -> None:
        await stores.accounts.add(an_account())
        await stores.passwords.add(a_password(ACCOUNT))
        raise LookupError("second thoughts")

    with pytest.raises(LookupError, match="second thoughts"):
        await database.write(TENANT, work)
    assert await database.read(TENANT).accounts.get(ACCOUNT) is None
    assert await database.read(TENANT).passwords.get(ACCOUNT) is None


async def test_nothing_is_kept_when_a_later_statement_fails(database: Database) -> None:
    await keep(database, a_directory(), a_proof())
    with pytest.raises(AlreadyExists):
        await keep(database, an_account(), a_proof())
    assert await database.read(TENANT).accounts.get(ACCOUNT) is None


async def test_work_cannot_swallow_the_failure_of_a_statement(database: Database) -> None:
    await keep(database, a_directory(), a_proof())

    async def work(stores: Stores) -> str:
        await stores.accounts.add(an_account())
        try:
            await stores.proofs.add(a_proof())
        except AlreadyExists:
            return "all is well"
        return "it was new"

    with pytest.raises(AlreadyExists):
        await database.write(TENANT, work)
    assert await database.read(TENANT).accounts.get(ACCOUNT) is None


async def test_the_next_work_succeeds_after_one_that_failed(database: Database) -> None:
    await keep(database, a_directory())
    with pytest.raises(AlreadyExists):
        await keep(database, an_account(), an_account())
    await keep(database, an_account())
    assert await database.read(TENANT).accounts.get(ACCOUNT) == an_account()


async def test_work_sees_what_it_wrote_and_returns_what_it_likes(database: Database) -> None:
    await keep(database, a_directory())

    async def work(stores: Stores) -> object:
        await stores.accounts.add(an_account())
        return await stores.accounts.get(ACCOUNT)

    assert await database.write(TENANT, work) == an_account()


async def test_what_fails_beside_others_takes_nobody_along(database: Database) -> None:
    await keep(database, a_directory())
    accounts = [an_account(number) for number in range(1, 7)]
    bad = an_account(1, identities=())
    outcomes = await asyncio.gather(
        *(keep(database, each, *([each] if each is accounts[3] else [])) for each in accounts),
        keep(database, bad),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes].count(AlreadyExists) == 2
    stores = database.read(TENANT)
    kept = [await stores.accounts.get(each.id) is not None for each in accounts]
    assert kept == [True, True, True, False, True, True]


async def test_hundreds_of_writes_at_once_are_all_kept(database: Database) -> None:
    await keep(database, a_directory())
    events = [an_audit_event(f"event-{number}") for number in range(300)]
    await asyncio.gather(*(keep(database, each) for each in events))
    stores = database.read(TENANT)
    assert all([await stores.audit_events.get(each.id) for each in events])


async def test_of_many_who_save_at_once_one_wins(database: Database) -> None:
    await keep(database, a_directory(), an_interaction())

    async def save(number: int) -> None:
        changed = an_interaction(completed=(str(number),))
        await database.write(TENANT, lambda stores: stores.interactions.save(changed))

    outcomes = await asyncio.gather(*(save(it) for it in range(20)), return_exceptions=True)
    winners = [number for number, each in enumerate(outcomes) if each is None]
    assert len(winners) == 1
    assert all(isinstance(each, Stale) for each in outcomes if each is not None)
    kept = await database.read(TENANT).interactions.require("interaction-1")
    assert kept == an_interaction(completed=(str(winners[0]),), revision=1)


async def test_of_many_who_add_the_same_name_one_wins(database: Database) -> None:
    await keep(database, a_directory())
    rivals = [an_account(number, identities=an_account(1).identities) for number in range(1, 21)]
    outcomes = await asyncio.gather(
        *(keep(database, each) for each in rivals), return_exceptions=True
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(each, AlreadyExists) for each in outcomes) == 19
    winner = await database.read(TENANT).accounts.by_sign_in_name(
        "acme.example", "ada1@example.com"
    )
    assert winner == rivals[outcomes.index(None)]
    stores = database.read(TENANT)
    assert [await stores.accounts.get(each.id) for each in rivals].count(None) == 19


async def test_a_reader_sees_a_whole_transaction_or_nothing_of_it(database: Database) -> None:
    await keep(database, a_directory())
    seen: list[bool] = []

    async def work(stores: Stores) -> None:
        await stores.accounts.add(an_account())
        seen.append(await database.read(TENANT).accounts.get(ACCOUNT) is None)

    await database.write(TENANT, work)
    assert seen == [True]
    assert await database.read(TENANT).accounts.get(ACCOUNT) is not None


async def test_a_store_for_reading_does_not_write(database: Database) -> None:
    await keep(database, a_directory(), an_account())
    stores = database.read(TENANT)
    with pytest.raises(RuntimeError, match="only a transaction"):
        await stores.accounts.add(an_account(8))
    with pytest.raises(RuntimeError, match="only a transaction"):
        await stores.accounts.remove(ACCOUNT)
    with pytest.raises(RuntimeError, match="only a transaction"):
        await stores.lockouts.note_failure("ada", an_account().created_at)
    assert await stores.accounts.get(ACCOUNT) == an_account()


async def test_every_write_of_configuration_grows_the_version(database: Database) -> None:
    flow, application = a_user_flow(), an_application(1)
    seen = [database.configuration_version]
    for each in (
        a_directory(),
        flow,
        a_user_attribute(),
        application,
        a_permission_grant(application.app_id),
        a_signing_key(),
    ):
        await keep(database, each)
        seen.append(database.configuration_version)
    await database.write(
        TENANT, lambda stores: stores.user_flows.save(replace(flow, application_claims=()))
    )
    seen.append(database.configuration_version)
    await database.write(TENANT, lambda stores: stores.user_flows.remove(flow.id))
    seen.append(database.configuration_version)
    assert seen == sorted(set(seen))


async def test_what_is_no_configuration_leaves_the_version(database: Database) -> None:
    await keep(database, a_directory())
    before = database.configuration_version
    await keep(
        database,
        an_account(),
        a_password(ACCOUNT),
        a_session(),
        an_interaction(),
        a_proof(),
        a_lockout(),
        a_message(),
        an_audit_event(),
    )
    assert database.configuration_version == before


async def test_configuration_that_was_not_kept_leaves_the_version(database: Database) -> None:
    await keep(database, a_directory(), a_user_flow())
    before = database.configuration_version
    with pytest.raises(AlreadyExists):
        await keep(database, a_user_flow(id=UserFlowId("B2C_1_SUSI")))
    with pytest.raises(NotFound):
        await database.write(TENANT, lambda stores: stores.user_flows.remove("B2C_1_nothing"))
    await keep(database, an_account())
    assert database.configuration_version == before


async def test_a_message_wakes_the_sender_once_it_is_kept(database: Database) -> None:
    await keep(database, a_directory())
    with pytest.raises(AlreadyExists):
        await keep(database, a_message(), a_message())
    assert not database.message_queued.is_set()
    await keep(database, a_message())
    assert database.message_queued.is_set()


async def test_an_installation_is_set_up_once_and_counts_its_starts(database: Database) -> None:
    from tests.world.traces import an_installation

    stores = database.read(TENANT)
    assert await stores.installations.the_one() is None
    assert await database.write(TENANT, lambda it: it.installations.count_start()) == 0
    await keep(database, an_installation(), a_directory(), an_account(), a_session())
    with pytest.raises(AlreadyExists):
        await keep(database, an_installation())
    counted = await asyncio.gather(
        *(database.write(TENANT, lambda it: it.installations.count_start()) for _ in range(5))
    )
    assert sorted(counted) == [1, 2, 3, 4, 5]
    await database.write(TENANT, lambda it: it.installations.empty())
    assert await stores.installations.the_one() == an_installation(starts=5)
    assert await stores.directories.every() == []
