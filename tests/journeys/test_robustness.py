"""What goes wrong in the middle of a journey, by accident or on purpose."""

import signal
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import httpx
import pytest

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    SEND,
    VERIFY,
    a_new_address,
    a_person,
    account_of,
    at_new_password,
    at_sign_up,
    begin,
    passwords,
    prove,
    proved_sign_up,
)
from tests.witnesses.graph import a_user_flow, bearer, patch
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.databases import KINDS
from tests.world.postgres import Cluster
from tests.world.relying_party import RelyingParty
from tests.world.server import Server, StartServer

FORM = {"content-type": "application/x-www-form-urlencoded"}
FORMS = pytest.mark.parametrize("flow", ["signUp", "signIn", "signUpOrSignIn", "passwordReset"])


@pytest.fixture(params=KINDS)
def own_server(request: pytest.FixtureRequest, start_server: StartServer) -> Server:
    if request.param == "sqlite":
        return start_server()
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    return start_server(database=cluster.url(cluster.create()))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_in_the_middle_interrupts_nobody(own_server: Server, how: signal.Signals) -> None:
    site = own_server
    going_on = [*journeys_under_way(site)]
    site.restart(how)
    with_session = Browser(site.new_client())
    for browser, proceed in going_on:
        other = Browser(site.new_client())
        other.client.cookies.update(browser.client.cookies)
        party, arrived = proceed(other)
        assert party.claims(arrived)["sub"]
        other.client.close()
        browser.client.close()
    with_session.client.close()


def journeys_under_way(
    site: Server,
) -> Iterator[tuple[Browser, Callable[[Browser], tuple[RelyingParty, Arrived]]]]:
    """Yield journeys at different steps, each with the way to its end."""
    up, party = RelyingParty(site, "signUp"), RelyingParty(site)
    reset, edit = RelyingParty(site, "passwordReset"), RelyingParty(site, "profileUpdate")
    person, forgetful, editor = a_person(site), a_person(site), a_person(site)

    one, email = Browser(site.new_client()), a_new_address()
    coded = page(one.press(at_sign_up(one, up), SEND, email=email))
    code = site.code_for(email)

    def finish_sign_up(browser: Browser) -> tuple[RelyingParty, Arrived]:
        shown = page(browser.press(coded, VERIFY, emailVerificationCode=code))
        return up, arrival(browser.press(shown, "continue", **passwords()))

    yield one, finish_sign_up

    two = Browser(site.new_client())
    first = begin(two, party)
    yield (
        two,
        lambda browser: (
            party,
            arrival(browser.press(first, "next", email=person.email, password=PASSWORD)),
        ),
    )

    three = Browser(site.new_client())
    asked = at_new_password(three, site, begin(three, reset), forgetful.email)
    yield (
        three,
        lambda browser: (
            reset,
            arrival(browser.press(asked, "continue", **passwords(NEW_PASSWORD))),
        ),
    )

    four = Browser(site.new_client())
    shown = begin(four, edit)
    profile = page(four.press(shown, "next", email=editor.email, password=PASSWORD))
    yield (
        four,
        lambda browser: (edit, arrival(browser.press(profile, "continue", displayName="Later"))),
    )

    five = Browser(site.new_client())
    begun = begin(five, party)
    ended = arrival(five.press(begun, "next", email=person.email, password=PASSWORD))

    def click_again(browser: Browser) -> tuple[RelyingParty, Arrived]:
        again = arrival(browser.press(begun, "next", email=person.email, password=PASSWORD))
        assert again == ended
        return party, again

    yield five, click_again


