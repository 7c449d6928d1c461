"""The OpenID provider a user flow is: who issues, where its endpoints are, which keys sign."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request

from gatelodge.crypto.key_set import KeySet
from gatelodge.crypto.keyring import Keyring
from gatelodge.model.allowed import allowed
from gatelodge.model.application import Application, GrantKind
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import AccountId, ClientId, DirectoryId, key_of
from gatelodge.model.language import PageOverride
from gatelodge.model.page_template import PageTemplate
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.brand_files import brands_of
from gatelodge.pages.brand import Brands
from gatelodge.pages.language_page import LanguagePage, parse_language_page
from gatelodge.pages.page import SECRET_PAGES
from gatelodge.pages.page_scripts import NamedScript, named_scripts
from gatelodge.storage.cache import ConfigurationCache
from gatelodge.storage.database import Database


class AddressStyle(StrEnum):
    """How a request addressed us: `/{T}/{P}/…`, `/{T}/…?p={P}` or `/tfp/{T}/{P}/…`."""

    PATH = "path"
    QUERY = "query"
    TFP = "tfp"


class Endpoint(StrEnum):
    """Where each endpoint lies below the tenant and user flow."""

    AUTHORIZE = "oauth2/v2.0/authorize"
    TOKEN = "oauth2/v2.0/token"
    LOGOUT = "oauth2/v2.0/logout"
    DISCOVERY = "v2.0/.well-known/openid-configuration"
    KEYS = "discovery/v2.0/keys"
    USERINFO = "openid/v2.0/userinfo"
    REVOKE = "oauth2/v2.0/revoke"
    DEVICE_AUTHORIZATION = "oauth2/v2.0/devicecode"
    DEVICE = "device"
    PUSH = "oauth2/v2.0/par"
    INTROSPECT = "oauth2/v2.0/introspect"
    REGISTER = "oauth2/v2.0/register"
    ARRIVE = "oauth2/authresp"
    SAML_ARRIVE = "samlp/sso/assertionconsumer"
    SAML_METADATA = "samlp/metadata"
    LINK = "signinlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The tenant and user flow a request names, as it wrote them."""

    tenant: str
    policy: str | None
    style: AddressStyle


