"""What people may do with their own account in profile edit."""

from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.federation import Departure
from gatelodge.model.one_time_code import OneTimeCode


class AccountTask(StrEnum):
    """What somebody does with the own account; the values are the actions of the page."""

    EMAIL = "changeEmail"
    PASSWORD = "changePassword"
    IDENTITIES = "manageIdentities"
    PASSKEYS = "managePasskeys"
    SESSIONS = "manageSessions"
    DATA = "downloadData"
    DELETION = "deleteAccount"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConfiguration:
    """What people may do with their accounts: nothing unless it is switched on, but for factors.

    Those are looked after where the user flow asks for any, unless that is switched off.
    All of it is part of profile edit. Linking is offered there to whoever manages identities, and
    elsewhere to whoever comes from an identity provider for the first time.

    Minutes 1–1440 say how long ago somebody may have signed in to change what matters.
    """

    is_email_change_allowed: bool = False
    is_password_change_allowed: bool = False
    are_identities_manageable: bool = False
    are_passkeys_manageable: bool = False
    are_factors_manageable: bool = True
    are_sessions_manageable: bool = False
    is_data_download_allowed: bool = False
    is_account_deletion_allowed: bool = False
    is_identity_linking_allowed: bool = False
    reauthentication_interval_in_minutes: int = 10

    @property
    def tasks(self) -> tuple[AccountTask, ...]:
        """Return what is switched on, in the order of the page."""
        allowed = {
            AccountTask.EMAIL: self.is_email_change_allowed,
            AccountTask.PASSWORD: self.is_password_change_allowed,
            AccountTask.IDENTITIES: self.are_identities_manageable,
            AccountTask.PASSKEYS: self.are_passkeys_manageable,
            AccountTask.SESSIONS: self.are_sessions_manageable,
            AccountTask.DATA: self.is_data_download_allowed,
            AccountTask.DELETION: self.is_account_deletion_allowed,
        }
        return tuple(task for task, is_allowed in allowed.items() if is_allowed)


NOTHING_OFFERED = AccountConfiguration()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """How far somebody has come: the task, and the address that is to be the new one.

    `told` is the sentence that says what was done last, `departure` the provider the person was
    sent to, in order to link what it vouches for.
    """

    task: AccountTask | None = None
    email: str | None = None
    code: OneTimeCode | None = None
    told: str | None = None
    departure: Departure | None = None


NO_TASK = AccountFacts()
