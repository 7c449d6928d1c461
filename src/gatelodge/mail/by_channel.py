"""Every message by the way that is its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.mail.transport import Transport, Undeliverable
from gatelodge.model.message import Channel, Message


@dataclass(frozen=True, slots=True)
class ByChannel:
    """Sends each message by the transport of its channel; one without a way can never leave."""

    transports: Mapping[Channel, Transport]
    keeps_messages: bool = False

    async def deliver(self, message: Message) -> None:
        """Hand the message on."""
        transport = self.transports.get(message.channel)
        if transport is None:
            raise Undeliverable(f"nothing is set up to send messages by {message.channel}")
        await transport.deliver(message)
