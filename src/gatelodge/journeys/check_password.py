"""Check a sign-in name and a password: one answer for every way it can fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from gatelodge.clock import Clock
from gatelodge.crypto.passwords import Passwords
from gatelodge.errors import NotFound, Stale
from gatelodge.journeys.changes import ForgetFailures, Record, ReplaceHash
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.new_password import as_typed
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.password_guesses import PasswordGuesses, Standing
from gatelodge.model.account import Account, PasswordCredential
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.device import Device
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.interaction import Interaction
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

PASSWORD_LIFETIME = timedelta(days=90)
"""How long a password counts for an account whose policies do not switch expiration off."""

_NOBODY = AccountId("")


class Trouble(Enum):
    """Why nobody is identified.

    `UNKNOWN` and `DISABLED` read like `INVALID` unless the directory tells them apart.
    """

    INVALID = "invalid"
    UNKNOWN = "unknown"
    LOCKED = "locked"
    DISABLED = "disabled"
    PASSWORD_EXPIRED = "passwordExpired"


@dataclass(frozen=True, slots=True)
class Guess:
    """A wrong password, of which only a keyed digest is passed on."""

    standing: Standing
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found; `key` is the sign-in name in look-up form.

    `changes` must be written whatever comes of it. `guess` is a failure that has to be counted.
    `expired` is the account whose password was right and has to be changed.
    """

    key: str
    account: Account | None = None
    expired: Account | None = None
    trouble: Trouble | None = None
    guess: Guess | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Compares a password with the stored hash, in the same time for every account and for none."""

    database: Database
    passwords: Passwords
    guesses: PasswordGuesses
    clock: Clock

    async def __call__(
        self, directory: Directory, sign_in_name: str, password: str, device: Device
    ) -> Checked:
        """Return the account, or the trouble.

        A locked name is refused before anything is hashed, whether or not an account has it, so
        the refusal tells nothing. Raises `TooMany` when too many hashes are waiting.
        """
        key = key_of(sign_in_name)
        stores = self.database.read(directory.id)
        account = await stores.accounts.by_sign_in_name(directory.domain, key)
        standing = await self.guesses.standing(stores, key, account, device)
        if standing.is_refused:
            return Checked(key=key, trouble=Trouble.LOCKED)
        # The same reads and the same hash, whether or not somebody has the name.
        credential = await stores.passwords.get(_NOBODY if account is None else account.id)
        hashed = None if credential is None else credential.hash
        is_right = await self.passwords.verify(hashed, as_typed(directory, password))
        guess = Guess(standing, self.guesses.fingerprint(key, as_typed(directory, password)))
        if account is None:
            return Checked(key=key, trouble=Trouble.UNKNOWN, guess=guess)
        if credential is None or not is_right:
            return Checked(key=key, trouble=Trouble.INVALID, guess=guess)
        if not account.account_enabled:
            return Checked(key=key, trouble=Trouble.DISABLED, guess=guess)
        forget = ForgetFailures(standing.lockout_key, self.clock())
        return await self._right(key, account, credential, password, forget)

    async def _right(
        self,
        key: str,
        account: Account,
        credential: PasswordCredential,
        password: str,
        forget: ForgetFailures,
    ) -> Checked:
        changes: list[Change] = [forget]
        if _is_expired(account, credential, self.clock()):
            trouble = Trouble.PASSWORD_EXPIRED
            return Checked(key=key, expired=account, trouble=trouble, changes=tuple(changes))
        if self.passwords.is_outdated(credential.hash):
            changes.append(ReplaceHash(await self._rehashed(credential, password)))
        return Checked(key=key, account=account, changes=tuple(changes))

    async def _rehashed(self, credential: PasswordCredential, password: str) -> PasswordCredential:
        return PasswordCredential(
            directory_id=credential.directory_id,
            account_id=credential.account_id,
            hash=await self.passwords.hash(password),
            changed_at=credential.changed_at,
        )


def counted_guess(
    check_password: CheckPassword, evidence: Evidence, interaction: Interaction, checked: Checked
) -> tuple[Change, ...]:
    """Return what a wrong password of an interaction writes; nothing when it was not wrong."""
    if checked.guess is None:
        return ()
    locked, refused = (
        evidence.plain_event(interaction, name, interaction.request.client_id, is_success=False)
        for name in (EventName.LOCKED, EventName.ADDRESS_REFUSED)
    )
    return check_password.guesses.counted(
        checked.guess.standing, checked.guess.fingerprint, locked=locked, refused=refused
    )


def _is_expired(account: Account, credential: PasswordCredential, now: datetime) -> bool:
    """Return whether a right password has to be changed before it opens anything."""
    if credential.force_change_next_sign_in:
        return True
    never = "DisablePasswordExpiration" in (account.password_policies or "")
    return not never and now >= credential.changed_at + PASSWORD_LIFETIME


@dataclass(frozen=True, slots=True)
class CheckPasswordAlone:
    """Checks a password where there is no page and no interaction: at the token endpoint.

    Failures count towards the same lock-out; what came of the check is written at once.
    """

    check_password: CheckPassword
    clock: Clock
    randomness: Randomness

    async def __call__(
        self, directory: Directory, sign_in_name: str, password: str, address: str = ""
    ) -> Account | None:
        """Return the account, or None for every reason it is not to be had.

        `address` is where the request came from. Raises `TooMany` when too many passwords are
        being checked.
        """
        device = Device(address=address)
        checked = await self.check_password(directory, sign_in_name, password, device)
        changes = checked.changes
        if checked.guess is not None:
            counted = self.check_password.guesses.counted(
                checked.guess.standing,
                checked.guess.fingerprint,
                locked=self._event(directory, EventName.LOCKED),
                refused=self._event(directory, EventName.ADDRESS_REFUSED),
            )
            changes = (*counted, Record(self._event(directory, EventName.SIGN_IN_REFUSED)))

        async def work(stores: Stores) -> None:
            for change in changes:
                await change(stores)

        try:
            if changes:
                await self.check_password.database.write(directory.id, work)
        except (Stale, NotFound):
            return None
        return checked.account

    def _event(self, directory: Directory, name: EventName) -> AuditEvent:
        return AuditEvent(
            directory_id=directory.id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=name,
            actor=directory.id,
            target=directory.id,
            is_success=False,
        )
