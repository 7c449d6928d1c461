"""Traces outlive their interactions, on both databases."""

from dataclasses import replace
from datetime import timedelta

from gatelodge.model.trace import MOST_ENTRIES, TraceEntry, TraceOutcome
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, a_directory
from tests.world.traces import an_interaction

LATER = BEGINNING + timedelta(days=1)


def an_entry(step: str = "choose") -> TraceEntry:
    return TraceEntry(
        step=step,
        condition="nobody_yet",
        outcome=TraceOutcome.SHOWN,
        at=BEGINNING,
        milliseconds=3,
        page="api.signuporsignin",
        asked=("email", "password"),
        because=("UserMessageIfInvalidPassword",),
    )


async def test_a_trace_is_found_while_the_interaction_runs_and_when_it_is_gone(
    database: Database,
) -> None:
    begun = an_interaction(correlation_id="one").traced(an_entry())
    silent = an_interaction("silent", correlation_id="two")

    async def begin(stores: Stores) -> None:
        await stores.directories.add(a_directory())
        await stores.interactions.add(begun)
        await stores.interactions.add(silent)
        await stores.interactions.save(begun.traced(an_entry("verifyEmail")))

    await database.write(TENANT, begin)
    traces = database.read(TENANT).traces
    under_way = await traces.of("one")
    assert under_way is not None
    assert [each.step for each in under_way.entries] == ["choose", "verifyEmail"]
    after = begun.expires_at + timedelta(seconds=1)
    assert await database.write(TENANT, lambda stores: stores.interactions.sweep(after)) == 2
    assert await traces.of("one") == under_way
    assert await traces.of("two") is None
    assert await traces.latest() == [under_way]
    assert await database.write(TENANT, lambda stores: stores.traces.sweep(LATER)) == 1
    assert await traces.of("one") is None


async def test_traces_of_several_are_read_at_once(database: Database) -> None:
    async def begin(stores: Stores) -> None:
        await stores.directories.add(a_directory())
        for number in range(3):
            begun = an_interaction(f"i{number}", correlation_id=f"c{number}")
            await stores.interactions.add(begun.traced(an_entry()))

    await database.write(TENANT, begin)
    found = await database.read(TENANT).traces.of_these(["c0", "c2", "c9"])
    assert sorted(found) == ["c0", "c2"]


async def test_a_journey_without_end_keeps_its_latest_entries() -> None:
    walked = an_interaction()
    for number in range(MOST_ENTRIES + 5):
        walked = walked.traced(replace(an_entry(), milliseconds=number))
    assert walked.trace is not None
    assert [each.milliseconds for each in walked.trace][::59] == [5, 64]
