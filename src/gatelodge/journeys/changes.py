"""What steps write: each change runs in the transaction that saves the interaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.errors import Stale
from gatelodge.journeys.outcome import Unproved
from gatelodge.model.account import Account, PasswordCredential, SignInType
from gatelodge.model.audit import AuditEvent
from gatelodge.model.consent import Consent
from gatelodge.model.device import KnownDevice
from gatelodge.model.failed_source import MOST_FAILURES_OF_SOURCE
from gatelodge.model.identifier import AccountId, InteractionId
from gatelodge.model.lockout import PASSWORD_RULES, LockoutRules
from gatelodge.model.message import Message
from gatelodge.model.proof import Proof
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.model.session import Session
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class AddProof:
    """Store what was proved."""

    proof: Proof

    async def __call__(self, stores: Stores) -> None:
        """Write the proof."""
        await stores.proofs.add(self.proof)


@dataclass(frozen=True, slots=True)
class UseEmailProof:
    """Use up the proof that the address (look-up form) was read, or keep nothing."""

    interaction_id: InteractionId
    subject: str
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Consume the proof; raise `Unproved` when there is none."""
        if await stores.proofs.consume_email(self.interaction_id, self.subject, self.now) is None:
            raise Unproved(self.subject)


@dataclass(frozen=True, slots=True)
class UseArrival:
    """Use up the proof that a provider identified the person, or keep nothing."""

    interaction_id: InteractionId
    subject: str
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Consume the proof; raise `Unproved` when there is none."""
        used = await stores.proofs.consume_arrival(self.interaction_id, self.subject, self.now)
        if used is None:
            raise Unproved(self.subject)


@dataclass(frozen=True, slots=True)
class AddAccount:
    """Create an account, with its password if it has one."""

    account: Account
    credential: PasswordCredential | None

    async def __call__(self, stores: Stores) -> None:
        """Write the account; raises `AlreadyExists` when its sign-in name is taken."""
        await stores.accounts.add(self.account)
        if self.credential is not None:
            await stores.passwords.add(self.credential)


@dataclass(frozen=True, slots=True)
class SaveAccount:
    """Replace an account that was read before."""

    account: Account

    async def __call__(self, stores: Stores) -> None:
        """Write the account; raises `Stale` when somebody else was faster."""
        await stores.accounts.save(self.account)


def claimed(account: Account, now: datetime) -> Account:
    """Return an account as whoever proved its address has it: nobody else's word opens it."""
    own = tuple(
        each for each in account.identities if each.sign_in_type is not SignInType.FEDERATED
    )
    return replace(account, identities=own, is_email_proved=True, sign_in_sessions_valid_from=now)


@dataclass(frozen=True, slots=True)
class DropCredentials:
    """Take away every passkey, factor and known device somebody else may have left."""

    account_id: AccountId

    async def __call__(self, stores: Stores) -> None:
        """Delete them."""
        for passkey in await stores.passkeys.of_account(self.account_id):
            await stores.passkeys.remove(passkey.id)
        for factor in await stores.second_factors.of_account(self.account_id):
            await stores.second_factors.remove(self.account_id, factor.id)
        await stores.recovery_codes.replace_all(self.account_id, ())
        await stores.known_devices.forget_all_of(self.account_id)


@dataclass(frozen=True, slots=True)
class ClaimAddress:
    """Give an account to whoever proved its address, and end what somebody else left in it."""

    account: Account
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write that the address is proved; end everything else that leads into the account."""
        account = self.account
        await stores.accounts.save(claimed(account, self.now))
        await stores.passwords.drop(account.id)
        await DropCredentials(account.id)(stores)
        await stores.logout_notices.queue_for(account.id, self.now)
        await stores.sessions.end_all_of(account.id)
        await stores.grants.revoke_all_of(account.id, self.now)


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Give an account a new password and end everything that rested on the old one."""

    account: Account
    credential: PasswordCredential
    lockout_key: str

    async def __call__(self, stores: Stores) -> None:
        """Write the password; end sessions, grants and the lock-out."""
        now = self.credential.changed_at
        await stores.accounts.save(self.account)
        await stores.passwords.put(self.credential)
        await stores.logout_notices.queue_for(self.account.id, now)
        await stores.sessions.end_all_of(self.account.id)
        await stores.grants.revoke_all_of(self.account.id, now)
        await stores.lockouts.clear(self.lockout_key)


