"""Under whose name a provider files its people: no two may share one."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from gatelodge.errors import Problem
from gatelodge.federation.presets import PRESETS
from gatelodge.graph.change import Situation
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.query import Slice
from gatelodge.storage.identity_lists import IDENTITY_PROVIDERS
from gatelodge.storage.stores import Stores

_DISCOVERY = "/.well-known/openid-configuration"


async def issuer_taken(situation: Situation, provider: IdentityProvider) -> Problem | None:
    """Return what is wrong with whom a provider says it is, or None.

    Whoever signs in the name of another issuer would be believed about that issuer's people. Two
    that are discovered may share one: the keys of both are read where the issuer lives.
    """
    name, issuer = _named(provider)
    if issuer is None:
        return None
    key = _key(issuer)
    if key in set(_reserved(situation.directory)) or _is_own(situation, key):
        return Problem(name, f"The value of '{name}' is the name of another issuer.")
    async for other in _every(situation.stores):
        is_other = key_of(other.id) != key_of(provider.id)
        is_shared = other.is_discovered and provider.is_discovered
        if is_other and not is_shared and _key(_named(other)[1] or "") == key:
            return Problem(name, f"The value of '{name}' is the name of another provider.")
    return None


def _reserved(directory: Directory) -> Iterator[str]:
    """Yield who local accounts and people of the well-known providers are filed under."""
    yield _key(directory.domain)
    yield _key(directory.id)
    for each in PRESETS.values():
        yield _key(each.identity_issuer)


def _is_own(situation: Situation, key: str) -> bool:
    """Return whether it is this directory's, the whole server's, or at a host of a directory's."""
    origin, directory = key_of(situation.origin), situation.directory
    tenants = (directory.id, key_of(directory.domain))
    hosts = [key_of(each.origin) for each in situation.stores.own_hosts]
    begun = (f"{origin}/{way}{each}" for way in ("", "tfp/") for each in tenants)
    return key == origin or any(f"{key}/".startswith(f"{each}/") for each in (*begun, *hosts))


def _named(provider: IdentityProvider) -> tuple[str, str | None]:
    """Return the property that says who a provider is, and what it says."""
    if provider.saml is not None:
        return "issuerUri", provider.saml.issuer_uri
    if provider.oidc is not None:
        return "issuer", provider.oidc.issuer
    if provider.is_discovered:
        return "metadataUrl", (provider.metadata_url or "").removesuffix(_DISCOVERY)
    return "identityProviderType", None


def _key(issuer: str) -> str:
    return key_of(issuer.strip()).rstrip("/")


async def _every(stores: Stores) -> AsyncIterator[IdentityProvider]:
    part = Slice(limit=200)
    while True:
        page = await IDENTITY_PROVIDERS.page(stores, part)
        for each in page.values:
            yield each
        if page.end is None:
            return
        part = replace(part, after=page.end)
