"""Opened and migrated databases: the same tests run on every one the product knows."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import delete

from gatelodge.model.account import Account, PasswordCredential
from gatelodge.model.api_connector import ApiConnector
from gatelodge.model.application import Application, PermissionGrant
from gatelodge.model.attribute import UserAttribute
from gatelodge.model.audit import AuditEvent
from gatelodge.model.authentication_event import EventExtension, EventListener, EventsFlow
from gatelodge.model.branding import Branding, BrandPicture
from gatelodge.model.consent import Consent
from gatelodge.model.device import KnownDevice
from gatelodge.model.directory import Directory
from gatelodge.model.failed_source import FailedSource
from gatelodge.model.grant import AuthorizationCode, Grant, RefreshToken
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.installation import Installation
from gatelodge.model.interaction import Interaction
from gatelodge.model.language import PageOverride
from gatelodge.model.lockout import Lockout
from gatelodge.model.message import Message
from gatelodge.model.one_time_code import SentCodes
from gatelodge.model.page_template import PageTemplate
from gatelodge.model.passkey import Passkey
from gatelodge.model.proof import Proof
from gatelodge.model.second_factor import EnrolledFactor, RecoveryCode
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.model.session import Session
from gatelodge.model.sign_in_identifier import SignInIdentifier
from gatelodge.model.signing_key import SigningKey
from gatelodge.model.trust_framework import TrustFrameworkPolicy
from gatelodge.model.user_flow import UserFlow
from gatelodge.model.user_role import UserRole
from gatelodge.storage.database import Database
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from gatelodge.storage.tables import metadata
from tests.world.makers import TENANT
from tests.world.postgres import Cluster

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def _apart(work: Coroutine[Any, Any, object]) -> None:
    """Run `work` on a loop of its own: under a browser test this thread has one already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One SQLite file with the newest schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "gatelodge.db"
    _apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_template(postgresql_cluster: Cluster) -> str:
    """One PostgreSQL database with the newest schema and no rows, to be copied."""
    name = postgresql_cluster.create()
    _apart(migrate(postgresql_cluster.url(name)))
    return name


@pytest.fixture(scope="session")
def shared_postgresql_url(postgresql_cluster: Cluster, migrated_template: str) -> str:
    """One copy that tests use in turn: emptying it is ten times faster than another copy."""
    return postgresql_cluster.url(postgresql_cluster.create(template=migrated_template))


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        tables = [str(delete(each)) for each in reversed(metadata.sorted_tables)]
        await connection.execute(";".join(tables))
    finally:
        await connection.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a migrated and empty database, once of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "gatelodge.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("shared_postgresql_url")
    _apart(_empty(url))
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open the test's database, and close it whatever happens."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


_STORES = {
    Account: "accounts",
    ApiConnector: "api_connectors",
    EventsFlow: "events_flows",
    EventListener: "event_listeners",
    EventExtension: "event_extensions",
    Branding: "brandings",
    BrandPicture: "brand_pictures",
    PageOverride: "page_overrides",
    PageTemplate: "page_templates",
    Passkey: "passkeys",
    Application: "applications",
    AuditEvent: "audit_events",
    AuthorizationCode: "authorization_codes",
    Directory: "directories",
    Grant: "grants",
    IdentityProvider: "identity_providers",
    Installation: "installations",
    Interaction: "interactions",
    FailedSource: "failed_sources",
    KnownDevice: "known_devices",
    Lockout: "lockouts",
    Message: "messages",
    PasswordCredential: "passwords",
    PermissionGrant: "permission_grants",
    Consent: "consents",
    UserRole: "user_roles",
    Proof: "proofs",
    RefreshToken: "refresh_tokens",
    SentCodes: "sent_codes",
    ServicePrincipal: "service_principals",
    EnrolledFactor: "second_factors",
    RecoveryCode: "recovery_codes",
    Session: "sessions",
    SignInIdentifier: "sign_in_identifiers",
    SigningKey: "signing_keys",
    TrustFrameworkPolicy: "trust_framework_policies",
    UserAttribute: "user_attributes",
    UserFlow: "user_flows",
}


def store_of(stores: Stores, value: object) -> Any:
    """Return the store that keeps values of this type."""
    return getattr(stores, _STORES[type(value)])


async def keep(database: Database, *values: Any, directory_id: DirectoryId = TENANT) -> None:
    """Add values of one directory in one transaction, in the order given."""

    async def work(stores: Stores) -> None:
        for each in values:
            await store_of(stores, each).add(each)

    await database.write(directory_id, work)
