"""What writing an identity provider does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import TYPE, Change, Given, Situation
from gatelodge.graph.model.in_use import refuse_in_use
from gatelodge.graph.model.provider_issuers import issuer_taken
from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import (
    IdentityProvider,
    InboundClaims,
    OidcSettings,
    ProviderKind,
    ProviderState,
    SamlSettings,
)
from gatelodge.model.new_identity_provider import (
    APPLE,
    OIDC,
    OPEN_ID_CONNECT,
    SAML,
    identity_provider_problems,
    is_elsewhere,
    provider_id,
    provider_type,
)
from gatelodge.storage.stores import Stores

KINDS: Mapping[str, ProviderKind] = {
    "socialIdentityProvider": ProviderKind.SOCIAL,
    "builtInIdentityProvider": ProviderKind.BUILT_IN,
    "appleManagedIdentityProvider": ProviderKind.APPLE,
    "openIdConnectIdentityProvider": ProviderKind.OPEN_ID_CONNECT,
    "openIdConnectProvider": ProviderKind.OPEN_ID_CONNECT,
    "oidcIdentityProvider": ProviderKind.OIDC,
    "samlOrWsFedProvider": ProviderKind.SAML,
}
_TYPES = {
    ProviderKind.APPLE: APPLE,
    ProviderKind.OPEN_ID_CONNECT: OPEN_ID_CONNECT,
    ProviderKind.OIDC: OIDC,
    ProviderKind.SAML: SAML,
}


async def new_identity_provider(situation: Situation, given: Given) -> Change:
    """Add a provider; its id follows from what it is."""
    rest, oidc, saml = _parted({name: _made(value) for name, value in given.items()})
    kind = KINDS.get(rest.pop(TYPE, ""), ProviderKind.SOCIAL)
    type_name = _TYPES.get(kind) or provider_type(rest.pop("identity_provider_type"))
    rest.pop("identity_provider_type", None)
    secret = _secret(rest)
    name = rest.pop("display_name", None) or type_name
    if kind is ProviderKind.BUILT_IN:
        rest.setdefault("state", ProviderState.ENABLED)
    provider = IdentityProvider(
        directory_id=situation.directory.id,
        id=provider_id(kind, type_name, name, situation.randomness.uuid()),
        kind=kind,
        identity_provider_type=type_name,
        display_name=name,
        **rest,
    )
    if kind is ProviderKind.OIDC:
        provider = _of_oidc(replace(provider, oidc=OidcSettings(**oidc)))
    if kind is ProviderKind.SAML:
        provider = replace(provider, saml=SamlSettings(**saml))
    provider = await _checked(situation, _with_secret(situation, provider, secret))
    return Change(provider, lambda stores: stores.identity_providers.add(provider))


async def changed_identity_provider(
    situation: Situation, provider: IdentityProvider, given: Given
) -> Change:
    """Change a provider; a secret that is not given stays, but is not carried elsewhere."""
    rest, oidc, saml = _parted(given)
    secret = _secret(rest)
    changed = merged(provider, rest)
    if changed.oidc is not None:
        changed = _of_oidc(replace(changed, oidc=merged(changed.oidc, _complete(oidc))))
    if changed.saml is not None:
        changed = replace(changed, saml=merged(changed.saml, saml))
    changed = await _checked(situation, _with_secret(situation, changed, secret))
    # Whoever may change the address may not read the secret, and would have it sent to himself.
    if changed.secret is not None and secret is None and is_elsewhere(changed, provider):
        message = "The property 'clientSecret' has to be given again with an address elsewhere."
        raise Invalid(Problem("clientSecret", message))

    async def write(stores: Stores) -> None:
        await stores.identity_providers.save(changed)

    return Change(changed, write)


async def removed_identity_provider(_: Situation, provider: IdentityProvider, __: Given) -> Change:
    """Delete a provider that no user flow offers."""
    key = key_of(provider.id)

    async def write(stores: Stores) -> None:
        await refuse_in_use(
            stores,
            "identity provider",
            lambda flow: key in {key_of(each) for each in flow.identity_providers},
        )
        await stores.identity_providers.remove(provider.id)

    return Change(None, write)


def _parted(given: Given) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return what was given for the provider itself, and for either of its two settings."""
    parts: dict[str, dict[str, Any]] = {"": {}, "oidc": {}, "saml": {}}
    for name, value in given.items():
        place, _, attribute = name.partition(".")
        if place in parts:
            parts[place][attribute] = value
        else:
            parts[""][name] = value
    return parts[""], parts["oidc"], parts["saml"]


def _complete(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a whole: a mapping of claims is replaced and not mixed."""
    return {name: _made(value) for name, value in given.items()}


def _of_oidc(provider: IdentityProvider) -> IdentityProvider:
    """Return a provider of the newer type with what follows from its settings."""
    settings = provider.oidc or OidcSettings()
    claims = settings.inbound_claim_mapping or InboundClaims()
    known = f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"
    return replace(
        provider,
        metadata_url=provider.metadata_url or known,
        response_mode="form_post",
        claims_mapping=claims.mapping,
    )


def _secret(given: dict[str, Any]) -> str | None:
    """Take the secret out of what was given, wherever its type has it."""
    authentication = _made(given.pop("client_authentication", None))
    secret: str | None = given.pop("secret", None)
    return secret if authentication is None else authentication.client_secret


def _made(value: object) -> Any:  # noqa: ANN401 - whatever a property holds
    return value.made() if isinstance(value, Part) else value


def _with_secret(
    situation: Situation, provider: IdentityProvider, secret: str | None
) -> IdentityProvider:
    if secret is None:
        return provider
    return replace(provider, secret=situation.sealer.seal(secret.encode(), provider.place))


async def _checked(situation: Situation, provider: IdentityProvider) -> IdentityProvider:
    problems = identity_provider_problems(provider, is_development=situation.is_development)
    if found := tuple(problems):
        raise Invalid(*found)
    if (taken := await issuer_taken(situation, provider)) is not None:
        raise Invalid(taken)
    return provider
