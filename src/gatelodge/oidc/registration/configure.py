"""`GET|PUT|DELETE …/oauth2/v2.0/register/{client_id}`: a client configures itself (RFC 7592)."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.errors import NotFound, Stale
from gatelodge.model.application import Application, ClientPassword
from gatelodge.model.audit import ActorKind, AuditEvent, EventName
from gatelodge.model.identifier import ClientId
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.registration.checks import run_registration_checks
from gatelodge.oidc.registration.client_metadata import ClientMetadata, read_metadata
from gatelodge.oidc.registration.referred import Referred
from gatelodge.oidc.registration.refusal import (
    RegistrationRefused,
    refusal_answer,
    unauthorized,
    wrong_metadata,
)
from gatelodge.oidc.registration.register import configuration, registering
from gatelodge.oidc.registration.registered import (
    client_keys,
    described,
    metadata_of,
    new_secret,
)
from gatelodge.oidc.registration.registrar import bearer_of
from gatelodge.randomness import Randomness
from gatelodge.storage.aside import put_application_aside
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigureApplication:
    """Reads, replaces and deletes what was registered, for the bearer of its own token."""

    providers: Providers
    database: Database
    referred: Referred
    clock: Clock
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Answer with what is registered now, or with nothing when it was deleted."""
        try:
            provider = await registering(self.providers, request)
            token = bearer_of(request)
            application = await self._application(request, provider, token)
            match request.method:
                case "GET":
                    return _answer(provider, application, token)
                case "PUT":
                    metadata = await read_metadata(request)
                    return await self._replace(provider, application, metadata, token)
                case "DELETE":
                    return await self._delete(application)
                case _:
                    raise RegistrationRefused("invalid_request", "Send GET, PUT or DELETE.", 405)
        except RegistrationRefused as refused:
            return refusal_answer(refused)
        except (NotFound, Stale):
            return refusal_answer(
                RegistrationRefused("invalid_request", "It was changed meanwhile; read it.", 409)
            )

    async def _application(self, request: Request, provider: Provider, token: str) -> Application:
        """Return the client of the address and the token; say no more when they do not match."""
        app_id = ClientId(request.path_params["client_id"].lower())
        found = await self.database.read(provider.directory.id).applications.by_app_id(app_id)
        known = None if found is None or not found.is_enabled else found.registration_token
        if found is None or known is None or not is_same(known, digest_of(token)):
            raise unauthorized()
        return found

    async def _replace(
        self, provider: Provider, before: Application, metadata: ClientMetadata, token: str
    ) -> Response:
        _check_identity(before, metadata)
        run_registration_checks(provider, metadata)
        await self.referred.check_sector(metadata)
        await self.referred.check_keys(metadata)
        now = self.clock()
        keys = client_keys(metadata, self.randomness, now)
        secret = new_secret(metadata, self.randomness, now)
        kept: tuple[ClientPassword, ...] = ()
        if secret is not None:
            kept = before.password_credentials or (secret[1],)
        changed = replace(
            described(before, metadata), password_credentials=kept, key_credentials=keys
        )
        await self._write(changed, EventName.APPLICATION_UPDATED)
        is_new = secret is not None and not before.password_credentials
        return _answer(provider, changed, token, secret[0] if secret and is_new else None)

    async def _delete(self, application: Application) -> Response:
        event = self._event(application, EventName.APPLICATION_DELETED)

        async def work(stores: Stores) -> None:
            # Without a service principal there is nothing that would keep these.
            await stores.permission_grants.remove_of(application.app_id)
            await stores.consents.remove_of(application.app_id)
            await put_application_aside(stores, application, self.clock())
            await stores.audit_events.add(event)

        await self.database.write(application.directory_id, work)
        return Response(status_code=204, headers=NOT_KEPT)

    async def _write(self, application: Application, name: EventName) -> None:
        event = self._event(application, name)

        async def work(stores: Stores) -> None:
            await stores.applications.save(application)
            await stores.audit_events.add(event)

        await self.database.write(application.directory_id, work)

    def _event(self, application: Application, name: EventName) -> AuditEvent:
        return AuditEvent(
            directory_id=application.directory_id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=name,
            actor=application.id,
            actor_kind=ActorKind.APPLICATION,
            target=application.id,
        )


def _check_identity(application: Application, metadata: ClientMetadata) -> None:
    """Demand that metadata name the client, and no secret but its own (RFC 7592 §2.2)."""
    if (metadata.client_id or "").lower() != application.app_id:
        raise wrong_metadata("'client_id' is another client's.")
    if (secret := metadata.client_secret) is None:
        return
    digest = digest_of(secret)
    if not any(is_same(each.digest, digest) for each in application.password_credentials):
        raise wrong_metadata("'client_secret' is not the client's.")


def _answer(
    provider: Provider, application: Application, token: str, secret: str | None = None
) -> Response:
    body = {**metadata_of(application), **configuration(provider, application, token)}
    if application.password_credentials:
        end = application.password_credentials[0].end_at
        body["client_secret_expires_at"] = int(end.timestamp())
    if secret is not None:
        body["client_secret"] = secret
    return json_answer(body, headers=NOT_KEPT)
