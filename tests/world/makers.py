"""One maker for each model type the tests need, with valid defaults."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.api_connector import ApiConnector
from gatelodge.model.application import (
    Application,
    ClientPassword,
    GrantKind,
    PermissionGrant,
    Scope,
)
from gatelodge.model.attribute import UserAttribute
from gatelodge.model.branding import BrandImage, Branding, BrandPicture
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import (
    AccountId,
    ApplicationId,
    ClientId,
    DirectoryId,
    UserFlowId,
)
from gatelodge.model.identity_provider import IdentityProvider, ProviderKind
from gatelodge.model.language import PageOverride
from gatelodge.model.page_template import PageTemplate
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.model.sign_in_identifier import SignInIdentifier, SignInIdentifierName
from gatelodge.model.signing_key import Algorithm, SigningKey
from gatelodge.model.trust_framework import TrustFrameworkPolicy
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.pages.language import load_packaged_strings
from tests.world.clock import BEGINNING

TENANT = DirectoryId("1111aaaa-aaaa-4aaa-8aaa-11111111aaaa")
DOMAIN = "acme.example"
OWNER = ClientId("22222222-2222-4222-8222-222222222222")
SECRET = "correct-horse_battery~staple"
SECRET_END = BEGINNING + timedelta(days=365)

Anything: TypeAlias = Any
"""The attributes of whatever is made or changed."""


def numbered(number: int) -> str:
    """Return a GUID that can be told from the others at a glance."""
    return f"{number:08d}-0000-4000-8000-{number:012d}"


def a_directory(**changes: Anything) -> Directory:
    """Return the tenant of most tests."""
    values: dict[str, Any] = {
        "id": TENANT,
        "domain": DOMAIN,
        "display_name": "Acme",
        "extensions_app_id": OWNER,
        "created_at": BEGINNING,
    }
    return Directory(**{**values, **changes})


def a_place(user_flow: UserFlow) -> Place:
    """Return the place of an interaction whose person reads English."""
    strings = load_packaged_strings()["en"]
    return Place(
        directory=a_directory(),
        user_flow=user_flow,
        strings=strings,
        origin="https://login.example",
    )


def a_branding(**changes: Anything) -> Branding:
    """Return the look of the pages in every language."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": "0",
        "accent_color": "#0a5f8f",
        "sign_in_page_text": "Ask at the desk if you cannot get in.",
    }
    return Branding(**{**values, **changes})


def a_brand_picture(**changes: Anything) -> BrandPicture:
    """Return a logo for every language."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "locale": "0",
        "name": BrandImage.BANNER_LOGO,
        "media_type": "image/png",
        "digest": "d1",
        "content": b"\x89PNG\r\n\x1a\n\x00",
    }
    return BrandPicture(**{**values, **changes})


def a_page_template(**changes: Anything) -> PageTemplate:
    """Return an administrator's page around the sign-up form."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "user_flow_key": "b2c_1_susi",
        "page_id": "api.localaccountsignup",
        "before": "<p>Welcome</p>",
        "after": "",
        "sources": ("https://assets.example",),
        "fetched_at": BEGINNING,
    }
    return PageTemplate(**{**values, **changes})


def a_page_override(**changes: Anything) -> PageOverride:
    """Return another heading of the sign-up page, in English."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "user_flow_key": "b2c_1_susi",
        "language_key": "en",
        "page_id": "api.localaccountsignup",
        "content": '{"LocalizedStrings":[]}',
    }
    return PageOverride(**{**values, **changes})


def a_user_flow(**changes: Anything) -> UserFlow:
    """Return a user flow whose tokens name the user."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": UserFlowId("B2C_1_SuSi"),
        "user_flow_type": UserFlowType.SIGN_UP_OR_SIGN_IN,
        "user_flow_type_version": 3.0,
        "created_at": BEGINNING,
        "application_claims": ("objectId", "displayName", "emails", "newUser", "givenName"),
    }
    return UserFlow(**{**values, **changes})


