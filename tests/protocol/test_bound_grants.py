"""RFC 9449 §10: what is asked for with a key is had with that key only."""

from collections.abc import Callable

import httpx
import pytest
from joserfc.jwk import ECKey

from gatelodge.oidc.grants.device_code import DEVICE_CODE
from tests.protocol.test_device_authorization import begun, device, poll, sign_in, typed
from tests.protocol.told import redirected
from tests.world.browser import Browser, page
from tests.world.furnished import OpenVisit, signed_in
from tests.world.house import House
from tests.world.relying_party import VERIFIER, RelyingParty
from tests.world.signatures import EC, OTHER_EC, a_proof

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(house: House) -> Ask:
    """Ask the token endpoint with a proof of a key, or without one."""

    def asked(party: RelyingParty, key: ECKey | None = None, **form: str) -> httpx.Response:
        address = f"{party.provider}/oauth2/v2.0/token"
        proof = {}
        if key is not None:
            proof["DPoP"] = a_proof("POST", f"{house.origin}{address}", house.clock(), key=key)
        names = ("client_id", "client_secret")
        known = {each: str(party.facts[each]) for each in names if each in party.facts}
        return house.client.post(address, data={**known, **form}, headers=proof)

    return asked


@pytest.mark.parametrize("thumbprint", ["short", "x" * 44, "ä" * 43])
def test_what_is_no_thumbprint_names_no_key(
    house: House, visitor: Browser, thumbprint: str
) -> None:
    link = RelyingParty(house).link(dpop_jkt=thumbprint)
    assert redirected(visitor, link)[0] == "AADB2C90122"


@pytest.mark.parametrize(("key", "status"), [(EC, 200), (OTHER_EC, 400), (None, 400)])
def test_a_code_asked_for_with_a_key_is_redeemed_with_it(
    house: House, visitor: Browser, ask: Ask, key: ECKey | None, status: int
) -> None:
    party = RelyingParty(house)
    arrived = signed_in(visitor, party, dpop_jkt=EC.thumbprint())
    answer = ask(
        party,
        key,
        grant_type="authorization_code",
        code=arrived.code,
        redirect_uri=party.redirect_uri,
        code_verifier=VERIFIER,
    )
    assert answer.status_code == status, answer.text
    assert status == 200 or answer.json()["error"] in {"invalid_grant", "invalid_dpop_proof"}


def test_what_a_device_got_with_a_key_is_renewed_with_it(
    house: House, visitor: Browser, ask: Ask
) -> None:
    party = device(house)
    codes = begun(party)
    sign_in(visitor, party, typed(visitor, codes))
    got = ask(party, EC, grant_type=DEVICE_CODE, device_code=codes["device_code"])
    assert got.json()["token_type"] == "DPoP", got.text
    renewal = {"grant_type": "refresh_token", "refresh_token": got.json()["refresh_token"]}
    for key in (None, OTHER_EC):
        assert ask(party, key, **renewal).json()["error"] == "invalid_dpop_proof"
    assert ask(party, EC, **renewal).status_code == 200


def test_a_device_is_allowed_by_who_was_first(house: House, visit: OpenVisit) -> None:
    party, first, second = device(house), visit(), visit()
    codes = begun(party)
    late = typed(second, codes)
    user = house.facts["users"][0]
    assert "signed in" in sign_in(first, party, typed(first, codes)).text
    other = house.facts["users"][1]
    values = {"email": other["email"], "password": other["password"]}
    assert "AADB2C90046" in page(second.press(late, "next", **values)).text
    got = poll(party, codes).json()
    assert party.verified(got["id_token"])["sub"] == user["object_id"]
