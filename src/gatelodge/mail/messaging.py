"""Which messages leave here at all, and how many of those that cost money."""

from dataclasses import dataclass

from gatelodge.model.message import Channel

EVERY_CHANNEL = frozenset(Channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Messaging:
    """What may be sent: nothing is offered to people that could not reach them.

    `phone_regions` are the regions phones may belong to (ISO 3166-1), every one when it is empty;
    `phones_a_day` is how many messages to phones each directory sends in a day.
    """

    channels: frozenset[Channel] = EVERY_CHANNEL
    phone_regions: tuple[str, ...] = ()
    phones_a_day: int = 1000
