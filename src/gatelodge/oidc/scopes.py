"""What a request may have of the scope it asks for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from gatelodge.model.application import Application, GrantKind
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.identifier import AccountId
from gatelodge.oidc.errors import Code
from gatelodge.oidc.provider import Provider, Providers

OPENID, OFFLINE_ACCESS = "openid", "offline_access"
TOLERATED = frozenset({"profile", "email", "address", "phone"})
"""Asked for by most clients; the user flow decides about claims, so they change nothing."""
EVERY_PERMISSION = ".default"
USER_CONSENT = "User"
"""The `type` of a permission users may grant themselves; others are an administrator's to grant."""

_WORD = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_OF_NO_API = TOLERATED | {OPENID, OFFLINE_ACCESS}


class ScopeRefused(Exception):
    """The scope cannot be granted; checks turn it into the error of their endpoint."""

    def __init__(self, code: Code, **values: str) -> None:
        super().__init__(str(code))
        self.code = code
        self.values = values


async def resolve_scopes(
    providers: Providers, provider: Provider, application: Application, scope: str
) -> GrantedScope:
    """Return what of `scope` the application is granted.

    `openid`, `offline_access`, the client's own id, and `{App ID URI}/{permission}` of one API are
    understood; of several permissions one that is granted is enough. Raises `ScopeRefused`.
    """
    words = scope_words(scope)
    requested = GrantedScope(
        requested=scope,
        is_openid=OPENID in words,
        is_offline_access=OFFLINE_ACCESS in words,
    )
    named = [word for word in words if word not in _OF_NO_API]
    if not named:
        return requested
    found = [await _api_of(providers, provider, application, word) for word in named]
    api = found[0][0]
    if any(other.app_id != api.app_id for other, _ in found):
        raise ScopeRefused(Code.SEVERAL_RESOURCES)
    asked = [value for _, value in found if value is not None]
    permissions: tuple[str, ...] = ()
    consentable: tuple[str, ...] = ()
    if asked:
        permissions = await _permitted(providers, provider, application, api, asked)
        consentable = _consentable(application, api, asked, permissions)
        if not permissions and not consentable and len(asked) == len(found):
            raise ScopeRefused(Code.PERMISSION_MISSING, resource=named[0].rpartition("/")[0])
    return replace(
        requested,
        resource_app_id=api.app_id,
        permissions=permissions,
        consentable=consentable,
    )


def scope_words(scope: str) -> list[str]:
    """Return the words of a scope, each once. Raises `ScopeRefused` (RFC 6749 §3.3)."""
    words = [word for word in scope.split(" ") if word]
    if not all(_WORD.fullmatch(word) for word in words):
        raise ScopeRefused(Code.SCOPE_HAS_ILLEGAL_CHARACTER)
    if not words:
        raise ScopeRefused(Code.SCOPE_MISSING)
    return list(dict.fromkeys(words))


async def _api_of(
    providers: Providers, provider: Provider, application: Application, word: str
) -> tuple[Application, str | None]:
    """Return the API a word names and the permission of it; None when it is the client itself."""
    if word.lower() == application.app_id:
        return application, None
    uri, _, value = word.rpartition("/")
    api = await providers.api(provider, uri) if uri else None
    if api is None or not api.is_enabled:
        raise ScopeRefused(Code.SCOPE_UNSUPPORTED, scope=word)
    if value != EVERY_PERMISSION and value not in _offered(api):
        raise ScopeRefused(Code.SCOPE_UNSUPPORTED, scope=word)
    return api, value


def _offered(api: Application) -> dict[str, str]:
    """Return the ids of the permissions an API offers, by their values."""
    return {each.value: each.id for each in api.oauth2_permission_scopes if each.is_enabled}


async def _permitted(
    providers: Providers,
    provider: Provider,
    application: Application,
    api: Application,
    asked: Sequence[str],
) -> tuple[str, ...]:
    """Return the values asked for that an administrator or the API itself granted the client."""
    granted = set(
        await providers.granted(provider, application.app_id, api.app_id, GrantKind.SCOPE)
    )
    trusted = {
        permission_id
        for each in api.pre_authorized_applications
        if each.app_id == application.app_id
        for permission_id in each.delegated_permission_ids
    }
    held = [
        value
        for value, permission_id in _offered(api).items()
        if value in granted or permission_id in trusted
    ]
    return _among(held, asked)


