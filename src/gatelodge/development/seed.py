"""What a seeded tenant consists of: names, ids and secrets, all derived from one seed."""

from dataclasses import dataclass

from gatelodge.development.chance import stream
from gatelodge.model.user_flow import UserFlowType
from gatelodge.randomness import Randomness

DOMAIN = "acme.example"
OWN_HOST = "login.acme.localhost"
"""The seeded tenant's own host: browsers find every name below `localhost` on this machine."""

APP_ID_URI = f"https://{DOMAIN}/api"
API_SCOPES = ("read", "write")
LOYALTY_NUMBER = "LoyaltyNumber"
PRETEND_CLIENT_ID = "gatelodge"

USER_FLOWS: dict[UserFlowType, str] = {
    UserFlowType.SIGN_UP_OR_SIGN_IN: "B2C_1_signupsignin",
    UserFlowType.SIGN_UP: "B2C_1_signup",
    UserFlowType.SIGN_IN: "B2C_1_signin",
    UserFlowType.PASSWORD_RESET: "B2C_1_passwordreset",
    UserFlowType.PROFILE_UPDATE: "B2C_1_profileupdate",
    UserFlowType.RESOURCE_OWNER: "B2C_1_ropc",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededClient:
    """One application; `secret` is None for those that cannot keep one."""

    display_name: str
    object_id: str
    client_id: str
    secret_id: str
    secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededUser:
    """One person who can sign in."""

    object_id: str
    email: str
    display_name: str
    given_name: str
    surname: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Everything about the seeded tenant that has to stay the same, whenever it is written."""

    seed: str
    tenant_id: str
    extensions: SeededClient
    admin: SeededClient
    reader: SeededClient
    nobody: SeededClient
    web: SeededClient
    spa: SeededClient
    native: SeededClient
    api: SeededClient
    viewer: SeededClient
    scope_ids: tuple[str, ...]
    users: tuple[SeededUser, ...]
    pretend_provider_id: str
    pretend_secret: str

    @property
    def clients(self) -> tuple[SeededClient, ...]:
        """Return every application."""
        return (
            *(self.extensions, self.admin, self.reader, self.nobody),
            *(self.web, self.spa, self.native, self.api, self.viewer),
        )


def derive_seed(seed: str) -> Seed:
    """Return the tenant a seed stands for."""
    chance = stream(seed, "tenant")
    return Seed(
        seed=seed,
        tenant_id=chance.uuid(),
        extensions=_client(
            chance, "b2c-extensions-app (holds custom attributes; leave it as it is)"
        ),
        admin=_client(chance, "Administrator", has_secret=True),
        reader=_client(chance, "User flow reader", has_secret=True),
        nobody=_client(chance, "Client without permissions", has_secret=True),
        web=_client(chance, "Acme shop", has_secret=True),
        spa=_client(chance, "Acme single-page shop"),
        native=_client(chance, "Acme on the phone"),
        api=_client(chance, "Acme API"),
        viewer=_client(chance, "Token viewer"),
        scope_ids=tuple(chance.uuid() for _ in API_SCOPES),
        users=(
            SeededUser(
                object_id=chance.uuid(),
                email=f"ada@{DOMAIN}",
                display_name="Ada Berg",
                given_name="Ada",
                surname="Berg",
                password="Quiet-Harbour-71",
            ),
            SeededUser(
                object_id=chance.uuid(),
                email=f"noor@{DOMAIN}",
                display_name="Noor Lindt",
                given_name="Noor",
                surname="Lindt",
                password="Copper-Meadow-38",
            ),
        ),
        pretend_provider_id=f"OIDC-V1-Pretend-{chance.uuid()}",
        pretend_secret=chance.opaque(24),
    )


def _client(chance: Randomness, display_name: str, *, has_secret: bool = False) -> SeededClient:
    return SeededClient(
        display_name=display_name,
        object_id=chance.uuid(),
        client_id=chance.uuid(),
        secret_id=chance.uuid(),
        secret=chance.opaque(24) if has_secret else None,
    )
