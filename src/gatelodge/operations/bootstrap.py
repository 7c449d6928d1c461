"""Set up a production database: its first directory and somebody who may do everything there."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.crypto.key_set import generate_private_key, new_signing_key
from gatelodge.crypto.seal import Sealer
from gatelodge.model.application import Application, ClientPassword
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import ApplicationId, ClientId, DirectoryId
from gatelodge.model.secret import Secret
from gatelodge.model.service_principal import service_principal_of
from gatelodge.model.signing_key import Algorithm
from gatelodge.operations.audit_seals import first_checkpoint
from gatelodge.operations.founding import (
    ADMINISTRATOR_ROLES,
    client_password,
    graph_roles,
    new_installation,
)
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What the administrator needs; the secret can never be shown again."""

    directory_id: DirectoryId
    client_id: ClientId
    client_secret: Secret[str]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Founds the first directory of an installation, once."""

    database: Database
    sealer: Sealer
    randomness: Randomness
    clock: Clock

    async def __call__(self, domain: str, display_name: str) -> Founded:
        """Write everything in one transaction. Raises `AlreadyExists` the second time."""
        now = self.clock()
        directory_id = DirectoryId(self.randomness.uuid())
        secret = self.randomness.opaque()
        extensions = self._application(directory_id, "b2c-extensions-app (holds custom attributes)")
        administrator = self._application(directory_id, "Administrator", secret)
        key = new_signing_key(
            generate_private_key(Algorithm.RS256),
            directory_id=directory_id,
            sealer=self.sealer,
            randomness=self.randomness,
            now=now,
            active_at=now,
        )
        directory = Directory(
            id=directory_id,
            domain=domain,
            display_name=display_name,
            extensions_app_id=extensions.app_id,
            created_at=now,
        )
        founded = AuditEvent(
            directory_id=directory_id,
            id=self.randomness.uuid(),
            at=now,
            name=EventName.DIRECTORY_CREATED,
            actor="bootstrap",
            target=directory_id,
        )

        async def write(stores: Stores) -> None:
            await stores.installations.add(
                new_installation(self.sealer, is_development=False, now=now)
            )
            await stores.directories.add(directory)
            await stores.signing_keys.add(key)
            for application in (extensions, administrator):
                await stores.applications.add(application)
                await stores.service_principals.add(service_principal_of(application, now))
            for grant in graph_roles(administrator.app_id, ADMINISTRATOR_ROLES, directory_id):
                await stores.permission_grants.add(grant)
            await stores.audit_chain.add(first_checkpoint(self.sealer, now))
            await stores.audit_events.add(founded)

        await self.database.write(directory_id, write)
        return Founded(
            directory_id=directory_id,
            client_id=administrator.app_id,
            client_secret=Secret(secret),
        )

    def _application(
        self, directory_id: DirectoryId, display_name: str, secret: str | None = None
    ) -> Application:
        now = self.clock()
        passwords: tuple[ClientPassword, ...] = ()
        if secret is not None:
            passwords = (client_password(secret, key_id=self.randomness.uuid(), now=now),)
        return Application(
            directory_id=directory_id,
            id=ApplicationId(self.randomness.uuid()),
            app_id=ClientId(self.randomness.uuid()),
            display_name=display_name,
            created_at=now,
            password_credentials=passwords,
        )
