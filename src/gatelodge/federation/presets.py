"""The well-known providers: where each is found, what it is asked, and what its answers mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.model.identity_provider import ClaimsMapping, IdentityProvider, ProviderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One well-known provider.

    `identity_issuer` is what identities of its users are filed under and the claim `idp`. With
    `issuer` and `jwks_uri` an ID token says who a person is, otherwise `userinfo_endpoint` does,
    whose answer lies under `userinfo_member` if that is given. `has_proof_key` is False for a
    provider that refuses PKCE, `is_basic` says that it takes our secret in a header only.
    """

    exchange_id: str
    identity_issuer: str
    domain_hint: str
    authorization_endpoint: str
    token_endpoint: str
    scope: str
    mapping: ClaimsMapping
    issuer: str | None = None
    jwks_uri: str | None = None
    userinfo_endpoint: str | None = None
    userinfo_member: str | None = None
    response_mode: str | None = None
    is_basic: bool = False
    has_proof_key: bool = True


_STANDARD = ClaimsMapping(
    user_id="sub",
    display_name="name",
    given_name="given_name",
    surname="family_name",
    email="email",
)

_WELL_KNOWN = "/.well-known/openid-configuration"

PRESETS: Mapping[str, Preset] = {
    "Google": Preset(
        exchange_id="GoogleExchange",
        identity_issuer="google.com",
        domain_hint="google.com",
        issuer="https://accounts.google.com",
        authorization_endpoint="https://accounts.google.com/o/oauth2/v2/auth",
        token_endpoint="https://oauth2.googleapis.com/token",
        jwks_uri="https://www.googleapis.com/oauth2/v3/certs",
        scope="openid email profile",
        mapping=_STANDARD,
    ),
    "Microsoft": Preset(
        exchange_id="MicrosoftAccountExchange",
        identity_issuer="live.com",
        domain_hint="microsoft.com",
        issuer="https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        authorization_endpoint="https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize",
        token_endpoint="https://login.microsoftonline.com/consumers/oauth2/v2.0/token",
        jwks_uri="https://login.microsoftonline.com/consumers/discovery/v2.0/keys",
        scope="openid email profile",
        mapping=_STANDARD,
    ),
    "AppleManaged": Preset(
        exchange_id="AppleExchange",
        identity_issuer="appleid.apple.com",
        domain_hint="apple.com",
        issuer="https://appleid.apple.com",
        authorization_endpoint="https://appleid.apple.com/auth/authorize",
        token_endpoint="https://appleid.apple.com/auth/token",
        jwks_uri="https://appleid.apple.com/auth/keys",
        scope="openid name email",
        # Apple demands it of whoever asks for a name.
        response_mode="form_post",
        mapping=_STANDARD,
    ),
    "Facebook": Preset(
        exchange_id="FacebookExchange",
        identity_issuer="facebook.com",
        domain_hint="facebook.com",
        authorization_endpoint="https://www.facebook.com/v21.0/dialog/oauth",
        token_endpoint="https://graph.facebook.com/v21.0/oauth/access_token",
        userinfo_endpoint="https://graph.facebook.com/v21.0/me"
        "?fields=id,first_name,last_name,name,email",
        scope="email",
        mapping=ClaimsMapping(
            user_id="id",
            display_name="name",
            given_name="first_name",
            surname="last_name",
            email="email",
        ),
    ),
    "GitHub": Preset(
        exchange_id="GitHubExchange",
        identity_issuer="github.com",
        domain_hint="github.com",
        authorization_endpoint="https://github.com/login/oauth/authorize",
        token_endpoint="https://github.com/login/oauth/access_token",
        userinfo_endpoint="https://api.github.com/user",
        scope="read:user user:email",
        mapping=ClaimsMapping(user_id="id", display_name="name", email="email"),
    ),
    "LinkedIn": Preset(
        exchange_id="LinkedInExchange",
        identity_issuer="linkedin.com",
        domain_hint="linkedin.com",
        authorization_endpoint="https://www.linkedin.com/oauth/v2/authorization",
        token_endpoint="https://www.linkedin.com/oauth/v2/accessToken",
        # Its ID tokens carry no nonce, whatever is sent, so its userinfo is asked instead.
        userinfo_endpoint="https://api.linkedin.com/v2/userinfo",
        scope="openid profile email",
        has_proof_key=False,
        mapping=_STANDARD,
    ),
    "Amazon": Preset(
        exchange_id="AmazonExchange",
        identity_issuer="amazon.com",
        domain_hint="amazon.com",
        authorization_endpoint="https://www.amazon.com/ap/oa",
        token_endpoint="https://api.amazon.com/auth/o2/token",
        userinfo_endpoint="https://api.amazon.com/user/profile",
        scope="profile",
        mapping=ClaimsMapping(user_id="user_id", display_name="name", email="email"),
    ),
    "Twitter": Preset(
        exchange_id="TwitterExchange",
        identity_issuer="twitter.com",
        domain_hint="twitter.com",
        authorization_endpoint="https://x.com/i/oauth2/authorize",
        token_endpoint="https://api.x.com/2/oauth2/token",
        userinfo_endpoint="https://api.x.com/2/users/me",
        userinfo_member="data",
        scope="users.read tweet.read",
        is_basic=True,
        mapping=ClaimsMapping(user_id="id", display_name="name"),
    ),
}
"""By `identityProviderType`. QQ, WeChat and Weibo can be configured and are not offered."""


def is_offered(provider: IdentityProvider, presets: Mapping[str, Preset]) -> bool:
    """Return whether we know how to ask this provider anything."""
    if provider.is_discovered or provider.speaks_saml:
        return True
    return provider.kind is not ProviderKind.BUILT_IN and provider.identity_provider_type in presets


def is_unbound(provider: IdentityProvider, presets: Mapping[str, Preset]) -> bool:
    """Return whether nothing ties a provider's answer to one sign-in: no nonce, no proof key."""
    preset = presets.get(provider.identity_provider_type)
    return preset is not None and preset.issuer is None and not preset.has_proof_key


def exchange_of(provider: IdentityProvider, presets: Mapping[str, Preset]) -> str:
    """Return the id of the button that leads to a provider."""
    preset = presets.get(provider.identity_provider_type)
    return provider.id if preset is None else preset.exchange_id


def issuer_of(provider: IdentityProvider, presets: Mapping[str, Preset]) -> str | None:
    """Return what people of a provider are filed under, as far as its configuration says so."""
    if (preset := presets.get(provider.identity_provider_type)) is not None:
        return preset.identity_issuer
    if provider.saml is not None:
        return provider.saml.issuer_uri
    if provider.oidc is not None:
        return provider.oidc.issuer
    return (provider.metadata_url or "").removesuffix(_WELL_KNOWN) or None


def domain_hint_of(provider: IdentityProvider, presets: Mapping[str, Preset]) -> str | None:
    """Return the `domain_hint` that chooses a provider at once."""
    preset = presets.get(provider.identity_provider_type)
    return provider.domain_hint if preset is None else preset.domain_hint
