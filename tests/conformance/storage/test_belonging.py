"""What belongs to something goes with it, and cannot be added to what is gone."""

from typing import Any

import pytest

from gatelodge.errors import AlreadyExists, NotFound, Stale
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Database
from tests.world.databases import keep, store_of
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
    numbered,
)
from tests.world.traces import (
    ACCOUNT,
    a_grant,
    a_refresh_token,
    a_session,
    an_audit_event,
    an_authorization_code,
)

APPLICATION = an_application(1, identifier_uris=("api://one",))
OF_ACCOUNT = [a_password(ACCOUNT), a_session(), a_grant()]
OF_GRANT = [an_authorization_code(), a_refresh_token()]
OF_DIRECTORY = [
    a_user_flow(),
    a_user_attribute(),
    APPLICATION,
    an_account(),
    a_signing_key(),
]


def named(values: list[Any]) -> Any:
    return pytest.mark.parametrize("value", values, ids=lambda it: type(it).__name__)


async def is_kept(database: Database, value: Any) -> bool:
    record = store_of(database.read(TENANT), value).record
    key = [getattr(value, name if name != "key" else "id") for name in record.key]
    return await store_of(database.read(TENANT), value).get(*key) is not None


async def test_a_user_takes_everything_along(database: Database) -> None:
    event = an_audit_event()
    await keep(database, a_directory(), an_account(), *OF_ACCOUNT, *OF_GRANT, event)
    others = [an_account(8), a_session("session-2", account_id=an_account(8).id)]
    await keep(database, *others)
    await database.write(TENANT, lambda stores: stores.accounts.remove(ACCOUNT))
    for value in (*OF_ACCOUNT, *OF_GRANT):
        assert not await is_kept(database, value)
    assert [await is_kept(database, each) for each in (*others, event)] == [True, True, True]
    # The name is free for somebody else.
    await keep(database, an_account(9, identities=an_account().identities))


async def test_an_application_takes_its_permissions_and_uris_along(database: Database) -> None:
    grant = a_permission_grant(APPLICATION.app_id)
    await keep(database, a_directory(), APPLICATION, grant)
    await database.write(TENANT, lambda stores: stores.applications.remove(APPLICATION.id))
    assert not await is_kept(database, grant)
    assert await database.read(TENANT).applications.by_identifier_uri("api://one") is None
    await keep(database, an_application(2, identifier_uris=("api://one",)))


async def test_a_grant_takes_its_codes_and_tokens_along(database: Database) -> None:
    await keep(database, a_directory(), an_account(), a_grant(), *OF_GRANT)
    await database.write(TENANT, lambda stores: stores.grants.remove("grant-1"))
    assert [await is_kept(database, each) for each in OF_GRANT] == [False, False]


@named([*OF_ACCOUNT, *OF_GRANT, a_permission_grant(APPLICATION.app_id), *OF_DIRECTORY])
async def test_nothing_is_added_to_what_is_gone(database: Database, value: Any) -> None:
    if value not in OF_DIRECTORY:
        await keep(database, a_directory())
    with pytest.raises(NotFound):
        await keep(database, value)
    assert not await is_kept(database, value)


async def test_a_session_for_an_account_deleted_meanwhile_is_refused(database: Database) -> None:
    await keep(database, a_directory(), an_account())
    account = await database.read(TENANT).accounts.require(ACCOUNT)
    await database.write(TENANT, lambda stores: stores.accounts.remove(ACCOUNT))
    event = an_audit_event()
    with pytest.raises(NotFound):
        await keep(database, event, a_session(account_id=account.id))
    assert not await is_kept(database, event)


async def test_a_directory_with_something_in_it_stays(database: Database) -> None:
    await keep(database, a_directory(), an_account())
    with pytest.raises(Stale):
        await database.write(TENANT, lambda stores: stores.directories.remove(TENANT))
    assert await database.read(TENANT).directories.get(TENANT) == a_directory()


async def test_an_account_of_another_directory_owns_nothing_here(database: Database) -> None:
    other = DirectoryId(numbered(99))
    await keep(database, a_directory())
    await keep(
        database,
        a_directory(id=other, domain="other.example"),
        an_account(directory_id=other),
        directory_id=other,
    )
    with pytest.raises(NotFound):
        await keep(database, a_session())


async def test_changed_sign_in_names_free_the_old_and_claim_the_new(database: Database) -> None:
    await keep(database, a_directory(), an_account(1), an_account(2))
    renamed = an_account(1, identities=an_account(3).identities)
    await database.write(TENANT, lambda stores: stores.accounts.save(renamed))
    accounts = database.read(TENANT).accounts
    assert await accounts.by_sign_in_name("acme.example", "ada1@example.com") is None
    found = await accounts.by_sign_in_name("acme.example", "ada3@example.com")
    assert found is not None
    assert found.id == renamed.id
    with pytest.raises(AlreadyExists) as refused:
        await database.write(
            TENANT,
            lambda stores: stores.accounts.save(
                an_account(1, identities=an_account(2).identities, revision=1)
            ),
        )
    assert refused.value.target == "key"
    assert await accounts.get(found.id) == found


async def test_changed_identifier_uris_free_the_old_and_claim_the_new(database: Database) -> None:
    await keep(database, a_directory(), APPLICATION, an_application(2))
    moved = an_application(1, identifier_uris=("api://two",))
    await database.write(TENANT, lambda stores: stores.applications.save(moved))
    applications = database.read(TENANT).applications
    assert await applications.by_identifier_uri("api://one") is None
    assert (await applications.require(moved.id)).identifier_uris == ("api://two",)
    with pytest.raises(AlreadyExists) as refused:
        await keep(database, an_application(3, identifier_uris=("api://two",)))
    assert refused.value.target == "uri"
