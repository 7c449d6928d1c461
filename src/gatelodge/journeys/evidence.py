"""Make proofs and audit events: what every step leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import AddProof, Record
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction
from gatelodge.model.proof import Proof, ProofKind
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True)
class Evidence:
    """Writes down what an interaction proved and what happened in it."""

    clock: Clock
    randomness: Randomness

    def proof(
        self,
        interaction: Interaction,
        kind: ProofKind,
        subject: str,
        account_id: AccountId | None = None,
    ) -> AddProof:
        """Return the change that stores a proof; `subject` in look-up form."""
        return AddProof(
            Proof(
                directory_id=interaction.directory_id,
                id=self.randomness.uuid(),
                interaction_id=interaction.id,
                kind=kind,
                subject=subject,
                account_id=account_id,
                created_at=self.clock(),
            )
        )

    def event(
        self,
        interaction: Interaction,
        name: EventName,
        target: str,
        *,
        is_success: bool = True,
        detail: Mapping[str, str] | None = None,
    ) -> Record:
        """Return the change that records an event; `target` is an id, never a name."""
        return Record(
            self.plain_event(interaction, name, target, is_success=is_success, detail=detail)
        )

    def plain_event(
        self,
        interaction: Interaction,
        name: EventName,
        target: str,
        *,
        is_success: bool = True,
        detail: Mapping[str, str] | None = None,
    ) -> AuditEvent:
        """Return the event itself."""
        return AuditEvent(
            directory_id=interaction.directory_id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=name,
            actor=interaction.request.client_id,
            target=target,
            is_success=is_success,
            correlation_id=interaction.correlation_id,
            detail={"userFlow": interaction.user_flow_id, **(detail or {})},
        )
