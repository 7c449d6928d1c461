"""A mail server that keeps what it is sent, and can be told to refuse."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class MailServer:
    """Speaks as much SMTP (RFC 5321) as a sender needs. `refusals` answer RCPT, in turn."""

    tls: ssl.SSLContext | None = None
    port: int = 0
    recipients: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)
    is_encrypted: list[bool] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one sender."""
        writer.write(b"220 here\r\n")
        is_encrypted = False
        while line := await reader.readline():
            verb = line.strip().upper()
            if verb.startswith(b"EHLO"):
                offered = b"STARTTLS" if self.tls and not is_encrypted else b"8BITMIME"
                writer.write(b"250-here\r\n250 " + offered + b"\r\n")
            elif verb == b"STARTTLS" and self.tls:
                writer.write(b"220 go on\r\n")
                await writer.drain()
                try:
                    await writer.start_tls(self.tls)
                except (OSError, ssl.SSLError):
                    break  # whoever called does not trust us and has left
                is_encrypted = True
            elif verb.startswith(b"RCPT") and self.refusals:
                writer.write(self.refusals.pop(0) + b"\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                self.is_encrypted.append(is_encrypted)
                writer.write(b"250 kept\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                if verb.startswith(b"RCPT"):
                    self.recipients.append(line.decode().strip())
                writer.write(b"250 fine\r\n")
        writer.close()


@asynccontextmanager
async def running_mail_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[MailServer]:
    """Listen on a free port of this machine."""
    mail_server = MailServer(tls)
    async with await asyncio.start_server(mail_server.serve, "127.0.0.1", 0) as listening:
        mail_server.port = listening.sockets[0].getsockname()[1]
        yield mail_server
