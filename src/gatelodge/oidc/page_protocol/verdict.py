"""The answers scripts read: HTTP says 200, and a text inside says how it went."""

import json

from starlette.responses import Response

from gatelodge.oidc.errors import Code, Displayed, sentence_of
from gatelodge.oidc.parameters import MalformedParameters
from gatelodge.pages.language import Strings
from gatelodge.pages.page import Notice, Page
from gatelodge.pages.view import said

NOT_VERIFIED = "UserMessageIfVerificationControlClaimsNotVerified"
_UNKNOWN = "unknown_error"

CODES = {
    "UserMessageIfInvalidPassword": Code.CREDENTIALS_WRONG,
    "UserMessageIfClaimsPrincipalDoesNotExist": Code.CREDENTIALS_WRONG,
    "UserMessageIfClaimsPrincipalAlreadyExists": Code.ACCOUNT_EXISTS,
    "UserMessageIfUserAccountDisabled": Code.ACCOUNT_DISABLED,
    "UserMessageIfUserAccountLocked": Code.ACCOUNT_LOCKED,
    "ServiceThrottled": Code.THROTTLED,
    "ver_fail_throttled": Code.THROTTLED,
}
"""The code beside a sentence; every other sentence goes by its own name."""

PHONE_STATUSES = {
    "error_throttled": "429",
    "ServiceThrottled": "429",
    "error_448": "448",
    "invalid_number": "448",
    "error_incorrect_code": "449",
    "error_code_spent": "449",
    "error_code_expired": "449",
}


def accepted() -> Response:
    """Say that a step, or a press of one of its buttons, went well."""
    return _json({"status": "200"}, 200)


def refused(page: Page, strings: Strings) -> Response:
    """Say what a page says is wrong; without that, that the page is not done."""
    return _told(next(iter(page.errors), None) or _undone(page, strings), page, strings)


def phone_refused(page: Page, strings: Strings) -> Response:
    """Say what is wrong on the page about a phone, in the numbers of that page."""
    notice = page.errors[0]
    status = PHONE_STATUSES.get(notice.string_id, "400")
    return _json({"status": status, "message": said(notice, page, strings)}, 200)


def ended(code: Code) -> Response:
    """Say that the journey is over; the application is told the same when the script goes on."""
    return _json({"status": "400", "errorCode": str(code), "message": sentence_of(code, {})}, 200)


def not_verified(page: Page, strings: Strings) -> Response:
    """Say that what is sent was not proved."""
    return _told(_undone(page, strings), page, strings)


def turned_away(trouble: Displayed | MalformedParameters) -> Response:
    """Say that a request was not even looked at, which HTTP says as well."""
    if isinstance(trouble, MalformedParameters):
        trouble = Displayed(Code.INPUT_REJECTED, status=trouble.status, reason=trouble.reason)
    told = sentence_of(trouble.code, trouble.values)
    return _json({"status": "400", "errorCode": str(trouble.code), "message": told}, trouble.status)


def _undone(page: Page, strings: Strings) -> Notice:
    has_words = NOT_VERIFIED in strings.sentences(page.id) and page.group is not None
    return Notice(NOT_VERIFIED if has_words else _UNKNOWN)


def _told(notice: Notice, page: Page, strings: Strings) -> Response:
    code = CODES.get(notice.string_id, notice.string_id)
    return _json(
        {"status": "400", "errorCode": str(code), "message": said(notice, page, strings)}, 200
    )


def _json(body: dict[str, str], status: int) -> Response:
    return Response(
        json.dumps(body, separators=(",", ":")),
        status,
        {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        "application/json",
    )
