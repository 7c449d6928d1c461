"""`POST …/oauth2/v2.0/register`: an application is registered (RFC 7591 §3)."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of
from gatelodge.model.application import Application
from gatelodge.model.audit import ActorKind, AuditEvent, EventName
from gatelodge.model.identifier import ApplicationId, ClientId
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.provider import AddressStyle, Endpoint, Provider, Providers
from gatelodge.oidc.registration.checks import run_registration_checks
from gatelodge.oidc.registration.client_metadata import ClientMetadata, read_metadata
from gatelodge.oidc.registration.referred import Referred
from gatelodge.oidc.registration.refusal import (
    RegistrationRefused,
    no_such_place,
    refusal_answer,
)
from gatelodge.oidc.registration.registered import (
    client_keys,
    described,
    metadata_of,
    new_secret,
)
from gatelodge.oidc.registration.registrar import Registrar, registrar_of
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterApplication:
    """Registers what a registrar vouches for; the application configures itself afterwards."""

    providers: Providers
    database: Database
    referred: Referred
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with everything that is registered, and with the secrets this once."""
        try:
            provider = await registering(self.providers, request)
            if request.method != "POST":
                raise RegistrationRefused("invalid_request", "Send a POST.", 405)
            registrar = await registrar_of(request, self.providers, provider, self.clock())
            metadata = await read_metadata(request)
            run_registration_checks(provider, metadata)
            return await self._register(provider, registrar, metadata)
        except RegistrationRefused as refused:
            return refusal_answer(refused)

    async def _register(
        self, provider: Provider, registrar: Registrar, metadata: ClientMetadata
    ) -> Response:
        await self.referred.check_sector(metadata)
        await self.referred.check_keys(metadata)
        now, token = self.clock(), self.randomness.opaque(32)
        secret = new_secret(metadata, self.randomness, now)
        keys = client_keys(metadata, self.randomness, now)
        blank = Application(
            directory_id=provider.directory.id,
            id=ApplicationId(self.randomness.uuid()),
            app_id=ClientId(self.randomness.uuid()),
            display_name="",
            created_at=now,
            password_credentials=() if secret is None else (secret[1],),
            key_credentials=keys,
            registration_token=digest_of(token),
            owner_ids=(registrar.application.id,) if registrar.owns_only else (),
        )
        application = described(blank, metadata)
        event = self._event(registrar.application, application)

        async def work(stores: Stores) -> None:
            await stores.applications.add(application)
            await stores.audit_events.add(event)

        await self.database.write(provider.directory.id, work)
        body = {**metadata_of(application), **configuration(provider, application, token)}
        if secret is not None:
            value, kept = secret
            end = int(kept.end_at.timestamp())
            body |= {"client_secret": value, "client_secret_expires_at": end}
        return json_answer(body, status=201, headers=NOT_KEPT)

    def _event(self, registrar: Application, application: Application) -> AuditEvent:
        return AuditEvent(
            directory_id=application.directory_id,
            id=self.randomness.uuid(),
            at=application.created_at,
            name=EventName.APPLICATION_CREATED,
            actor=registrar.id,
            actor_kind=ActorKind.APPLICATION,
            target=application.id,
        )


async def registering(providers: Providers, request: Request) -> Provider:
    """Return the provider a request names, where applications may register themselves.

    Raises `RegistrationRefused`.
    """
    provider = await providers.provider_of(request)
    if provider is None or not provider.directory.switches.registers_applications:
        raise no_such_place()
    return provider


def configuration(provider: Provider, application: Application, token: str) -> dict[str, Any]:
    """Return where and with which token the application configures itself (RFC 7592 §3)."""
    address = provider.endpoint(Endpoint.REGISTER, AddressStyle.PATH, provider.directory.id)
    return {
        "registration_access_token": token,
        "registration_client_uri": f"{address}/{application.app_id}",
    }
