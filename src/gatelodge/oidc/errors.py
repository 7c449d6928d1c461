"""Troubles of the protocol: which code, in which words, and who may be told."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """The AADB2C codes this server answers with; applications branch on them."""

    ACCOUNT_EXISTS = "AADB2C90001"
    REDIRECT_URI_MISSING = "AADB2C90004"
    REDIRECT_URI_NOT_ABSOLUTE = "AADB2C90005"
    REDIRECT_URI_NOT_REGISTERED = "AADB2C90006"
    NO_REDIRECT_URIS = "AADB2C90007"
    CLIENT_ID_MISSING = "AADB2C90008"
    NONCE_MISSING = "AADB2C90009"
    SCOPE_MISSING = "AADB2C90010"
    RESPONSE_TYPE_UNSUPPORTED = "AADB2C90013"
    RESPONSE_MODE_UNSUPPORTED = "AADB2C90014"
    METHOD_UNSUPPORTED = "AADB2C90015"
    CLIENT_ASSERTION_UNKNOWN = "AADB2C90016"
    CLIENT_ASSERTION_INVALID = "AADB2C90017"
    CLIENT_UNKNOWN = "AADB2C90018"
    CONNECTOR_PASSWORD_REFUSED = "AADB2C90027"
    CONNECTOR_CERTIFICATE_REFUSED = "AADB2C90028"
    TEMPORARILY_UNAVAILABLE = "AADB2C90035"
    PROCESSING_FAILED = "AADB2C90037"
    PROMPT_UNSUPPORTED = "AADB2C90043"
    STATE_LOST = "AADB2C90046"
    NO_WAY_IN = "AADB2C90051"
    CREDENTIALS_WRONG = "AADB2C90053"
    SCOPE_NAMES_NO_RESOURCE = "AADB2C90055"
    IMPLICIT_NOT_ALLOWED = "AADB2C90057"
    NOT_A_PUBLIC_CLIENT = "AADB2C90058"
    USER_FLOW_UNKNOWN = "AADB2C90066"
    LOGOUT_URI_MALFORMED = "AADB2C90067"
    CONNECTOR_FAILED = "AADB2C90075"
    INTERACTION_REQUIRED = "AADB2C90077"
    SECRET_MISSING = "AADB2C90079"
    GRANT_EXPIRED = "AADB2C90080"
    SECRET_WRONG = "AADB2C90081"
    GRANT_INSUFFICIENT = "AADB2C90082"
    PARAMETER_MISSING = "AADB2C90083"
    SECRET_FROM_PUBLIC_CLIENT = "AADB2C90084"
    SIGN_IN_AGAIN = "AADB2C90085"
    GRANT_TYPE_UNSUPPORTED = "AADB2C90086"
    GRANT_OF_ANOTHER_USER_FLOW = "AADB2C90088"
    CANCELLED = "AADB2C90091"
    CLIENT_DISABLED = "AADB2C90092"
    ID_TOKEN_NOT_ALLOWED = "AADB2C90107"
    ID_TOKEN_WITHOUT_OPENID = "AADB2C90110"
    ACCOUNT_DISABLED = "AADB2C90111"
    ACCOUNT_LOCKED = "AADB2C90114"
    CODE_WITHOUT_SCOPE = "AADB2C90115"
    SCOPE_UNSUPPORTED = "AADB2C90117"
    PASSWORD_FORGOTTEN = "AADB2C90118"
    MAX_AGE_OUT_OF_RANGE = "AADB2C90120"
    SESSION_TOO_OLD = "AADB2C90121"
    INPUT_REJECTED = "AADB2C90122"
    TOKEN_WITHOUT_RESOURCE = "AADB2C90123"
    ACCOUNT_GONE = "AADB2C90128"
    GRANT_REVOKED = "AADB2C90129"
    SEVERAL_RESOURCES = "AADB2C90146"
    FACTOR_RETRIES_EXCEEDED = "AADB2C90151"
    FACTOR_UNAVAILABLE = "AADB2C90155"
    TOO_MANY_RETRIES = "AADB2C90157"
    CONNECTOR_TIMED_OUT = "AADB2C90162"
    VERIFIER_WRONG = "AADB2C90182"
    VERIFIER_INVALID = "AADB2C90183"
    CHALLENGE_METHOD_UNSUPPORTED = "AADB2C90184"
    PROVIDER_ANSWER_INCOMPLETE = "AADB2C90175"
    PROVIDER_SAID_NOTHING = "AADB2C90190"
    PERMISSION_MISSING = "AADB2C90205"
    SIGN_IN_HINT_OF_ANOTHER_AUDIENCE = "AADB2C90209"
    SIGN_IN_HINT_MALFORMED = "AADB2C90210"
    PASSWORD_GRANT_NOT_ENABLED = "AADB2C90224"
    PASSWORD_GRANT_REFUSED = "AADB2C90225"
    POST_ONLY = "AADB2C90226"
    THROTTLED = "AADB2C90229"
    SIGN_IN_HINT_OF_ANOTHER_ISSUER = "AADB2C90232"
    SIGN_IN_HINT_SIGNATURE_WRONG = "AADB2C90233"
    HINT_EXPIRED = "AADB2C90235"
    HINT_OF_ANOTHER_AUDIENCE = "AADB2C90237"
    HINT_OF_ANOTHER_ISSUER = "AADB2C90238"
    HINT_SIGNATURE_WRONG = "AADB2C90239"
    HINT_MALFORMED = "AADB2C90240"
    PASSWORD_GRANT_FORBIDDEN = "AADB2C90249"
    USER_FLOW_MISSING = "AADB2C90250"
    PROVIDER_MISCONFIGURED = "AADB2C90243"
    STEP_INCOMPLETE = "AADB2C90255"
    CONNECTOR_UNREADABLE = "AADB2C90261"
    HINT_MISSING = "AADB2C90272"
    PROVIDER_ANSWER_INVALID = "AADB2C90273"
    CONNECTOR_NOT_REACHED = "AADB2C90275"
    UNDER_AGE = "AADB2C90278"
    GRANT_OF_ANOTHER_CLIENT = "AADB2C90279"
    CONSENT_MISSING = "AADB2C90284"
    REDIRECT_URI_INVALID = "AADB2C90287"
    PROVIDER_UNREACHABLE = "AADB2C90289"
    NOT_SIGNED_UP = "AADB2C99002"
    SCOPE_HAS_ILLEGAL_CHARACTER = "AADB2C99005"
    CHALLENGE_MISSING = "AADB2C99059"


class Wording(NamedTuple):
    """The OAuth error word a code goes with, and its sentence; `{name}` is substituted."""

    error: str
    sentence: str


WORDINGS: Mapping[Code, Wording] = {
    Code.ACCOUNT_EXISTS: Wording(
        "access_denied", "There is an account with that name or identity already."
    ),
    Code.REDIRECT_URI_MISSING: Wording(
        "invalid_request", "Say with 'redirect_uri' where the answer goes: several are registered."
    ),
    Code.REDIRECT_URI_NOT_ABSOLUTE: Wording(
        "invalid_request", "The 'redirect_uri' has to be an absolute URI."
    ),
    Code.REDIRECT_URI_NOT_REGISTERED: Wording(
        "invalid_request",
        "The redirect URI '{redirect_uri}' is not among those of the client '{client_id}'.",
    ),
    Code.NO_REDIRECT_URIS: Wording(
        "invalid_request", "The client '{client_id}' has no redirect URI registered."
    ),
    Code.CLIENT_ID_MISSING: Wording("invalid_request", "The request has no 'client_id'."),
    Code.NONCE_MISSING: Wording(
        "invalid_request",
        "A response with an ID token in it needs a 'nonce' in the request.",
    ),
    Code.SCOPE_MISSING: Wording("invalid_request", "The request has no 'scope'."),
    Code.RESPONSE_TYPE_UNSUPPORTED: Wording(
        "unsupported_response_type", "The response type '{response_type}' is not supported."
    ),
    Code.RESPONSE_MODE_UNSUPPORTED: Wording(
        "invalid_request", "The response mode '{response_mode}' is not supported here."
    ),
    Code.METHOD_UNSUPPORTED: Wording("invalid_request", "This endpoint does not know that method."),
    Code.CLIENT_ASSERTION_UNKNOWN: Wording(
        "invalid_client", "The client authenticates in a way that is not known here."
    ),
    Code.CLIENT_ASSERTION_INVALID: Wording(
        "invalid_client", "The client assertion is not valid, or was used before."
    ),
    Code.CLIENT_UNKNOWN: Wording(
        "invalid_client", "No application of this tenant has the client id '{client_id}'."
    ),
    Code.CONNECTOR_PASSWORD_REFUSED: Wording(
        "server_error", "An API of this user flow refused our name and password."
    ),
    Code.CONNECTOR_CERTIFICATE_REFUSED: Wording(
        "server_error", "An API of this user flow refused our certificate, or it has expired."
    ),
    Code.TEMPORARILY_UNAVAILABLE: Wording(
        "temporarily_unavailable", "The server has too much to do at the moment. Try again soon."
    ),
    Code.PROCESSING_FAILED: Wording(
        "server_error", "The request could not be carried out; the correlation id finds the reason."
    ),
    Code.PROMPT_UNSUPPORTED: Wording(
        "invalid_request", "'{prompt}' is not one of none, login, consent and select_account."
    ),
    Code.STATE_LOST: Wording(
        "invalid_request", "This sign-in is over or was begun elsewhere. Start again at the app."
    ),
    Code.NO_WAY_IN: Wording(
        "server_error", "This user flow has neither local accounts nor an identity provider now."
    ),
    Code.CREDENTIALS_WRONG: Wording("access_denied", "Name and password belong to no account."),
    Code.SCOPE_NAMES_NO_RESOURCE: Wording(
        "invalid_scope", "The scope '{scope}' has to name an API or the client itself."
    ),
    Code.IMPLICIT_NOT_ALLOWED: Wording(
        "unauthorized_client", "The application is not allowed the implicit flow."
    ),
    Code.NOT_A_PUBLIC_CLIENT: Wording(
        "unauthorized_client", "The application is not registered as a public client."
    ),
    Code.USER_FLOW_UNKNOWN: Wording(
        "invalid_request", "There is no such tenant, or it has no user flow of that name."
    ),
    Code.LOGOUT_URI_MALFORMED: Wording(
        "invalid_request", "The 'post_logout_redirect_uri' cannot be used."
    ),
    Code.CONNECTOR_FAILED: Wording(
        "server_error", "An API of this user flow answered with an error, or rests after several."
    ),
    Code.INTERACTION_REQUIRED: Wording(
        "interaction_required",
        "The user would have to act, which 'prompt={prompt}' does not allow.",
    ),
    Code.SECRET_MISSING: Wording(
        "invalid_client", "A confidential client has to send its client secret."
    ),
    Code.GRANT_EXPIRED: Wording(
        "invalid_grant",
        "The grant is too old; the user has to sign in again. Current time: {now}, "
        "Grant issued time: {issued}, Grant expiration time: {expires}.",
    ),
    Code.SECRET_WRONG: Wording("invalid_client", "The client secret is wrong or has expired."),
    Code.GRANT_INSUFFICIENT: Wording(
        "invalid_scope", "The grant does not reach as far as the scope '{scope}'."
    ),
    Code.PARAMETER_MISSING: Wording("invalid_request", "The request has no '{parameter}'."),
    Code.SECRET_FROM_PUBLIC_CLIENT: Wording(
        "invalid_client", "A public client has no secret and must not send one."
    ),
    Code.SIGN_IN_AGAIN: Wording("server_error", "Something broke on our side. Sign in again."),
    Code.GRANT_TYPE_UNSUPPORTED: Wording(
        "unsupported_grant_type", "The grant type '{grant_type}' is not supported here."
    ),
    Code.GRANT_OF_ANOTHER_USER_FLOW: Wording(
        "invalid_grant",
        "The grant was not issued at this endpoint. Actual policy: {actual}, "
        "expected policy: {expected}.",
    ),
    Code.CANCELLED: Wording("access_denied", "The user gave up before the end."),
    Code.CLIENT_DISABLED: Wording("unauthorized_client", "The application is switched off."),
    Code.ID_TOKEN_NOT_ALLOWED: Wording(
        "unauthorized_client", "The application may not receive ID tokens this way."
    ),
    Code.ID_TOKEN_WITHOUT_OPENID: Wording(
        "invalid_request", "The response type 'id_token' needs 'openid' in the scope."
    ),
    Code.ACCOUNT_DISABLED: Wording("invalid_grant", "The account is switched off."),
    Code.ACCOUNT_LOCKED: Wording(
        "access_denied", "The account is paused after several failed attempts."
    ),
    Code.CODE_WITHOUT_SCOPE: Wording(
        "invalid_request", "The response type 'code' needs 'openid', an API or the client as scope."
    ),
    Code.SCOPE_UNSUPPORTED: Wording("invalid_scope", "The scope '{scope}' is not supported."),
    Code.PASSWORD_FORGOTTEN: Wording("access_denied", "The user does not remember the password."),
    Code.MAX_AGE_OUT_OF_RANGE: Wording(
        "invalid_request", "The 'max_age' is not a number of seconds we accept."
    ),
    Code.SESSION_TOO_OLD: Wording(
        "login_required", "The sign-in is longer ago than 'max_age' allows."
    ),
    Code.INPUT_REJECTED: Wording("invalid_request", "The request is malformed: {reason}."),
    Code.TOKEN_WITHOUT_RESOURCE: Wording(
        "invalid_request", "The response type 'token' needs an API or the client as scope."
    ),
    Code.ACCOUNT_GONE: Wording(
        "invalid_grant", "There is no such grant, or the account behind it does not exist any more."
    ),
    Code.GRANT_REVOKED: Wording("invalid_grant", "The grant was revoked."),
    Code.SEVERAL_RESOURCES: Wording(
        "invalid_scope", "The scope names more than one API; ask for each on its own."
    ),
    Code.FACTOR_RETRIES_EXCEEDED: Wording(
        "access_denied", "Second factors of the account were guessed too often. Try again later."
    ),
    Code.FACTOR_UNAVAILABLE: Wording(
        "access_denied", "The account has no second factor that can be asked for here."
    ),
    Code.TOO_MANY_RETRIES: Wording("access_denied", "The step was tried too often."),
    Code.CONNECTOR_TIMED_OUT: Wording(
        "server_error", "An API of this user flow did not answer in time, and not at the next try."
    ),
    Code.VERIFIER_WRONG: Wording(
        "invalid_grant", "The 'code_verifier' does not belong to the code."
    ),
    Code.VERIFIER_INVALID: Wording(
        "invalid_grant", "The 'code_verifier' is missing, malformed or was not announced."
    ),
    Code.CHALLENGE_METHOD_UNSUPPORTED: Wording(
        "invalid_request", "The code challenge method '{method}' is not supported; use S256."
    ),
    Code.PROVIDER_ANSWER_INCOMPLETE: Wording(
        "server_error", "The answer of the identity provider lacks something it has to have."
    ),
    Code.PROVIDER_SAID_NOTHING: Wording(
        "server_error", "The identity provider did not say who the user is."
    ),
    Code.PERMISSION_MISSING: Wording(
        "invalid_scope", "The application was granted no permission on '{resource}'."
    ),
    Code.SIGN_IN_HINT_OF_ANOTHER_AUDIENCE: Wording(
        "invalid_request", "The 'id_token_hint' is not for the client that asks."
    ),
    Code.SIGN_IN_HINT_MALFORMED: Wording(
        "invalid_request", "What came as 'id_token_hint' is a token of another kind."
    ),
    Code.PASSWORD_GRANT_NOT_ENABLED: Wording(
        "unauthorized_client", "The application may not use the password grant."
    ),
    Code.PASSWORD_GRANT_REFUSED: Wording(
        "access_denied", "The user name or password is not right."
    ),
    Code.POST_ONLY: Wording("invalid_request", "The token endpoint answers POST only."),
    Code.THROTTLED: Wording("temporarily_unavailable", "That was asked for too often."),
    Code.SIGN_IN_HINT_OF_ANOTHER_ISSUER: Wording(
        "invalid_request", "The 'id_token_hint' comes from another issuer."
    ),
    Code.SIGN_IN_HINT_SIGNATURE_WRONG: Wording(
        "invalid_request", "No key of ours signed the 'id_token_hint'."
    ),
    Code.HINT_EXPIRED: Wording("invalid_request", "The 'id_token_hint' has expired."),
    Code.HINT_OF_ANOTHER_AUDIENCE: Wording(
        "invalid_request", "The 'id_token_hint' was issued to another client."
    ),
    Code.HINT_OF_ANOTHER_ISSUER: Wording(
        "invalid_request", "The 'id_token_hint' was issued elsewhere."
    ),
    Code.HINT_SIGNATURE_WRONG: Wording(
        "invalid_request", "The signature of the 'id_token_hint' is wrong."
    ),
    Code.HINT_MALFORMED: Wording("invalid_request", "The 'id_token_hint' is not an ID token."),
    Code.PASSWORD_GRANT_FORBIDDEN: Wording(
        "unauthorized_client", "No account of this user flow has a password."
    ),
    Code.USER_FLOW_MISSING: Wording(
        "invalid_request", "Name the user flow: this endpoint does nothing without one."
    ),
    Code.PROVIDER_MISCONFIGURED: Wording(
        "server_error", "The identity provider is not configured in a way that works."
    ),
    Code.STEP_INCOMPLETE: Wording("server_error", "A step of the user flow did not complete."),
    Code.CONNECTOR_UNREADABLE: Wording(
        "server_error", "An API of this user flow answered what cannot be read."
    ),
    Code.HINT_MISSING: Wording("invalid_request", "The request has no 'id_token_hint'."),
    Code.CONNECTOR_NOT_REACHED: Wording(
        "server_error", "An API of this user flow could not be reached."
    ),
    Code.PROVIDER_ANSWER_INVALID: Wording(
        "server_error",
        "The identity provider did not identify the user: they cancelled, or its answer is wrong.",
    ),
    Code.UNDER_AGE: Wording(
        "access_denied", "The user is a minor, whom this user flow does not let in."
    ),
    Code.GRANT_OF_ANOTHER_CLIENT: Wording(
        "invalid_grant", "The grant was issued to another client."
    ),
    Code.CONSENT_MISSING: Wording(
        "consent_required", "The user has not allowed the client '{client_id}' what it asks for."
    ),
    Code.REDIRECT_URI_INVALID: Wording(
        "invalid_request", "The redirect URI '{redirect_uri}' cannot be used."
    ),
    Code.PROVIDER_UNREACHABLE: Wording(
        "server_error", "The identity provider cannot be reached, or does not know us."
    ),
    Code.NOT_SIGNED_UP: Wording(
        "access_denied", "There is no such user here yet: they have to sign up first."
    ),
    Code.SCOPE_HAS_ILLEGAL_CHARACTER: Wording(
        "invalid_scope", "The scope has a character that is not allowed there."
    ),
    Code.CHALLENGE_MISSING: Wording(
        "invalid_request", "This client has to send a 'code_challenge' (PKCE, S256)."
    ),
}
"""One sentence of our own for every code; a test holds that none is missing."""

_UNPRINTABLE = re.compile(r'[^\x20-\x7e]|["\\]')
_LONGEST_VALUE = 200


class Displayed(Exception):
    """An error only the person may see, on a page: the client or its redirect URI is not trusted.

    `detail` is for the log, never rendered.
    """

    def __init__(self, code: Code, *, status: int = 400, detail: str = "", **values: str) -> None:
        super().__init__(detail or str(code))
        self.code = code
        self.status = status
        self.values = values
        self.detail = detail


class Redirected(Exception):
    """An error for the application, at its redirect URI; `error` is OAuth's word for it.

    `detail` is for the log, never rendered.
    """

    def __init__(self, error: str, code: Code, *, detail: str = "", **values: str) -> None:
        super().__init__(detail or str(code))
        self.error = error
        self.code = code
        self.values = values
        self.detail = detail


class TokenRefused(Exception):
    """An error of the token endpoint (RFC 6749 §5.2).

    `description` is the sentence the client reads; a `code` is put in front of it. `detail` is for
    the log, never rendered. `nonce` is what the next proof of possession has to have.
    """

    def __init__(
        self,
        error: str,
        code: Code | None,
        description: str,
        status: int = 400,
        *,
        detail: str = "",
        nonce: str | None = None,
    ) -> None:
        super().__init__(detail or code or description)
        self.nonce = nonce
        self.error = error
        self.code = code
        self.description = description
        self.status = status
        self.detail = detail


def token_refused(
    code: Code, *, error: str | None = None, status: int = 400, **values: str
) -> TokenRefused:
    """Return the token endpoint's error for a code, by default with the word that goes with it."""
    word = error or WORDINGS[code].error
    return TokenRefused(word, code, sentence_of(code, values), status)


def redirected(code: Code, **values: str) -> Redirected:
    """Return the error for the application that goes with a code."""
    return Redirected(WORDINGS[code].error, code, **values)


def sentence_of(code: Code, values: Mapping[str, str]) -> str:
    """Return the sentence of a code; of values only printable ASCII is repeated, and not much."""
    safe = {name: _UNPRINTABLE.sub("?", each)[:_LONGEST_VALUE] for name, each in values.items()}
    return WORDINGS[code].sentence.format_map(defaultdict(lambda: "?", safe))


def description_of(
    code: Code, values: Mapping[str, str], correlation_id: str, now: datetime
) -> str:
    """Return `error_description`: code and sentence, correlation id, time; a line each, CRLF."""
    return describe(f"{code}: {sentence_of(code, values)}", correlation_id, now)


def describe(sentence: str, correlation_id: str, now: datetime) -> str:
    """Return the three lines for a sentence that is complete already."""
    return (
        f"{sentence}\r\nCorrelation ID: {correlation_id}\r\nTimestamp: {now:%Y-%m-%d %H:%M:%S}Z\r\n"
    )