class TestAnAdministratorChangesTheUserFlow:
    def test_one_that_is_deleted_ends_its_journeys(self, site: Server, browser: Browser) -> None:
        flow = a_user_flow(site, "signIn")
        person = a_person(site)
        shown = begin(browser, RelyingParty(site, flow))
        site.client.delete(
            f"{site.facts['graph']['beta']}/identity/userFlows/{flow}", headers=bearer(site)
        ).raise_for_status()
        shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
        assert shown.response.status_code == 404
        assert "AADB2C90066" in shown.text

    def test_one_that_comes_back_as_another_kind_gives_nobody_anything(
        self, site: Server, browser: Browser
    ) -> None:
        flow = a_user_flow(site, "signUpOrSignIn")
        party = RelyingParty(site, flow)
        first = begin(browser, party)
        shown = page(browser.press(first, "createAccount"))
        shown = prove(browser, site, shown, a_new_address())
        address = f"{site.facts['graph']['beta']}/identity/userFlows"
        site.client.delete(f"{address}/{flow}", headers=bearer(site)).raise_for_status()
        body = {"id": flow, "userFlowType": "profileUpdate", "userFlowTypeVersion": 3}
        site.client.post(address, json=body, headers=bearer(site)).raise_for_status()
        arrived = arrival(browser.press(shown, "continue", **passwords()))
        assert arrived.parameters["error"] == "access_denied"
        assert "code" not in arrived.parameters

    @pytest.mark.parametrize("stage", ["address", "code", "password"])
    def test_resetting_that_is_switched_off_stops_at_once(
        self, site: Server, browser: Browser, stage: str
    ) -> None:
        flow, person = a_user_flow(site, "signUpOrSignIn"), a_person(site)
        party = RelyingParty(site, flow)
        shown = page(browser.press(begin(browser, party), "forgotPassword"))
        if stage == "code":
            shown = page(browser.press(shown, SEND, email=person.email))
        if stage == "password":
            shown = at_new_password(browser, site, shown, person.email)
        off = {"isSelfServicePasswordResetAllowed": False}
        patch(site, f"/identity/userFlows/{flow}", {"passwordComplexityConfiguration": off})
        values: dict[str, dict[str, str]] = {
            "address": {"email": person.email},
            "code": {"emailVerificationCode": "123456"},
            "password": passwords(NEW_PASSWORD),
        }
        button = {"address": SEND, "code": VERIFY, "password": "continue"}[stage]
        assert arrival(browser.press(shown, button, **values[stage])).error_code == "AADB2C90118"

    def test_stricter_passwords_hold_for_those_who_are_half_way(
        self, site: Server, browser: Browser
    ) -> None:
        flow, email = a_user_flow(site, "signUp"), a_new_address()
        party = RelyingParty(site, flow)
        shown = proved_sign_up(browser, site, party, email)
        nist = {"complexityLevel": "nist"}
        patch(site, f"/identity/userFlows/{flow}", {"passwordComplexityConfiguration": nist})
        shown = page(browser.press(shown, "continue", **passwords("Sh0rt-enough")))
        assert "at least 15" in shown.text
        long = "only small letters will do"
        claims = party.claims(arrival(browser.press(shown, "continue", **passwords(long))))
        assert claims["emails"] == [email]


class TestTheWrongBrowser:
    def test_an_interaction_lasts_an_hour(self, site: Server, browser: Browser) -> None:
        person = a_person(site)
        shown = begin(browser, RelyingParty(site))
        site.move_clock(3601)
        shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
        assert shown.response.status_code == 400
        assert "AADB2C90046" in shown.text

    @pytest.mark.parametrize("cookies", [{}, {"__Host-gatelodge-browser": ""}])
    def test_without_its_cookie_an_interaction_is_nobody_s(
        self, site: Server, browser: Browser, open_browser: OpenBrowser, cookies: dict[str, str]
    ) -> None:
        shown = begin(browser, RelyingParty(site), login_hint="hint@people.example")
        other = open_browser()
        other.client.cookies.update(cookies)
        for seen in (
            page(other.open(shown.url)),
            page(other.press(shown, "next", email="a@people.example", password="x")),
        ):
            assert seen.response.status_code == 400
            assert "AADB2C90046" in seen.text
            assert "hint@people.example" not in seen.response.text

    def test_a_link_sent_to_a_victim_shows_nothing_and_takes_nothing(
        self, site: Server, open_browser: OpenBrowser
    ) -> None:
        attacker, victim = open_browser(), open_browser()
        person, party = a_person(site), RelyingParty(site)
        begin(victim, party)
        shown = proved_sign_up(attacker, site, party, a_new_address())
        seen = page(victim.open(shown.url))
        assert seen.response.status_code == 400
        assert "newPassword" not in seen
        first = begin(attacker, party)
        seen = page(victim.press(first, "next", email=person.email, password=PASSWORD))
        assert "AADB2C90046" in seen.text
        assert "password" in page(attacker.open(first.url))

    def test_an_interaction_is_only_at_its_own_user_flow(
        self, site: Server, browser: Browser
    ) -> None:
        person = a_person(site)
        shown = begin(browser, RelyingParty(site, "signIn"))
        flows = site.facts["user_flows"]
        moved = shown.url.replace(flows["signIn"].lower(), flows["passwordReset"].lower())
        assert moved != shown.url
        assert "AADB2C90046" in page(browser.open(moved)).text
        shown.form.action = moved
        shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
        assert "AADB2C90046" in shown.text


