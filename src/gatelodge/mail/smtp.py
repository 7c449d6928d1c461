"""Mail by SMTP (RFC 5321), one connection for each message."""

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib

from gatelodge.clock import Clock
from gatelodge.mail.transport import NotDelivered, Undeliverable
from gatelodge.model.email_address import parse_email_address
from gatelodge.model.message import Channel, Message
from gatelodge.model.secret import Secret

TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTransport:
    """Hands mail to one server. `security` is `starttls`, `tls` or `none`.

    STARTTLS is demanded, never only tried: a server that does not offer it gets nothing.
    """

    host: str
    port: int
    security: str
    sender: str
    clock: Clock
    username: str = ""
    password: Secret[str] | None = None
    tls: ssl.SSLContext | None = None
    keeps_messages: bool = False

    async def deliver(self, message: Message) -> None:
        """Send one message to one address, byte for byte the one that was checked."""
        mail = self._compose(message)
        try:
            await aiosmtplib.send(
                mail,
                sender=self.sender,
                recipients=[message.to],
                hostname=self.host,
                port=self.port,
                username=self.username or None,
                password=None if self.password is None else self.password.reveal(),
                use_tls=self.security == "tls",
                start_tls=self.security == "starttls",
                tls_context=self.tls,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(500 <= each.code < 600 for each in error.recipients):
                raise Undeliverable("the address was refused") from error
            raise NotDelivered("the address was refused for now") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotDelivered(type(error).__name__) from error

    def _compose(self, message: Message) -> EmailMessage:
        if message.channel is not Channel.EMAIL or parse_email_address(message.to) is None:
            raise Undeliverable("this is no mail address")
        mail = EmailMessage(policy=SMTP)
        try:
            mail["From"] = self.sender
            mail["To"] = message.to
            mail["Subject"] = message.subject
        except ValueError as error:
            raise Undeliverable("a header would not be one line") from error
        mail["Date"] = format_datetime(self.clock())
        mail["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail
