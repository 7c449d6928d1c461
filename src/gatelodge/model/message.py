"""A message to a person, waiting to be sent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of the outbox: written with the change that causes it, sent afterwards.

    A production sender removes it once it is delivered; the development inbox keeps it.
    `sequence` orders messages as they were queued, whatever the clock said; the store gives it.
    """

    directory_id: DirectoryId
    id: str
    channel: Channel
    to: str
    subject: str
    text: str
    html: str
    code: str | None = None
    created_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    next_attempt_at: datetime
    sequence: int = field(default=0, compare=False)
