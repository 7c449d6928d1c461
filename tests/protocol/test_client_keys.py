"""RFC 7591 §2: a client that keeps its keys at a `jwks_uri` changes them there alone."""

from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from gatelodge.model.application_details import ApplicationDetails, Registration
from gatelodge.oidc.client_assertion import ASSERTION_TYPE
from gatelodge.oidc.client_keys import FRESH, LONGEST, READ_AGAIN
from gatelodge.outbound import NotReached
from tests.protocol.world import API_URI, ORIGIN, WEB, World, refusal
from tests.world.makers import TENANT
from tests.world.signatures import EC, OTHER_EC, an_assertion, signed

ADDRESS = "https://app.example/keys.json"
ENDPOINT = f"{ORIGIN}/{TENANT}/b2c_1_susi/oauth2/v2.0/token"


def keys(**by_id: ECKey) -> dict[str, Any]:
    """Return a key set as a client publishes it, with a key for something else in it."""
    own = [{**key.as_dict(private=False), "kid": name} for name, key in by_id.items()]
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "other"}, *own]}


@pytest.fixture(autouse=True)
async def registered(world: World) -> None:
    """Let the web application keep its keys at an address."""
    registration = Registration(token_endpoint_auth_method="private_key_jwt", jwks_uri=ADDRESS)
    await world.change_application(
        WEB,
        password_credentials=(),
        details=ApplicationDetails(registration=registration),
    )
    world.documents.found[ADDRESS] = keys(first=EC)


async def ask(world: World, key: ECKey, key_id: str | None) -> httpx.Response:
    claims = an_assertion(WEB.app_id, ENDPOINT, world.clock())
    return await world.token(
        grant_type="client_credentials",
        scope=f"{API_URI}/.default",
        client_assertion_type=ASSERTION_TYPE,
        client_assertion=signed(claims, key, kid=key_id),
    )


async def test_a_key_at_the_address_counts_and_no_other(world: World) -> None:
    assert (await ask(world, EC, "first")).status_code == 200
    assert (await ask(world, EC, None)).status_code == 200
    for key, key_id in ((OTHER_EC, "first"), (OTHER_EC, "second"), (EC, "second")):
        assert refusal(await ask(world, key, key_id))[:2] == (401, "invalid_client")
    without = await world.token(
        grant_type="client_credentials", scope=f"{API_URI}/.default", client_id=WEB.app_id
    )
    assert refusal(without)[1] == "invalid_client"


async def test_a_new_key_counts_when_it_is_first_used(world: World) -> None:
    assert (await ask(world, EC, "first")).status_code == 200
    world.documents.found[ADDRESS] = keys(second=OTHER_EC)
    world.clock.move(seconds=READ_AGAIN.total_seconds())
    assert (await ask(world, OTHER_EC, "second")).status_code == 200
    assert refusal(await ask(world, EC, "first"))[0] == 401


async def test_a_key_taken_out_is_void_though_no_other_is_used(world: World) -> None:
    assert (await ask(world, EC, "first")).status_code == 200
    world.documents.found[ADDRESS] = keys(second=OTHER_EC)
    world.clock.move(seconds=FRESH.total_seconds() - 1)
    assert (await ask(world, EC, "first")).status_code == 200
    world.clock.move(seconds=1)
    assert refusal(await ask(world, EC, "first"))[0] == 401


async def test_nobody_has_the_address_read_more_often_than_so(world: World) -> None:
    for _ in range(5):
        assert (await ask(world, OTHER_EC, "unknown")).status_code == 401
    assert world.documents.asked == [ADDRESS]
    assert (await ask(world, EC, "first")).status_code == 200
    assert world.documents.asked == [ADDRESS]
    world.documents.found[ADDRESS] = NotReached("nobody there")
    world.clock.move(seconds=READ_AGAIN.total_seconds())
    for _ in range(5):
        assert (await ask(world, OTHER_EC, "unknown")).status_code == 401
    assert world.documents.asked == [ADDRESS] * 2


@pytest.mark.parametrize("trouble", [NotReached("nobody there"), None, b"{", {"keys": "x"}])
async def test_the_last_keys_count_for_a_while_when_there_is_nothing_to_read(
    world: World, trouble: object
) -> None:
    assert (await ask(world, EC, "first")).status_code == 200
    world.documents.found[ADDRESS] = trouble
    world.clock.move(seconds=LONGEST.total_seconds() - 1)
    assert (await ask(world, EC, "first")).status_code == 200
    world.clock.move(seconds=1)
    assert refusal(await ask(world, EC, "first"))[0] == 401
