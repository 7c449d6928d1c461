"""The claims of ID and access tokens: pure functions of what is known.

An application claim appears when the user flow selects it and the account has a value; protocol
claims are written last, so nothing a user or administrator controls can take their place.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from gatelodge.crypto.digest import base64url
from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.attribute import BuiltInAttribute, built_in, claim_of_custom
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.claim import RESERVED_CLAIMS
from gatelodge.model.grant import Grant
from gatelodge.model.identifier import AccountId
from gatelodge.model.second_factor import MULTIPLE_FACTORS
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.audience import Audience
from gatelodge.oidc.optional_claims import of_access_token, of_id_token
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.standard_claims import is_strict, scope_claims, standard_claims
from gatelodge.oidc.subject import sid_of, subject_claims
from gatelodge.oidc.token_id import CLAIM as TOKEN_ID

IDENTITY_PROVIDER = "identityProvider"
"""The attribute that says which provider identified the user."""


def selected_attributes(user_flow: UserFlow) -> tuple[str, ...]:
    """Return the ids of the attributes that enter tokens.

    Those are the application claims, and the custom attributes the user flow collects.
    """
    custom = (each.id for each in user_flow.attributes if built_in(each.id) is None)
    return tuple(dict.fromkeys((*user_flow.application_claims, *custom)))


@lru_cache(maxsize=4096)
def claim_name(attribute_id: str) -> str | None:
    """Return what an attribute is called in tokens; None when it is never in one."""
    if (known := built_in(attribute_id)) is not None:
        name = known.claim
    elif attribute_id.startswith("extension_") and attribute_id.count("_") >= 2:
        name = claim_of_custom(attribute_id)
    else:
        return None
    return None if name in RESERVED_CLAIMS else name


def application_claims(
    user_flow: UserFlow,
    account: Account,
    *,
    is_new_account: bool = False,
    said: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the claims about the user that the user flow selects and the account has.

    `said` are values of others by attribute id, which take the place of the account's. An address
    that was given at sign-up and never proved is said to be that.
    """
    claims: dict[str, Any] = {}
    others = {_key(each): value for each, value in (said or {}).items()}
    for name, attribute_id in _named_claims(selected_attributes(user_flow)):
        key = _key(attribute_id) if others else ""
        value = others[key] if key in others else _value(attribute_id, account, is_new_account)
        if value not in (None, "", (), []):
            claims[name] = value
    if "emails" in claims and account.is_email_proved is False:
        claims["email_verified"] = False
    return claims


