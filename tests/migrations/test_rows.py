"""Rows of an older schema, after the steps that came since."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from tests.world.makers import TENANT

OF_THE_FIRST_SCHEMA = (
    "INSERT INTO directory VALUES ('{tenant}', 'a', 'a', 'A', 'x', 1, '{{}}', '{{}}', 0)",
    "INSERT INTO directory VALUES ('forbidding', 'b', 'b', 'B', 'x', 1, '{{}}',"
    ' \'{{"authentication_methods":{{"is_user_name_authentication_enabled":false,'
    '"is_phone_one_time_password_authentication_enabled":false}}}}\', 0)',
    "INSERT INTO account (directory_id, id, created_at, display_name, sign_in_sessions_valid_from,"
    " account_enabled, extensions, directory_roles, revision, display_name_key, mail_key,"
    " user_principal_name_key) VALUES"
    " ('{tenant}', 'ada', 1, 'Ada', 1, true, '{{}}', '[]', 3, 'ada', '', ''),"
    " ('{tenant}', 'nameless', 1, 'Nobody', 1, true, '{{}}', '[]', 0, 'nobody', '', '')",
    "INSERT INTO sign_in_name (directory_id, issuer, key, sign_in_type, issuer_assigned_id,"
    " account_id, position) VALUES"
    " ('{tenant}', 'a', 'ada', 'userName', 'ADA \"the first\"', 'ada', 1),"
    " ('{tenant}', 'https://up.example', 'Xy', 'federated', 'Xy', 'ada', 2),"
    " ('{tenant}', 'a', 'ada@a.example', 'emailAddress', 'Ada@a.example', 'ada', 0)",
)
NAMES = (
    ("emailAddress", "a", "Ada@a.example"),
    ("userName", "a", 'ADA "the first"'),
    ("federated", "https://up.example", "Xy"),
)


def _first_schema(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("gatelodge.storage") / "migrations"))
    command.upgrade(config, "0001")
    for each in OF_THE_FIRST_SCHEMA:
        connection.exec_driver_sql(each.format(tenant=TENANT))


async def _within(url: str, work: Callable[[Connection], Any]) -> None:
    if url.startswith("sqlite:"):
        with create_engine(url, poolclass=NullPool).begin() as connection:
            work(connection)
        return
    remote = create_async_engine(url.replace("://", "+asyncpg://", 1), poolclass=NullPool)
    async with remote.begin() as shared:
        await shared.run_sync(work)


async def test_rows_of_the_first_schema_keep_what_they_say_and_forbid_nothing_new(
    empty_url: str,
) -> None:
    await _within(empty_url, _first_schema)
    assert await migrate(empty_url) == "0001"
    database = await open_database(empty_url)
    accounts = database.read(TENANT).accounts
    ada, nameless = [await accounts.require(AccountId(each)) for each in ("ada", "nameless")]
    found = await accounts.by_sign_in_name("a", "ada@a.example")
    forbidding = DirectoryId("forbidding")
    methods = (await database.read(forbidding).directories.require(forbidding)).policies
    await database.close()
    assert ada.identities == tuple(
        SignInName(sign_in_type=SignInType(kind), issuer=issuer, issuer_assigned_id=name)
        for kind, issuer, name in NAMES
    )
    assert nameless.identities == ()
    assert found == ada
    assert ada.revision == 3
    kinds = methods.authentication_methods
    assert kinds.is_phone_one_time_password_authentication_enabled
    assert not kinds.is_user_name_authentication_enabled
