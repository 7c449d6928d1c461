"""The audit log is read in two lists, the newest first, with names where there are any."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from gatelodge.model.asker import ASKER, Asker
from gatelodge.model.audit import ActorKind, EventName
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.query import Among, Comparator, Comparison, Filter, Has, Not, Slice
from gatelodge.storage.audit_lists import DIRECTORY_AUDITS, SIGN_INS
from gatelodge.storage.database import Database
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, an_account, an_application, numbered
from tests.world.traces import an_audit_event

APPLICATION, PERSON = an_application(1), an_account()
OTHER = DirectoryId(numbered(77))
EQ = Comparator.EQ


async def a_few_events(database: Database) -> None:
    await keep(database, a_directory(), APPLICATION, PERSON)
    for number in range(5):
        at = BEGINNING + timedelta(seconds=number)
        sign_in = an_audit_event(
            f"sign-in-{number}", at=at, actor=PERSON.id, target=APPLICATION.app_id
        )
        update = an_audit_event(
            f"update-{number}",
            at=at,
            name=EventName.USER_UPDATED,
            actor=APPLICATION.id,
            actor_kind=ActorKind.APPLICATION,
            target=PERSON.id,
            correlation_id=f"request-{number}",
        )
        await keep(database, sign_in, update)
    stray = an_audit_event("stray", directory_id=OTHER)
    await keep(database, stray, directory_id=OTHER)


async def test_each_list_has_its_own_events_the_newest_first(database: Database) -> None:
    await a_few_events(database)
    stores = database.read(TENANT)
    first = await DIRECTORY_AUDITS.page(stores, Slice(limit=3))
    assert [each.id for each in first.values] == ["update-4", "update-3", "update-2"]
    rest = await DIRECTORY_AUDITS.page(stores, Slice(limit=3, after=first.end))
    assert [each.id for each in rest.values] == ["update-1", "update-0"]
    assert rest.end is None
    sign_ins = await SIGN_INS.page(stores, Slice())
    assert {each.id for each in sign_ins.values} == {f"sign-in-{number}" for number in range(5)}
    assert await SIGN_INS.count(stores, None) == 5


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Comparison("logged_by_service", EQ, "core directory"), 5),
        (Comparison("logged_by_service", EQ, "B2C"), 1),
        (Comparison("activity_display_name", Comparator.STARTS_WITH, "Update"), 5),
        (Among("operation_type", ("Add", "Authenticate")), 1),
        (Comparison("category", Comparator.NE, "UserManagement"), 1),
        (Comparison("result", EQ, "failure"), 1),
        (Not(Comparison("result", EQ, "failure")), 5),
        (Comparison("initiated_by.application.app_id", EQ, APPLICATION.app_id), 5),
        (Comparison("initiated_by.application.app_id", Comparator.NE, APPLICATION.app_id), 1),
        (Comparison("initiated_by.user.id", EQ, PERSON.id), 1),
        (Comparison("initiated_by.user.id", EQ, None), 5),
        (Has("target_resources", Comparison("id", EQ, PERSON.id)), 5),
        (Has("target_resources", Comparison("type", EQ, "UserFlow")), 1),
        (Comparison("activity_display_name", EQ, "nothing of the kind"), 0),
    ],
)
async def test_audits_are_found_by_the_words_they_are_read_in(
    database: Database, where: Filter, expected: int
) -> None:
    await a_few_events(database)
    failed = an_audit_event(
        "failed",
        name=EventName.USER_FLOW_CREATED,
        actor=PERSON.id,
        actor_kind=ActorKind.USER,
        target="B2C_1_other",
        is_success=False,
    )
    await keep(database, failed)
    assert await DIRECTORY_AUDITS.count(database.read(TENANT), where) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Comparison("user_id", EQ, PERSON.id), 5),
        (Comparison("user_id", EQ, None), 2),
        (Comparison("app_id", EQ, APPLICATION.app_id), 7),
        (Comparison("app_id", EQ, PERSON.id), 0),
        (Comparison("status.error_code", EQ, 0), 5),
        (Comparison("status.error_code", Comparator.NE, 0), 2),
        (Comparison("status.error_code", EQ, 50126), 1),
        (Among("status.error_code", (90117, 90118)), 1),
    ],
)
async def test_sign_ins_are_found_by_the_words_they_are_read_in(
    database: Database, where: Filter, expected: int
) -> None:
    await a_few_events(database)
    for name, detail in (("one", {"reason": "unknown"}), ("two", {"code": "AADB2C90118"})):
        refused = an_audit_event(
            name,
            name=EventName.SIGN_IN_REFUSED,
            actor=APPLICATION.app_id,
            is_success=False,
            detail=detail,
        )
        await keep(database, refused)
    assert await SIGN_INS.count(database.read(TENANT), where) == expected


async def test_an_entry_names_who_and_what(database: Database) -> None:
    await a_few_events(database)
    found = await DIRECTORY_AUDITS.find(database.read(TENANT), "update-1")
    assert found is not None
    assert found.application is not None
    assert found.application.display_name == APPLICATION.display_name
    assert found.application.app_id == APPLICATION.app_id
    assert found.user is None
    assert (found.target.id, found.target.display_name) == (PERSON.id, PERSON.display_name)
    assert (found.activity_display_name, found.operation) == ("Update user", "Update")
    assert (found.category, found.service) == ("UserManagement", "Core Directory")
    sign_in = await SIGN_INS.find(database.read(TENANT), "sign-in-1")
    assert sign_in is not None
    assert sign_in.user is not None
    assert sign_in.user.display_name == PERSON.display_name
    assert sign_in.application is not None
    assert sign_in.application.display_name == APPLICATION.display_name


async def test_what_is_gone_keeps_its_id(database: Database) -> None:
    await a_few_events(database)
    await database.write(TENANT, lambda stores: stores.accounts.remove(PERSON.id))
    found = await DIRECTORY_AUDITS.find(database.read(TENANT), "update-1")
    assert found is not None
    assert found.target == replace(found.target, id=PERSON.id, display_name=None)


async def test_a_list_is_filtered_and_never_shows_the_other(database: Database) -> None:
    await a_few_events(database)
    stores = database.read(TENANT)
    where = Comparison("correlation_id", Comparator.EQ, "request-2")
    found = await DIRECTORY_AUDITS.page(stores, Slice(where=where))
    assert [each.id for each in found.values] == ["update-2"]
    later = Comparison("at", Comparator.GE, BEGINNING + timedelta(seconds=3))
    assert await SIGN_INS.count(stores, later) == 2
    assert await SIGN_INS.find(stores, "update-1") is None
    assert await DIRECTORY_AUDITS.find(stores, "stray") is None


async def test_an_empty_list_is_a_page(database: Database) -> None:
    assert (await SIGN_INS.page(database.read(TENANT), Slice())).values == ()


async def test_an_event_says_where_its_own_request_came_from(database: Database) -> None:
    async def ask(number: int) -> None:
        ASKER.set(Asker(f"192.0.2.{number}", "Browser/1.0"))
        await keep(database, an_audit_event(f"event-{number}"))

    # Each task has its own asker, and on SQLite all share one commit.
    await asyncio.gather(*(ask(number) for number in range(20)))
    stores = database.read(TENANT)
    for number in range(20):
        found = await SIGN_INS.find(stores, f"event-{number}")
        assert found is not None
        assert (found.ip_address, found.user_agent) == (f"192.0.2.{number}", "Browser/1.0")


async def test_what_no_request_caused_has_no_address(database: Database) -> None:
    await keep(database, an_audit_event())
    found = await SIGN_INS.find(database.read(TENANT), "event-1")
    assert found is not None
    assert (found.ip_address, found.user_agent) == (None, None)