def _among(values: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """Return those of the values that are asked for, in the order of the request."""
    if EVERY_PERMISSION in asked:
        return tuple(values)
    return tuple(value for value in dict.fromkeys(asked) if value in values)


def _consentable(
    application: Application, api: Application, asked: Sequence[str], held: Sequence[str]
) -> tuple[str, ...]:
    """Return what of `asked` the user may allow, because nobody did for everybody.

    The API offers the permission to users, and the client is registered as wanting it.
    """
    wanted = {
        access.id
        for each in application.required_resource_access
        if each.resource_app_id == api.app_id
        for access in each.resource_access
        if access.type == "Scope"
    }
    offered = [
        each.value
        for each in api.oauth2_permission_scopes
        if each.is_enabled and each.type == USER_CONSENT and each.id in wanted
    ]
    return tuple(value for value in _among(offered, asked) if value not in held)


async def with_consents(
    providers: Providers,
    provider: Provider,
    application: Application,
    account_id: AccountId,
    scope: GrantedScope,
) -> GrantedScope:
    """Return the scope with what the user allowed the application, as it is stored now.

    Raises `ScopeRefused` when that leaves nothing of what was asked for.
    """
    if scope.resource_app_id is None or not scope.consentable:
        return scope
    given = await providers.consented(
        provider, account_id, application.app_id, scope.resource_app_id
    )
    allowed = tuple(value for value in scope.consentable if value in given)
    if not allowed and not scope.permissions:
        raise ScopeRefused(Code.CONSENT_MISSING, client_id=application.app_id)
    return replace(scope, permissions=(*scope.permissions, *allowed), consentable=())


def narrow(granted: GrantedScope, scope: str | None) -> GrantedScope:
    """Return what `scope` at the token endpoint leaves of a grant; it can only shrink.

    Without one everything granted. Words that name no API are taken where they were granted and
    passed over where not. Raises `ScopeRefused` for an API or permission that was not requested.
    """
    if scope is None or scope == granted.requested:
        return granted
    words = scope_words(scope)
    named = [word for word in words if word not in _OF_NO_API]
    before = {word.lower() for word in granted.requested.split(" ")}
    for word in named:
        if word.lower() not in before:
            raise ScopeRefused(Code.GRANT_INSUFFICIENT, scope=word)
    values = {word.rpartition("/")[2] for word in named}
    is_everything = EVERY_PERMISSION in values
    return GrantedScope(
        requested=scope,
        is_openid=granted.is_openid and OPENID in words,
        is_offline_access=granted.is_offline_access,
        resource_app_id=granted.resource_app_id if named else None,
        permissions=tuple(
            value for value in granted.permissions if is_everything or value in values
        ),
        claims=granted.claims,
    )


async def still_granted(
    providers: Providers,
    provider: Provider,
    application: Application,
    account_id: AccountId,
    scope: GrantedScope,
) -> GrantedScope:
    """Return the scope without the permissions that were taken away since it was granted.

    Raises `ScopeRefused` when the API is gone, or nothing of it is left.
    """
    if scope.resource_app_id is None:
        return scope
    api = await providers.application(provider, scope.resource_app_id)
    if api is None or not api.is_enabled:
        raise ScopeRefused(Code.SCOPE_UNSUPPORTED, scope=scope.requested)
    if not scope.permissions:
        return scope
    held = await _permitted(providers, provider, application, api, scope.permissions)
    if missing := [value for value in scope.permissions if value not in held]:
        given = await providers.consented(provider, account_id, application.app_id, api.app_id)
        offered = _offered(api)
        held += tuple(value for value in missing if value in given and value in offered)
    if not held:
        raise ScopeRefused(Code.PERMISSION_MISSING, resource=api.app_id)
    return replace(scope, permissions=held)
