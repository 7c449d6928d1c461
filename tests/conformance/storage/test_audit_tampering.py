"""Whatever the owner of the database does to one row of the audit log is found."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeAlias

import pytest

from gatelodge.model.audit import EventName, PropertyChange
from gatelodge.model.identifier import DirectoryId
from gatelodge.operations.audit_verification import Broken, Place
from gatelodge.storage.database import Database
from tests.world.audit_log import TABLES, Owner, begin, inserting, literal, owner_of, verify
from tests.world.databases import keep
from tests.world.makers import TENANT, numbered
from tests.world.traces import an_audit_event

OTHER = DirectoryId(numbered(77))
LINKED, WAITING, TAMPERINGS = 40, 4, 300
Rows: TypeAlias = Sequence[dict[str, Any]]
Tampering: TypeAlias = Callable[[Random, Rows, dict[str, Any]], list[str]]

TEXTS = ("actor", "target", "detail", "changes", "name", "kind", "mark", "correlation_id")
NULLABLE = ("actor_kind", "ip_address", "correlation_id")


async def a_full_log(database: Database) -> None:
    log = await begin(database)
    for number in range(LINKED + WAITING):
        if number == LINKED:
            await log.link()
        directory_id = (TENANT, OTHER)[number % 2]
        event = an_audit_event(
            f"event-{number}",
            directory_id=directory_id,
            name=(EventName.SIGN_IN, EventName.USER_UPDATED)[number % 3 == 0],
            detail={"userFlow": "B2C_1_x"},
            changes=(PropertyChange(name="city", old='"Rome"', new='"Oslo"'),),
        )
        await keep(database, event, directory_id=directory_id)


def key(row: dict[str, Any]) -> str:
    return f"directory_id = {literal(row['directory_id'])} AND id = {literal(row['id'])}"


def setting(row: dict[str, Any], **values: Any) -> str:
    pairs = ", ".join(f'"{name}" = {literal(each)}' for name, each in values.items())
    return f"UPDATE audit_event SET {pairs} WHERE {key(row)}"  # noqa: S608


def linked(rows: Rows) -> list[dict[str, Any]]:
    return [each for each in rows if each["sequence"]]


def change_text(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row, name = chance.choice(rows), chance.choice(TEXTS)
    return [setting(row, **{name: f"{row[name]}x"})]


def blank(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row, name = chance.choice(rows), chance.choice(NULLABLE)
    return [setting(row, **{name: "" if row[name] is None else None})]


def change_result(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row = chance.choice(rows)
    return [setting(row, is_success=not row["is_success"])]


def change_moment(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row = chance.choice(rows)
    return [setting(row, at=row["at"] + chance.choice((-1, 1, 3_600_000_000)))]


def rename(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    return [setting(chance.choice(rows), id="somebody-else")]


def move_to_another_directory(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row = chance.choice(rows)
    return [setting(row, directory_id=OTHER if row["directory_id"] == TENANT else TENANT)]


def delete_linked(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    return [f"DELETE FROM audit_event WHERE {key(chance.choice(linked(rows)))}"]  # noqa: S608


def insert_forgery(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row = chance.choice(rows)
    place = chance.choice((0, -1, row["sequence"], LINKED + 1, LINKED + 9))
    return [inserting("audit_event", {**row, "id": "forged", "sequence": place})]


def renumber(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row = chance.choice(rows)
    places = {-5, 0, 1, LINKED, LINKED + 1, LINKED + 2} - {row["sequence"]}
    return [setting(row, sequence=chance.choice(sorted(places)))]


def change_digest(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    row = chance.choice(linked(rows))
    return [setting(row, digest=chance.choice(("", row["digest"][::-1])))]


def reorder(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    one, other = chance.sample(linked(rows), 2)
    names = ("sequence",) if chance.random() < 0.5 else ("sequence", "digest")
    return [
        setting(one, **{name: other[name] for name in names}),
        setting(other, **{name: one[name] for name in names}),
    ]


def swap_contents(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    one, other = chance.sample(linked(rows), 2)
    place = ("sequence", "digest")
    return [
        *(f"DELETE FROM audit_event WHERE {key(each)}" for each in (one, other)),  # noqa: S608
        inserting("audit_event", {**one, **{name: other[name] for name in place}}),
        inserting("audit_event", {**other, **{name: one[name] for name in place}}),
    ]


def cut_the_tail(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    end = chance.randrange(LINKED)
    last = next((each for each in rows if each["sequence"] == end), {"digest": ""})
    statements = [f"DELETE FROM audit_event WHERE sequence > {end}"]  # noqa: S608
    if chance.random() < 0.5:
        told = f"sequence = {end}, digest = {literal(last['digest'])}"
        statements.append(f"UPDATE audit_checkpoint SET {told}")  # noqa: S608
    return statements


def cut_the_beginning(chance: Random, rows: Rows, _: dict[str, Any]) -> list[str]:
    end = chance.randrange(1, LINKED)
    last = next(each for each in rows if each["sequence"] == end)
    statements = [f"DELETE FROM audit_event WHERE sequence BETWEEN 1 AND {end}"]  # noqa: S608
    if chance.random() < 0.5:
        told = f"swept_sequence = {end}, swept_digest = {literal(last['digest'])}"
        statements.append(f"UPDATE audit_checkpoint SET {told}")  # noqa: S608
    return statements


def change_checkpoint(chance: Random, _: Rows, checkpoint: dict[str, Any]) -> list[str]:
    name = chance.choice(sorted(checkpoint))
    value = checkpoint[name]
    changed = value + chance.choice((-1, 1)) if isinstance(value, int) else f"{value}x"
    return [f'UPDATE audit_checkpoint SET "{name}" = {literal(changed)}']  # noqa: S608


def remove_checkpoint(_chance: Random, _rows: Rows, _: dict[str, Any]) -> list[str]:
    return ["DELETE FROM audit_checkpoint"]


KINDS: tuple[Tampering, ...] = (
    change_text,
    blank,
    change_result,
    change_moment,
    rename,
    move_to_another_directory,
    delete_linked,
    insert_forgery,
    renumber,
    change_digest,
    reorder,
    swap_contents,
    cut_the_tail,
    cut_the_beginning,
    change_checkpoint,
    remove_checkpoint,
)


async def is_found(database: Database) -> bool:
    try:
        await verify(database)
    except Broken:
        return True
    return False


async def test_every_single_tampering_is_found(database: Database, database_url: str) -> None:
    await a_full_log(database)
    chance = Random(20260301)  # noqa: S311 - which row is tried, nothing more
    unnoticed = []
    async with owner_of(database_url) as owner:
        snapshot = {table: await owner.rows(table) for table in TABLES}
        for number in range(TAMPERINGS):
            kind = KINDS[number % len(KINDS)]
            statements = kind(chance, snapshot["audit_event"], snapshot["audit_checkpoint"][0])
            await owner.run(*statements)
            if not await is_found(database):
                unnoticed.append((kind.__name__, statements))
            await owner.put_back(snapshot)
        assert unnoticed == []
        verdict = await verify(database)
        assert (verdict.linked, verdict.unlinked, verdict.swept) == (LINKED, WAITING, 0)


async def tampered(database: Database, url: str, *statements: str) -> str:
    await a_full_log(database)
    async with owner_of(url) as owner:
        await owner.run(*statements)
    with pytest.raises(Broken) as broken:
        await verify(database)
    return str(broken.value)


async def test_the_row_that_does_not_fit_is_named(database: Database, database_url: str) -> None:
    wrong = "UPDATE audit_event SET actor = 'nobody' WHERE id = 'event-7'"
    said = await tampered(database, database_url, wrong)
    assert f"event-7 of directory {OTHER}" in said
    assert "changed" in said


async def test_a_missing_row_is_named_by_its_number(database: Database, database_url: str) -> None:
    gone = "DELETE FROM audit_event WHERE sequence = 12"
    assert "event 12 is missing" in await tampered(database, database_url, gone)


async def put_earlier_state_back(owner: Owner, end: int, checkpoint: dict[str, Any]) -> None:
    await owner.run(
        f"DELETE FROM audit_event WHERE sequence > {end} OR sequence = 0",  # noqa: S608
        "DELETE FROM audit_checkpoint",
        inserting("audit_checkpoint", checkpoint),
    )


async def test_a_whole_earlier_state_is_told_by_a_place_that_was_noted(
    database: Database, database_url: str
) -> None:
    log = await begin(database)
    await keep(database, an_audit_event("first"))
    await log.link()
    async with owner_of(database_url) as owner:
        (earlier,) = await owner.rows("audit_checkpoint")
        await keep(database, an_audit_event("second"))
        await log.link()
        noted = (await verify(database)).head
        await put_earlier_state_back(owner, 1, earlier)
    assert (await verify(database)).linked == 1
    with pytest.raises(Broken, match="before the place that was noted"):
        await verify(database, noted)
    # A node that saw more does not go on from there.
    await keep(database, an_audit_event("third"))
    with pytest.raises(Broken, match="ended at 2 and ends at 1"):
        await log.link()


async def test_a_noted_place_must_be_on_the_way(database: Database) -> None:
    await a_full_log(database)
    head = (await verify(database)).head
    assert (await verify(database, head)).head == head
    with pytest.raises(Broken, match="not the one that was noted"):
        await verify(database, Place(head.sequence - 1, head.digest))
