"""Mail by SMTP, against a server that speaks it."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from gatelodge.development.authority import server_tls
from gatelodge.development.data_directory import DataDirectory
from gatelodge.mail.smtp import SmtpTransport
from gatelodge.mail.transport import NotDelivered, Undeliverable
from gatelodge.model.message import Channel, Message
from tests.world.clock import BEGINNING, MovableClock
from tests.world.makers import TENANT
from tests.world.smtp import MailServer, running_mail_server

MESSAGE = Message(
    directory_id=TENANT,
    id="8b0f6c3e-0000-4000-8000-000000000001",
    channel=Channel.EMAIL,
    to="ada@acme.example",
    subject="Your code – Acme",
    text="Grüße. Your code is 123456.\n.\nEnd.\n",
    html="<p>123456</p>",
    code="123456",
    created_at=BEGINNING,
    next_attempt_at=BEGINNING,
)


def transport(
    server: MailServer, security: str, tls: ssl.SSLContext | None = None
) -> SmtpTransport:
    return SmtpTransport(
        host="127.0.0.1",
        port=server.port,
        security=security,
        sender="no-reply@acme.example",
        clock=MovableClock(),
        tls=tls,
    )


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path)


async def test_a_mail_arrives_as_it_was_written() -> None:
    async with running_mail_server() as server:
        await transport(server, "none").deliver(MESSAGE)
    assert server.recipients == ["RCPT TO:<ada@acme.example>"]
    mail = message_from_bytes(server.mails[0].removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
    assert mail["From"] == "no-reply@acme.example"
    assert mail["To"] == "ada@acme.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Sun, 01 Mar 2026 12:00:00 +0000"
    plain, html = (each for each in mail.walk() if not each.is_multipart())
    text = plain.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.decode().replace("\r\n", "\n") == MESSAGE.text
    assert html.get_content_type() == "text/html"


async def test_starttls_encrypts_before_anything_is_said(directory: DataDirectory) -> None:
    tls = server_tls(directory, datetime.now(UTC))
    trusted = ssl.create_default_context(cafile=directory.authority_certificate)
    async with running_mail_server(tls) as server:
        await transport(server, "starttls", trusted).deliver(MESSAGE)
    assert server.is_encrypted == [True]


async def test_a_server_without_starttls_gets_nothing_it_was_demanded_of() -> None:
    async with running_mail_server() as server:
        with pytest.raises(NotDelivered):
            await transport(server, "starttls").deliver(MESSAGE)
    assert server.recipients == []
    assert server.mails == []


async def test_a_server_nobody_vouches_for_gets_nothing(directory: DataDirectory) -> None:
    async with running_mail_server(server_tls(directory, datetime.now(UTC))) as server:
        with pytest.raises(NotDelivered):
            await transport(server, "starttls").deliver(MESSAGE)
    assert server.mails == []


async def test_nobody_at_home_is_tried_again() -> None:
    async with running_mail_server() as server:
        pass
    with pytest.raises(NotDelivered):
        await transport(server, "none").deliver(MESSAGE)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [(b"550 no such user", Undeliverable), (b"451 later", NotDelivered)],
)
async def test_an_address_is_refused_for_good_or_for_now(
    answer: bytes, trouble: type[Exception]
) -> None:
    async with running_mail_server() as server:
        server.refusals = [answer]
        with pytest.raises(trouble):
            await transport(server, "none").deliver(MESSAGE)


@pytest.mark.parametrize(
    "changed",
    [
        replace(MESSAGE, subject="Hello\r\nBcc: eve@evil.example"),
        replace(MESSAGE, to="ada@acme.example\r\nBcc: eve@evil.example"),
        replace(MESSAGE, to="ada@acme.example,eve@evil.example"),
        replace(MESSAGE, to="=?utf-8?q?eve=40evil.example?="),
        replace(MESSAGE, channel=Channel.SMS, to="+4512345678"),
    ],
    ids=["subject", "line break", "two addresses", "encoded word", "telephone"],
)
async def test_what_would_become_another_mail_never_leaves(changed: Message) -> None:
    async with running_mail_server() as server:
        with pytest.raises(Undeliverable):
            await transport(server, "none").deliver(changed)
    assert server.mails == []
