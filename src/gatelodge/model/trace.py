"""The trace of a journey: which steps it went through, and why. Names of facts, never values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId, UserFlowId

MOST_ENTRIES = 60
"""A journey that goes to and fro longer than this keeps the latest of its entries."""


class TraceOutcome(StrEnum):
    """What a step answered."""

    SHOWN = "shown"
    DONE = "done"
    BACK = "back"
    LEFT = "left"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """One step, once carried out.

    `condition` is the name of the condition because of which it applied. `asked` are the ids of the
    fields on the `page` that is shown, `answered` of those the person sent, `learned` the names of
    the facts that changed. `because` are the sentences on the page, by their string ids, or why the
    journey was refused.
    """

    step: str
    condition: str
    outcome: TraceOutcome
    at: datetime
    milliseconds: int
    page: str | None = None
    asked: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is kept of an interaction after it is gone."""

    directory_id: DirectoryId
    correlation_id: str
    user_flow_id: UserFlowId
    created_at: datetime
    entries: tuple[TraceEntry, ...]
