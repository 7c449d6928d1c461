"""Messages to phones, taken over by a gateway: a real HTTP server answers here."""

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from gatelodge.mail.by_channel import ByChannel
from gatelodge.mail.gateway import Gateway
from gatelodge.mail.transport import NotDelivered, Undeliverable
from gatelodge.model.message import Channel, Message
from gatelodge.model.secret import Secret
from gatelodge.outbound import Outbound
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT

MESSAGE = Message(
    directory_id=TENANT,
    id="message-1",
    channel=Channel.SMS,
    to="+4915123456789",
    subject="",
    text="123456 is your code.",
    html="",
    code="123456",
    created_at=BEGINNING,
    next_attempt_at=BEGINNING,
)


class Listening(HTTPServer):
    """Keeps what it is asked, and answers with `status`."""

    status = 202
    asked: list[tuple[dict[str, str], dict[str, str]]]


class _Answer(BaseHTTPRequestHandler):
    server: Listening

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listening() -> Iterator[Listening]:
    server = Listening(("127.0.0.1", 0), _Answer)
    server.asked = []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def gateway(listening: Listening) -> Gateway:
    return Gateway(
        url=f"http://127.0.0.1:{listening.server_port}/sms",
        channel=Channel.SMS,
        outbound=Outbound(is_development=True),
        token=Secret("t0ken"),
    )


async def test_a_message_is_handed_over_with_its_id_and_the_token(listening: Listening) -> None:
    await ByChannel({Channel.SMS: gateway(listening)}).deliver(MESSAGE)
    ((headers, body),) = listening.asked
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Idempotency-Key"] == "message-1"
    assert body == {
        "id": "message-1",
        "channel": "sms",
        "to": "+4915123456789",
        "text": "123456 is your code.",
        "code": "123456",
    }


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, NotDelivered),
        (503, NotDelivered),
        (429, NotDelivered),
        (400, Undeliverable),
        (404, Undeliverable),
        (301, Undeliverable),
    ],
)
async def test_what_the_gateway_does_not_take_is_tried_again_or_given_up(
    listening: Listening, status: int, error: type[Exception]
) -> None:
    listening.status = status
    with pytest.raises(error):
        await gateway(listening).deliver(MESSAGE)


async def test_a_gateway_that_may_not_be_reached_gets_nothing(listening: Listening) -> None:
    guarded = replace(gateway(listening), outbound=Outbound(is_development=False))
    with pytest.raises(NotDelivered):
        await guarded.deliver(MESSAGE)
    assert listening.asked == []


async def test_a_message_without_a_way_can_never_leave(listening: Listening) -> None:
    with pytest.raises(Undeliverable):
        await ByChannel({}).deliver(MESSAGE)
    with pytest.raises(Undeliverable):
        await gateway(listening).deliver(replace(MESSAGE, channel=Channel.VOICE))
