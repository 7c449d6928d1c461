"""Judge what an administrator registers of an application."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from gatelodge.errors import Problem
from gatelodge.model.application import Application, AppRole, ClientPassword, Platform, Scope

MAX_REDIRECT_URIS = 100
SECRET_LIFETIME = timedelta(days=730)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_RUNNING_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "about", "blob"})
_AUDIENCES = (
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
)
_RESERVED = ("graph.microsoft.com", "00000003-0000-0000-c000-000000000000")


def redirect_uri_problem(uri: str, platform: Platform) -> str | None:
    """Return what is wrong with a redirect URI, or None (RFC 6749 §3.1.2, RFC 8252 §7)."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "must be an absolute URI."
    if any(not "!" <= letter <= "~" for letter in uri) or "*" in uri or "\\" in uri:
        return "must not contain spaces, wildcards, backslashes or characters beyond ASCII."
    if not parts.scheme or parts.scheme in _RUNNING_SCHEMES or parts.fragment or "#" in uri:
        return "must be an absolute URI without a fragment."
    if parts.username is not None or parts.password is not None:
        return "must not contain a user name."
    if parts.scheme == "https" and host:
        return None
    if parts.scheme == "http":
        return None if host in _LOOPBACK else "must use https, except on a loopback address."
    return None if platform is Platform.PUBLIC_CLIENT else "must use https."


def web_uri_problem(uri: str) -> str | None:
    """Return what is wrong with a URI browsers are sent to, or None."""
    return redirect_uri_problem(uri, Platform.WEB)


def native_uri_problem(uri: str) -> str | None:
    """Return what is wrong with a redirect URI of an installed application, or None."""
    return redirect_uri_problem(uri, Platform.PUBLIC_CLIENT)


def identifier_uri_problem(uri: str) -> str | None:
    """Return what is wrong with an App ID URI, or None."""
    scheme, _, rest = uri.partition("://")
    if scheme.lower() not in {"api", "https"} or not rest or uri.endswith("/"):
        return "must begin with api:// or https:// and not end with a slash."
    if any(not "!" <= letter <= "~" for letter in uri) or any(each in "?#\\" for each in uri):
        return "must not contain spaces, '?', '#', backslashes or characters beyond ASCII."
    if any(rest.lower().partition("/")[0] == each for each in _RESERVED):
        return "is reserved."
    return None


def membership_problem(value: str) -> str | None:
    """Return what is wrong with what an application wants to know of groups, or None."""
    if value.lower() == "none":
        return None
    return "must be null or None: users of this directory are in no groups."


def optional_claim_problem(name: str) -> str | None:
    """Return what is wrong with the name of a claim an application asks for, or None."""
    return "is not supported: users are in no groups." if name.lower() == "groups" else None


def audience_problem(value: str) -> str | None:
    """Return what is wrong with a sign-in audience, or None."""
    return None if value in _AUDIENCES else f"must be one of {', '.join(_AUDIENCES)}."


def application_problems(application: Application) -> Iterator[Problem]:
    """Yield what is wrong with an application as a whole."""
    if len(application.redirect_uris) > MAX_REDIRECT_URIS:
        yield Problem("web", f"An application may have {MAX_REDIRECT_URIS} redirect URIs.")
    scopes = application.oauth2_permission_scopes
    for target, permissions in (
        ("api/oauth2PermissionScopes", scopes),
        ("appRoles", application.app_roles),
    ):
        ids, values = _ids(permissions), [each.value for each in permissions]
        if len(set(ids)) < len(ids) or len(set(values)) < len(values):
            yield Problem(target, f"'{target}' gives an id or a value twice.")
        if any(not value or any(not "!" <= each <= "~" for each in value) for value in values):
            yield Problem(target, f"A value in '{target}' is empty, or not made of ASCII letters.")


def permission_problems(before: Application, after: Application) -> Iterator[Problem]:
    """Yield the permissions that are changed or deleted while clients may still hold them."""
    pairs: tuple[tuple[str, tuple[Scope | AppRole, ...], tuple[Scope | AppRole, ...]], ...] = (
        (
            "api/oauth2PermissionScopes",
            before.oauth2_permission_scopes,
            after.oauth2_permission_scopes,
        ),
        ("appRoles", before.app_roles, after.app_roles),
    )
    for target, old, new in pairs:
        kept = {each.id: each for each in new}
        for each in old:
            left = kept.get(each.id)
            is_safe = left is not None and (left.value == each.value or not left.is_enabled)
            if each.is_enabled and not is_safe:
                yield Problem(
                    target,
                    "Permission (scope or role) cannot be deleted or updated unless disabled"
                    " first.",
                )


def _ids(permissions: tuple[Scope, ...] | tuple[AppRole, ...]) -> list[str]:
    return [each.id for each in permissions]


def without_password(application: Application, key_id: str) -> Application:
    """Return the application without the secret of that id."""
    kept = tuple(each for each in application.password_credentials if each.key_id != key_id)
    return replace(application, password_credentials=kept)


def new_client_password(
    *,
    key_id: str,
    digest: str,
    hint: str,
    display_name: str | None,
    start_at: datetime,
    end_at: datetime | None,
) -> ClientPassword:
    """Return what is kept of a secret; without an end it lives two years."""
    return ClientPassword(
        key_id=key_id,
        digest=digest,
        hint=hint,
        display_name=display_name,
        start_at=start_at,
        end_at=end_at or start_at + SECRET_LIFETIME,
    )
