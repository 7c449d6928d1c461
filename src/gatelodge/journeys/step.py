"""A step: one thing that has to be true before a journey may issue tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow

Condition: TypeAlias = Callable[[UserFlow, Interaction], bool]


class StepName(StrEnum):
    """Stored, logged, audited and sealed into forms: a value is never changed."""

    RESUME_SESSION = "resumeSession"
    CHOOSE = "choose"
    FEDERATE = "federate"
    SIGN_IN_BY_CODE = "signInByCode"
    CHECK_PASSWORD = "checkPassword"
    RECOGNISE_DEVICE = "recogniseDevice"
    CHANGE_PASSWORD = "changePassword"
    VERIFY_EMAIL = "verifyEmail"
    CALL_AFTER_ARRIVAL = "callAfterArrival"
    COLLECT_ATTRIBUTES = "collectAttributes"
    ASK_AGE = "askAge"
    CHECK_AGE = "checkAge"
    ACCEPT_TERMS = "acceptTerms"
    CALL_BEFORE_REGISTRATION = "callBeforeRegistration"
    REGISTER = "register"
    CHECK_FACTOR = "checkFactor"
    LINK_IDENTITY = "linkIdentity"
    NEW_PASSWORD = "newPassword"
    ENROL_FACTOR = "enrolFactor"
    MANAGE_FACTORS = "manageFactors"
    OFFER_PASSKEY = "offerPasskey"
    MANAGE_ACCOUNT = "manageAccount"
    UPDATE_PROFILE = "updateProfile"
    CONSENT = "consent"
    CALL_BEFORE_TOKENS = "callBeforeTokens"
    START_SESSION = "startSession"


@dataclass(frozen=True, slots=True)
class Step:
    """A row of a journey: which step, and when it applies."""

    name: StepName
    when: Condition


Journey: TypeAlias = tuple[Step, ...]
