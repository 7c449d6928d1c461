"""An interaction: one user's progress through one journey."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gatelodge.model.age import AGE_UNKNOWN, AgeFacts
from gatelodge.model.api_connector import NOTHING_ANSWERED, ConnectorFacts
from gatelodge.model.authorization import AuthorizationRequest
from gatelodge.model.changed import changed
from gatelodge.model.device import NOWHERE, Device
from gatelodge.model.federation import Arrival, Departure, Upstream
from gatelodge.model.identifier import AccountId, DirectoryId, InteractionId, UserFlowId
from gatelodge.model.one_time_code import OneTimeCode
from gatelodge.model.own_account import NO_TASK, AccountFacts
from gatelodge.model.second_factor import NO_FACTOR, FactorFacts
from gatelodge.model.terms_of_use import NOTHING_ACCEPTED, TermsFacts
from gatelodge.model.trace import MOST_ENTRIES, TraceEntry

INTERACTION_LIFETIME_S = 3600


class Path(StrEnum):
    """What the user chose on the first page."""

    LOCAL = "local"
    SIGN_UP = "signUp"
    PASSWORD_RESET = "passwordReset"
    PROVIDER = "provider"
    MAILED_CODE = "mailedCode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the steps have learned so far.

    `account_id` is set only together with an identifying proof. `email` is the address the
    interaction is about; `is_email_proved` that a code sent there came back. `phone` is the
    number people sign in with where they do that by phone. `session_id` is the session the browser
    offered, and stays only if it was resumed. `password_hash` waits for the account it will
    belong to. `user_name` is the name the interaction is about where people sign in
    with one. `must_change_password` says that the right password was too old to be accepted,
    `keeps_signed_in` that the session is to outlive the browser. `device` is where the person is.
    `departure` is the provider the person was sent to, `arrival` who it says came back, `upstream`
    the provider this sign-in rests on. `retries` counts the forms the step under way refused.
    """

    path: Path | None = None
    account_id: AccountId | None = None
    is_new_account: bool = False
    auth_time: datetime | None = None
    amr: tuple[str, ...] = ()
    email: str | None = None
    user_name: str | None = None
    code: OneTimeCode | None = None
    is_email_proved: bool = False
    phone: str | None = None
    sends: int = 0
    session_id: str | None = None
    password_hash: str | None = None
    must_change_password: bool = False
    keeps_signed_in: bool = False
    collected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    departure: Departure | None = None
    arrival: Arrival | None = None
    upstream: Upstream | None = None
    device: Device = NOWHERE
    account: AccountFacts = NO_TASK
    connectors: ConnectorFacts = NOTHING_ANSWERED
    age: AgeFacts = AGE_UNKNOWN
    terms: TermsFacts = NOTHING_ACCEPTED
    factor: FactorFacts = NO_FACTOR
    retries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Stored between two HTTP requests; `revision` guards against a lost update.

    It names its user flow and does not copy it: conditions are always asked of the flow as it is
    configured now. `browser` is the digest of the cookie of the browser it began in. `answer` is
    what the application was sent at the end, sealed under the handle, and `code_id` the code in
    it: a form that arrives twice gets it again as long as the code was not redeemed. `trace` says
    which steps were carried out, and outlives the interaction.
    """

    directory_id: DirectoryId
    id: InteractionId
    user_flow_id: UserFlowId
    request: AuthorizationRequest
    browser: str
    correlation_id: str
    created_at: datetime
    expires_at: datetime
    facts: Facts = Facts()
    completed: tuple[str, ...] = ()
    answer: str | None = None
    code_id: str | None = None
    trace: tuple[TraceEntry, ...] | None = None
    revision: int = 0

    def traced(self, entry: TraceEntry) -> "Interaction":
        """Return the interaction with one more entry in its trace."""
        return changed(self, trace=(*(self.trace or ()), entry)[-MOST_ENTRIES:])

    def after(self, step: str | None, facts: Facts) -> "Interaction":
        """Return the interaction with `facts`, and with `step` finished unless it is None."""
        if step is None:
            return changed(self, facts=facts)
        if facts.retries:
            facts = replace(facts, retries=0)
        return changed(self, completed=(*self.completed, step), facts=facts)

    def reopened(self, earlier: Collection[str], facts: Facts) -> "Interaction":
        """Return the interaction with `facts`; only `earlier` steps stay finished."""
        kept = tuple(each for each in self.completed if each in earlier)
        return replace(self, completed=kept, facts=facts)

    def restarted(self) -> "Interaction":
        """Return the interaction as it began; only the request it serves is kept."""
        return replace(self, completed=(), facts=Facts(device=self.facts.device.of_nobody()))
