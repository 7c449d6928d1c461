"""What a call does when nobody answers, and which values of an answer are taken."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from gatelodge.connectors.call import Call, Trouble, new_connectors
from gatelodge.connectors.circuit import FAILURES_THAT_OPEN, MOST_AT_ONCE, OPEN_S, Circuits, Resting
from gatelodge.connectors.claims import NEVER_TAKEN, sort_claims
from gatelodge.connectors.request import Told
from gatelodge.crypto.seal import Sealer
from gatelodge.model.api_connector import ApiConnector, ClientCertificate, ConnectorPoint
from gatelodge.model.attribute import DataType, UserAttribute
from gatelodge.model.claim import RESERVED_CLAIMS
from gatelodge.model.identifier import DirectoryId
from gatelodge.outbound import Outbound
from gatelodge.randomness import SeededRandomness
from tests.world.clock import MovableClock

pytestmark = pytest.mark.anyio
DIRECTORY = DirectoryId("directory")
CONNECTOR = ApiConnector(
    directory_id=DIRECTORY, id="hook", display_name="Hook", target_url="http://127.0.0.1:1/"
)
CLOCK = MovableClock()


def called(connector: ApiConnector) -> Call:
    return Call(
        connector=connector,
        point=ConnectorPoint.PRE_TOKEN_ISSUANCE,
        told=Told(client_id="c", ui_locales="en", email=None, identities=(), attributes={}),
        correlation_id="correlation",
        idempotency_key="key",
    )


async def outcome(connector: ApiConnector, longest_s: float = 5.0) -> object:
    randomness = SeededRandomness(1)
    sealer = Sealer(b"k" * 32, randomness)
    connectors = new_connectors(Outbound(is_development=True), sealer, CLOCK, randomness)
    return await replace(connectors, try_longest_s=longest_s).ask(called(connector))


@pytest.mark.parametrize("octets", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
async def test_who_never_finishes_an_answer_is_given_up_after_two_tries(octets: bytes) -> None:
    connected = 0

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connected
        connected += 1
        writer.write(octets)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        stalled = replace(CONNECTOR, target_url=f"http://127.0.0.1:{port}/")
        assert await outcome(stalled, longest_s=0.3) is Trouble.TIMED_OUT
    # On a busy machine the first try may end before anybody came to the door.
    assert 1 <= connected <= 2


async def test_a_certificate_that_has_expired_is_not_shown() -> None:
    expired = ClientCertificate(thumbprint="A", not_before=0, not_after=1)
    found = await outcome(replace(CONNECTOR, certificates=(expired,)))
    assert found is Trouble.CERTIFICATE_EXPIRED


def test_a_circuit_opens_after_failures_and_lets_one_try_through() -> None:
    circuits = Circuits(CLOCK)

    def fail() -> None:
        with circuits.entered("a"):
            pass

    for _ in range(FAILURES_THAT_OPEN):
        fail()
    with pytest.raises(Resting):
        fail()
    with circuits.entered("b") as other:
        other.is_good = True
    CLOCK.now += timedelta(seconds=OPEN_S)
    with circuits.entered("a"), pytest.raises(Resting):
        fail()


def test_only_so_many_calls_of_one_connector_are_under_way() -> None:
    circuits = Circuits(CLOCK)
    entered = [circuits.entered("a") for _ in range(MOST_AT_ONCE)]
    for each in entered:
        each.__enter__()
    with pytest.raises(Resting), circuits.entered("a"):
        pass
    with circuits.entered("b"):
        pass


def test_what_tokens_reserve_no_connector_says() -> None:
    assert RESERVED_CLAIMS <= NEVER_TAKEN


APP = "extension_0123456789abcdef0123456789abcdef_"
CUSTOM = {
    APP + kind: UserAttribute(
        directory_id=DIRECTORY, id=APP + kind, display_name=kind, data_type=data_type
    )
    for kind, data_type in {
        "text": DataType.STRING,
        "flag": DataType.BOOLEAN,
        "number": DataType.INT64,
        "texts": DataType.STRING_COLLECTION,
        "moment": DataType.DATE_TIME,
    }.items()
}


@pytest.mark.parametrize(
    ("claims", "taken", "refused"),
    [
        ({"city": "Bern", "CITY": "Basel"}, {"city": "Basel"}, ()),
        ({"city": 1}, {}, ("city",)),
        ({"city": "x" * 129}, {}, ("city",)),
        ({"city": "a\nb"}, {}, ("city",)),
        ({"city": None, "nobody": "x"}, {}, ()),
        ({"jobTitle": "x"}, {}, ()),
        ({"extension_text": "x"}, {APP + "text": "x"}, ()),
        ({APP + "text": "x" * 251}, {}, (APP + "text",)),
        ({"extension_flag": True}, {APP + "flag": True}, ()),
        ({"extension_flag": "true"}, {}, ("extension_flag",)),
        ({"extension_number": 2**63 - 1}, {APP + "number": 2**63 - 1}, ()),
        ({"extension_number": 2**63}, {}, ("extension_number",)),
        ({"extension_number": True}, {}, ("extension_number",)),
        ({"extension_number": 1.5}, {}, ("extension_number",)),
        ({"extension_texts": ["a"]}, {APP + "texts": ["a"]}, ()),
        ({"extension_texts": [["a"]]}, {}, ("extension_texts",)),
        ({"extension_moment": "2020-02-02"}, {APP + "moment": "2020-02-02"}, ()),
        ({"extension_moment": "soon"}, {}, ("extension_moment",)),
        ({"extension_ffffffffffffffffffffffffffffffff_text": "x"}, {}, ()),
        ({"ObjectID": "x", "email": "x"}, {}, ("ObjectID", "email")),
    ],
)
def test_values_are_taken_by_name_and_kind(
    claims: Mapping[str, object], taken: Mapping[str, object], refused: tuple[str, ...]
) -> None:
    found = sort_claims(claims, ("city", *CUSTOM), CUSTOM)
    assert (dict(found.taken), found.refused) == (taken, refused)