def address_of(request: Request) -> Address:
    """Read the path parameters `tenant` and `policy`, or else the query parameter `p`.

    A policy in the path wins. `p` sent twice names nothing, so that two readers of one address
    can never mean different user flows.
    """
    is_tfp = request.scope["path"].startswith("/tfp/")
    tenant: str = request.path_params["tenant"]
    if (policy := request.path_params.get("policy")) is not None:
        style = AddressStyle.TFP if is_tfp else AddressStyle.PATH
        return Address(tenant=tenant, policy=policy, style=style)
    named = request.query_params.getlist("p") if request.scope["query_string"] else []
    policy = None if not named else named[0] if len(named) == 1 else ""
    return Address(tenant=tenant, policy=policy, style=AddressStyle.QUERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLanguage:
    """A language an administrator enabled, or has words in; `overrides` are by page."""

    tag: str
    is_enabled: bool
    overrides: Mapping[str, LanguagePage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One issuer. Without `user_flow` it is the directory itself, which serves Graph's audience.

    `own_host` is the host of the directory's own it was asked at, None for the shared one.
    `languages` are None as long as the user flow speaks those that are packaged. `templates` are
    somebody else's pages around ours, by the id of the page.
    """

    directory: Directory
    user_flow: UserFlow | None
    origin: str
    key_set: KeySet
    brands: Brands
    own_host: str | None = None
    languages: tuple[SpokenLanguage, ...] | None = None
    templates: Mapping[str, PageTemplate] = field(default_factory=dict)

    def template_of(self, page_id: str) -> PageTemplate | None:
        """Return somebody else's page around one of ours, or None.

        There is none around a page that shows a secret: a style sheet could read it.
        """
        return None if page_id in SECRET_PAGES else self.templates.get(page_id)

    def layout_version(self, page_id: str) -> str | None:
        """Return the version somebody chose for the layout of a page, None for the newest."""
        chosen = () if self.user_flow is None else self.user_flow.page_layouts
        return next((each.version for each in chosen if each.id == page_id), None)

    def scripts_of(self, template: PageTemplate | None) -> tuple[NamedScript, ...]:
        """Return the scripts around a page of ours: none but at a host of the directory's own."""
        flow = self.user_flow
        may_run = self.own_host is not None and flow is not None and flow.is_java_script_enabled
        return named_scripts(template, self.origin) if template is not None and may_run else ()

    @property
    def issuer(self) -> str:
        """Return `iss`, byte for byte as tokens and metadata carry it."""
        if self.user_flow is None:
            return f"{self.origin}/{self.directory.id}/v2.0"
        if self.user_flow.token_claims_configuration.is_issuer_entity_user_flow:
            return f"{self.origin}/tfp/{self.directory.id}/{self.user_flow.policy}/v2.0/"
        return f"{self.origin}/{self.directory.id}/v2.0/"

    def endpoint(self, kind: Endpoint, style: AddressStyle, tenant_as_addressed: str) -> str:
        """Return the address of an endpoint in the style, and with the tenant, the request used.

        The policy is in lower case; of the tenant only whether it was GUID or domain is kept.
        """
        is_guid = key_of(tenant_as_addressed) == self.directory.id
        tenant = self.directory.id if is_guid else self.directory.domain
        if self.user_flow is None:
            return f"{self.origin}/{tenant}/{kind}"
        match style:
            case AddressStyle.PATH:
                return f"{self.origin}/{tenant}/{self.user_flow.policy}/{kind}"
            case AddressStyle.QUERY:
                return f"{self.origin}/{tenant}/{kind}?p={self.user_flow.policy}"
            case AddressStyle.TFP:
                return f"{self.origin}/tfp/{tenant}/{self.user_flow.policy}/{kind}"


@dataclass(frozen=True, slots=True)
class _Configured:
    directory: Directory
    user_flow: UserFlow | None
    brands: Brands
    languages: tuple[SpokenLanguage, ...] | None = None
    templates: Mapping[str, PageTemplate] = field(default_factory=dict)


class Providers:
    """Finds providers and what they need of the configuration, from memory where it is fresh.

    `origin` is the configured public one. A `Host` header chooses among the hosts the operator
    configured, and is believed no further.
    """

    def __init__(self, database: Database, keyring: Keyring, origin: str) -> None:
        self._database = database
        self._keyring = keyring
        self._origin = origin
        self._configured = ConfigurationCache[tuple[str, str | None], _Configured](database)
        self._applications = ConfigurationCache[tuple[DirectoryId, str], Application](database)
        self._apis = ConfigurationCache[tuple[DirectoryId, str], Application](database)
        self._granted = ConfigurationCache[
            tuple[DirectoryId, ClientId, ClientId, GrantKind], tuple[str, ...]
        ](database)

    async def find(
        self, tenant: str, policy: str | None, own_host: str | None = None
    ) -> Provider | None:
        """Return the provider of a tenant (GUID or domain) and user flow, both without case.

        None for `policy` means the directory itself. None comes back for what does not exist, and
        at a host of some directory's own for everything of others. A host that is a directory's no
        more counts as the shared one.
        """
        host = None if own_host is None else self._database.own_hosts.asked(own_host)
        key = (key_of(tenant), None if policy is None else key_of(policy))
        found = await self._configured.get(key, lambda: self._configuration(*key))
        if found is None or not (host is None or host.is_of(found.directory)):
            return None
        return Provider(
            directory=found.directory,
            user_flow=found.user_flow,
            origin=self._origin if host is None else host.origin,
            own_host=None if host is None else host.name,
            key_set=await self._keyring.of(found.directory.id),
            brands=found.brands,
            languages=found.languages,
            templates=found.templates,
        )

    async def provider_of(self, request: Request) -> Provider | None:
        """Return the provider a request addresses, or None."""
        address = address_of(request)
        asked = request.headers.get("host") if self._database.own_hosts else None
        return await self.find(address.tenant, address.policy, asked)

    async def beside(self, provider: Provider, policy: str) -> Provider | None:
        """Return the provider of another user flow of a directory at the same host, or None."""
        return await self.find(provider.directory.id, policy, provider.own_host)

    async def _configuration(self, tenant: str, policy: str | None) -> _Configured | None:
        directory = await self._database.read(DirectoryId("")).directories.find(tenant)
        if directory is None:
            return None
        stores = self._database.read(directory.id)
        brands = await brands_of(stores, directory)
        if policy is None:
            return _Configured(directory, None, brands)
        configured = await stores.user_flows.get(policy)
        if configured is None:
            return None
        user_flow = allowed(configured, directory.policies)
        templates = {
            each.page_id: each for each in await stores.page_templates.of_user_flow(user_flow.id)
        }
        if not user_flow.is_language_customization_enabled:
            return _Configured(directory, user_flow, brands, None, templates)
        overrides = await stores.page_overrides.of_user_flow(user_flow.id)
        return _Configured(directory, user_flow, brands, _spoken(user_flow, overrides), templates)

    async def application(self, provider: Provider, client_id: str) -> Application | None:
        """Return the application with this client id, compared without case, or None."""
        app_id, directory_id = ClientId(client_id.lower()), provider.directory.id
        return await self._applications.get(
            (directory_id, app_id),
            lambda: self._database.read(directory_id).applications.by_app_id(app_id),
        )

    async def api(self, provider: Provider, identifier_uri: str) -> Application | None:
        """Return the API that owns this App ID URI, or None."""
        directory_id = provider.directory.id
        return await self._apis.get(
            (directory_id, identifier_uri),
            lambda: self._database.read(directory_id).applications.by_identifier_uri(
                identifier_uri
            ),
        )

    async def granted(
        self, provider: Provider, app_id: ClientId, resource_app_id: ClientId, kind: GrantKind
    ) -> tuple[str, ...]:
        """Return the scope or role values an administrator granted the client at that API."""
        directory_id = provider.directory.id
        found = await self._granted.get(
            (directory_id, app_id, resource_app_id, kind),
            lambda: self._database.read(directory_id).permission_grants.values(
                app_id, resource_app_id, kind
            ),
        )
        return found or ()

    async def consented(
        self,
        provider: Provider,
        account_id: AccountId,
        app_id: ClientId,
        resource_app_id: ClientId,
    ) -> frozenset[str]:
        """Return what one user lets the client do at that API, as it is stored now."""
        stores = self._database.read(provider.directory.id)
        return await stores.consents.values(account_id, app_id, resource_app_id)

    async def roles_of(
        self, provider: Provider, account_id: AccountId, app_id: ClientId
    ) -> frozenset[str]:
        """Return the ids of the roles a user holds at an API, as they are stored now."""
        stores = self._database.read(provider.directory.id)
        return await stores.user_roles.ids(account_id, app_id)


def _spoken(user_flow: UserFlow, overrides: Sequence[PageOverride]) -> tuple[SpokenLanguage, ...]:
    pages: dict[str, dict[str, LanguagePage]] = {}
    for each in overrides:
        page = parse_language_page(json.loads(each.content), only_overrides=True)
        pages.setdefault(each.language_key, {})[each.page_id] = page
    return tuple(
        SpokenLanguage(
            tag=each.id,
            is_enabled=each.is_enabled,
            overrides=pages.get(key_of(each.id), {}),
        )
        for each in user_flow.all_languages()
        if each.is_enabled or key_of(each.id) in pages
    )