class TestSeals:
    @staticmethod
    def submitted(shown: Shown, button: str = "next", **values: str) -> dict[str, str]:
        name, value = shown.form.buttons[button]
        return {**dict(shown.form.values), **values, name: value}

    @FORMS
    def test_a_form_without_our_seal_is_refused(
        self, site: Server, browser: Browser, flow: str
    ) -> None:
        shown = begin(browser, RelyingParty(site, flow))
        button = next(iter(shown.form.buttons))
        form = self.submitted(shown, button, email=a_new_address())
        seal = form.pop("seal")
        step, _, mac = seal.partition(".")
        sealed = [
            form,
            *(
                {**form, "seal": each}
                for each in ("", "x", mac, f"{step}.", f"register.{mac}", seal[:-1], seal + "x")
            ),
            *({**form, "seal": f"{each}.{mac}"} for each in ("newPassword", "startSession")),
        ]
        for each in sealed:
            answer = browser.client.post(shown.url, data=each)
            assert answer.status_code == 403, each
            assert "location" not in answer.headers

    def test_the_seal_of_another_interaction_is_refused(
        self, site: Server, browser: Browser
    ) -> None:
        person, party = a_person(site), RelyingParty(site)
        one, other = begin(browser, party), begin(browser, party)
        form = self.submitted(one, email=person.email, password=PASSWORD)
        assert browser.client.post(other.url, data=form).status_code == 403

    def test_a_seal_that_comes_twice_is_refused(self, site: Server, browser: Browser) -> None:
        shown = begin(browser, RelyingParty(site))
        form: dict[str, object] = {**self.submitted(shown)}
        form["seal"] = [form["seal"], form["seal"]]
        assert browser.client.post(shown.url, data=form).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost:3000"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        ],
    )
    def test_a_form_another_site_sends_is_refused(
        self, site: Server, browser: Browser, headers: dict[str, str]
    ) -> None:
        person = a_person(site)
        shown = begin(browser, RelyingParty(site))
        form = self.submitted(shown, email=person.email, password=PASSWORD)
        assert browser.client.post(shown.url, data=form, headers=headers).status_code == 403
        own = {"Origin": site.origin, "Sec-Fetch-Site": "same-origin"}
        assert browser.client.post(shown.url, data=form, headers=own).status_code == 303


