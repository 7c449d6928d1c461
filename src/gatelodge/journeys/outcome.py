"""What a step can answer. Expected troubles are answers, not exceptions.

Every answer may carry `facts` (what is known now; None when nothing was learned) and `changes`.
Both are saved together with the interaction in one transaction: either the account exists and
the step is finished, or neither.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from gatelodge.journeys.step import StepName
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Facts
from gatelodge.model.secret import Secret
from gatelodge.pages.page import Page
from gatelodge.storage.stores import Stores

Change: TypeAlias = Callable[[Stores], Coroutine[Any, Any, None]]


class Unproved(Exception):
    """A change found no proof to use up: nothing of its transaction is kept."""


class Refusal(StrEnum):
    """Why a journey can end without tokens."""

    CANCELLED = "cancelled"
    FORGOT_PASSWORD = "forgotPassword"
    NOT_PROVED = "notProved"
    ALREADY_EXISTS = "alreadyExists"
    NO_SUCH_ACCOUNT = "noSuchAccount"
    ACCOUNT_DISABLED = "accountDisabled"
    ACCOUNT_DELETED = "accountDeleted"
    NOT_INTERACTIVE = "notInteractive"
    TOO_MANY_RETRIES = "tooManyRetries"
    FACTOR_LOCKED = "factorLocked"
    FACTOR_UNAVAILABLE = "factorUnavailable"
    UNDER_AGE = "underAge"
    CONNECTOR_PASSWORD_REFUSED = "connectorPasswordRefused"
    CONNECTOR_CERTIFICATE_REFUSED = "connectorCertificateRefused"
    CONNECTOR_FAILED = "connectorFailed"
    CONNECTOR_TIMED_OUT = "connectorTimedOut"
    CONNECTOR_UNREADABLE = "connectorUnreadable"
    CONNECTOR_NOT_REACHED = "connectorNotReached"
    CONSENT_DENIED = "consentDenied"
    NO_WAY_IN = "noWayIn"
    NOT_SIGNED_UP = "notSignedUp"
    PROVIDER_DENIED = "providerDenied"
    PROVIDER_UNREACHABLE = "providerUnreachable"
    PROVIDER_MISCONFIGURED = "providerMisconfigured"
    PROVIDER_REFUSED_US = "providerRefusedUs"
    PROVIDER_ANSWER_INVALID = "providerAnswerInvalid"
    PROVIDER_ANSWER_INCOMPLETE = "providerAnswerIncomplete"
    PROVIDER_SAID_NOTHING = "providerSaidNothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    facts: Facts | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Show(_Answer):
    """Wait for the user here: show this page."""

    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(_Answer):
    """Wait for the user at an identity provider, from where `state` has to come back.

    A SAML provider repeats the state in what it signs, and `RelayState` only finds the way.
    """

    address: str
    state: Secret[str]
    is_saml: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(_Answer):
    """The step is finished. `session` is the handle of the session it began."""

    session: Secret[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Back(_Answer):
    """Everything from the step `to` on has to be done again; `page` says why, if that is needed."""

    to: StepName
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(_Answer):
    """The journey ends without tokens."""

    reason: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """No step is left and somebody is identified: tokens may be issued for `account_id`.

    `changes` are what the last step wants written, in the transaction that issues them.
    """

    account_id: AccountId
    session: Secret[str] | None = None
    changes: tuple[Change, ...] = ()


Outcome: TypeAlias = Show | Leave | Done | Back | Refuse
Ending: TypeAlias = Show | Leave | Refuse | Finished
