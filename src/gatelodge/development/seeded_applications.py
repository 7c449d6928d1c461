"""The applications of the seeded tenant and what they may do."""

from datetime import datetime

from gatelodge.development.seed import API_SCOPES, APP_ID_URI, Seed, SeededClient
from gatelodge.model.application import (
    Application,
    ClientPassword,
    GrantKind,
    PermissionGrant,
    RequiredResourceAccess,
    ResourceAccess,
    Scope,
)
from gatelodge.model.identifier import ApplicationId, ClientId, DirectoryId
from gatelodge.operations.founding import ADMINISTRATOR_ROLES, client_password, graph_roles

WEB_REDIRECT_URIS = ("http://localhost:3000/callback",)
SPA_REDIRECT_URIS = ("http://localhost:3001/",)
NATIVE_REDIRECT_URIS = ("http://localhost",)


def viewer_redirect_uri(origin: str) -> str:
    """Return where the token viewer of the development pages takes its answers."""
    return f"{origin}/_dev/callback"


def seeded_applications(seed: Seed, origin: str, now: datetime) -> tuple[Application, ...]:
    """Return every application, the one that owns custom attributes first."""
    asks = (
        RequiredResourceAccess(
            resource_app_id=ClientId(seed.api.client_id),
            resource_access=tuple(ResourceAccess(id=each, type="Scope") for each in seed.scope_ids),
        ),
    )

    def application(client: SeededClient, **more: object) -> Application:
        return _application(client, seed, now, **more)

    return (
        application(seed.extensions),
        application(seed.admin),
        application(seed.reader),
        application(seed.nobody),
        application(
            seed.api, identifier_uris=(APP_ID_URI,), oauth2_permission_scopes=_scopes(seed)
        ),
        application(seed.web, web_redirect_uris=WEB_REDIRECT_URIS, required_resource_access=asks),
        application(seed.spa, spa_redirect_uris=SPA_REDIRECT_URIS, required_resource_access=asks),
        application(
            seed.native,
            public_client_redirect_uris=NATIVE_REDIRECT_URIS,
            required_resource_access=asks,
            is_fallback_public_client=True,
            is_access_token_issuance_enabled=True,
        ),
        application(
            seed.viewer,
            public_client_redirect_uris=(viewer_redirect_uri(origin),),
            required_resource_access=asks,
        ),
    )


def _application(client: SeededClient, seed: Seed, now: datetime, **more: object) -> Application:
    secrets: tuple[ClientPassword, ...] = ()
    if client.secret is not None:
        secrets = (client_password(client.secret, key_id=client.secret_id, now=now),)
    return Application(
        directory_id=DirectoryId(seed.tenant_id),
        id=ApplicationId(client.object_id),
        app_id=ClientId(client.client_id),
        display_name=client.display_name,
        created_at=now,
        password_credentials=secrets,
        **more,  # type: ignore[arg-type]
    )


def _scopes(seed: Seed) -> tuple[Scope, ...]:
    return tuple(
        Scope(
            id=scope_id,
            value=value,
            admin_consent_display_name=f"{value.capitalize()} orders",
            admin_consent_description=f"Lets the application {value} a customer's orders",
        )
        for scope_id, value in zip(seed.scope_ids, API_SCOPES, strict=True)
    )


def seeded_grants(seed: Seed) -> tuple[PermissionGrant, ...]:
    """Return the permissions administrators would have granted."""
    directory_id = DirectoryId(seed.tenant_id)
    return (
        *graph_roles(ClientId(seed.admin.client_id), ADMINISTRATOR_ROLES, directory_id),
        *graph_roles(ClientId(seed.reader.client_id), ("IdentityUserFlow.Read.All",), directory_id),
        *(
            PermissionGrant(
                directory_id=directory_id,
                app_id=ClientId(client.client_id),
                resource_app_id=ClientId(seed.api.client_id),
                kind=GrantKind.SCOPE,
                value=value,
            )
            for client in (seed.web, seed.spa, seed.native, seed.viewer)
            for value in API_SCOPES
        ),
    )
