"""When each AADB2C code happens, and what whoever meets it does: for the reference."""

from collections.abc import Mapping
from typing import NamedTuple

from gatelodge.oidc.errors import Code


class Remedy(NamedTuple):
    """When a code happens, and what to do then; each one or two sentences."""

    when: str
    to_do: str


_LOG = "Find the correlation id in `/auditLogs/signIns`"
_LATER = "Try again later."
_SIGN_IN = "Send the user through sign-in again."
_ASK = "Begin again with an authorize request."
_CONNECTOR = "Look at what the API logged; its address is in `apiConnectors`."
_CLIENT = "Read the client's registration in Graph's `applications`."

REMEDIES: Mapping[Code, Remedy] = {
    Code.ACCOUNT_EXISTS: Remedy(
        "Somebody signs up with a name that an account has, or connects an identity that one has.",
        "Have them sign in, or reset the password.",
    ),
    Code.REDIRECT_URI_MISSING: Remedy(
        "No `redirect_uri`, although the client has several or the user flow is strict.",
        "Send the one that is meant.",
    ),
    Code.REDIRECT_URI_NOT_ABSOLUTE: Remedy(
        "A redirect URI without scheme or host, or with a fragment.",
        "Send the whole address, as it is registered.",
    ),
    Code.REDIRECT_URI_NOT_REGISTERED: Remedy(
        "The `redirect_uri` differs from every registered one, if only by a slash or a port.",
        "Register exactly that address under `web`, `spa` or `publicClient`.",
    ),
    Code.NO_REDIRECT_URIS: Remedy(
        "The client has none on any platform.",
        "`PATCH` its `web`, `spa` or `publicClient` with `redirectUris`.",
    ),
    Code.CLIENT_ID_MISSING: Remedy("The request names no client.", "Send `client_id`."),
    Code.NONCE_MISSING: Remedy(
        "An ID token leaves the authorize endpoint without a `nonce` to bind it.",
        "Send a fresh random `nonce`, and compare it with the token's.",
    ),
    Code.SCOPE_MISSING: Remedy(
        "The request has no `scope`, or an empty one.", "Send at least `openid`."
    ),
    Code.RESPONSE_TYPE_UNSUPPORTED: Remedy(
        "A `response_type` that is missing in the provider metadata.",
        "Take one of `response_types_supported`; `code` is right for nearly everybody.",
    ),
    Code.RESPONSE_MODE_UNSUPPORTED: Remedy(
        "An unknown `response_mode`, or `query` for tokens.",
        "Leave it out, or take `fragment` or `form_post`.",
    ),
    Code.METHOD_UNSUPPORTED: Remedy(
        "An address is asked with a method it has nothing for.",
        "Use `GET` or `POST` as documented.",
    ),
    Code.CLIENT_ASSERTION_UNKNOWN: Remedy(
        "A `client_assertion_type` that is not for JWTs, or two ways to authenticate at once.",
        "Authenticate in one way of `token_endpoint_auth_methods_supported`.",
    ),
    Code.CLIENT_ASSERTION_INVALID: Remedy(
        "A client's JWT has a wrong signature, audience, time or issuer, or its `jti` came before.",
        "Sign a new one for each request, with a registered key, for the token endpoint.",
    ),
    Code.CLIENT_UNKNOWN: Remedy(
        "The `client_id` belongs to no application of the tenant in the address.",
        "Compare it with `appId` in `applications`, and the tenant with the address.",
    ),
    Code.CONNECTOR_PASSWORD_REFUSED: Remedy(
        "An API connector was answered 401 to name and password.",
        "`PATCH` the connector's `authenticationConfiguration`.",
    ),
    Code.CONNECTOR_CERTIFICATE_REFUSED: Remedy(
        "An API connector's certificate was refused, or no valid one is left.",
        "`uploadClientCertificate` a valid one, and have the API trust it.",
    ),
    Code.TEMPORARILY_UNAVAILABLE: Remedy(
        "More passwords are to be checked than the server can, or the database is away.",
        "Try again after `Retry-After`; if it goes on, see `/readyz` and `/metrics`.",
    ),
    Code.PROCESSING_FAILED: Remedy(
        "Something that must not happen did.", f"{_LOG} and in the server's log, and report it."
    ),
    Code.PROMPT_UNSUPPORTED: Remedy(
        "An unknown `prompt`, or `none` beside another.", "Send one of those named."
    ),
    Code.STATE_LOST: Remedy(
        "A form comes after the sign-in ended, from another browser, or without cookies.",
        "Start again at the application, and let the browser keep cookies of this host.",
    ),
    Code.NO_WAY_IN: Remedy(
        "The user flow has no provider that can be asked, and no local accounts that are allowed.",
        "Look at its `identityProviders` and at `policies/b2cAuthenticationMethodsPolicy`.",
    ),
    Code.CREDENTIALS_WRONG: Remedy(
        "Name or password are not right; nobody is told which.",
        "Type them again, or reset the password.",
    ),
    Code.SCOPE_NAMES_NO_RESOURCE: Remedy(
        "A token is exchanged for one to an API that the scope does not name.",
        "Send scopes of one API, `https://TENANT/API/.default` for all.",
    ),
    Code.IMPLICIT_NOT_ALLOWED: Remedy(
        "Tokens are asked for at the authorize endpoint.",
        "Use `code` with PKCE, or set `web.implicitGrantSettings`.",
    ),
    Code.NOT_A_PUBLIC_CLIENT: Remedy(
        "A device code is asked for by a client with a secret.",
        "Set `isFallbackPublicClient`, or register under `publicClient`.",
    ),
    Code.USER_FLOW_UNKNOWN: Remedy(
        "Tenant or user flow in the address are mistyped, deleted or on another server.",
        "Compare the address with `identity/userFlows`.",
    ),
    Code.LOGOUT_URI_MALFORMED: Remedy(
        "The address to go to after signing out is no address of the client's.",
        "Register it among the redirect URIs.",
    ),
    Code.CONNECTOR_FAILED: Remedy(
        "An API answered 4xx or 5xx, or was not asked because it failed several times.", _CONNECTOR
    ),
    Code.INTERACTION_REQUIRED: Remedy(
        "`prompt=none`, and there is no session that would do.",
        "Send the same request without `prompt=none`, in the foreground.",
    ),
    Code.SECRET_MISSING: Remedy(
        "A client of the platform `web` redeems something and does not authenticate.",
        "Send the secret, or register the address under `spa` or `publicClient`.",
    ),
    Code.GRANT_EXPIRED: Remedy("A refresh token or device code is beyond its lifetime.", _SIGN_IN),
    Code.SECRET_WRONG: Remedy(
        "The secret is none of the client's, or is past its `endDateTime`.",
        "`addPassword` a new one; the answer shows it once.",
    ),
    Code.GRANT_INSUFFICIENT: Remedy(
        "A refresh asks for more than was granted at sign-in.",
        "Ask for the scope at the authorize endpoint.",
    ),
    Code.PARAMETER_MISSING: Remedy("A parameter that is needed is not there.", "Send it."),
    Code.SECRET_FROM_PUBLIC_CLIENT: Remedy(
        "A secret comes with a code that was issued to `spa` or `publicClient`.",
        "Leave the secret out, or register the address under `web`.",
    ),
    Code.SIGN_IN_AGAIN: Remedy("A refresh token cannot be carried on.", _SIGN_IN),
    Code.GRANT_TYPE_UNSUPPORTED: Remedy(
        "An unknown `grant_type`, or one that this user flow does not have.",
        "Take one of `grant_types_supported`.",
    ),
    Code.GRANT_OF_ANOTHER_USER_FLOW: Remedy(
        "A code or token is redeemed at a user flow that did not issue it.",
        "Redeem it at the token endpoint of the user flow it came from.",
    ),
    Code.CANCELLED: Remedy(
        "The person chose to cancel, or refused.", "Show the page they came from; it is no fault."
    ),
    Code.CLIENT_DISABLED: Remedy(
        "The application, or what stands for it in the tenant, is switched off.",
        "Set `accountEnabled` of its service principal.",
    ),
    Code.ID_TOKEN_NOT_ALLOWED: Remedy(
        "An ID token is asked for at the authorize endpoint.",
        "Use `code`, or set `web.implicitGrantSettings/enableIdTokenIssuance`.",
    ),
    Code.ID_TOKEN_WITHOUT_OPENID: Remedy(
        "An ID token is asked for without `openid`.", "Add it to `scope`."
    ),
    Code.ACCOUNT_DISABLED: Remedy(
        "An administrator switched the account off.", "Set `accountEnabled` of the user."
    ),
    Code.ACCOUNT_LOCKED: Remedy(
        "Passwords of the account were guessed too often.",
        "Wait; the more guesses, the longer.",
    ),
    Code.CODE_WITHOUT_SCOPE: Remedy(
        "A code is asked for, and no scope it could be for.", "Add `openid` or a scope of an API."
    ),
    Code.SCOPE_UNSUPPORTED: Remedy(
        "No API of the tenant publishes that scope.",
        "Compare it with `api.oauth2PermissionScopes` and `identifierUris` of the API.",
    ),
    Code.PASSWORD_FORGOTTEN: Remedy(
        "*Forgot your password?* was pressed where that is left to the application.",
        "Send them to the user flow for password reset, or let this one do it.",
    ),
    Code.MAX_AGE_OUT_OF_RANGE: Remedy(
        "`max_age` is negative, no number or too large.", "Send whole seconds."
    ),
    Code.SESSION_TOO_OLD: Remedy(
        "`prompt=none`, and the sign-in is older than `max_age`.",
        "Send the same request without `prompt=none`.",
    ),
    Code.INPUT_REJECTED: Remedy(
        "A parameter is twice there, too long, or not what its standard says.",
        "Mend what the sentence names.",
    ),
    Code.TOKEN_WITHOUT_RESOURCE: Remedy(
        "An access token is asked for, and no API it could be for.", "Add a scope of an API."
    ),
    Code.ACCOUNT_GONE: Remedy(
        "The code or token is not ours, was used up long ago, or its account is deleted.", _ASK
    ),
    Code.GRANT_REVOKED: Remedy(
        "Signed out, password changed, account switched off, or the token was used twice.",
        f"{_SIGN_IN} Where tokens are used twice, look for two copies of one store of tokens.",
    ),
    Code.SEVERAL_RESOURCES: Remedy(
        "Scopes of two APIs in one request.", "Redeem the refresh token once for each API."
    ),
    Code.FACTOR_RETRIES_EXCEEDED: Remedy(
        "Codes of an account's second factors were guessed too often.", _LATER
    ),
    Code.FACTOR_UNAVAILABLE: Remedy(
        "The user flow takes none of the account's factors, and none can be set up now.",
        "Add a kind to `multifactorAuthenticationConfiguration`, or reset the user's methods.",
    ),
    Code.TOO_MANY_RETRIES: Remedy("A step was answered wrongly too often.", _ASK),
    Code.CONNECTOR_TIMED_OUT: Remedy(
        "An API took longer than it may, and at the second try again.", _CONNECTOR
    ),
    Code.VERIFIER_WRONG: Remedy(
        "The `code_verifier` is not the one whose digest began the sign-in.",
        "Keep the verifier with the `state`; two tabs need two.",
    ),
    Code.VERIFIER_INVALID: Remedy(
        "A code that was asked for with PKCE comes without verifier, or the other way round.",
        "Send 43 to 128 characters of RFC 7636 §4.1.",
    ),
    Code.CHALLENGE_METHOD_UNSUPPORTED: Remedy(
        "`plain`, or an unknown method.", "Send `code_challenge_method=S256`."
    ),
    Code.PROVIDER_ANSWER_INCOMPLETE: Remedy(
        "A provider's answer has no email or other claim that its `claimsMapping` names.",
        "Ask the provider for it by `scope`, or mend `claimsMapping`.",
    ),
    Code.PROVIDER_SAID_NOTHING: Remedy(
        "The answer of a provider has no subject.", "Mend `claimsMapping/userId` of the provider."
    ),
    Code.PERMISSION_MISSING: Remedy(
        "The client may not use the API for itself, or nobody granted it.",
        "`POST` an `oauth2PermissionGrant` or `appRoleAssignment`.",
    ),
    Code.SIGN_IN_HINT_OF_ANOTHER_AUDIENCE: Remedy(
        "A strict user flow is asked with a hint that names another client.",
        "Send an ID token the client itself was given, or none.",
    ),
    Code.SIGN_IN_HINT_MALFORMED: Remedy(
        "A strict user flow is asked with an access token as hint.",
        "Send an ID token, or none.",
    ),
    Code.PASSWORD_GRANT_NOT_ENABLED: Remedy(
        "A client that is not public sends somebody's name and password.",
        "Set the application's `isFallbackPublicClient`, at a `resourceOwner` user flow.",
    ),
    Code.PASSWORD_GRANT_REFUSED: Remedy(
        "Name or password are not right, or sign-ins are locked; nobody is told which.",
        "Type them again, or reset the password.",
    ),
    Code.POST_ONLY: Remedy("A `GET` at the token endpoint.", "Send a form by `POST`."),
    Code.THROTTLED: Remedy(
        "Codes for an address, or from one place, were asked for too often.", _LATER
    ),
    Code.SIGN_IN_HINT_OF_ANOTHER_ISSUER: Remedy(
        "A strict user flow is asked with a hint of another tenant or host.",
        "Send an ID token of this one, or none.",
    ),
    Code.SIGN_IN_HINT_SIGNATURE_WRONG: Remedy(
        "A strict user flow is asked with a hint that was changed, or whose key is gone.",
        "Send the ID token as it came, or none.",
    ),
    Code.HINT_EXPIRED: Remedy(
        "A hint that signs somebody out is too old.", "Send the ID token that came last."
    ),
    Code.HINT_OF_ANOTHER_AUDIENCE: Remedy(
        "The hint names another client.", "Send the client's own ID token."
    ),
    Code.HINT_OF_ANOTHER_ISSUER: Remedy(
        "The hint comes from another tenant or server.", "Send an ID token of this one."
    ),
    Code.HINT_SIGNATURE_WRONG: Remedy(
        "The hint was changed, or its key is no longer known.", "Send the ID token as it came."
    ),
    Code.HINT_MALFORMED: Remedy(
        "The hint is no JWT of ours.", "Send an ID token, no access token."
    ),
    Code.PASSWORD_GRANT_FORBIDDEN: Remedy(
        "Passwords come to a user flow whose `authenticationMethods` has none, or may have none.",
        "Look at `policies/b2cAuthenticationMethodsPolicy`, or use `authorization_code`.",
    ),
    Code.USER_FLOW_MISSING: Remedy(
        "An address of a tenant is used without a user flow.", "Put it into the path or into `p`."
    ),
    Code.PROVIDER_MISCONFIGURED: Remedy(
        "A provider's metadata, keys or secret do not fit what it answers.",
        "Compare `clientId`, `clientSecret`, `metadataUrl` and the callback with its side.",
    ),
    Code.STEP_INCOMPLETE: Remedy("A user flow cannot go on, for a reason of its own.", f"{_LOG}."),
    Code.CONNECTOR_UNREADABLE: Remedy(
        "An API's answer is no JSON, too large, or has no `version` and `action` that are known.",
        _CONNECTOR,
    ),
    Code.HINT_MISSING: Remedy(
        "The user flow's `singleSignOnSessionConfiguration` wants proof that a client signs out.",
        "Send `id_token_hint`.",
    ),
    Code.PROVIDER_ANSWER_INVALID: Remedy(
        "The person gave up at the provider, or its token fails a check.",
        f"Let them try again; if nobody gets in, {_LOG[0].lower()}{_LOG[1:]}.",
    ),
    Code.CONNECTOR_NOT_REACHED: Remedy(
        "An API's name does not resolve, nobody answers, or its network is not allowed.",
        "Mend `targetUrl`, or allow the network with `outbound_networks`.",
    ),
    Code.UNDER_AGE: Remedy(
        "`ageGatingConfiguration` keeps minors out.", "Nothing: it does what it is there for."
    ),
    Code.GRANT_OF_ANOTHER_CLIENT: Remedy(
        "A code or token is redeemed by a client it was not issued to.",
        "Redeem it with its own client.",
    ),
    Code.CONSENT_MISSING: Remedy(
        "The person has to agree first, and could not be asked here.",
        "Send them to the authorize endpoint with `prompt=consent`, or grant it for all.",
    ),
    Code.REDIRECT_URI_INVALID: Remedy(
        "An address of a scheme or host that no platform allows.",
        "Use https; http goes for `localhost` only.",
    ),
    Code.PROVIDER_UNREACHABLE: Remedy(
        "A provider does not answer, or refuses our client.",
        "See whether the server reaches it, and compare client id and secret.",
    ),
    Code.NOT_SIGNED_UP: Remedy(
        "Somebody comes from a provider to a user flow that only signs in.",
        "Send them to one that signs up.",
    ),
    Code.SCOPE_HAS_ILLEGAL_CHARACTER: Remedy(
        "A scope with a character outside of RFC 6749 §3.3.", "Separate scopes by single spaces."
    ),
    Code.CHALLENGE_MISSING: Remedy(
        "A public client, or any in a strict user flow, asks for a code without PKCE.",
        "Send `code_challenge` and `code_challenge_method=S256`; every current library does.",
    ),
}
