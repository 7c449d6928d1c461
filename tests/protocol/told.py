"""Ways to be told an error, and by which code; each is given a house and a browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

import httpx

from tests.protocol.test_device_authorization import begin, device
from tests.protocol.test_logout import logout
from tests.world.browser import Browser, arrival, page
from tests.world.furnished import configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

Told: TypeAlias = tuple[str, str]
"""The code, and the text it was told in."""

Cause: TypeAlias = Callable[[House, Browser], Told]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def shown(browser: Browser, url: str) -> Told:
    seen = page(browser.open(url))
    found = re.search(r"AADB2C\d+", seen.text)
    assert found, seen.text
    return found[0], seen.text


def redirected(browser: Browser, url: str) -> Told:
    arrived = arrival(browser.open(url))
    return arrived.error_code, arrived.parameters["error_description"]


def refused(answer: httpx.Response) -> Told:
    assert set(answer.json()) == {"error", "error_description"}
    told = answer.json()["error_description"]
    return told.partition(":")[0], told


def displayed_request(name: str = "web", **changes: str | None) -> Cause:
    return lambda house, browser: shown(browser, RelyingParty(house, name=name).link(**changes))


def redirected_request(name: str = "web", **changes: str | None) -> Cause:
    return lambda house, browser: redirected(
        browser, RelyingParty(house, name=name).link(**changes)
    )


def token_request(name: str = "web", flow: str = "signUpOrSignIn", **form: str) -> Cause:
    return lambda house, _browser: refused(RelyingParty(house, flow, name).token(**form))


def redeemed(
    later_s: int = 0, *, by: str = "web", at: str = "signUpOrSignIn", times: int = 1, **form: str
) -> Cause:
    """Redeem a code of the first application, in some wrong way."""

    def work(house: House, browser: Browser) -> Told:
        arrived = signed_in(browser, RelyingParty(house))
        house.clock.move(seconds=later_s)
        there = RelyingParty(house, at, by)
        for _ in range(times - 1):
            there.redeem(arrived)
        own = {"redirect_uri": RelyingParty(house).redirect_uri}
        return refused(there.redeem(arrived, **{**own, **form}))

    return work


def signing_out(hint: str = "", **query: str) -> Cause:
    """Sign out with a hint made of tokens: `id_token` and `access_token` stand for theirs."""

    def work(house: House, browser: Browser) -> Told:
        party = RelyingParty(house)
        tokens = party.tokens(signed_in(browser, party))
        sent = {"id_token_hint": hint.format(**tokens)} if hint else {}
        seen = page(logout(browser, party, **sent, **query))
        return re.findall(r"AADB2C\d+", seen.text)[0], seen.text

    return work


def hinting(hint: str, name: str = "web") -> Cause:
    """Ask a strict user flow with a hint made of tokens, as an application of that name."""

    def work(house: House, browser: Browser) -> Told:
        party = RelyingParty(house)
        sent = hint.format(**party.tokens(signed_in(browser, party)))
        with strict(house):
            return redirected(browser, RelyingParty(house, name=name).link(id_token_hint=sent))

    return work


@contextmanager
def strict(house: House) -> Iterator[None]:
    """Make the user flow an issuer of its own for a while."""
    flow, name = "signUpOrSignIn", "token_claims_configuration"
    before = getattr(configure(house, flow), name)
    configure(house, flow, **{name: replace(before, is_issuer_entity_user_flow=True)})
    try:
        yield
    finally:
        configure(house, flow, **{name: before})


def got(house: House, _browser: Browser) -> Told:
    return refused(house.client.get(f"{RelyingParty(house).provider}/oauth2/v2.0/token"))


def begun_by_a_browser_s_application(house: House, _browser: Browser) -> Told:
    return refused(begin(device(house, "spa")))


def signed_in_long_ago(later_s: int) -> Cause:
    """Ask without a page for a sign-in of the last minute, so long after the last one."""

    def work(house: House, browser: Browser) -> Told:
        party = RelyingParty(house)
        signed_in(browser, party)
        house.clock.move(seconds=later_s)
        return redirected(browser, party.link(prompt="none", max_age="50"))

    return work


def contradicting(house: House, browser: Browser) -> Told:
    """Ask a strict user flow for somebody other than the hint names."""
    party = RelyingParty(house)
    hint = str(party.tokens(signed_in(browser, party))["id_token"])
    claims = '{"id_token": {"sub": {"value": "somebody-else"}}}'
    with strict(house):
        return redirected(browser, party.link(id_token_hint=hint, claims=claims))


def lost(house: House, browser: Browser) -> Told:
    party = RelyingParty(house)
    return shown(browser, f"{party.provider}/interaction/{'x' * 43}")


def without_user_flow(house: House, browser: Browser) -> Told:
    link = RelyingParty(house).link().partition("?")[2]
    return shown(browser, f"/{house.facts['tenant_id']}/oauth2/v2.0/authorize?{link}")
