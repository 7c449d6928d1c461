"""What giving an account a second factor writes, and what is known afterwards."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import SendMessage
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_changes import EnrolFactor, RemoveFactor, ReplaceRecoveryCodes
from gatelodge.journeys.factor_notice import tell_owner
from gatelodge.journeys.factor_secrets import new_recovery_codes, stored_codes
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.passkey_changes import EndSessionsWithout
from gatelodge.journeys.place import Place
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Interaction
from gatelodge.model.second_factor import EnrolledFactor, FactorKind
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Writes factors and recovery codes, with what the log and the owner are told of them."""

    sealer: Sealer
    evidence: Evidence
    messages: FactorMessages
    clock: Clock
    randomness: Randomness

    def factor(
        self,
        account: Account,
        kind: FactorKind,
        *,
        factor_id: str,
        address: str | None = None,
        sealed_secret: str | None = None,
        last_step: int = 0,
    ) -> EnrolledFactor:
        """Return a factor as it will be stored."""
        return EnrolledFactor(
            directory_id=account.directory_id,
            account_id=account.id,
            id=factor_id,
            kind=kind,
            created_at=self.clock(),
            address=address,
            sealed_secret=sealed_secret,
            last_step=last_step,
        )

    def added(
        self, place: Place, interaction: Interaction, account: Account, factor: EnrolledFactor
    ) -> tuple[Change, ...]:
        """Return what adding a factor writes; the owner of a new account needs no telling."""
        event = self.evidence.event(
            interaction, EventName.FACTOR_ENROLLED, account.id, detail={"factor": factor.kind}
        )
        told = () if interaction.facts.is_new_account else self._tell(place, account, "added")
        return (EnrolFactor(account, factor), event, *told)

    def added_passkey(
        self, place: Place, interaction: Interaction, account: Account
    ) -> tuple[Change, ...]:
        """Return what adding a passkey as a factor writes besides the passkey itself."""
        told = () if interaction.facts.is_new_account else self._tell(place, account, "added")
        return (EndSessionsWithout(account, self.clock()), *told)

    def removed(
        self,
        place: Place,
        interaction: Interaction,
        renewed: Account,
        factor: EnrolledFactor,
        *,
        is_last: bool,
    ) -> tuple[Change, ...]:
        """Return what removing a factor writes; `renewed` says since when sign-ins count."""
        event = self.evidence.event(
            interaction, EventName.FACTOR_REMOVED, renewed.id, detail={"factor": factor.kind}
        )
        told = self._tell(place, renewed, "removed")
        return (RemoveFactor(renewed, factor, is_last), event, *told)

    def new_codes(
        self, place: Place, interaction: Interaction, account: Account
    ) -> tuple[tuple[str, ...], tuple[Change, ...]]:
        """Return new recovery codes, to be shown once, and what making them writes."""
        codes = new_recovery_codes(self.randomness)
        stored = stored_codes(self.sealer, account.directory_id, account.id, codes, self.clock())
        event = self.evidence.event(interaction, EventName.RECOVERY_CODES_MADE, account.id)
        told = () if interaction.facts.is_new_account else self._tell(place, account, "codes_made")
        return codes, (ReplaceRecoveryCodes(account.id, stored), event, *told)

    def _tell(self, place: Place, account: Account, what: str) -> tuple[Change, ...]:
        return tuple(
            SendMessage(each)
            for each in tell_owner(self.messages, place, account, what, self.clock())
        )
