"""Everything an authorization request has to pass, in order, one function for each rule.

Before the redirect URI is known to belong to the client an error is shown to the person; after
it, errors go to the application. Only this module builds an `AuthorizationRequest`.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gatelodge.model.application import Application, Platform
from gatelodge.model.authorization import (
    AuthorizationRequest,
    GrantedScope,
    Prompt,
    ResponseMode,
    ResponseType,
)
from gatelodge.model.identifier import AccountId
from gatelodge.oidc.errors import Code, Displayed, Redirected, redirected
from gatelodge.oidc.id_token_hint import HintRefused, hinted_subject
from gatelodge.oidc.parameters import Parameters
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.redirect_uris import match_redirect_uri, what_is_wrong_with
from gatelodge.oidc.return_address import ReturnAddress
from gatelodge.oidc.scopes import ScopeRefused, resolve_scopes
from gatelodge.oidc.standard_claims import MalformedClaims, is_strict, read_requested_claims

RESPONSE_TYPES: dict[frozenset[str], tuple[ResponseType, ...]] = {
    frozenset(each): tuple(each)
    for each in (
        (ResponseType.CODE,),
        (ResponseType.ID_TOKEN,),
        (ResponseType.CODE, ResponseType.ID_TOKEN),
        (ResponseType.TOKEN,),
        (ResponseType.ID_TOKEN, ResponseType.TOKEN),
        (ResponseType.CODE, ResponseType.TOKEN),
        (ResponseType.CODE, ResponseType.ID_TOKEN, ResponseType.TOKEN),
    )
}
MAX_AGE_LIMIT_S = 100_000_000
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST_HINT = 254


@dataclass(slots=True)
class Asked:
    """A request on its way through the checks; each fills in what it has found good."""

    provider: Provider
    providers: Providers
    parameters: Parameters
    application: Application | None = None
    redirect_uri: str = ""
    platform: Platform = Platform.WEB
    response_types: tuple[ResponseType, ...] = ()
    response_mode: ResponseMode = ResponseMode.QUERY
    scope: GrantedScope | None = None
    prompts: tuple[Prompt, ...] = ()
    max_age_s: int | None = None
    hinted_account_id: AccountId | None = None
    code_challenge: str | None = None
    is_plain_challenge: bool = False
    return_address: ReturnAddress | None = field(default=None)
    is_pushed: bool = False
    key_thumbprint: str | None = None

    def client(self) -> Application:
        """Return the application; the first check has found it."""
        if self.application is None:
            raise Displayed(Code.CLIENT_ID_MISSING)
        return self.application


Check: TypeAlias = Callable[[Asked], Awaitable[None]]


async def check_application(asked: Asked) -> None:
    """Demand that the client exists and is switched on (RFC 6749 §4.1.1)."""
    client_id = asked.parameters.get("client_id")
    if client_id is None:
        raise Displayed(Code.CLIENT_ID_MISSING)
    asked.application = await asked.providers.application(asked.provider, client_id)
    if asked.application is None:
        raise Displayed(Code.CLIENT_UNKNOWN, client_id=client_id)
    if not asked.application.is_enabled:
        raise Displayed(Code.CLIENT_DISABLED)


async def check_redirect_uri(asked: Asked) -> None:
    """Demand a redirect URI of the client, or take its only one (RFC 9700 §4.1.3).

    A strict user flow takes none that the request does not name (OIDC Core §3.1.2.1).
    """
    client, requested = asked.client(), asked.parameters.get("redirect_uri")
    if not client.redirect_uris:
        raise Displayed(Code.NO_REDIRECT_URIS, client_id=client.app_id)
    if requested is None:
        if len(client.redirect_uris) > 1 or is_strict(asked.provider):
            raise Displayed(Code.REDIRECT_URI_MISSING)
        asked.platform, asked.redirect_uri = client.redirect_uris[0]
        return
    platform = match_redirect_uri(client, requested)
    if platform is None:
        code = what_is_wrong_with(requested) or Code.REDIRECT_URI_NOT_REGISTERED
        raise Displayed(code, redirect_uri=requested, client_id=client.app_id)
    asked.platform, asked.redirect_uri = platform, requested


async def check_response_type(asked: Asked) -> None:
    """Demand a response type and mode that are supported, and go together.

    Source: OAuth 2.0 Multiple Response Types §2, §5.
    """
    words = asked.parameters.get("response_type", "").split()
    mode = asked.parameters.get("response_mode")
    types = RESPONSE_TYPES.get(frozenset(words), ()) if len(words) == len(set(words)) else ()
    is_front_channel = bool({"id_token", "token"} & set(words))
    default = ResponseMode.FRAGMENT if is_front_channel else ResponseMode.QUERY
    is_known = mode is not None and mode in set(ResponseMode)
    asked.response_mode = ResponseMode(mode) if is_known and mode is not None else default
    asked.return_address = ReturnAddress(
        redirect_uri=asked.redirect_uri,
        response_mode=asked.response_mode,
        state=asked.parameters.get("state"),
    )
    if not words:
        raise redirected(Code.PARAMETER_MISSING, parameter="response_type")
    if not types:
        raise redirected(
            Code.RESPONSE_TYPE_UNSUPPORTED, response_type=asked.parameters["response_type"]
        )
    # A token in a query ends up in logs and histories; the error itself carries none.
    is_unsafe = is_front_channel and asked.response_mode is ResponseMode.QUERY
    if mode is not None and (not is_known or is_unsafe):
        raise redirected(Code.RESPONSE_MODE_UNSUPPORTED, response_mode=mode)
    asked.response_types = types


async def check_front_channel(asked: Asked) -> None:
    """Let tokens pass through the browser only where the application may (RFC 9700 §2.1.2)."""
    client, types = asked.client(), asked.response_types
    if ResponseType.TOKEN in types and not client.is_access_token_issuance_enabled:
        raise redirected(Code.IMPLICIT_NOT_ALLOWED)
    if ResponseType.ID_TOKEN in types and not client.is_id_token_issuance_enabled:
        raise redirected(Code.ID_TOKEN_NOT_ALLOWED)


async def check_request_object(asked: Asked) -> None:
    """Refuse request objects (OIDC Core §6)."""
    for name in ("request", "request_uri"):
        if name in asked.parameters:
            raise Redirected(
                f"{name}_not_supported", Code.INPUT_REJECTED, reason=f"'{name}' is not supported"
            )


async def check_pushed(asked: Asked) -> None:
    """Demand a pushed request of a client that pushes all of its (RFC 9126 §6)."""
    if asked.client().requires_pushed_requests and not asked.is_pushed:
        raise redirected(Code.INPUT_REJECTED, reason="this client has to push its requests")


async def check_key(asked: Asked) -> None:
    """Demand a thumbprint, if a key is named for the code, and one key only (RFC 9449 §10)."""
    if (thumbprint := asked.parameters.get("dpop_jkt")) is None:
        return
    if not _THUMBPRINT.fullmatch(thumbprint) or asked.key_thumbprint not in {None, thumbprint}:
        raise redirected(Code.INPUT_REJECTED, reason="'dpop_jkt' is not the client's key")
    asked.key_thumbprint = thumbprint


async def check_scope(asked: Asked) -> None:
    """Demand a scope of one API, granted, that fits the response type (RFC 6749 §3.3).

    Without `openid` there is no ID token (OIDC Core §3.1.2.1).
    """
    text = asked.parameters.get("scope")
    if text is None:
        raise redirected(Code.SCOPE_MISSING)
    try:
        scope = await resolve_scopes(asked.providers, asked.provider, asked.client(), text)
    except ScopeRefused as refused:
        raise redirected(refused.code, **refused.values) from refused
    if ResponseType.ID_TOKEN in asked.response_types and not scope.is_openid:
        raise redirected(Code.ID_TOKEN_WITHOUT_OPENID)
    # OpenID Connect's own flows ask for a token with nothing but 'openid': it is for userinfo.
    is_for_us = scope.is_openid and is_strict(asked.provider)
    is_for_api = scope.resource_app_id is not None
    if ResponseType.TOKEN in asked.response_types and not (is_for_api or is_for_us):
        raise redirected(Code.TOKEN_WITHOUT_RESOURCE)
    if not scope.is_openid and scope.resource_app_id is None:
        raise redirected(Code.CODE_WITHOUT_SCOPE)
    asked.scope = scope


async def check_nonce(asked: Asked) -> None:
    """Demand a nonce for an ID token that passes through the browser (OIDC Core §3.2.2.1)."""
    if ResponseType.ID_TOKEN in asked.response_types and "nonce" not in asked.parameters:
        raise redirected(Code.NONCE_MISSING)


async def check_code_challenge(asked: Asked) -> None:
    """Demand PKCE of a public client (RFC 7636, RFC 9700 §2.1.1)."""
    if ResponseType.CODE not in asked.response_types:
        return
    challenge = asked.parameters.get("code_challenge")
    is_public = asked.platform is not Platform.WEB or not asked.client().is_confidential
    if challenge is None:
        if is_public or "code_challenge_method" in asked.parameters:
            raise redirected(Code.CHALLENGE_MISSING)
        return
    method = asked.parameters.get("code_challenge_method", "plain")
    is_plain = method == "plain" and asked.provider.directory.switches.allows_pkce_plain
    if method != "S256" and not is_plain:
        raise redirected(Code.CHALLENGE_METHOD_UNSUPPORTED, method=method)
    if not _CHALLENGE.fullmatch(challenge):
        raise redirected(Code.INPUT_REJECTED, reason="the code challenge is malformed")
    asked.code_challenge, asked.is_plain_challenge = challenge, is_plain


async def check_prompt(asked: Asked) -> None:
    """Demand prompts we know, and `none` alone (OIDC Core §3.1.2.1)."""
    words = asked.parameters.get("prompt", "").split()
    unknown = [word for word in words if word not in set(Prompt)]
    if unknown:
        raise redirected(Code.PROMPT_UNSUPPORTED, prompt=unknown[0])
    if Prompt.NONE in words and len(words) > 1:
        raise redirected(Code.INPUT_REJECTED, reason="prompt 'none' has to stand alone")
    asked.prompts = tuple(Prompt(word) for word in dict.fromkeys(words))


async def check_max_age(asked: Asked) -> None:
    """Demand a greatest age of the sign-in that is a number of seconds (OIDC Core §3.1.2.1)."""
    text = asked.parameters.get("max_age")
    if text is None:
        return
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > MAX_AGE_LIMIT_S:
        raise redirected(Code.MAX_AGE_OUT_OF_RANGE)
    asked.max_age_s = int(text)


async def check_claims(asked: Asked) -> None:
    """Demand claims we can read, where the provider says it reads them (OIDC Core §5.5)."""
    text = asked.parameters.get("claims")
    if text is None or asked.scope is None or not is_strict(asked.provider):
        return
    try:
        claims = read_requested_claims(text)
    except MalformedClaims as malformed:
        raise redirected(Code.INPUT_REJECTED, reason="'claims' is malformed") from malformed
    asked.scope = replace(asked.scope, claims=claims)
    if claims.subject is not None:
        asked.hinted_account_id = AccountId(claims.subject)


async def check_id_token_hint(asked: Asked) -> None:
    """Demand that a hint is an ID token of ours for this client (OIDC Core §3.1.2.1).

    B2C's user flows pass over hints, which some applications make themselves; so do ours, unless
    they are strict.
    """
    if (hint := asked.parameters.get("id_token_hint")) is None:
        return
    try:
        subject = AccountId(hinted_subject(asked.provider, asked.client(), hint))
    except HintRefused as refused:
        if not is_strict(asked.provider):
            return
        raise redirected(refused.code) from refused
    if asked.hinted_account_id not in {None, subject}:
        raise redirected(Code.INPUT_REJECTED, reason="'id_token_hint' and 'claims' contradict")
    asked.hinted_account_id = subject


AUTHORIZATION_CHECKS: tuple[Check, ...] = (
    check_application,
    check_redirect_uri,
    check_response_type,
    check_front_channel,
    check_request_object,
    check_pushed,
    check_key,
    check_scope,
    check_nonce,
    check_code_challenge,
    check_prompt,
    check_max_age,
    check_claims,
    check_id_token_hint,
)
"""In order; after `check_response_type` every error goes to the application."""


async def run_checks(asked: Asked) -> AuthorizationRequest:
    """Return the request when every check is passed.

    Raises `Displayed` or `Redirected`; in the second case `asked.return_address` is set.
    """
    for check in AUTHORIZATION_CHECKS:
        await check(asked)
    if asked.scope is None:
        raise redirected(Code.SCOPE_MISSING)
    hint = asked.parameters.get("login_hint")
    return AuthorizationRequest(
        client_id=asked.client().app_id,
        redirect_uri=asked.redirect_uri,
        platform=asked.platform,
        response_types=asked.response_types,
        response_mode=asked.response_mode,
        scope=asked.scope,
        state=asked.parameters.get("state"),
        nonce=asked.parameters.get("nonce"),
        code_challenge=asked.code_challenge,
        is_plain_challenge=asked.is_plain_challenge,
        prompts=asked.prompts,
        max_age_s=asked.max_age_s,
        login_hint=hint if hint is not None and len(hint) <= _LONGEST_HINT else None,
        domain_hint=asked.parameters.get("domain_hint"),
        hinted_account_id=asked.hinted_account_id,
        ui_locales=asked.parameters.get("ui_locales"),
        wants_client_info=asked.parameters.get("client_info") == "1",
        key_thumbprint=asked.key_thumbprint,
    )
