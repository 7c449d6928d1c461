"""Write the seeded tenant into a database: at the first start, and at every reset."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from gatelodge.clock import Clock
from gatelodge.crypto.key_set import new_signing_key
from gatelodge.crypto.passwords import Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.development.chance import ReplaceableRandomness, stream
from gatelodge.development.prime_keys import seeded_rsa_key
from gatelodge.development.seed import DOMAIN, Seed, SeededUser
from gatelodge.development.seeded_applications import (
    seeded_applications,
    seeded_grants,
    viewer_redirect_uri,
)
from gatelodge.development.seeded_flows import loyalty_number, seeded_flows
from gatelodge.development.seeded_provider import seeded_provider
from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.directory import Directory, Switches
from gatelodge.model.identifier import AccountId, ApplicationId, ClientId, DirectoryId
from gatelodge.model.service_principal import service_principal_of
from gatelodge.model.signing_key import SigningKey
from gatelodge.operations.audit_seals import first_checkpoint
from gatelodge.operations.founding import key_check, new_installation
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


class WrongSeed(Exception):
    """The database belongs to somebody else: another seed, another key, or production."""


@dataclass(frozen=True, slots=True)
class Planting:
    """Puts the tenant of `seed` into `database` and keeps it there."""

    database: Database
    seed: Seed
    origin: str
    sealer: Sealer
    passwords: Passwords
    clock: Clock
    randomness: ReplaceableRandomness
    is_repeatable: bool
    switches: Switches = field(default_factory=Switches)

    @property
    def directory_id(self) -> DirectoryId:
        """Return the tenant's id."""
        return DirectoryId(self.seed.tenant_id)

    async def begin(self) -> None:
        """Make sure the tenant is there, and begin a sequence no earlier start has used.

        Raises `WrongSeed` when the database holds anything else.
        """
        stores = self.database.read(self.directory_id)
        installation = await stores.installations.the_one()
        if installation is None:
            mark = new_installation(self.sealer, is_development=True, now=self.clock())

            async def set_up(stores: Stores) -> None:
                await stores.installations.add(mark)

            await self.database.write(self.directory_id, set_up)
            await self.plant()
        elif not installation.is_development:
            raise WrongSeed("the database is a production one; development mode leaves it alone")
        elif installation.key_check != key_check(self.sealer) or not (
            await stores.directories.find(self.directory_id)
        ):
            raise WrongSeed("the database was seeded from another data directory")
        await self._keep_viewer()
        await self._count_start()

    async def reset(self) -> None:
        """Forget everything that happened and plant the tenant again, the same as before."""
        await self.plant()
        self._begin_sequence("reset")

    async def plant(self) -> None:
        """Replace whatever is there by the seeded tenant, in one transaction."""
        now = self.clock()
        hashes = [await self.passwords.hash(each.password) for each in self.seed.users]
        key = self._signing_key(now)
        provider = seeded_provider(self.seed, self.origin, self.sealer)

        async def write(stores: Stores) -> None:
            await stores.installations.empty()
            await stores.audit_chain.add(first_checkpoint(self.sealer, now))
            await stores.directories.add(self._directory(now))
            await stores.signing_keys.add(key)
            for application in seeded_applications(self.seed, self.origin, now):
                await stores.applications.add(application)
                await stores.service_principals.add(service_principal_of(application, now))
            for grant in seeded_grants(self.seed):
                await stores.permission_grants.add(grant)
            await stores.user_attributes.add(loyalty_number(self.seed))
            await stores.identity_providers.add(provider)
            for flow in seeded_flows(self.seed, now):
                await stores.user_flows.add(flow)
            for user, hashed in zip(self.seed.users, hashes, strict=True):
                await self._add_user(stores, user, hashed, now)

        await self.database.write(self.directory_id, write)

    async def _add_user(self, stores: Stores, user: SeededUser, hashed: str, now: datetime) -> None:
        account = _account(user, self.directory_id, now)
        await stores.accounts.add(account)
        await stores.passwords.put(
            PasswordCredential(
                directory_id=self.directory_id, account_id=account.id, hash=hashed, changed_at=now
            )
        )

    def _directory(self, now: datetime) -> Directory:
        return Directory(
            id=self.directory_id,
            domain=DOMAIN,
            display_name="Acme",
            extensions_app_id=ClientId(self.seed.extensions.client_id),
            created_at=now,
            switches=self.switches,
        )

    def _signing_key(self, now: datetime) -> SigningKey:
        chance = stream(self.seed.seed, "signing key")
        return new_signing_key(
            seeded_rsa_key(chance),
            directory_id=self.directory_id,
            sealer=self.sealer,
            randomness=chance,
            now=now,
            active_at=now,
        )

    async def _keep_viewer(self) -> None:
        """Follow a port that changed since the tenant was planted."""
        provider = seeded_provider(self.seed, self.origin, self.sealer)
        redirect_uris = (viewer_redirect_uri(self.origin),)

        async def keep(stores: Stores) -> None:
            viewer = await stores.applications.get(ApplicationId(self.seed.viewer.object_id))
            if viewer is not None and viewer.public_client_redirect_uris != redirect_uris:
                await stores.applications.save(
                    replace(viewer, public_client_redirect_uris=redirect_uris)
                )
            pretended = await stores.identity_providers.get(provider.id)
            if pretended is not None and pretended.metadata_url != provider.metadata_url:
                await stores.identity_providers.save(
                    replace(pretended, metadata_url=provider.metadata_url)
                )

        await self.database.write(self.directory_id, keep)

    async def _count_start(self) -> None:
        async def count(stores: Stores) -> int:
            return await stores.installations.count_start()

        self._begin_sequence(str(await self.database.write(self.directory_id, count)))

    def _begin_sequence(self, name: str) -> None:
        # What a start drew is stored: the next start must not draw it again.
        if self.is_repeatable:
            self.randomness.current = stream(self.seed.seed, f"run|{name}")


def _account(user: SeededUser, directory_id: DirectoryId, now: datetime) -> Account:
    return Account(
        directory_id=directory_id,
        id=AccountId(user.object_id),
        created_at=now,
        display_name=user.display_name,
        given_name=user.given_name,
        surname=user.surname,
        sign_in_sessions_valid_from=now,
        mail_nickname=user.given_name.lower(),
        user_principal_name=f"{user.object_id}@{DOMAIN}",
        identities=(
            SignInName(
                sign_in_type=SignInType.EMAIL_ADDRESS,
                issuer=DOMAIN,
                issuer_assigned_id=user.email,
            ),
        ),
    )
