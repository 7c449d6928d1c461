"""What travels beside the pages: cookies nobody can reach, headers that keep others away."""

from collections.abc import Iterator

import httpx
import pytest

from gatelodge.crypto.digest import digest_of
from tests.world.browser import Browser, page
from tests.world.furnished import OpenVisit, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

FLOWS = ("signUp", "signIn", "signUpOrSignIn", "passwordReset", "profileUpdate")
SEND, VERIFY = "emailVerificationControl_but_send_code", "emailVerificationControl_but_verify_code"
PAGE_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-type": "text/html; charset=utf-8",
}


def pages_of(house: House, browser: Browser) -> Iterator[httpx.Response]:
    """Yield every kind of page, errors included."""
    for flow in FLOWS:
        shown = page(browser.open(RelyingParty(house, flow).link()))
        yield shown.response
        button = next(iter(shown.form.buttons))
        yield browser.send(shown, button, email="not an address")
        yield browser.client.post(shown.url, data={})
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    user = house.facts["users"][1]
    shown = page(browser.press(shown, SEND, email=user["email"]))
    yield shown.response
    code = house.code_for(user["email"])
    yield browser.send(shown, VERIFY, emailVerificationCode="1")
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    yield shown.response
    shown = page(browser.press(shown, "continue"))
    yield shown.response
    party = RelyingParty(house)
    yield browser.client.get(party.link(response_mode="form_post", prompt="none"))
    yield browser.client.get(party.link(client_id="x"))
    yield browser.client.get(RelyingParty(house, "B2C_1_none").link())
    yield browser.client.get(f"{party.provider}/oauth2/v2.0/logout")
    yield browser.client.get(f"{party.provider}/oauth2/v2.0/logout?post_logout_redirect_uri=x:y")
    yield browser.client.get(f"{party.provider}/interaction/x")


def test_every_page_has_the_headers_that_keep_others_away(house: House, visitor: Browser) -> None:
    for response in pages_of(house, visitor):
        if response.is_redirect:
            continue
        found = {name: response.headers.get(name) for name in PAGE_HEADERS}
        assert found == PAGE_HEADERS, response.url
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert part in policy, response.url
        assert "unsafe" not in policy
        assert "*" not in policy
        assert "server" not in response.headers


@pytest.mark.parametrize("flow", FLOWS)
def test_every_redirect_is_kept_from_caches(house: House, visitor: Browser, flow: str) -> None:
    answer = visitor.client.get(RelyingParty(house, flow).link())
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def cookies_in(response: httpx.Response) -> list[str]:
    return response.headers.get_list("set-cookie")


def test_cookies_are_bound_to_the_host_and_out_of_reach(house: House, visitor: Browser) -> None:
    party, user = RelyingParty(house), house.facts["users"][0]
    begun = visitor.client.get(party.link())
    shown = page(visitor.follow(begun))
    ended = visitor.send(shown, "next", email=user["email"], password=user["password"])
    found = [*cookies_in(begun), *cookies_in(ended)]
    assert len(found) == 3
    lasting = []
    for each in found:
        name, _, rest = each.partition("=")
        attributes = {part.strip().lower() for part in rest.split(";")[1:]}
        assert name.startswith("__Host-gatelodge-")
        assert {"secure", "httponly", "path=/"} <= attributes
        assert not any(part.startswith(("domain", "expires")) for part in attributes)
        if any(part.startswith("max-age") for part in attributes):
            lasting.append(name)
        value = rest.split(";")[0]
        assert len(value) == 43
        assert value.replace("-", "").replace("_", "").isalnum()
    # Only what recognises a device outlives the browser.
    (device,) = lasting
    assert device.startswith("__Host-gatelodge-device")


def test_a_cookie_is_set_once_and_pages_set_none(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    shown = page(visitor.open(party.link()))
    assert cookies_in(shown.response) == []
    assert cookies_in(visitor.client.get(party.link())) == []


def test_the_session_changes_with_every_sign_in(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    name = f"__Host-gatelodge-session-{house.facts['tenant_id']}"
    signed_in(visitor, party)
    first = visitor.client.cookies[name]
    signed_in(visitor, party, prompt="login")
    second = visitor.client.cookies[name]
    assert first != second
    old = house.stores(lambda stores: stores.sessions.get(digest_of(first)))
    new = house.stores(lambda stores: stores.sessions.get(digest_of(second)))
    assert old is None
    assert new is not None


def test_no_bearer_value_is_stored_as_it_is(house: House, visit: OpenVisit) -> None:
    visitor, party = visit(), RelyingParty(house)
    shown = page(visitor.open(party.link()))
    handle = shown.url.rpartition("/")[2]
    found = house.stores(lambda stores: stores.interactions.get(handle))
    assert found is None
    kept = house.stores(lambda stores: stores.interactions.get(digest_of(handle)))
    assert kept is not None
    assert visitor.client.cookies["__Host-gatelodge-browser"] != kept.browser


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "../../etc", "a" * 4000, '"quoted"', "é"])
def test_a_cookie_made_up_is_no_session(house: House, visitor: Browser, value: str) -> None:
    name = f"__Host-gatelodge-session-{house.facts['tenant_id']}"
    cookies = f"{name}={value}; __Host-gatelodge-browser={value}".encode()
    answer = visitor.client.get(RelyingParty(house).link(), headers=[(b"cookie", cookies)])
    assert answer.status_code == 303
    assert "/interaction/" in answer.headers["location"]
