"""Sign the browser in, so that the next request needs no page."""

from dataclasses import dataclass
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.changes import AddSession
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.place import Place
from gatelodge.model.federation import without_token
from gatelodge.model.interaction import Interaction
from gatelodge.model.secret import Secret
from gatelodge.model.session import Session
from gatelodge.pages.form import Submitted
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True)
class StartSession:
    """A step without a page: a new session under a new handle, of which a digest is stored."""

    clock: Clock
    randomness: Randomness

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Begin the session."""
        facts, now = interaction.facts, self.clock()
        if facts.account_id is None or facts.auth_time is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        configuration = place.user_flow.single_sign_on_session_configuration
        is_kept = facts.keeps_signed_in and configuration.is_keep_me_signed_in_enabled
        lifetime = (
            timedelta(days=configuration.keep_me_signed_in_days)
            if is_kept
            else timedelta(minutes=configuration.session_lifetime_in_minutes)
        )
        handle = self.randomness.opaque()
        session = Session(
            directory_id=place.directory.id,
            id=digest_of(handle),
            account_id=facts.account_id,
            user_flow_id=interaction.user_flow_id,
            client_id=interaction.request.client_id,
            auth_time=facts.auth_time,
            amr=facts.amr,
            created_at=now,
            last_used_at=now,
            expires_at=now + lifetime,
            is_kept=is_kept,
            upstream=None if facts.upstream is None else without_token(facts.upstream),
        )
        return Done(facts=facts, changes=(AddSession(session),), session=Secret(handle))

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)
