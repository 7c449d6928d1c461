"""Text messages and calls, by a gateway that takes them over HTTPS.

One request for each message, with a JSON object: `id`, `channel` (`sms` or `voice`), `to` (E.164),
`text` and `code`. A gateway of one's own turns it into what a provider of such messages wants.
"""

from dataclasses import dataclass

import msgspec

from gatelodge.mail.transport import NotDelivered, Undeliverable
from gatelodge.model.message import Channel, Message
from gatelodge.model.secret import Secret
from gatelodge.outbound import NotAllowed, NotReached, Outbound

_TOO_BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Hands messages of one channel to one address; `token` is sent as a bearer token."""

    url: str
    channel: Channel
    outbound: Outbound
    token: Secret[str] | None = None
    keeps_messages: bool = False

    async def deliver(self, message: Message) -> None:
        """Send one message. The same `id` twice is the same message, sent again."""
        if message.channel is not self.channel:
            raise Undeliverable("this message goes another way")
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.id}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token.reveal()}"
        content = msgspec.json.encode(
            {
                "id": message.id,
                "channel": message.channel.value,
                "to": message.to,
                "text": message.text,
                "code": message.code,
            }
        )
        try:
            answer = await self.outbound.send(
                "POST", self.url, headers=headers, content=content, is_cut_off=True
            )
        except (NotReached, NotAllowed) as error:
            raise NotDelivered(type(error).__name__) from error
        if answer.status in _TOO_BUSY or answer.status >= 500:
            raise NotDelivered(f"status {answer.status}")
        if not 200 <= answer.status < 300:
            raise Undeliverable(f"status {answer.status}")
