"""A proof: the only thing that makes a step count."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatelodge.model.identifier import AccountId, DirectoryId, InteractionId


class ProofKind(StrEnum):
    """What was shown to be true."""

    EMAIL = "email"
    PASSWORD = "password"
    SESSION = "session"
    REGISTRATION = "registration"
    NEW_PASSWORD = "newPassword"
    SECOND_FACTOR = "secondFactor"
    FEDERATION = "federation"
    MAILED_CODE = "mailedCode"
    PHONE = "phone"
    PASSKEY = "passkey"


IDENTIFYING = (
    ProofKind.PASSWORD,
    ProofKind.SESSION,
    ProofKind.REGISTRATION,
    ProofKind.NEW_PASSWORD,
    ProofKind.FEDERATION,
    ProofKind.MAILED_CODE,
    ProofKind.PASSKEY,
)
"""The proofs on which tokens may be issued for `account_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one interaction proved, about which address or account; used at most once.

    `subject` is the address or sign-in name it is about, in look-up form. The federation of a
    person who is new is about no account.
    """

    directory_id: DirectoryId
    id: str
    interaction_id: InteractionId
    kind: ProofKind
    subject: str
    account_id: AccountId | None = None
    created_at: datetime
    consumed_at: datetime | None = None
