"""Interactions and the proofs they gathered."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from gatelodge.model.identifier import InteractionId
from gatelodge.model.interaction import Interaction
from gatelodge.model.proof import IDENTIFYING, Proof, ProofKind
from gatelodge.model.trace import Trace
from gatelodge.storage import tables
from gatelodge.storage.expiry import SLICE, slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store
from gatelodge.storage.traces import Traces

_of_interaction = tables.interaction.c
_is_here = _of_interaction.directory_id == bindparam("of_directory")
_EXPIRED = Query(
    delete(tables.interaction)
    .where(
        _is_here,
        _of_interaction.id.in_(
            select(_of_interaction.id)
            .where(_is_here, _of_interaction.expires_at < bindparam("before"))
            .limit(SLICE)
        ),
    )
    .returning(
        _of_interaction.correlation_id,
        _of_interaction.user_flow_id,
        _of_interaction.created_at,
        _of_interaction.trace,
    )
)


class Interactions(Store[Interaction]):
    """Journeys under way, by the digest of their handle."""

    record = Record(Interaction, tables.interaction)
    __slots__ = ()

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what expired, and keep the traces; return how many."""
        swept = await self.all(_EXPIRED, before=before)
        traces = Traces(self.connection, self.directory_id)
        for correlation_id, user_flow_id, created_at, entries in swept:
            if entries:
                await traces.add(
                    Trace(
                        directory_id=self.directory_id,
                        correlation_id=correlation_id,
                        user_flow_id=user_flow_id,
                        created_at=created_at,
                        entries=entries,
                    )
                )
        return len(swept)


_PROOFS = Record(Proof, tables.proof)
_proof = tables.proof.c


def _consume(kinds: tuple[ProofKind, ...], column: Any) -> Query:
    """Return the one statement that uses a proof up: it succeeds once, for one caller."""
    return Query(
        update(tables.proof)
        .where(
            _PROOFS.of_directory(),
            _proof.interaction_id == bindparam("of_interaction"),
            # Not IN: its list would only be written out when the statement is executed.
            or_(*(_proof.kind == kind for kind in kinds)),
            column == bindparam("about"),
            _proof.consumed_at.is_(None),
        )
        .values(consumed_at=bindparam("new_consumed_at", type_=_proof.consumed_at.type))
        .returning(*_PROOFS.columns)
    )


_CONSUME_EMAIL = _consume((ProofKind.EMAIL, ProofKind.PHONE), _proof.subject)
_CONSUME_ARRIVAL = _consume((ProofKind.FEDERATION,), _proof.subject)
_CONSUME_IDENTIFYING = _consume(IDENTIFYING, _proof.account_id)
_CONSUME_FACTOR = _consume((ProofKind.SECOND_FACTOR,), _proof.account_id)
_OLD_PROOFS = slice_of(tables.proof, "id", _proof.created_at < bindparam("before"))


class Proofs(Store[Proof]):
    """What interactions proved. Using a proof up is one statement."""

    record = _PROOFS
    __slots__ = ()

    async def consume_email(
        self, interaction_id: InteractionId, subject: str, now: datetime
    ) -> Proof | None:
        """Use up the proof that this address or number was read; None when there is none.

        `subject` is its look-up form, in which no address looks like a number.
        """
        return self.load(
            await self.one(
                _CONSUME_EMAIL, of_interaction=interaction_id, about=subject, new_consumed_at=now
            )
        )

    async def consume_arrival(
        self, interaction_id: InteractionId, subject: str, now: datetime
    ) -> Proof | None:
        """Use up the proof that a provider identified `subject`; None when there is none."""
        return self.load(
            await self.one(
                _CONSUME_ARRIVAL,
                of_interaction=interaction_id,
                about=subject,
                new_consumed_at=now,
            )
        )

    async def consume_identifying(
        self, interaction_id: InteractionId, account_id: str, now: datetime
    ) -> Proof | None:
        """Use up the proof that the person is this account; None when there is none."""
        return self.load(
            await self.one(
                _CONSUME_IDENTIFYING,
                of_interaction=interaction_id,
                about=account_id,
                new_consumed_at=now,
            )
        )

    async def consume_second_factor(
        self, interaction_id: InteractionId, account_id: str, now: datetime
    ) -> Proof | None:
        """Use up the proof that the account's second factor was there; None when there is none."""
        return self.load(
            await self.one(
                _CONSUME_FACTOR,
                of_interaction=interaction_id,
                about=account_id,
                new_consumed_at=now,
            )
        )

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of the proofs older than that moment; return how many."""
        return await self.run(_OLD_PROOFS, before=before)
