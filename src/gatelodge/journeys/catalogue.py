"""Every journey of the product, on one screen.

Read a column downwards to get the journey of one user flow type. The order of the rows is the
order of the steps; `when` says whether a step applies to an interaction. A step never names
another step. `checkPassword` has no page: the token endpoint carries it out.
"""

from gatelodge.journeys.conditions import (
    account_managed,
    address_wanted,
    ages_asked,
    always,
    arrived_first,
    both,
    chose,
    connected,
    consent_wanted,
    device_asked,
    either,
    identified,
    linking,
    nobody_yet,
    passkey_offered,
    password_expired,
    session_offered,
    session_wanted,
)
from gatelodge.journeys.factor_rules import factor_missing, factor_wanted, factors_managed
from gatelodge.journeys.step import Condition, Journey, Step
from gatelodge.journeys.step import StepName as S
from gatelodge.journeys.terms import terms_unaccepted
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.interaction import Path
from gatelodge.model.user_flow import UserFlowType

UP, IN, UPIN = UserFlowType.SIGN_UP, UserFlowType.SIGN_IN, UserFlowType.SIGN_UP_OR_SIGN_IN
RESET, EDIT = UserFlowType.PASSWORD_RESET, UserFlowType.PROFILE_UPDATE
OWNER = UserFlowType.RESOURCE_OWNER

_signing_up = chose(Path.SIGN_UP)
_federating = chose(Path.PROVIDER)
_by_code = chose(Path.MAILED_CODE)
_new_here = either(_signing_up, arrived_first)
_resetting = chose(Path.PASSWORD_RESET)
_proving_email = either(both(_signing_up, address_wanted), _resetting)
_after_arrival = both(arrived_first, connected(ConnectorPoint.POST_FEDERATION_SIGNUP))
_before_registration = both(_new_here, connected(ConnectorPoint.POST_ATTRIBUTE_COLLECTION))
_age_of_new = both(_new_here, ages_asked)
_age_of_known = both(identified, ages_asked)
_before_tokens = connected(ConnectorPoint.PRE_TOKEN_ISSUANCE)

# fmt: off
ROWS: tuple[tuple[S, Condition, tuple[UserFlowType, ...]], ...] = (
    # step                      when                  the user flow types that have it
    (S.RESUME_SESSION,            session_offered,      (    IN, UPIN,        EDIT       )),
    (S.CHOOSE,                    nobody_yet,           (UP, IN, UPIN,        EDIT       )),
    (S.FEDERATE,                  _federating,          (UP, IN, UPIN,        EDIT       )),
    (S.SIGN_IN_BY_CODE,           _by_code,             (UP, IN, UPIN,        EDIT       )),
    (S.CHECK_PASSWORD,            always,               (                           OWNER,)),
    (S.RECOGNISE_DEVICE,          device_asked,         (UP, IN, UPIN, RESET, EDIT       )),
    (S.VERIFY_EMAIL,              always,               (              RESET,            )),
    (S.VERIFY_EMAIL,              _proving_email,       (UP, IN, UPIN                    )),
    (S.CALL_AFTER_ARRIVAL,        _after_arrival,       (UP,     UPIN                    )),
    (S.COLLECT_ATTRIBUTES,        _new_here,            (UP,     UPIN                    )),
    (S.ASK_AGE,                   _age_of_new,          (UP,     UPIN                    )),
    (S.CALL_BEFORE_REGISTRATION,  _before_registration, (UP,     UPIN                    )),
    (S.REGISTER,                  _new_here,            (UP,     UPIN                    )),
    (S.CHECK_FACTOR,              factor_wanted,        (UP, IN, UPIN, RESET, EDIT       )),
    (S.LINK_IDENTITY,             linking,              (        UPIN,                   )),
    (S.CHANGE_PASSWORD,           password_expired,     (    IN, UPIN,        EDIT       )),
    (S.NEW_PASSWORD,              always,               (              RESET,            )),
    (S.NEW_PASSWORD,              _resetting,           (    IN, UPIN                    )),
    (S.ENROL_FACTOR,              factor_missing,       (UP, IN, UPIN, RESET, EDIT       )),
    (S.CHECK_AGE,                 _age_of_known,        (UP, IN, UPIN                    )),
    (S.ACCEPT_TERMS,              terms_unaccepted,     (UP, IN, UPIN                    )),
    (S.OFFER_PASSKEY,             passkey_offered,      (UP,     UPIN                    )),
    (S.MANAGE_FACTORS,            factors_managed,      (                     EDIT,      )),
    (S.MANAGE_ACCOUNT,            account_managed,      (                     EDIT,      )),
    (S.UPDATE_PROFILE,            always,               (                     EDIT,      )),
    (S.CONSENT,                   consent_wanted,       (UP, IN, UPIN, RESET, EDIT       )),
    (S.CALL_BEFORE_TOKENS,        _before_tokens,       (UP, IN, UPIN,        EDIT       )),
    (S.START_SESSION,             session_wanted,       (UP, IN, UPIN, RESET, EDIT       )),
)
# fmt: on

_JOURNEYS: dict[UserFlowType, Journey] = {
    each: tuple(Step(name, when) for name, when, types in ROWS if each in types)
    for each in UserFlowType
}


def journey_for(user_flow_type: UserFlowType) -> Journey:
    """Return the steps of `user_flow_type`, in order."""
    return _JOURNEYS[user_flow_type]


def resumes_sessions(user_flow_type: UserFlowType) -> bool:
    """Return whether a browser's session counts at all in this kind of user flow."""
    return any(step.name is S.RESUME_SESSION for step in journey_for(user_flow_type))
