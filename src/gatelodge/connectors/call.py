"""Ask a connector: once more when it was not there, and never when that will not help."""

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from gatelodge.clock import Clock
from gatelodge.connectors.answer import Said, Unreadable, may_be_read, read_answer
from gatelodge.connectors.authentication import Contexts, basic_header
from gatelodge.connectors.circuit import Circuits, Outcome, Resting
from gatelodge.connectors.request import Told, request_body
from gatelodge.crypto.seal import Sealer
from gatelodge.model.api_connector import ApiConnector, ConnectorPoint
from gatelodge.outbound import Answer, Failure, NotAllowed, NotReached, Outbound
from gatelodge.randomness import Randomness

TRIES = 2
TRY_LONGEST_S = 5.0
_SERVER_TROUBLE = 500
_NOT_US = frozenset({401, 403})
_WORTH_ANOTHER_TRY = frozenset({Failure.TIMED_OUT, Failure.NOT_CONNECTED, Failure.NAME_UNKNOWN})

_log = logging.getLogger("gatelodge.connectors")


class Trouble(StrEnum):
    """Why a connector gave no answer that counts."""

    PASSWORD_REFUSED = "passwordRefused"
    CERTIFICATE_REFUSED = "certificateRefused"
    CERTIFICATE_EXPIRED = "certificateExpired"
    NOT_REACHED = "notReached"
    TIMED_OUT = "timedOut"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    RESTING = "resting"


Called: TypeAlias = Said | Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: `idempotency_key` is the same whenever the same is told at the same point."""

    connector: ApiConnector
    point: ConnectorPoint
    told: Told
    correlation_id: str
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectors:
    """The connectors of every directory."""

    outbound: Outbound
    sealer: Sealer
    clock: Clock
    contexts: Contexts
    circuits: Circuits
    try_longest_s: float = TRY_LONGEST_S

    async def ask(self, call: Call) -> Called:
        """Return what the connector said, or why it said nothing that counts.

        Two tries of five seconds at most. What went wrong in detail is for the log only.
        """
        connector = call.connector
        if connector.certificates and connector.shown_at(self.clock()) is None:
            return Trouble.CERTIFICATE_EXPIRED
        try:
            with self.circuits.entered(connector.place) as outcome:
                return await self._ask(call, outcome)
        except Resting as resting:
            return _trouble(call, Trouble.RESTING, str(resting))

    async def _ask(self, call: Call, outcome: Outcome) -> Called:
        trouble = Trouble.FAILED
        for _ in range(TRIES):
            try:
                answer = await self._send(call)
            except NotAllowed as error:
                return _trouble(call, Trouble.NOT_REACHED, str(error))
            except NotReached as error:
                trouble = _trouble(call, _trouble_of(error), str(error))
                if error.failure in _WORTH_ANOTHER_TRY:
                    continue
                return trouble
            if answer.status >= _SERVER_TROUBLE:
                trouble = _trouble(call, Trouble.FAILED, str(answer.status))
                continue
            outcome.is_good = True
            return _read(call, answer)
        return trouble

    async def _send(self, call: Call) -> Answer:
        connector = call.connector
        sealed = connector.shown_at(self.clock())
        return await self.outbound.send(
            "POST",
            connector.target_url,
            headers={
                "Accept": "application/json",
                "Content-Type": "application/json",
                "User-Agent": "Gatelodge",
                "client-request-id": call.correlation_id,
                "x-ms-client-request-id": call.correlation_id,
                "Idempotency-Key": call.idempotency_key,
                **basic_header(connector, self.sealer),
            },
            content=request_body(call.point, call.told),
            tls=None if sealed is None else self.contexts.context(connector, sealed),
            longest_s=self.try_longest_s,
        )


def _read(call: Call, answer: Answer) -> Called:
    if answer.status in _NOT_US:
        is_certified = call.connector.private_key is not None
        refused = Trouble.CERTIFICATE_REFUSED if is_certified else Trouble.PASSWORD_REFUSED
        return _trouble(call, refused, str(answer.status))
    if not may_be_read(answer.status):
        return _trouble(call, Trouble.FAILED, str(answer.status))
    try:
        return read_answer(answer.status, answer.body)
    except Unreadable as error:
        return _trouble(call, Trouble.UNREADABLE, str(error))


def _trouble_of(error: NotReached) -> Trouble:
    match error.failure:
        case Failure.TIMED_OUT:
            return Trouble.TIMED_OUT
        case Failure.NOT_CONNECTED | Failure.NAME_UNKNOWN:
            return Trouble.NOT_REACHED
        case Failure.UNREADABLE | Failure.TOO_LARGE:
            return Trouble.UNREADABLE


def _trouble(call: Call, trouble: Trouble, why: str) -> Trouble:
    _log.warning(
        "connector gave no answer: %s, %s",
        trouble,
        why,
        extra={"connector_id": call.connector.id, "correlation_id": call.correlation_id},
    )
    return trouble


def new_connectors(
    outbound: Outbound, sealer: Sealer, clock: Clock, randomness: Randomness
) -> Connectors:
    """Return the connectors with nothing seen of any yet."""
    return Connectors(
        outbound=outbound,
        sealer=sealer,
        clock=clock,
        contexts=Contexts(sealer, randomness, outbound.authorities),
        circuits=Circuits(clock),
    )
