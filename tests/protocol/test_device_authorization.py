"""RFC 8628: somebody signs in elsewhere for a device that has no browser."""

import re
from typing import Any

import httpx
import pytest

from gatelodge.oidc.device_authorization import drawn_letters
from gatelodge.oidc.grants.device_code import DEVICE_CODE
from gatelodge.randomness import SeededRandomness
from tests.world.browser import Browser, Shown, page
from tests.world.furnished import signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

Begun = dict[str, Any]


@pytest.fixture(autouse=True)
def nobody_guessed(house: House) -> None:
    """Forget the wrong codes of other tests."""
    house.run(house.forget_sent_codes())


def device(house: House, name: str = "native", **more: str) -> RelyingParty:
    return RelyingParty(house, name=name, **more)


def begin(party: RelyingParty, **changes: str) -> httpx.Response:
    names = ("client_id", "client_secret")
    known = {each: str(party.facts[each]) for each in names if each in party.facts}
    form = {**known, "scope": party.scope, **changes}
    address = f"{party.provider}/oauth2/v2.0/devicecode"
    return party.installation.client.post(address, data=form)


def begun(party: RelyingParty) -> Begun:
    response = begin(party)
    assert response.status_code == 200, response.text
    found: Begun = response.json()
    return found


def poll(party: RelyingParty, codes: Begun) -> httpx.Response:
    return party.token(grant_type=DEVICE_CODE, device_code=codes["device_code"])


def error_of(response: httpx.Response) -> str:
    assert response.status_code == 400, response.text
    return str(response.json()["error"])


def typed(browser: Browser, codes: Begun, user_code: str | None = None) -> Shown:
    shown = page(browser.open(codes["verification_uri"]))
    code = codes["user_code"] if user_code is None else user_code
    return page(browser.press(shown, "continue", userCode=code))


def sign_in(browser: Browser, party: RelyingParty, shown: Shown) -> Shown:
    user = party.installation.facts["users"][0]
    return page(browser.press(shown, "next", email=user["email"], password=user["password"]))


def test_somebody_signs_in_for_a_device(house: House, visitor: Browser) -> None:
    party = device(house)
    codes = begun(party)
    assert re.fullmatch("[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}", codes["user_code"])
    assert (codes["expires_in"], codes["interval"]) == (900, 5)
    assert codes["user_code"] in codes["message"]
    assert error_of(poll(party, codes)) == "authorization_pending"
    done = sign_in(visitor, party, typed(visitor, codes))
    assert "signed in" in done.text
    house.clock.move(seconds=5)
    body = poll(party, codes).json()
    claims = party.verified(body["id_token"])
    assert claims["sub"] == house.facts["users"][0]["object_id"]
    assert "nonce" not in claims
    assert body["scope"] == party.scope
    assert party.refresh(body["refresh_token"]).status_code == 200


def test_a_device_code_is_good_once_and_its_second_use_ends_everything(
    house: House, visitor: Browser
) -> None:
    party = device(house)
    codes = begun(party)
    sign_in(visitor, party, typed(visitor, codes))
    body = poll(party, codes).json()
    assert error_of(poll(party, codes)) == "invalid_grant"
    assert error_of(party.refresh(body["refresh_token"])) == "invalid_grant"


def test_a_device_that_asks_too_often_is_slowed_down(house: House) -> None:
    party = device(house)
    codes = begun(party)
    assert error_of(poll(party, codes)) == "authorization_pending"
    house.clock.move(seconds=2)
    assert error_of(poll(party, codes)) == "slow_down"
    house.clock.move(seconds=6)
    assert error_of(poll(party, codes)) == "slow_down"
    house.clock.move(seconds=16)
    assert error_of(poll(party, codes)) == "authorization_pending"


def test_both_codes_end_after_a_quarter_of_an_hour(house: House, visitor: Browser) -> None:
    party = device(house)
    codes = begun(party)
    house.clock.move(minutes=15)
    assert error_of(poll(party, codes)) == "expired_token"
    assert "userCode" in typed(visitor, codes)


