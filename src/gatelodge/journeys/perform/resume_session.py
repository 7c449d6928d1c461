"""Resume the session the browser brought, if this request may rest on it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gatelodge.clock import Clock
from gatelodge.journeys.changes import UseSession
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_rules import code_behind, factor_of_session, state_of
from gatelodge.journeys.outcome import Done, Outcome
from gatelodge.journeys.place import Place
from gatelodge.journeys.upstream import is_still_offered
from gatelodge.model.account import Account
from gatelodge.model.authorization import Prompt
from gatelodge.model.interaction import Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.model.session import Session
from gatelodge.model.user_flow import (
    SecondFactorState,
    SessionConfiguration,
    SessionScope,
    UserFlow,
)
from gatelodge.pages.form import Submitted
from gatelodge.storage.database import Database

LONGEST_SESSION = timedelta(days=30)
"""After this a session ends however often it was used (NIST SP 800-63B-4 §2.1.3)."""

_FRESH = frozenset({Prompt.LOGIN, Prompt.SELECT_ACCOUNT})


@dataclass(frozen=True, slots=True)
class ResumeSession:
    """Take the person from the session, without a page."""

    database: Database
    clock: Clock
    evidence: Evidence

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Identify the person when the session serves this request; forget the session if not."""
        stores = self.database.read(place.directory.id)
        session = await stores.sessions.get(interaction.facts.session_id)
        if session is None or not self._serves(session, place, interaction):
            return Done(facts=replace(interaction.facts, session_id=None))
        if not is_still_offered(place.user_flow, session.upstream):
            return Done(facts=replace(interaction.facts, session_id=None))
        account = await stores.accounts.get(session.account_id)
        if account is None or not is_alive(session, account):
            return Done(facts=replace(interaction.facts, session_id=None))
        factor = factor_of_session(place.user_flow, session.amr)
        if factor is None and _has_no_factor_left(place.user_flow, session):
            return Done(facts=replace(interaction.facts, session_id=None))
        facts = replace(
            interaction.facts,
            account_id=account.id,
            auth_time=session.auth_time,
            amr=session.amr,
            keeps_signed_in=session.is_kept,
            upstream=session.upstream,
            factor=replace(interaction.facts.factor, proved=factor),
        )
        now = self.clock()
        configuration = place.user_flow.single_sign_on_session_configuration
        is_kept = _keeps(configuration, session)
        expires_at = max(session.expires_at, _end(configuration, session, now))
        kinds = (ProofKind.SESSION, *(ProofKind.SECOND_FACTOR,) * (factor is not None))
        return Done(
            facts=facts,
            changes=(
                *(self.evidence.proof(interaction, it, session.id, account.id) for it in kinds),
                UseSession(session.id, now, expires_at, is_kept),
            ),
        )

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)

    def _serves(self, session: Session, place: Place, interaction: Interaction) -> bool:
        now, request = self.clock(), interaction.request
        configuration = place.user_flow.single_sign_on_session_configuration
        end = min(session.expires_at, _end(configuration, session, session.last_used_at))
        if now >= end or _FRESH & set(request.prompts):
            return False
        if request.max_age_s is not None:
            oldest = now - timedelta(seconds=request.max_age_s)
            if request.max_age_s == 0 or session.auth_time < oldest:
                return False
        return _is_in_scope(configuration, session, interaction)


def _end(configuration: SessionConfiguration, session: Session, used_at: datetime) -> datetime:
    """Return when a session that was used last at `used_at` ends for a user flow."""
    if _keeps(configuration, session):
        return session.created_at + timedelta(days=configuration.keep_me_signed_in_days)
    lifetime = timedelta(minutes=configuration.session_lifetime_in_minutes)
    if configuration.is_session_lifetime_absolute:
        return session.created_at + lifetime
    return min(used_at + lifetime, session.created_at + LONGEST_SESSION)


def _keeps(configuration: SessionConfiguration, session: Session) -> bool:
    """Return whether a session outlives the browser, for a user flow that may have no such."""
    return session.is_kept and configuration.is_keep_me_signed_in_enabled


def _has_no_factor_left(flow: UserFlow, session: Session) -> bool:
    """Return whether the mailbox or phone that may be asked for is what the session rests on.

    Whoever reads somebody's mail would show it once here and once there. Signing in anew tells
    them apart, and a password may be given as well.
    """
    is_asked = state_of(flow) is not SecondFactorState.OFF
    return is_asked and code_behind(session.amr) is not None


def is_alive(session: Session, account: Account) -> bool:
    """Return whether the account still stands behind a session it once began."""
    return account.account_enabled and session.auth_time >= account.sign_in_sessions_valid_from


def _is_in_scope(
    configuration: SessionConfiguration, session: Session, interaction: Interaction
) -> bool:
    match configuration.session_scope:
        case SessionScope.TENANT:
            return True
        case SessionScope.APPLICATION:
            return session.client_id == interaction.request.client_id
        case SessionScope.POLICY:
            return session.user_flow_id == interaction.user_flow_id
        case SessionScope.DISABLED:
            return False
