"""Who calls, and what they may do. A bearer token becomes a `Caller`, judged live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of, from_base64url
from gatelodge.crypto.key_set import MAX_TOKEN_CHARACTERS, KeySet, Unverifiable
from gatelodge.crypto.keyring import Keyring
from gatelodge.graph.edm import Access
from gatelodge.graph.errors import Code, GraphError
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import AccountId, ClientId, DirectoryId
from gatelodge.model.service_principal import principal_id
from gatelodge.storage.cache import ConfigurationCache
from gatelodge.storage.database import Database

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
GRAPH_RESOURCE = "https://graph.microsoft.com"
_AUDIENCES = (GRAPH_RESOURCE, GRAPH_RESOURCE + "/", GRAPH_APP_ID)
_OF_USER_FLOWS = frozenset({"tfp", "acr"})
_MOST_VERIFIED = 1024
_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An authenticated caller in its directory.

    `id` is the application's or the user's object id. `roles` are the user's directory roles;
    None when an application acts by itself.
    """

    directory: Directory
    id: str
    permissions: frozenset[str]
    roles: frozenset[str] | None = None

    @property
    def is_privileged(self) -> bool:
        """Return whether nobody in the directory may do more."""
        if self.roles is None:
            return "Directory.ReadWrite.All" in self.permissions
        return "Global Administrator" in self.roles

    @property
    def owner_ids(self) -> frozenset[str]:
        """Return under which ids the caller owns something."""
        return frozenset((self.id, principal_id(self.id)))

    def owns(self, entity: object) -> bool:
        """Return whether the caller is among the owners of an entity."""
        return not self.owner_ids.isdisjoint(getattr(entity, "owner_ids", ()))

    def may(self, access: Access, *, is_owner: bool = False) -> bool:
        """Return whether the caller holds what the operation asks for."""
        return access.allows(self.permissions, self.roles, is_owner=is_owner)


def require(caller: Caller, access: Access, *, is_owner: bool = False) -> None:
    """Raise `GraphError` 403 unless the caller may."""
    if not caller.may(access, is_owner=is_owner):
        raise denied()


def denied() -> GraphError:
    """Return the 403 of a caller who may not."""
    return GraphError(403, Code.DENIED, "Insufficient privileges to complete the operation.")


@dataclass(frozen=True, slots=True)
class Authentication:
    """Turns an `Authorization` header into a `Caller`.

    Only tokens this installation issued for Graph count. A token a user flow gave to a consumer
    is signed by the same keys and refused all the same. Directory and application are configuration
    and remembered like it; the user of a delegated token is read each time.
    """

    database: Database
    keyring: Keyring
    clock: Clock
    origin: str
    _verified: dict[str, tuple[bytes, Mapping[str, Any]]] = field(default_factory=dict)
    _directories: ConfigurationCache[str, Directory] = field(init=False)
    _applications: ConfigurationCache[tuple[str, str], Application] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_directories", ConfigurationCache(self.database))
        object.__setattr__(self, "_applications", ConfigurationCache(self.database))

    async def caller(self, authorizations: list[str]) -> Caller:
        """Return who calls; raise `GraphError` 401 for anything but one good bearer token."""
        token = self._token(authorizations)
        directory = await self._directory(_unverified_tenant(token))
        if directory is None:
            raise self.refusal("Access token validation failure. Unknown tenant.")
        claims = self._claims(token, await self.keyring.of(directory.id))
        self._judge(claims, directory)
        return await self._live(claims, directory)

    def _claims(self, token: str, keys: KeySet) -> Mapping[str, Any]:
        """Return what the keys signed; a signature once verified by the same keys stays so."""
        digest = digest_of(token)
        known = self._verified.get(digest)
        if known is not None and known[0] == keys.jwks:
            return known[1]
        try:
            claims = keys.verify(token)
        except Unverifiable as error:
            raise self.refusal("Access token validation failure. Invalid signature.") from error
        if len(self._verified) >= _MOST_VERIFIED:
            self._verified.clear()
        self._verified[digest] = (keys.jwks, claims)
        return claims

    def refusal(self, message: str) -> GraphError:
        """Return a 401 with the challenge clients look for (RFC 6750 §3)."""
        challenge = (
            f'Bearer realm="", authorization_uri="{self.origin}/common/oauth2/v2.0/authorize", '
            f'client_id="{GRAPH_APP_ID}", error="invalid_token"'
        )
        return GraphError(401, Code.INVALID_TOKEN, message, headers={"WWW-Authenticate": challenge})

    def _token(self, authorizations: list[str]) -> str:
        if len(authorizations) != 1:
            raise self.refusal("Access token is empty.")
        scheme, _, token = authorizations[0].partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise self.refusal("Access token is empty.")
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise self.refusal("Access token is malformed.")
        return token.strip()

    async def _directory(self, tenant: str | None) -> Directory | None:
        if tenant is None:
            return None
        directories = self.database.read(DirectoryId(tenant)).directories
        return await self._directories.get(tenant, lambda: directories.get(tenant))

    def _judge(self, claims: Mapping[str, Any], directory: Directory) -> None:
        if claims.get("iss") != f"{self.origin}/{directory.id}/v2.0":
            raise self.refusal("Access token validation failure. Invalid issuer.")
        if claims.get("aud") not in _AUDIENCES or not _OF_USER_FLOWS.isdisjoint(claims):
            raise self.refusal("Access token validation failure. Invalid audience.")
        now = self.clock()
        until, since = _moment(claims, "exp"), _moment(claims, "nbf")
        if until is None or since is None or now >= until or now + _SKEW < since:
            raise self.refusal("Access token has expired or is not yet valid.")

    async def _live(self, claims: Mapping[str, Any], directory: Directory) -> Caller:
        """Ask the database whether client and user are still what they were."""
        stores = self.database.read(directory.id)
        client = claims.get("appid")
        application = None
        if isinstance(client, str):
            application = await self._applications.get(
                (directory.id, client), lambda: stores.applications.by_app_id(ClientId(client))
            )
        if application is None or not application.is_enabled:
            raise self.refusal("The application of the access token is disabled or gone.")
        if claims.get("idtyp") == "app":
            roles = claims.get("roles", ())
            return Caller(directory=directory, id=application.id, permissions=_words(roles))
        account = await stores.accounts.get(AccountId(str(claims.get("oid"))))
        if account is None or not _is_valid_for(claims, account):
            raise self.refusal("The user of the access token is disabled or has signed out.")
        return Caller(
            directory=directory,
            id=account.id,
            permissions=_words(str(claims.get("scp", "")).split()),
            roles=frozenset(account.directory_roles),
        )


def _unverified_tenant(token: str) -> str | None:
    """Return the tenant a token claims: it decides only whose keys judge the token."""
    try:
        claims = msgspec.json.decode(from_base64url(token.split(".")[1]))
        tenant = claims["tid"]
    except (ValueError, LookupError, TypeError, msgspec.DecodeError):
        return None
    return tenant if isinstance(tenant, str) and "\0" not in tenant else None


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**33:
        return None
    return datetime.fromtimestamp(value, UTC)


def _is_valid_for(claims: Mapping[str, Any], account: Account) -> bool:
    issued = _moment(claims, "iat")
    # `iat` has whole seconds: a token of the very second of a sign-out counts as before it.
    return (
        account.account_enabled
        and issued is not None
        and issued >= account.sign_in_sessions_valid_from.replace(microsecond=0)
    )


def _words(values: object) -> frozenset[str]:
    if not isinstance(values, list | tuple):
        return frozenset()
    return frozenset(each for each in values if isinstance(each, str))
