"""How a message leaves."""

from typing import Protocol

from gatelodge.model.message import Message


class NotDelivered(Exception):
    """The message did not leave; trying again later makes sense."""


class Undeliverable(Exception):
    """The message can never leave: the address or the message itself was refused for good."""


class Transport(Protocol):
    """One way out of the house."""

    @property
    def keeps_messages(self) -> bool:
        """Return whether a delivered message stays readable here."""
        ...

    async def deliver(self, message: Message) -> None:
        """Hand the message over. Raises `NotDelivered` or `Undeliverable`."""
        ...