def test_somebody_who_gives_up_refuses_the_device(house: House, visitor: Browser) -> None:
    party = device(house, flow="signUp")
    codes = begun(party)
    shown = typed(visitor, codes)
    gone = page(visitor.press(shown, "cancel"))
    assert "not signed in" in gone.text
    assert error_of(poll(party, codes)) == "access_denied"
    assert "userCode" in typed(visitor, codes)


def test_a_session_does_not_allow_a_device_anything(house: House, visitor: Browser) -> None:
    party = device(house)
    signed_in(visitor, RelyingParty(house))
    codes = begun(party)
    assert "password" in typed(visitor, codes)
    assert error_of(poll(party, codes)) == "authorization_pending"


def test_a_link_with_the_code_in_it_still_asks(house: House, visitor: Browser) -> None:
    codes = begun(device(house))
    shown = page(visitor.open(codes["verification_uri_complete"]))
    assert shown.value_of("userCode") == codes["user_code"]
    assert "password" in page(visitor.press(shown, "continue"))


def test_another_site_cannot_send_the_form(house: House, visitor: Browser) -> None:
    codes = begun(device(house))
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        response = visitor.client.post(
            codes["verification_uri"], data={"userCode": codes["user_code"]}, headers=headers
        )
        assert response.status_code == 403


def test_a_code_is_read_the_way_people_type(house: House, visitor: Browser) -> None:
    codes = begun(device(house))
    written = codes["user_code"].lower().replace("-", " ")
    assert "password" in typed(visitor, codes, f" {written} ")


def test_guessing_codes_is_stopped(house: House, visitor: Browser) -> None:
    codes = begun(device(house))
    for _ in range(10):
        assert "No device is waiting" in typed(visitor, codes, "BBBB-BBBB").text
    assert "lot of attempts" in typed(visitor, codes).text
    house.clock.move(minutes=2)
    assert "password" in typed(visitor, codes)


@pytest.mark.parametrize("other", ["another client", "another user flow"])
def test_a_device_code_belongs_to_its_client_and_user_flow(
    house: House, visitor: Browser, other: str
) -> None:
    party = device(house)
    codes = begun(party)
    sign_in(visitor, party, typed(visitor, codes))
    stranger = device(house, "web") if other == "another client" else device(house, flow="signIn")
    assert error_of(poll(stranger, codes)) == "invalid_grant"
    elsewhere = codes["verification_uri"].replace("signupsignin", "signin")
    fresh = begun(party)
    shown = page(visitor.open(elsewhere))
    assert "userCode" in page(visitor.press(shown, "continue", userCode=fresh["user_code"]))


def test_who_may_have_a_device_code(house: House) -> None:
    assert begin(device(house, "web")).status_code == 200
    assert error_of(begin(device(house, "spa"))) == "unauthorized_client"
    assert error_of(begin(device(house), scope="")) == "invalid_request"
    assert error_of(begin(device(house), scope="https://nowhere.example/x")) == "invalid_scope"
    assert error_of(begin(device(house, flow="resourceOwner"))) == "unsupported_grant_type"
    assert begin(device(house, "web"), client_secret="guessed").json()["error"] == "invalid_client"
    assert error_of(device(house).token(grant_type=DEVICE_CODE)) == "invalid_request"


def test_the_address_is_announced(house: House) -> None:
    party = device(house)
    document = house.client.get(f"{party.provider}/v2.0/.well-known/openid-configuration").json()
    assert document["device_authorization_endpoint"].endswith("/oauth2/v2.0/devicecode")
    assert DEVICE_CODE in document["grant_types_supported"]


def test_letters_are_drawn_evenly() -> None:
    randomness = SeededRandomness(7)
    letters = "".join(drawn_letters(randomness) for _ in range(500))
    counts = [letters.count(each) for each in set(letters)]
    assert len(counts) == 20
    assert 140 < min(counts) <= max(counts) < 260
