"""The user flow `signIn`, signing in inside `signUpOrSignIn`, and single sign-on."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    Person,
    a_new_address,
    a_person,
    at_new_password,
    begin,
    change_account,
    passwords,
    sign_in,
)
from tests.witnesses.graph import a_user_flow, patch
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

BOTH = pytest.mark.parametrize("flow", ["signIn", "signUpOrSignIn"])


def without_chance(shown: Shown, *names: str) -> str:
    """Return the page without what is random in every page, and without those names."""
    text = html.unescape(shown.response.text)
    for name in names:
        text = text.replace(name, "")
    text = re.sub(r"/interaction/[\w-]+", "", text)
    text = re.sub(r'value="choose\.[\w-]+"|"(csrf|transId)":"[^"]+"', "", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)


@BOTH
def test_the_right_password_signs_in(site: Server, browser: Browser, flow: str) -> None:
    party, person = RelyingParty(site, flow), a_person(site)
    claims = party.claims(sign_in(browser, party, person))
    assert claims["sub"] == person.id
    assert claims["emails"] == [person.email]
    assert "newUser" not in claims


def test_the_case_of_the_address_does_not_matter(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site), a_person(site)
    shouted = Person(id=person.id, email=person.email.upper())
    assert party.claims(sign_in(browser, party, shouted))["sub"] == person.id


@BOTH
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    site: Server, open_browser: OpenBrowser, flow: str
) -> None:
    party, person = RelyingParty(site, flow), a_person(site)
    disabled = a_person(site, is_enabled=False)
    pages = []
    for email in (person.email, a_new_address(), disabled.email):
        browser = open_browser()
        shown = page(browser.press(begin(browser, party), "next", email=email, password="wrong"))
        assert "does not match any account" in shown.text
        assert shown.value_of("email") == email
        assert shown.value_of("password") == ""
        pages.append((without_chance(shown, email), sorted(shown.response.headers)))
    assert pages[0] == pages[1] == pages[2]


def test_an_account_that_is_switched_off_does_not_sign_in(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site), a_person(site, is_enabled=False)
    shown = begin(browser, party)
    shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
    assert "does not match any account" in shown.text


@pytest.mark.parametrize("is_known", [True, False])
def test_ten_failures_lock_a_name_whether_or_not_it_has_an_account(
    site: Server, browser: Browser, is_known: bool
) -> None:
    party = RelyingParty(site)
    email = a_person(site).email if is_known else a_new_address()
    shown = begin(browser, party)
    for number in range(10):
        shown = page(browser.press(shown, "next", email=email, password=f"wrong {number}"))
        assert "does not match any account" in shown.text
    shown = page(browser.press(shown, "next", email=email, password=PASSWORD))
    assert "paused for a short while" in shown.text
    site.move_clock(61)
    answer = browser.press(shown, "next", email=email, password=PASSWORD)
    if is_known:
        arrival(answer)
    else:
        assert "does not match any account" in page(answer).text


def test_after_a_lock_one_more_failure_locks_at_once(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site), a_person(site)
    shown = begin(browser, party)
    for number in range(10):
        shown = page(browser.press(shown, "next", email=person.email, password=f"wrong {number}"))
    site.move_clock(61)
    shown = page(browser.press(shown, "next", email=person.email, password="wrong"))
    assert "does not match" in shown.text
    shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
    assert "paused for a short while" in shown.text


def test_a_hint_fills_in_the_address_and_does_nothing_else(site: Server, browser: Browser) -> None:
    shown = begin(browser, RelyingParty(site), login_hint="hint@people.example")
    assert shown.value_of("email") == "hint@people.example"


@pytest.mark.parametrize("hint", ['"><script>alert(1)</script>', "' onfocus='x", "x" * 5000])
def test_a_hint_is_text_however_it_looks(site: Server, browser: Browser, hint: str) -> None:
    shown = begin(browser, RelyingParty(site), login_hint=hint)
    source = shown.response.text.replace('<script type="text/plain">', "", 1)
    assert "<script" not in source
    assert shown.value_of("email") in {hint, ""}


def test_a_hint_of_somebody_signed_in_identifies_nobody(
    site: Server, browser: Browser, open_browser: OpenBrowser
) -> None:
    party, person, other = RelyingParty(site), a_person(site), a_person(site)
    sign_in(browser, party, person)
    assert "password" in begin(open_browser(), party, login_hint=person.email)
    arrived = arrival(browser.open(party.link(login_hint=other.email)))
    assert party.claims(arrived)["sub"] == person.id


def test_sign_in_offers_no_sign_up_and_takes_none(site: Server, browser: Browser) -> None:
    shown = begin(browser, RelyingParty(site, "signIn"))
    assert "createAccount" not in shown
    shown.form.buttons["createAccount"] = ("action", "createAccount")
    shown = page(browser.press(shown, "createAccount"))
    assert "password" in shown
    assert "emailVerificationControl" not in shown


def test_a_forgotten_password_is_the_application_s_to_deal_with_at_sign_in(
    site: Server, browser: Browser
) -> None:
    party = RelyingParty(site, "signIn")
    arrived = arrival(browser.press(begin(browser, party), "forgotPassword"))
    assert arrived.parameters["error"] == "access_denied"
    assert arrived.error_code == "AADB2C90118"
    assert arrived.parameters["state"] == "kept as it is"


@pytest.mark.parametrize(
    ("hint", "is_told"),
    [("who@people.example", True), ("<b>@people.example", False), ("a\r\nb@c.example", False)],
)
def test_who_forgot_the_password_is_told_if_the_hint_is_an_address(
    site: Server, browser: Browser, hint: str, is_told: bool
) -> None:
    shown = begin(browser, RelyingParty(site, "signIn"), login_hint=hint)
    arrived = arrival(browser.press(shown, "forgotPassword"))
    lines = arrived.parameters["error_description"].split("\r\n")
    assert (f"login_hint: {hint}" in lines) is is_told
    assert len(lines) == (5 if is_told else 4)


def test_a_forgotten_password_is_reset_inside_sign_up_or_sign_in(
    site: Server, browser: Browser, open_browser: OpenBrowser
) -> None:
    party, person = RelyingParty(site), a_person(site)
    shown = page(browser.press(begin(browser, party), "forgotPassword"))
    shown = at_new_password(browser, site, shown, person.email)
    claims = party.claims(arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD))))
    assert claims["sub"] == person.id
    assert claims["tfp"] == site.facts["user_flows"]["signUpOrSignIn"]
    fresh = open_browser()
    shown = begin(fresh, party)
    shown = page(fresh.press(shown, "next", email=person.email, password=PASSWORD))
    assert (
        party.claims(
            arrival(fresh.press(shown, "next", email=person.email, password=NEW_PASSWORD))
        )["sub"]
        == person.id
    )


class TestSingleSignOn:
    def test_a_second_application_needs_no_page(self, site: Server, browser: Browser) -> None:
        person, spa = a_person(site), RelyingParty(site, name="spa")
        first = RelyingParty(site).claims(sign_in(browser, RelyingParty(site), person))
        site.move_clock(100)
        claims = spa.claims(arrival(browser.open(spa.link())))
        assert claims["sub"] == person.id
        assert claims["auth_time"] == first["auth_time"]
        assert claims["iat"] >= first["iat"] + 99

    @pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
    def test_a_prompt_asks_again_and_moves_the_time(
        self, site: Server, browser: Browser, prompt: str
    ) -> None:
        party, person = RelyingParty(site), a_person(site)
        first = party.claims(sign_in(browser, party, person))
        site.move_clock(100)
        shown = begin(browser, party, prompt=prompt)
        answer = browser.press(shown, "next", email=person.email, password=PASSWORD)
        if "consent" in prompt:
            answer = browser.press(page(answer), "continue")
        again = party.claims(arrival(answer))
        assert again["auth_time"] >= first["auth_time"] + 99

    def test_a_max_age_that_is_over_asks_again(self, site: Server, browser: Browser) -> None:
        party, person = RelyingParty(site), a_person(site)
        sign_in(browser, party, person)
        site.move_clock(50)
        arrival(browser.open(party.link(max_age="100")))
        site.move_clock(150)
        assert "password" in page(browser.open(party.link(max_age="100")))
        assert "password" in page(browser.open(party.link(max_age="0")))

    def test_prompt_none_is_silent_with_a_session_and_an_error_without(
        self, site: Server, browser: Browser
    ) -> None:
        party, person = RelyingParty(site), a_person(site)
        arrived = arrival(browser.open(party.link(prompt="none")))
        assert arrived.parameters["error"] == "interaction_required"
        assert arrived.error_code == "AADB2C90077"
        sign_in(browser, party, person)
        arrived = arrival(browser.open(party.link(prompt="none")))
        assert party.claims(arrived)["sub"] == person.id

    def test_prompt_none_says_that_the_sign_in_is_too_old(
        self, site: Server, browser: Browser
    ) -> None:
        party, person = RelyingParty(site), a_person(site)
        sign_in(browser, party, person)
        site.move_clock(100)
        arrived = arrival(browser.open(party.link(prompt="none", max_age="50")))
        assert arrived.parameters["error"] == "login_required"
        assert arrived.error_code == "AADB2C90121"

    def test_somebody_else_who_signs_in_takes_the_browser_over(
        self, site: Server, browser: Browser
    ) -> None:
        party, one, other = RelyingParty(site), a_person(site), a_person(site)
        sign_in(browser, party, one)
        sign_in(browser, party, other, prompt="login")
        assert party.claims(arrival(browser.open(party.link())))["sub"] == other.id

    @pytest.mark.parametrize(
        "changes", [{"account_enabled": False}, {"sign_in_sessions_valid_from": None}]
    )
    def test_a_session_ends_with_what_it_rests_on(
        self, site: Server, browser: Browser, changes: dict[str, Any]
    ) -> None:
        party, person = RelyingParty(site), a_person(site)
        issued = party.claims(sign_in(browser, party, person))
        if "sign_in_sessions_valid_from" in changes:
            changes = {
                "sign_in_sessions_valid_from": datetime.fromtimestamp(issued["iat"] + 5, UTC)
            }
        change_account(site, person, **changes)
        assert "password" in page(browser.open(party.link()))

    def test_a_session_made_up_identifies_nobody(self, site: Server, browser: Browser) -> None:
        name = f"__Host-gatelodge-session-{site.facts['tenant_id']}"
        for value in ("", "x", "A" * 43, "../..", '"' + "B" * 43 + '"'):
            browser.client.headers["cookie"] = f"{name}={value}"
            assert page(browser.open(RelyingParty(site).link())).response.status_code in {200, 400}


class TestSessionConfiguration:
    @staticmethod
    def configured(site: Server, **configuration: object) -> str:
        flow = a_user_flow(site, "signIn")
        patch(
            site,
            f"/identity/userFlows/{flow}",
            {"singleSignOnSessionConfiguration": configuration},
        )
        return flow

    def test_a_rolling_session_lives_on_while_it_is_used(
        self, site: Server, browser: Browser
    ) -> None:
        flow = self.configured(site, sessionLifetimeInMinutes=15, isSessionLifetimeAbsolute=False)
        party, person = RelyingParty(site, flow), a_person(site)
        sign_in(browser, party, person)
        for minutes in (14, 28):
            site.move_clock(minutes * 60)
            arrival(browser.open(party.link()))
        site.move_clock(43 * 60 + 10)
        assert "password" in page(browser.open(party.link()))

    def test_a_rolling_session_ends_after_thirty_days(self, site: Server, browser: Browser) -> None:
        flow = self.configured(site, sessionLifetimeInMinutes=1440, isSessionLifetimeAbsolute=False)
        party, person = RelyingParty(site, flow), a_person(site)
        sign_in(browser, party, person)
        for day in range(1, 31):
            site.move_clock(day * 86_000)
            arrival(browser.open(party.link()))
        site.move_clock(30 * 86_400 + 1)
        assert "password" in page(browser.open(party.link()))

    def test_an_absolute_session_ends_however_it_is_used(
        self, site: Server, browser: Browser
    ) -> None:
        flow = self.configured(site, sessionLifetimeInMinutes=15, isSessionLifetimeAbsolute=True)
        party, person = RelyingParty(site, flow), a_person(site)
        sign_in(browser, party, person)
        site.move_clock(14 * 60)
        arrival(browser.open(party.link()))
        site.move_clock(16 * 60)
        assert "password" in page(browser.open(party.link()))

    def test_a_short_session_is_not_stretched_by_a_longer_flow(
        self, site: Server, browser: Browser
    ) -> None:
        flow = self.configured(site, sessionLifetimeInMinutes=15, isSessionLifetimeAbsolute=False)
        short, long, person = RelyingParty(site, flow), RelyingParty(site), a_person(site)
        sign_in(browser, long, person)
        site.move_clock(20 * 60)
        assert "password" in page(browser.open(short.link()))
        arrival(browser.open(long.link()))

    @pytest.mark.parametrize(
        ("scope", "same", "other_application", "other_flow"),
        [
            ("tenant", True, True, True),
            ("application", True, False, True),
            ("policy", True, True, False),
            ("disabled", False, False, False),
        ],
    )
    def test_a_scope_decides_who_shares_a_session(
        self,
        site: Server,
        browser: Browser,
        scope: str,
        same: bool,
        other_application: bool,
        other_flow: bool,
    ) -> None:
        flow, second = (self.configured(site, sessionScope=scope) for _ in range(2))
        sign_in(browser, RelyingParty(site, flow), a_person(site))
        asked = (
            RelyingParty(site, flow),
            RelyingParty(site, flow, "spa"),
            RelyingParty(site, second),
        )
        silent = [not isinstance(browser.open(party.link()), Shown) for party in asked]
        assert silent == [same, other_application, other_flow]


def test_the_user_flow_for_resource_owners_has_no_pages(site: Server, browser: Browser) -> None:
    shown = page(browser.open(RelyingParty(site, "resourceOwner").link()))
    assert shown.response.status_code == 400
    assert "AADB2C90066" in shown.text