def a_secret(value: str = SECRET, *, end_at: datetime = SECRET_END) -> ClientPassword:
    """Return what is stored of a client secret."""
    return ClientPassword(
        key_id=f"key-of-{value}",
        digest=digest_of(value),
        hint=value[:3],
        display_name=None,
        start_at=BEGINNING - timedelta(days=1),
        end_at=end_at,
    )


def an_application(number: int, **changes: Anything) -> Application:
    """Return an application whose ids show its number."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": ApplicationId(numbered(number)),
        "app_id": ClientId(f"a{numbered(number)[1:]}"),
        "display_name": f"Application {number}",
        "created_at": BEGINNING,
    }
    return Application(**{**values, **changes})


def a_scope(value: str, **changes: Anything) -> Scope:
    """Return a delegated permission of an API."""
    return Scope(**{"id": f"id-of-{value}", "value": value, **changes})


def an_account(number: int = 7, **changes: Anything) -> Account:
    """Return a local account that signs in with an email address."""
    address = f"ada{number}@example.com"
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": AccountId(numbered(number)),
        "created_at": BEGINNING,
        "display_name": "Ada",
        "sign_in_sessions_valid_from": BEGINNING,
        "identities": (
            SignInName(
                sign_in_type=SignInType.EMAIL_ADDRESS, issuer=DOMAIN, issuer_assigned_id=address
            ),
        ),
    }
    return Account(**{**values, **changes})


def a_password(account_id: AccountId, **changes: Anything) -> PasswordCredential:
    """Return what is stored of an account's password."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "account_id": account_id,
        "hash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "changed_at": BEGINNING,
    }
    return PasswordCredential(**{**values, **changes})


def a_user_attribute(name: str = "ShoeSize", **changes: Anything) -> UserAttribute:
    """Return a custom attribute of the tenant."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": f"extension_{OWNER.replace('-', '')}_{name}",
        "display_name": name,
    }
    return UserAttribute(**{**values, **changes})


def a_permission_grant(app_id: ClientId, **changes: Anything) -> PermissionGrant:
    """Return a permission an administrator gave to an application."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "app_id": app_id,
        "resource_app_id": OWNER,
        "kind": GrantKind.SCOPE,
        "value": "read",
    }
    return PermissionGrant(**{**values, **changes})


def an_identity_provider(**changes: Anything) -> IdentityProvider:
    """Return a social provider whose secret nobody can open."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": "Google-OAUTH",
        "kind": ProviderKind.SOCIAL,
        "identity_provider_type": "Google",
        "display_name": "Google",
        "client_id": "client-at-google",
        "secret": "c2VhbGVk",
    }
    return IdentityProvider(**{**values, **changes})


def an_api_connector(**changes: Anything) -> ApiConnector:
    """Return a web hook that asks for nothing."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": numbered(60),
        "display_name": "Check",
        "target_url": "https://hooks.example/check",
    }
    return ApiConnector(**{**values, **changes})


def a_trust_framework_policy(number: int = 1, **changes: Anything) -> TrustFrameworkPolicy:
    """Return a custom policy."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": f"B2C_1A_Policy{number}",
        "content": "<TrustFrameworkPolicy/>",
    }
    return TrustFrameworkPolicy(**(values | changes))


def a_sign_in_identifier(**changes: Anything) -> SignInIdentifier:
    """Return the decision that people sign in with user names."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "name": SignInIdentifierName.USERNAME,
        "is_enabled": True,
    }
    return SignInIdentifier(**{**values, **changes})


def a_service_principal(number: int, **changes: Anything) -> ServicePrincipal:
    """Return what stands for the application of that number."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": f"5{numbered(number)[1:]}",
        "app_id": ClientId(f"a{numbered(number)[1:]}"),
        "display_name": f"Application {number}",
        "created_at": BEGINNING,
    }
    return ServicePrincipal(**{**values, **changes})


def a_signing_key(key_id: str = "key-1", **changes: Anything) -> SigningKey:
    """Return a key nobody can sign with: its private part is no sealed value."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": key_id,
        "algorithm": Algorithm.RS256,
        "public_jwk": "{}",
        "sealed_private_key": "c2VhbGVk",
        "created_at": BEGINNING,
        "active_at": BEGINNING,
    }
    return SigningKey(**{**values, **changes})
