"""Authorization requests whose parameters passed every check."""

from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.application import Platform
from gatelodge.model.identifier import AccountId, ClientId


class ResponseMode(StrEnum):
    """How the answer travels to the application (OAuth 2.0 Multiple Response Types §2.1)."""

    QUERY = "query"
    FRAGMENT = "fragment"
    FORM_POST = "form_post"


class ResponseType(StrEnum):
    """One word of `response_type`."""

    CODE = "code"
    ID_TOKEN = "id_token"
    TOKEN = "token"


class Prompt(StrEnum):
    """One word of `prompt` (OIDC Core §3.1.2.1)."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedClaims:
    """The standard claims the parameter `claims` names, and the user it insists on."""

    userinfo: tuple[str, ...] = ()
    id_token: tuple[str, ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedScope:
    """What a request may have of what it asked for.

    `requested` is the `scope` parameter word for word; `permissions` the short names granted of
    the API `resource_app_id` (the client itself when it named its own id as a scope). `consentable`
    are those nobody granted yet and the user may. `claims` were asked for one by one.
    """

    requested: str
    is_openid: bool = False
    is_offline_access: bool = False
    resource_app_id: ClientId | None = None
    permissions: tuple[str, ...] = ()
    consentable: tuple[str, ...] = ()
    claims: RequestedClaims = RequestedClaims()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """An authorization request after `AUTHORIZATION_CHECKS` (RFC 6749 §4.1.1, OIDC Core §3.1.2.1).

    `max_age_s` is None when not sent. `code_challenge` is S256 unless `is_plain_challenge`.
    `hinted_account_id` is the only user the answer may be about. `device_request_id` is the device
    that waits for it: then there is no redirect URI. `key_thumbprint` is the key the client has to
    show when it redeems the code (RFC 9449 §10).
    """

    client_id: ClientId
    redirect_uri: str
    platform: Platform
    response_types: tuple[ResponseType, ...]
    response_mode: ResponseMode
    scope: GrantedScope
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    is_plain_challenge: bool = False
    prompts: tuple[Prompt, ...] = ()
    max_age_s: int | None = None
    login_hint: str | None = None
    domain_hint: str | None = None
    hinted_account_id: AccountId | None = None
    ui_locales: str | None = None
    wants_client_info: bool = False
    device_request_id: str | None = None
    key_thumbprint: str | None = None
