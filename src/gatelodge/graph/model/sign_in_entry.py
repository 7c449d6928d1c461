"""A sign-in in the shape Graph gives it."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.directory_audit import CODE_PREFIX, INVALID_CREDENTIALS, SignIn
from gatelodge.model.trace import TraceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a sign-in ended; the code is 0 for a success."""

    error_code: int
    failure_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorDetail:
    """Which second factor was shown."""

    auth_method: str
    auth_detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInEntry:
    """A sign-in in the nested shape Graph gives it."""

    id: str
    at: datetime
    user_id: str | None
    user_display_name: str | None
    app_id: str | None
    app_display_name: str | None
    ip_address: str | None
    client_app_used: str
    correlation_id: str | None
    status: Status
    authentication_requirement: str = "singleFactorAuthentication"
    mfa_detail: FactorDetail | None = None
    journey: tuple[TraceEntry, ...] = ()


def _error_code(reason: str) -> int:
    """Return the digits of an AADB2C code; any other reason is one of wrong credentials."""
    digits = reason.removeprefix(CODE_PREFIX)
    is_code = digits != reason and digits.isascii() and digits.isdecimal()
    return int(digits) if is_code else INVALID_CREDENTIALS


def _told_reason(entry: SignIn) -> str:
    return entry.reason if entry.times is None else f"{entry.reason} ({entry.times} times)"


def sign_in_entry(entry: SignIn) -> SignInEntry:
    """Return a sign-in in Graph's shape."""
    user, application, factor = entry.user, entry.application, entry.second_factor
    return SignInEntry(
        id=entry.id,
        at=entry.at,
        user_id=None if user is None else user.id,
        user_display_name=None if user is None else user.display_name,
        app_id=None if application is None else application.app_id or application.id,
        app_display_name=None if application is None else application.display_name,
        ip_address=entry.ip_address,
        client_app_used="Browser",
        correlation_id=entry.correlation_id,
        status=Status(
            error_code=0 if entry.is_success else _error_code(entry.reason),
            failure_reason=None if entry.is_success else _told_reason(entry),
        ),
        authentication_requirement=f"{'multi' if factor else 'single'}FactorAuthentication",
        mfa_detail=None if factor is None else FactorDetail(auth_method=factor),
    )
