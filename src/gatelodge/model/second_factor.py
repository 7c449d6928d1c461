"""Second factors: what an account proves besides its password, and what an interaction knows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.one_time_code import OneTimeCode


class FactorKind(StrEnum):
    """What a second factor is; stored, so a value is never changed."""

    AUTHENTICATOR = "authenticator"
    PHONE = "phone"
    EMAIL = "email"
    RECOVERY_CODE = "recoveryCode"
    PASSKEY = "passkey"


class Delivery(StrEnum):
    """How a phone hears a code."""

    SMS = "sms"
    VOICE = "voice"


class PhoneType(StrEnum):
    """Which of an account's phones; values are Graph's `authenticationPhoneType`."""

    MOBILE = "mobile"
    ALTERNATE_MOBILE = "alternateMobile"
    OFFICE = "office"


EMAIL_ID = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f"
PHONE_IDS = {
    PhoneType.MOBILE: "3179e48a-750b-4051-897c-87b9720928f7",
    PhoneType.ALTERNATE_MOBILE: "b6332ec1-7057-4abe-9331-3d72feddfe41",
    PhoneType.OFFICE: "e37fc753-ff3b-4958-9484-eaa9425c82bc",
}
"""What mailbox and phones are called in Graph, the same for every account."""

MULTIPLE_FACTORS = "mfa"
"""The member of `amr` that says that there was a second factor (RFC 8176 §2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledFactor:
    """A second factor of an account.

    `id` is the one Graph knows it by, the same for everybody where an account has only one of the
    kind. `address` is an email address or a telephone number (E.164). An authenticator has a
    `sealed_secret` and the `last_step` it was used at: each time step counts once (RFC 6238 §5.2).
    """

    directory_id: DirectoryId
    account_id: AccountId
    id: str
    kind: FactorKind
    created_at: datetime
    address: str | None = None
    sealed_secret: str | None = None
    last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCode:
    """One of an account's recovery codes; only a keyed digest is kept, and it counts once."""

    directory_id: DirectoryId
    account_id: AccountId
    digest: str
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFacts:
    """What an interaction has learned of second factors.

    `is_missing` says that the account has none that this user flow takes. `chosen` is the kind
    the person uses or sets up now, `factor_id` which of the account's it is; `address` is where
    its `code` goes and `delivery` how. `sealed_secret` waits for the authenticator to show that it
    took it over. `proved` is what was shown, and `proved_at` when, unless a session was resumed;
    `methods` is what a passkey said of itself (RFC 8176 §2), and `is_new` that it was just made.
    With `tells_codes` recovery codes were made and the person has not gone on yet. `is_managed`
    says that the person wants to see and change the account's factors.
    """

    is_missing: bool = False
    chosen: FactorKind | None = None
    factor_id: str | None = None
    delivery: Delivery | None = None
    address: str | None = None
    code: OneTimeCode | None = None
    sealed_secret: str | None = None
    proved: FactorKind | None = None
    proved_at: datetime | None = None
    methods: tuple[str, ...] = ()
    is_new: bool = False
    tells_codes: bool = False
    is_managed: bool = False


NO_FACTOR = FactorFacts()
