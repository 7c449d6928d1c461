"""A directory with its providers, answered in the process through the real routes."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from typing import Any, TypeAlias, TypeVar

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from gatelodge.crypto.key_set import KeySet, PrivateKey, new_signing_key
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.seal import Sealer
from gatelodge.model.account import Account, PasswordCredential
from gatelodge.model.application import (
    Application,
    AppRole,
    GrantKind,
    PermissionGrant,
    Platform,
    PreAuthorizedApplication,
)
from gatelodge.model.directory import Directory
from gatelodge.model.grant import Grant
from gatelodge.model.identifier import ClientId, DirectoryId, UserFlowId
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.oidc.client_endpoint import ClientEndpoint
from gatelodge.oidc.client_keys import ClientKeys
from gatelodge.oidc.device_authorization import DeviceAuthorization
from gatelodge.oidc.discovery import Discovery
from gatelodge.oidc.documents import Documents
from gatelodge.oidc.error_limit import ErrorLimit
from gatelodge.oidc.error_log import ErrorLog
from gatelodge.oidc.grant_issue import new_code, new_grant, new_refresh_token
from gatelodge.oidc.grants.authorization_code import RedeemCode
from gatelodge.oidc.grants.client_credentials import ClientCredentials
from gatelodge.oidc.grants.device_code import DEVICE_CODE, DeviceCode
from gatelodge.oidc.grants.on_behalf_of import JWT_BEARER, OnBehalfOf
from gatelodge.oidc.grants.refresh_token import Refresh
from gatelodge.oidc.grants.resource_owner import ResourceOwner
from gatelodge.oidc.introspect import Introspect
from gatelodge.oidc.jwks import Keys
from gatelodge.oidc.proof_nonces import ProofNonces
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.push import Push
from gatelodge.oidc.registration.configure import ConfigureApplication
from gatelodge.oidc.registration.referred import Referred
from gatelodge.oidc.registration.register import RegisterApplication
from gatelodge.oidc.revoke import Revoke
from gatelodge.oidc.routes import Answer as EndpointAnswer
from gatelodge.oidc.routes import Endpoints, oidc_routes
from gatelodge.oidc.scopes import resolve_scopes
from gatelodge.oidc.signing import sign_inline
from gatelodge.oidc.token import Token
from gatelodge.oidc.token_answer import TokenAnswers
from gatelodge.oidc.token_request import GrantType
from gatelodge.oidc.userinfo import Userinfo
from gatelodge.outbound import Answer
from gatelodge.randomness import SeededRandomness
from gatelodge.storage.database import Database, Work
from gatelodge.storage.stores import Stores
from tests.world.clock import MovableClock
from tests.world.makers import (
    SECRET,
    TENANT,
    Anything,
    a_directory,
    a_scope,
    a_secret,
    a_user_flow,
    an_account,
    an_application,
)

T = TypeVar("T")
Form: TypeAlias = dict[str, Any]
"""Parameters of a request; `headers` may be among them on the way to `World.token`."""

ORIGIN = "https://login.acme.example:8443"
REDIRECT = {
    "web": "https://app.example/callback",
    "spa": "http://localhost:3001/",
    "native": "http://localhost",
}
API_URI = "https://acme.example/api"
OTHER_API_URI = "https://acme.example/other"
FULL_SCOPE = f"openid offline_access {API_URI}/read"
PASSWORD = "right horse"

WEB = an_application(1, web_redirect_uris=(REDIRECT["web"],), password_credentials=(a_secret(),))
SPA = an_application(2, spa_redirect_uris=(REDIRECT["spa"],))
NATIVE = an_application(
    3,
    public_client_redirect_uris=(REDIRECT["native"],),
    is_fallback_public_client=True,
    is_access_token_issuance_enabled=True,
)
API = an_application(
    4,
    identifier_uris=(API_URI,),
    oauth2_permission_scopes=(
        a_scope("read"),
        a_scope("write"),
        a_scope("admin"),
        a_scope("old", is_enabled=False),
    ),
    app_roles=(AppRole(id="id-of-Sync", value="Sync"),),
)
OTHER_API = an_application(
    5,
    identifier_uris=(OTHER_API_URI,),
    oauth2_permission_scopes=(a_scope("look"), a_scope("touch")),
    pre_authorized_applications=(
        PreAuthorizedApplication(app_id=WEB.app_id, delegated_permission_ids=("id-of-look",)),
    ),
)
APPLICATIONS = (WEB, SPA, NATIVE, API, OTHER_API)
GRAPH = "00000003-0000-0000-c000-000000000000"
FLOWS = (
    a_user_flow(),
    a_user_flow(id=UserFlowId("B2C_1_Edit"), user_flow_type=UserFlowType.PROFILE_UPDATE),
    a_user_flow(id=UserFlowId("B2C_1_Owner"), user_flow_type=UserFlowType.RESOURCE_OWNER),
)
GRANTS = (
    *((each, API, GrantKind.SCOPE, "read") for each in (WEB, SPA, NATIVE)),
    *((each, API, GrantKind.SCOPE, "write") for each in (WEB, SPA, NATIVE)),
    (WEB, API, GrantKind.SCOPE, "old"),
    (WEB, API, GrantKind.ROLE, "Sync"),
)


@dataclass
class Hosts:
    """Stands for the hosts of applications: what is found at which address."""

    found: dict[str, object] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Which addresses were read, in order."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What happens while somebody waits for an answer."""

    async def send(
        self, _method: str, url: str, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Answer with a document, or with 404; with an exception where one is put."""
        self.asked.append(url)
        if self.meanwhile is not None:
            await self.meanwhile()
        document = self.found.get(url)
        if isinstance(document, Exception):
            raise document
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return Answer(status=404 if document is None else 200, headers=headers or {}, body=body)


@dataclass
class World:
    """What a protocol test needs: the database, the clock, and a client at the door."""

    database: Database
    private_key: PrivateKey
    clock: MovableClock = field(default_factory=MovableClock)
    randomness: SeededRandomness = field(default_factory=lambda: SeededRandomness(1))
    directory: Directory = field(default_factory=a_directory)
    account: Account = field(default_factory=an_account)
    documents: Hosts = field(default_factory=Hosts)

    def __post_init__(self) -> None:
        self.sealer = Sealer(b"k" * 32, self.randomness)
        self.providers = Providers(
            self.database,
            Keyring(
                lambda directory_id: self.database.read(directory_id).signing_keys.every(),
                lambda: self.database.configuration_version,
                self.sealer,
                self.clock,
            ),
            ORIGIN,
        )
        self.errors = ErrorLog(
            database=self.database,
            limit=ErrorLimit(self.clock),
            clock=self.clock,
            randomness=self.randomness,
        )
        self.client_keys = ClientKeys(Documents(self.documents), self.clock)
        self.clients = ClientEndpoint(
            providers=self.providers,
            database=self.database,
            nonces=ProofNonces(self.sealer),
            keys=self.client_keys,
            errors=self.errors,
            clock=self.clock,
            randomness=self.randomness,
        )
        self.answers = TokenAnswers(sign_inline, self.randomness, self.sealer)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=oidc_routes(self._endpoints()))),
            base_url=ORIGIN,
        )

    def _endpoints(self) -> Endpoints:
        grant_types: Mapping[str, GrantType] = {
            "authorization_code": RedeemCode(self.database, self.answers),
            "refresh_token": Refresh(self.database, self.answers),
            DEVICE_CODE: DeviceCode(self.database, self.answers),
            JWT_BEARER: OnBehalfOf(self.database, self.answers),
            "client_credentials": ClientCredentials(self.providers, sign_inline, self.randomness),
            "password": ResourceOwner(
                self.database, self.providers, self.answers, self.check_password
            ),
        }
        here: dict[str, EndpointAnswer] = {
            "register": RegisterApplication(
                providers=self.providers,
                database=self.database,
                referred=Referred(Documents(self.documents), self.client_keys),
                clock=self.clock,
                randomness=self.randomness,
            ),
            "configure": ConfigureApplication(
                providers=self.providers,
                database=self.database,
                referred=Referred(Documents(self.documents), self.client_keys),
                clock=self.clock,
                randomness=self.randomness,
            ),
            "token": Token(self.clients, grant_types),
            "revoke": Revoke(self.clients, self.database, self.randomness),
            "device_authorization": DeviceAuthorization(
                self.clients, self.database, self.randomness
            ),
            "push": Push(self.clients, self.database, self.randomness),
            "introspect": Introspect(self.clients, self.database),
            "userinfo": Userinfo(
                self.providers,
                self.database,
                ProofNonces(self.sealer),
                self.clock,
                sign_inline,
            ),
            "discovery": Discovery(self.providers),
            "keys": Keys(self.providers),
        }
        # Pages and ways back have tests of their own, in a house.
        return Endpoints(
            **{each.name: here.get(each.name, _elsewhere) for each in fields(Endpoints)}
        )

    async def check_password(
        self, directory: Directory, sign_in_name: str, password: str, address: str
    ) -> Account | None:
        """Stand for the journey's own check, which has its own tests."""
        if password != PASSWORD:
            return None
        stores = self.database.read(directory.id)
        return await stores.accounts.by_sign_in_name(directory.domain, sign_in_name)

    async def plant(self) -> None:
        """Write the directory, its key, its user flows, its applications and one account."""
        await self.write(self._plant)

    async def _plant(self, stores: Stores) -> None:
        now = self.clock()
        await stores.directories.add(self.directory)
        await stores.signing_keys.add(
            new_signing_key(
                self.private_key,
                directory_id=TENANT,
                sealer=self.sealer,
                randomness=self.randomness,
                now=now,
                active_at=now,
            )
        )
        for flow in FLOWS:
            await stores.user_flows.add(flow)
        for application in APPLICATIONS:
            await stores.applications.add(application)
        for client, api, kind, value in GRANTS:
            await stores.permission_grants.add(a_permission(client, api.app_id, kind, value))
        await stores.accounts.add(self.account)
        await stores.passwords.add(
            PasswordCredential(
                directory_id=TENANT,
                account_id=self.account.id,
                hash="never looked at here",
                changed_at=now,
            )
        )

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction of the directory."""
        return await self.database.write(TENANT, work)

    def read(self) -> Stores:
        """Return the directory's stores."""
        return self.database.read(TENANT)

    async def change_flow(self, flow_id: str = "B2C_1_SuSi", **changes: Anything) -> UserFlow:
        """Configure a user flow differently."""
        flow = await self.read().user_flows.require(flow_id)
        saved: UserFlow = await self.write(
            lambda stores: stores.user_flows.save(replace(flow, **changes))
        )
        return saved

    async def change_application(self, application: Application, **changes: Anything) -> None:
        """Register an application differently."""
        now = await self.read().applications.require(application.id)
        await self.write(lambda stores: stores.applications.save(replace(now, **changes)))

    async def change_account(self, **changes: Anything) -> None:
        """Change the account."""
        now = await self.read().accounts.require(self.account.id)
        await self.write(lambda stores: stores.accounts.save(replace(now, **changes)))

    async def change_directory(self, **changes: Anything) -> None:
        """Change the directory."""
        now = await self.read().directories.require(TENANT)
        await self.write(lambda stores: stores.directories.save(replace(now, **changes)))

    async def provider(self, flow: str = "B2C_1_SuSi") -> Provider:
        """Return a provider as it is now."""
        provider = await self.providers.find(TENANT, flow)
        assert provider is not None
        return provider

    async def key_set(self) -> KeySet:
        """Return the keys tokens are verified with."""
        return (await self.provider()).key_set

    async def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a token this directory signed."""
        return (await self.key_set()).verify(token)

    async def grant(
        self,
        application: Application = WEB,
        *,
        scope: str = FULL_SCOPE,
        flow: str = "B2C_1_SuSi",
        platform: Platform | None = None,
        **more: Anything,
    ) -> Grant:
        """Store what a sign-in at the application would leave."""
        provider = await self.provider(flow)
        known = application.redirect_uris[0][0] if application.redirect_uris else Platform.WEB
        grant = new_grant(
            provider,
            application,
            self.account.id,
            platform=platform or known,
            scope=await resolve_scopes(self.providers, provider, application, scope),
            auth_time=self.clock(),
            amr=("pwd",),
            randomness=self.randomness,
            now=self.clock(),
            **more,
        )
        await self.write(lambda stores: stores.grants.add(grant))
        return grant

    async def code(
        self,
        application: Application = WEB,
        *,
        verifier: str | None = None,
        is_plain: bool = False,
        **more: Anything,
    ) -> str:
        """Store a grant with a code and return the code."""
        grant = await self.grant(application, **more)
        challenge = verifier if is_plain or verifier is None else s256(verifier)
        value, code = new_code(
            grant,
            redirect_uri=application.redirect_uris[0][1],
            code_challenge=challenge,
            is_plain_challenge=is_plain,
            randomness=self.randomness,
            now=self.clock(),
        )
        await self.write(lambda stores: stores.authorization_codes.add(code))
        return value

    async def refresh_token(self, application: Application = WEB, **more: Anything) -> str:
        """Store a grant with a refresh token and return the token."""
        grant = await self.grant(application, **more)
        flow = (await self.provider(grant.user_flow_id)).user_flow
        assert flow is not None
        value, token = new_refresh_token(
            grant,
            flow.token_lifetime_configuration,
            randomness=self.randomness,
            now=self.clock(),
        )
        await self.write(lambda stores: stores.refresh_tokens.add(token))
        return value

    async def token(
        self,
        flow: str | None = "B2C_1_SuSi",
        *,
        headers: Mapping[str, str] | None = None,
        **form: Anything,
    ) -> httpx.Response:
        """Post to the token endpoint of a user flow, or of the directory."""
        place = TENANT if flow is None else f"{TENANT}/{flow}"
        return await self.http.post(f"/{place}/oauth2/v2.0/token", data=form, headers=headers)

    async def redeem(
        self, code: str, application: Application = WEB, /, **more: Anything
    ) -> httpx.Response:
        """Redeem a code the way the application would."""
        form: Form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": application.redirect_uris[0][1],
            **credentials(application),
        }
        return await self.token(**{**form, **more})

    async def refresh(
        self, refresh_token: str, application: Application = WEB, /, **more: Anything
    ) -> httpx.Response:
        """Use a refresh token the way the application would."""
        form: Form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            **credentials(application),
        }
        return await self.token(**{**form, **more})


async def _elsewhere(_request: Request) -> Response:
    return Response("another half", 418)


def credentials(application: Application) -> Form:
    """Return the parameters by which an application says who it is."""
    form: Form = {"client_id": application.app_id}
    return {**form, "client_secret": SECRET} if application.is_confidential else form


def basic(user: str, password: str) -> dict[str, str]:
    """Return an `Authorization` header with the two as they are."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def a_permission(
    client: Application, resource_app_id: str, kind: GrantKind, value: str
) -> PermissionGrant:
    """Return a permission an administrator gave."""
    return PermissionGrant(
        directory_id=DirectoryId(TENANT),
        app_id=client.app_id,
        resource_app_id=ClientId(resource_app_id),
        kind=kind,
        value=value,
    )


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Return status, error word and the code in front of the description, "" without one."""
    body = response.json()
    assert set(body) == {"error", "error_description"}
    code = body["error_description"].split(":")[0]
    return response.status_code, body["error"], code if code.startswith("AADB2C") else ""
