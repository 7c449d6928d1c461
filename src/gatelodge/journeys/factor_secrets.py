"""Secrets of authenticators under seal, and recovery codes as keyed digests."""

from datetime import datetime

from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.second_factor import EnrolledFactor, RecoveryCode
from gatelodge.randomness import Randomness

RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
"""Without what is taken for something else: 0 o 1 i l u."""

_CHARACTERS = 10  # 49 bits
_BYTES_TAKEN = 256 - 256 % len(_ALPHABET)
"""Octets beyond this would make some characters likelier than others."""


def seal_secret(sealer: Sealer, account_id: AccountId, factor_id: str, secret: bytes) -> str:
    """Return a secret sealed for one factor of one account."""
    return sealer.seal(secret, _place(account_id, factor_id))


def open_secret(sealer: Sealer, factor: EnrolledFactor) -> bytes:
    """Return the secret of an authenticator."""
    place = _place(factor.account_id, factor.id)
    return sealer.unseal(factor.sealed_secret or "", place)


def open_pending(sealer: Sealer, account_id: AccountId, factor_id: str, sealed: str) -> bytes:
    """Return the secret of an authenticator that has not shown yet that it took it over."""
    return sealer.unseal(sealed, _place(account_id, factor_id))


def _place(account_id: AccountId, factor_id: str) -> str:
    return f"second_factor|{account_id}|{factor_id}"


def new_recovery_codes(randomness: Randomness) -> tuple[str, ...]:
    """Return a set of recovery codes as the person keeps them: two groups of five."""
    return tuple(_grouped(_code(randomness)) for _ in range(RECOVERY_CODES))


def _code(randomness: Randomness) -> str:
    found = ""
    while len(found) < _CHARACTERS:
        octet = randomness.octets(1)[0]
        if octet < _BYTES_TAKEN:
            found += _ALPHABET[octet % len(_ALPHABET)]
    return found


def _grouped(code: str) -> str:
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def recovery_digest(sealer: Sealer, account_id: AccountId, typed: str) -> str:
    """Return what is kept of a recovery code, however it was typed."""
    plain = "".join(typed.split()).replace("-", "").lower()
    return sealer.mac("recovery-code", account_id, plain)


def stored_codes(
    sealer: Sealer,
    directory_id: DirectoryId,
    account_id: AccountId,
    codes: tuple[str, ...],
    now: datetime,
) -> tuple[RecoveryCode, ...]:
    """Return what is kept of a set of codes."""
    return tuple(
        RecoveryCode(
            directory_id=directory_id,
            account_id=account_id,
            digest=recovery_digest(sealer, account_id, each),
            created_at=now,
        )
        for each in codes
    )
