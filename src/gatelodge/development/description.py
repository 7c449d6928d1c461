"""`dev.json`: what a client needs to know of the running server."""

from pathlib import Path

from gatelodge.development.seed import (
    API_SCOPES,
    APP_ID_URI,
    DOMAIN,
    USER_FLOWS,
    Seed,
    SeededClient,
)
from gatelodge.development.seeded_applications import (
    NATIVE_REDIRECT_URIS,
    SPA_REDIRECT_URIS,
    WEB_REDIRECT_URIS,
)


def describe(seed: Seed, *, origin: str, ca_file: Path) -> dict[str, object]:
    """Return the content of `dev.json`."""
    return {
        "origin": origin,
        "ca_file": str(ca_file.absolute()),
        "tenant_id": seed.tenant_id,
        "tenant_domain": DOMAIN,
        "graph": {"beta": f"{origin}/beta", "v1": f"{origin}/v1.0"},
        "token_endpoint": f"{origin}/{seed.tenant_id}/oauth2/v2.0/token",
        "admin": _credentials(seed.admin),
        "reader": _credentials(seed.reader),
        "nobody": _credentials(seed.nobody),
        "apps": {
            "web": {**_credentials(seed.web), "redirect_uris": WEB_REDIRECT_URIS},
            "spa": {**_credentials(seed.spa), "redirect_uris": SPA_REDIRECT_URIS},
            "native": {**_credentials(seed.native), "redirect_uris": NATIVE_REDIRECT_URIS},
            "api": {
                **_credentials(seed.api),
                "app_id_uri": APP_ID_URI,
                "scopes": API_SCOPES,
            },
        },
        "user_flows": {str(kind): name for kind, name in USER_FLOWS.items()},
        "users": [
            {
                "email": each.email,
                "password": each.password,
                "object_id": each.object_id,
                "display_name": each.display_name,
            }
            for each in seed.users
        ],
        "dev_api": f"{origin}/_dev",
    }


def _credentials(client: SeededClient) -> dict[str, str]:
    found = {"client_id": client.client_id}
    if client.secret is not None:
        found["client_secret"] = client.secret
    return found