class TestForms:
    def answer(self, browser: Browser, shown: Shown, **request: object) -> httpx.Response:
        return browser.client.post(shown.url, **request)  # type: ignore[arg-type]

    @FORMS
    def test_an_empty_form_is_refused(self, site: Server, browser: Browser, flow: str) -> None:
        shown = begin(browser, RelyingParty(site, flow))
        assert self.answer(browser, shown, content=b"", headers=FORM).status_code == 403

    @FORMS
    @pytest.mark.parametrize(
        "action", ["continue", "register", "", "next\x00", "createAccount ", "confirmed"]
    )
    def test_an_action_the_page_does_not_offer_does_nothing(
        self, site: Server, browser: Browser, flow: str, action: str
    ) -> None:
        shown = begin(browser, RelyingParty(site, flow))
        if action in {value for _, value in shown.form.buttons.values()}:
            pytest.skip("offered here")
        form = {**dict(shown.form.values), "action": action, **passwords()}
        answer = page(browser.follow(self.answer(browser, shown, data=form)))
        assert answer.form.buttons == shown.form.buttons

    def test_a_field_that_comes_twice_is_not_guessed(self, site: Server, browser: Browser) -> None:
        person = a_person(site)
        shown = begin(browser, RelyingParty(site))
        shown = page(
            browser.press(
                shown, "next", email=["x@people.example", person.email], password=PASSWORD
            )
        )
        assert "cannot read" in shown.text
        form = {**TestSeals.submitted(shown), "email": person.email, "password": PASSWORD}
        twice = {**form, "action": ["next", "createAccount"]}
        shown = page(browser.follow(self.answer(browser, shown, data=twice)))
        assert "password" in shown

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            (b"a=" + b"x" * 70_000, 413),
            (b"a=" + b"x" * 3_000_000, 413),
            (b"&".join(b"a%d=1" % each for each in range(500)), 400),
            (b"seal=\xff\xfe", 400),
            (b"seal=%ED%A0%80", 400),
            (b"seal=%ff", 400),
            (b"seal;action=next", 403),
            (b"&&&&", 403),
        ],
    )
    def test_a_body_that_is_no_form_of_ours_is_refused(
        self, site: Server, browser: Browser, content: bytes, status: int
    ) -> None:
        shown = begin(browser, RelyingParty(site))
        assert self.answer(browser, shown, content=content, headers=FORM).status_code == status

    @pytest.mark.parametrize(
        "media_type",
        [
            "application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencodedx",
            "application/x-www-form-urlencoded; charset=utf-16",
            "",
        ],
    )
    def test_another_media_type_is_refused(
        self, site: Server, browser: Browser, media_type: str
    ) -> None:
        person = a_person(site)
        shown = begin(browser, RelyingParty(site))
        form = TestSeals.submitted(shown, email=person.email, password=PASSWORD)
        body = httpx.QueryParams(form).__str__().encode()
        headers = {"content-type": media_type}
        assert self.answer(browser, shown, content=body, headers=headers).status_code == 415

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
    def test_other_methods_are_refused(self, site: Server, browser: Browser, method: str) -> None:
        shown = begin(browser, RelyingParty(site))
        assert browser.client.request(method, shown.url).status_code == 405

    def test_looking_at_the_head_of_a_page_changes_nothing(
        self, site: Server, browser: Browser
    ) -> None:
        shown = begin(browser, RelyingParty(site))
        answer = browser.client.head(shown.url)
        assert (answer.status_code, answer.content) == (200, b"")
        assert "password" in page(browser.open(shown.url))

    @pytest.mark.parametrize(
        "handle", ["", "x", "A" * 43, "%00", "..", "%2e%2e%2fauthorize", "A" * 5000, "é"]
    )
    def test_a_handle_made_up_leads_nowhere(
        self, site: Server, browser: Browser, handle: str
    ) -> None:
        shown = begin(browser, RelyingParty(site))
        url = urljoin(shown.url, "../interaction/") + handle
        assert browser.client.get(url).status_code in {400, 404, 405}


def test_nothing_of_a_journey_is_in_what_the_program_says(site: Server, browser: Browser) -> None:
    email = a_new_address("canary")
    shown = proved_sign_up(browser, site, RelyingParty(site), email)
    code = site.code_for(email)
    arrived = arrival(browser.press(shown, "continue", **passwords("Canary-Password-1")))
    assert account_of(site, email) is not None
    said = "".join(site.said)
    for secret in (email, code, arrived.code, "Canary-Password-1"):
        assert secret not in said