@lru_cache(maxsize=1024)
def _named_claims(attribute_ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return name and attribute of every claim: the same for every token of a user flow."""
    named = ((claim_name(each), each) for each in attribute_ids)
    return tuple((name, each) for name, each in named if name is not None)


def said_at(grant: Grant) -> Mapping[str, Any]:
    """Return what others said at the sign-in, by attribute id.

    Those are API connectors, and the identity provider: only a provider says which one it is.
    """
    said = dict(grant.connector_claims or {})
    for each in [it for it in said if _key(it) == _key(IDENTITY_PROVIDER)]:
        del said[each]
    issuer = None if grant.upstream is None else grant.upstream.issuer
    return said if issuer is None else {**said, IDENTITY_PROVIDER: issuer}


def _key(attribute_id: str) -> str:
    return attribute_id.casefold()


def _value(attribute_id: str, account: Account, is_new_account: bool) -> object:
    if (known := built_in(attribute_id)) is None:
        return account.extensions.get(attribute_id)
    return _built_in_value(known, account, is_new_account)


def _built_in_value(known: BuiltInAttribute, account: Account, is_new_account: bool) -> object:
    match known.claim:
        case "emails":
            return list(account.emails)
        case "oid":
            return account.id
        case "newUser":
            return True if is_new_account else None
        case _:
            attribute = known.account_attribute
            return None if attribute is None else getattr(account, attribute)


def policy_claim(user_flow: UserFlow) -> dict[str, str]:
    """Return `tfp` or `acr`: the user flow in the case it was created with."""
    return {str(user_flow.token_claims_configuration.claim_type_for_user_flow_id): user_flow.id}


def lifetime_s(user_flow: UserFlow) -> int:
    """Return how long access and ID tokens live."""
    return user_flow.token_lifetime_configuration.access_and_id_token_lifetime_in_minutes * 60


def times(now: datetime, life_s: int) -> dict[str, int]:
    """Return `iat`, `nbf` and `exp` as whole seconds."""
    issued = int(now.timestamp())
    return {"iat": issued, "nbf": issued, "exp": issued + life_s}


def id_token_claims(
    provider: Provider,
    application: Application,
    account: Account,
    grant: Grant,
    now: datetime,
    *,
    code: str | None = None,
    access_token: str | None = None,
    is_refresh: bool = False,
    roles: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the claims of an ID token (OIDC Core §2, §3.3.2.11).

    `code` and `access_token` are those of the same answer, `roles` the user's at the client. On a
    refresh `nonce` and `newUser` are left out: they belong to the sign-in itself (OIDC Core §12.2).
    """
    flow = _flow_of(provider)
    claims = application_claims(
        flow,
        account,
        is_new_account=grant.is_new_account and not is_refresh,
        said=said_at(grant),
    )
    if is_strict(provider):
        # Without an access token nobody can ask userinfo for what the scope names (§5.4).
        is_alone = code is None and access_token is None
        names = scope_claims(grant.scope) if is_alone else ()
        claims |= standard_claims(account, (*names, *grant.scope.claims.id_token))
    claims |= of_id_token(application, account, grant)
    claims |= _protocol_claims(provider, flow, account, now)
    if roles:
        claims["roles"] = list(roles)
    claims["aud"] = application.app_id
    claims["auth_time"] = int(grant.auth_time.timestamp())
    if MULTIPLE_FACTORS in grant.amr:
        claims["amr"] = list(grant.amr)
    if grant.session_id is not None:
        claims["sid"] = sid_of(grant.session_id)
    if grant.nonce is not None and not is_refresh:
        claims["nonce"] = grant.nonce
    if code is not None:
        claims["c_hash"] = left_half_hash(code)
    if access_token is not None:
        claims["at_hash"] = left_half_hash(access_token)
    return claims


def access_token_claims(
    provider: Provider,
    application: Application,
    account: Account,
    grant: Grant,
    now: datetime,
    *,
    token_id: str,
    audience: Audience,
    scope: GrantedScope | None = None,
    is_refresh: bool = False,
) -> dict[str, Any]:
    """Return the claims of an access token; only access tokens carry `azp`.

    `audience` is the API of the scope, or the client itself. `scope` narrows what the grant allows.
    `token_id` leads back to the grant.
    """
    flow = _flow_of(provider)
    allowed = scope or grant.scope
    claims = application_claims(
        flow,
        account,
        is_new_account=grant.is_new_account and not is_refresh,
        said=said_at(grant),
    )
    claims |= of_access_token(audience.application, account, grant)
    claims |= _protocol_claims(provider, flow, account, now)
    claims["aud"] = allowed.resource_app_id or application.app_id
    if audience.roles:
        claims["roles"] = list(audience.roles)
    claims["azp"] = application.app_id
    claims[TOKEN_ID] = token_id
    if allowed.permissions:
        claims["scp"] = " ".join(allowed.permissions)
    return claims


def _flow_of(provider: Provider) -> UserFlow:
    if provider.user_flow is None:
        raise ValueError("a directory without a user flow knows no users")
    return provider.user_flow


def _protocol_claims(
    provider: Provider, flow: UserFlow, account: Account, now: datetime
) -> dict[str, Any]:
    return {
        "iss": provider.issuer,
        **subject_claims(flow, account.id),
        "ver": "1.0",
        **policy_claim(flow),
        **times(now, lifetime_s(flow)),
    }


def left_half_hash(value: str) -> str:
    """Return `c_hash` or `at_hash` of a value: RS256 and ES256 both mean SHA-256."""
    return base64url(sha256(value.encode()).digest()[:16])


def client_info(provider: Provider, account_id: AccountId) -> str:
    """Return `client_info`: MSAL keeps users apart by it, one cache entry for each user flow."""
    policy = _flow_of(provider).policy
    return _base64url_json({"uid": f"{account_id}-{policy}", "utid": provider.directory.id})


def profile_info(provider: Provider, account: Account, grant: Grant) -> str:
    """Return `profile_info`, which clients from before `client_info` read."""
    selected = dict(_named_claims(selected_attributes(_flow_of(provider))))
    return _base64url_json(
        {
            "ver": "1.0",
            "tid": provider.directory.id,
            "sub": None,
            "name": (account.display_name or None) if "name" in selected else None,
            "preferred_username": None,
            "idp": "LocalAccount" if grant.upstream is None else grant.upstream.issuer,
        }
    )


def _base64url_json(value: Mapping[str, str | None]) -> str:
    return base64url(msgspec.json.encode(value))