@dataclass(frozen=True, slots=True)
class ReplaceHash:
    """Store a known password hashed with today's parameters."""

    credential: PasswordCredential

    async def __call__(self, stores: Stores) -> None:
        """Write the credential."""
        await stores.passwords.put(self.credential)


@dataclass(frozen=True, slots=True)
class CountFailure:
    """Count a failed sign-in of a name, and record when that locks it."""

    key: str
    now: datetime
    locked: AuditEvent
    rules: LockoutRules = PASSWORD_RULES
    fingerprint: str | None = None

    async def __call__(self, stores: Stores) -> None:
        """Write the count."""
        counted = await stores.lockouts.note_failure(
            self.key, self.now, self.rules, self.fingerprint
        )
        if counted.is_locked(self.now):
            await stores.audit_events.add(self.locked)


@dataclass(frozen=True, slots=True)
class CountSource:
    """Count a failed sign-in against the address it came from, and record when it was the last."""

    source: str
    now: datetime
    refused: AuditEvent

    async def __call__(self, stores: Stores) -> None:
        """Write the count."""
        counted = await stores.failed_sources.note(self.source, self.now)
        if counted.failures == MOST_FAILURES_OF_SOURCE:
            await stores.audit_events.add(self.refused)


@dataclass(frozen=True, slots=True)
class ForgetFailures:
    """Forget the failed sign-ins of a name, unless others have locked it meanwhile."""

    key: str
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Delete the count; raise `Stale` when the name is locked.

        Guesses made side by side all pass the first look at the lock: this is the second.
        """
        lockout = await stores.lockouts.get(self.key)
        if lockout is not None and lockout.is_locked(self.now):
            raise Stale("the name was locked meanwhile")
        if lockout is not None:
            await stores.lockouts.clear(self.key)


@dataclass(frozen=True, slots=True)
class NoteSend:
    """Count a code against its address (look-up form), whether or not a message leaves."""

    address_key: str
    now: datetime
    since: datetime
    most: int

    async def __call__(self, stores: Stores) -> None:
        """Write the count; raise `Stale` when others used up the address's codes meanwhile."""
        await stores.sent_codes.note(self.address_key, now=self.now, since=self.since)
        if await stores.sent_codes.count(self.address_key, since=self.since) > self.most:
            raise Stale("the address was sent too many codes meanwhile")


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Put a message into the outbox; one that is not meant takes the same work and goes nowhere."""

    message: Message
    is_meant: bool = True

    async def __call__(self, stores: Stores) -> None:
        """Write the message."""
        if self.is_meant:
            await stores.messages.add(self.message)
        else:
            await stores.messages.pass_over(self.message)


@dataclass(frozen=True, slots=True)
class NoteDevice:
    """Remember a device somebody signed in with."""

    seen: KnownDevice

    async def __call__(self, stores: Stores) -> None:
        """Write the device, or that it was seen again."""
        await stores.known_devices.note(self.seen)


@dataclass(frozen=True, slots=True)
class AddSession:
    """Sign the browser in."""

    session: Session

    async def __call__(self, stores: Stores) -> None:
        """Write the session."""
        await stores.sessions.add(self.session)


@dataclass(frozen=True, slots=True)
class UseSession:
    """Note that a session was used, and until when and how it lives now."""

    session_id: str
    used_at: datetime
    expires_at: datetime
    is_kept: bool

    async def __call__(self, stores: Stores) -> None:
        """Write what changed."""
        await stores.sessions.touch(
            self.session_id,
            used_at=self.used_at,
            expires_at=self.expires_at,
            is_kept=self.is_kept,
        )


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Store what a user lets an application do.

    `principals` stand for the application and the API: administrators find the consent there.
    """

    consents: tuple[Consent, ...]
    principals: tuple[ServicePrincipal, ...] = ()

    async def __call__(self, stores: Stores) -> None:
        """Write the consents; raises `NotFound` when the application is gone."""
        for principal in self.principals:
            if await stores.service_principals.by_app_id(principal.app_id) is None:
                await stores.deleted_service_principals.remove_of(principal.app_id)
                await stores.service_principals.add(principal)
        for each in self.consents:
            await stores.consents.give(each)


@dataclass(frozen=True, slots=True)
class Record:
    """Add an event to the audit log."""

    event: AuditEvent

    async def __call__(self, stores: Stores) -> None:
        """Write the event."""
        await stores.audit_events.add(self.event)
