"""What every store does, for every type the model has, on every database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from gatelodge.errors import AlreadyExists, NotFound, Stale
from gatelodge.model.account import PasswordCredential
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import ClientId, DirectoryId
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.databases import keep, store_of
from tests.world.events import an_event_extension, an_event_listener, an_events_flow
from tests.world.makers import (
    TENANT,
    a_brand_picture,
    a_branding,
    a_directory,
    a_page_override,
    a_page_template,
    a_password,
    a_permission_grant,
    a_service_principal,
    a_sign_in_identifier,
    a_signing_key,
    a_trust_framework_policy,
    a_user_attribute,
    a_user_flow,
    an_account,
    an_api_connector,
    an_application,
    an_identity_provider,
    numbered,
)
from tests.world.traces import (
    ACCOUNT,
    LATER,
    a_consent,
    a_failed_source,
    a_grant,
    a_known_device,
    a_lockout,
    a_message,
    a_passkey,
    a_proof,
    a_recovery_code,
    a_refresh_token,
    a_second_factor,
    a_session,
    a_user_role,
    an_audit_event,
    an_authorization_code,
    an_interaction,
    sent_codes,
)

OTHER = DirectoryId(numbered(99))
CLIENT = an_application(1).app_id


@dataclass(frozen=True)
class Kept:
    """A type: how to make one, what identifies it, one change, and what it needs to exist."""

    make: Callable[..., Any]
    key: tuple[Any, ...]
    change: dict[str, Any]
    parents: tuple[Callable[..., Any], ...] = ()
    taken: str = "id"
    """The column that is told, or both when a copy collides in two and the database chooses."""


def one_application(**changes: Any) -> Any:
    return an_application(1, **changes)


def one_service_principal(**changes: Any) -> Any:
    return a_service_principal(1, **changes)


def the_password(**changes: Any) -> Any:
    return a_password(ACCOUNT, **changes)


def the_permission(**changes: Any) -> Any:
    return a_permission_grant(CLIENT, **changes)


def the_consent(**changes: Any) -> Any:
    return a_consent(app_id=CLIENT, **changes)


def the_user_role(**changes: Any) -> Any:
    return a_user_role(resource_app_id=CLIENT, **changes)


KEPT = {
    "user flow": Kept(a_user_flow, ("B2C_1_SuSi",), {"default_language_tag": None}, taken="key"),
    "page override": Kept(
        a_page_override,
        ("B2C_1_SuSi", "EN", "api.localaccountsignup"),
        {"content": "{}"},
        (a_user_flow,),
        "page_id",
    ),
    "look": Kept(a_branding, ("0",), {"accent_color": None}),
    "brand picture": Kept(a_brand_picture, ("0", "bannerLogo"), {"digest": "d2"}, taken="name"),
    "page template": Kept(
        a_page_template,
        ("B2C_1_SuSi", "api.localaccountsignup"),
        {"after": "<hr>"},
        (a_user_flow,),
        "page_id",
    ),
    "user attribute": Kept(
        a_user_attribute,
        (a_user_attribute().id,),
        {"description": "In EU sizes"},
        taken="key display_name_key",
    ),
    "application": Kept(
        one_application, (an_application(1).id,), {"tags": ("one", "two")}, taken="id app_id"
    ),
    "permission": Kept(
        the_permission,
        (CLIENT, the_permission().resource_app_id, the_permission().kind, "read"),
        {},
        (one_application,),
        "value",
    ),
    "consent": Kept(
        the_consent,
        (ACCOUNT, CLIENT, the_consent().resource_app_id, "read"),
        {},
        (one_application, an_account),
        "value",
    ),
    "user role": Kept(
        the_user_role,
        (ACCOUNT, CLIENT, "role-1"),
        {},
        (one_application, an_account),
        "role_id",
    ),
    "identity provider": Kept(
        an_identity_provider, ("Google-OAUTH",), {"display_name": "G"}, taken="key"
    ),
    "API connector": Kept(
        an_api_connector, (an_api_connector().id,), {"username": "ada", "password": "c2VhbGVk"}
    ),
    "sign-in identifier": Kept(
        a_sign_in_identifier,
        (a_sign_in_identifier().name,),
        {"is_enabled": False},
        taken="name",
    ),
    "custom policy": Kept(
        a_trust_framework_policy,
        ("b2c_1a_POLICY1",),
        {"content": "<TrustFrameworkPolicy></TrustFrameworkPolicy>"},
        taken="key",
    ),
    "service principal": Kept(
        one_service_principal,
        (a_service_principal(1).id,),
        {"account_enabled": False},
        taken="id app_id",
    ),
    "signing key": Kept(a_signing_key, ("key-1",), {"retired_at": LATER}),
    "account": Kept(an_account, (ACCOUNT,), {"city": "Šibenik", "identities": ()}),
    "password": Kept(
        the_password, (ACCOUNT,), {"force_change_next_sign_in": True}, (an_account,), "account_id"
    ),
    "lockout": Kept(a_lockout, ("ada@example.com",), {"locked_until": LATER}, taken="key"),
    "failed source": Kept(a_failed_source, ("192.0.2.7",), {"failures": 3}, taken="source"),
    "passkey": Kept(a_passkey, ("credential-1",), {"sign_count": 7}, (an_account,)),
    "known device": Kept(
        a_known_device,
        (ACCOUNT, "device-1", "192.0.2.0/24"),
        {"last_seen_at": LATER},
        (an_account,),
        "network",
    ),
    "second factor": Kept(
        a_second_factor, (ACCOUNT, "factor-1"), {"last_step": 58_000_000}, (an_account,)
    ),
    "recovery code": Kept(
        a_recovery_code, (ACCOUNT, "digest-1"), {"used_at": LATER}, (an_account,), "digest"
    ),
    "sent codes": Kept(sent_codes, ("ada@example.com",), {"sends": 3}, taken="address"),
    "interaction": Kept(an_interaction, ("interaction-1",), {"completed": ("choose",)}),
    "proof": Kept(a_proof, ("proof-1",), {"consumed_at": LATER}),
    "session": Kept(a_session, ("session-1",), {"last_used_at": LATER}, (an_account,)),
    "grant": Kept(a_grant, ("grant-1",), {"revoked_at": LATER}, (an_account,)),
    "code": Kept(an_authorization_code, ("code-1",), {"redeemed_at": LATER}, (an_account, a_grant)),
    "refresh token": Kept(
        a_refresh_token, ("token-1",), {"replay": "sealed"}, (an_account, a_grant)
    ),
    "events flow": Kept(
        an_events_flow, (numbered(70),), {"app_ids": ("a",)}, taken="id display_name"
    ),
    "event listener": Kept(an_event_listener, (numbered(71),), {"extension_call": None}),
    "event extension": Kept(an_event_extension, (numbered(72),), {"description": "x"}),
    "message": Kept(a_message, ("message-1",), {"sent_at": LATER}),
    "audit event": Kept(an_audit_event, ("event-1",), {"is_success": False}),
}
CHANGEABLE = {name: each for name, each in KEPT.items() if each.change}
REVISED = {name: each for name, each in KEPT.items() if hasattr(each.make(), "revision")}

every = pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
changeable = pytest.mark.parametrize("kept", CHANGEABLE.values(), ids=CHANGEABLE)
revised = pytest.mark.parametrize("kept", REVISED.values(), ids=REVISED)


def another_directory() -> Directory:
    return a_directory(id=OTHER, domain="other.example")


async def plant(database: Database, kept: Kept, directory_id: DirectoryId = TENANT) -> Any:
    directory = a_directory() if directory_id == TENANT else another_directory()
    made = [make(directory_id=directory_id) for make in (*kept.parents, kept.make)]
    await keep(database, directory, *made, directory_id=directory_id)
    return made[-1]


async def found(database: Database, kept: Kept, directory_id: DirectoryId = TENANT) -> Any:
    return await store_of(database.read(directory_id), kept.make()).get(*kept.key)


@every
async def test_what_was_added_is_read_back_as_it_was(database: Database, kept: Kept) -> None:
    value = await plant(database, kept)
    assert await found(database, kept) == value


@every
async def test_the_same_key_cannot_be_added_twice(database: Database, kept: Kept) -> None:
    value = await plant(database, kept)
    with pytest.raises(AlreadyExists) as refused:
        await keep(database, value)
    assert refused.value.target in kept.taken.split()


@every
async def test_what_is_not_there_is_none_and_required_in_vain(
    database: Database, kept: Kept
) -> None:
    await keep(database, a_directory())
    assert await found(database, kept) is None
    with pytest.raises(NotFound):
        await store_of(database.read(TENANT), kept.make()).require(*kept.key)


@every
async def test_removing_what_is_not_there_is_refused(database: Database, kept: Kept) -> None:
    await keep(database, a_directory())
    with pytest.raises(NotFound):
        await database.write(TENANT, lambda stores: store_of(stores, kept.make()).remove(*kept.key))


@every
async def test_what_was_removed_is_gone(database: Database, kept: Kept) -> None:
    value = await plant(database, kept)
    await database.write(TENANT, lambda stores: store_of(stores, value).remove(*kept.key))
    assert await found(database, kept) is None


@changeable
async def test_a_change_is_read_back(database: Database, kept: Kept) -> None:
    changed = replace(await plant(database, kept), **kept.change)
    saved = await database.write(TENANT, lambda stores: store_of(stores, changed).save(changed))
    assert await found(database, kept) == saved
    assert saved == replace(changed, **({"revision": 1} if hasattr(changed, "revision") else {}))


@changeable
async def test_what_is_gone_cannot_be_saved(database: Database, kept: Kept) -> None:
    await keep(database, a_directory())
    value = kept.make()
    with pytest.raises(Stale):
        await database.write(TENANT, lambda stores: store_of(stores, value).save(value))


@revised
async def test_a_change_of_what_somebody_else_changed_is_refused(
    database: Database, kept: Kept
) -> None:
    read = await plant(database, kept)
    mine, theirs = replace(read, **kept.change), read
    await database.write(TENANT, lambda stores: store_of(stores, read).save(theirs))
    with pytest.raises(Stale):
        await database.write(TENANT, lambda stores: store_of(stores, read).save(mine))
    assert await found(database, kept) == replace(theirs, revision=1)


@every
async def test_two_directories_keep_the_same_key_apart(database: Database, kept: Kept) -> None:
    await plant(database, kept)
    theirs = await plant(database, kept, OTHER)
    await database.write(TENANT, lambda stores: store_of(stores, theirs).remove(*kept.key))
    assert await found(database, kept) is None
    assert await found(database, kept, OTHER) == theirs


@every
async def test_a_directory_sees_nothing_of_another(database: Database, kept: Kept) -> None:
    await keep(database, a_directory())
    theirs = await plant(database, kept, OTHER)
    assert await found(database, kept) is None
    with pytest.raises(NotFound):
        await database.write(TENANT, lambda stores: store_of(stores, theirs).remove(*kept.key))
    assert await found(database, kept, OTHER) == theirs


@changeable
async def test_a_store_does_not_write_into_another_directory(
    database: Database, kept: Kept
) -> None:
    await plant(database, kept)
    theirs = await plant(database, kept, OTHER)
    with pytest.raises(ValueError, match="another directory"):
        await keep(database, theirs, directory_id=TENANT)
    with pytest.raises(ValueError, match="another directory"):
        await database.write(TENANT, lambda stores: store_of(stores, theirs).save(theirs))
    assert await found(database, kept) == kept.make()


async def test_a_directory_is_read_changed_and_found_by_its_names(database: Database) -> None:
    await keep(database, a_directory(), another_directory())
    stores = database.read(TENANT)
    assert await stores.directories.get(TENANT) == a_directory()
    assert await stores.directories.get(OTHER) is None
    for name in (TENANT, TENANT.upper(), "ACME.example"):
        assert await stores.directories.find(name) == a_directory()
    assert await stores.directories.find("nobody.example") is None
    assert [each.domain for each in await stores.directories.every()] == [
        "acme.example",
        "other.example",
    ]
    with pytest.raises(AlreadyExists) as refused:
        await keep(database, a_directory(id=DirectoryId(numbered(3)), domain="ACME.Example"))
    assert refused.value.target == "domain_key"


async def test_a_taken_client_id_or_display_name_is_named(database: Database) -> None:
    await keep(database, a_directory(), one_application(), a_user_attribute())
    with pytest.raises(AlreadyExists) as refused:
        await keep(database, an_application(2, app_id=CLIENT))
    assert refused.value.target == "app_id"
    with pytest.raises(AlreadyExists) as refused:
        await keep(database, a_user_attribute("Other", display_name="SHOESIZE"))
    assert refused.value.target == "display_name_key"


async def put(credential: PasswordCredential, stores: Stores) -> None:
    await stores.passwords.put(credential)


async def test_a_credential_is_put_whether_or_not_there_was_one(database: Database) -> None:
    await keep(database, a_directory(), an_account())
    for hashed in ("first", "second"):
        credential = the_password(hash=hashed)
        await database.write(TENANT, partial(put, credential))
        assert await database.read(TENANT).passwords.get(ACCOUNT) == credential


async def test_lists_come_in_their_order(database: Database) -> None:
    await keep(
        database,
        a_directory(),
        a_signing_key("b", created_at=LATER),
        a_signing_key("c"),
        a_signing_key("a", created_at=LATER),
        a_user_attribute("Zebra"),
        a_user_attribute("ant"),
        an_audit_event("old"),
        an_audit_event("new", at=LATER),
        a_message("old"),
        a_message("new", created_at=LATER),
    )
    stores = database.read(TENANT)
    assert [each.id for each in await stores.signing_keys.every()] == ["c", "a", "b"]
    assert [each.display_name for each in await stores.user_attributes.every()] == ["ant", "Zebra"]
    assert [each.id for each in await stores.audit_events.latest()] == ["new", "old"]
    assert [each.id for each in await stores.messages.latest()] == ["new", "old"]


async def test_the_permissions_of_a_client_are_those_of_one_api_and_kind(
    database: Database,
) -> None:
    other_api = ClientId(numbered(60))
    await keep(
        database,
        a_directory(),
        one_application(),
        the_permission(value="write"),
        the_permission(value="read"),
        the_permission(value="look", resource_app_id=other_api),
    )
    grants = database.read(TENANT).permission_grants
    kept = the_permission()
    assert await grants.values(CLIENT, kept.resource_app_id, kept.kind) == ("read", "write")
    assert await grants.values(CLIENT, other_api, kept.kind) == ("look",)
    assert await grants.values(ClientId("nobody"), other_api, kept.kind) == ()
