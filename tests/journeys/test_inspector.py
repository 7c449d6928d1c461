"""What is kept of a journey: every step and why, in names only, for a set time."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import msgspec
import pytest

from gatelodge.app.picturing import draw_configured
from gatelodge.errors import Invalid
from gatelodge.journeys.catalogue import ROWS
from gatelodge.journeys.picture import draw_journey
from gatelodge.journeys.tracing import condition_name
from gatelodge.journeys.when import WHEN
from gatelodge.model.interaction import INTERACTION_LIFETIME_S
from gatelodge.model.trace import Trace, TraceOutcome
from gatelodge.model.user_flow import UserFlowType
from gatelodge.operations.sweep import Sweeper
from tests.journeys.people import PASSWORD, SEND, VERIFY, passwords
from tests.world.browser import Shown, arrival, page
from tests.world.furnished import OpenVisit
from tests.world.house import House
from tests.world.relying_party import RelyingParty

SECRET_CITY = "Atlantis-on-the-Sea"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def settled(house: House) -> None:
    house.run(house.forget_sent_codes())


def kept(house: House, shown: Shown) -> Trace:
    """Return what is kept of the interaction whose page this is."""
    found = re.match(r"<!-- (\S+) -->", shown.response.text.partition("\n")[2])
    assert found is not None
    trace = house.run(house.world_stores.traces.of(found[1]))
    assert trace is not None
    return trace


def walk(house: House, visit: OpenVisit, email: str) -> tuple[Trace, list[str]]:
    """Sign up with one wrong code; return the trace and everything that was typed."""
    browser, party = visit(), RelyingParty(house)
    shown = page(browser.press(page(browser.open(party.link())), "createAccount"))
    shown = page(browser.press(shown, SEND, email=email))
    code = house.code_for(email)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=wrong))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    form = shown.form
    form.values.append((f"pasted {SECRET_CITY}", "x"))
    arrival(browser.press(shown, "continue", **passwords(), displayName=SECRET_CITY))
    return kept(house, shown), [email, code, wrong, PASSWORD, SECRET_CITY]


def test_every_step_is_kept_with_its_reason_and_no_value(house: House, visit: OpenVisit) -> None:
    trace, typed = walk(house, visit, "inspected@people.example")
    steps = [(each.step, str(each.outcome)) for each in trace.entries]
    assert steps[0] == ("choose", "shown")
    for expected in [
        ("choose", "done"),
        ("verifyEmail", "done"),
        ("collectAttributes", "done"),
        ("register", "done"),
        ("startSession", "done"),
    ]:
        assert expected in steps
    refused = next(each for each in trace.entries if "ver_fail_retry" in each.because)
    assert (refused.step, refused.outcome) == ("verifyEmail", TraceOutcome.SHOWN)
    assert refused.answered == ("emailVerificationCode",)
    made = next(each for each in trace.entries if each.step == "register")
    assert {"account_id", "is_new_account"} <= set(made.learned)
    assert all(each.condition in WHEN for each in trace.entries)
    text = msgspec.json.encode(trace).decode()
    for each in typed:
        assert each not in text


def test_an_administrator_reads_the_journey_with_the_sign_in(
    house: House, visit: OpenVisit
) -> None:
    trace, _ = walk(house, visit, "read@people.example")
    admin = house.facts["admin"]
    token = house.client.post(
        f"/{house.facts['tenant_id']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
            "client_id": admin["client_id"],
            "client_secret": admin["client_secret"],
        },
    ).json()["access_token"]
    answer = house.client.get(
        "/beta/auditLogs/signIns",
        params={"$filter": f"correlationId eq '{trace.correlation_id}'"},
        headers={"Authorization": f"Bearer {token}"},
    )
    entry = answer.json()["value"][0]
    told = entry["journey"]
    assert [each["step"] for each in told] == [each.step for each in trace.entries]
    assert told[0]["outcome"] == "shown"
    assert told[0]["page"] == "api.signuporsignin"
    assert "email" in told[0]["asked"]
    assert told[0]["durationInMilliseconds"] >= 0
    alone = house.client.get(
        f"/beta/auditLogs/signIns/{entry['id']}", headers={"Authorization": f"Bearer {token}"}
    )
    assert alone.json()["journey"] == told


def test_a_trace_outlives_the_interaction_and_then_goes(house: House, visit: OpenVisit) -> None:
    trace, _ = walk(house, visit, "kept@people.example")
    sweeper = Sweeper(house.database, house.clock, timedelta(days=7))
    house.clock.move(seconds=INTERACTION_LIFETIME_S + 1)
    house.run(sweeper.sweep())
    assert house.run(house.world_stores.traces.of(trace.correlation_id)) == trace
    house.clock.move(days=7)
    house.run(sweeper.sweep())
    assert house.run(house.world_stores.traces.of(trace.correlation_id)) is None


def test_a_journey_somebody_left_is_kept_as_far_as_it_went(house: House, visit: OpenVisit) -> None:
    shown = page(visit().open(RelyingParty(house, "passwordReset").link()))
    entries = kept(house, shown).entries
    assert [(each.step, str(each.outcome)) for each in entries] == [("verifyEmail", "shown")]


def test_a_journey_that_is_given_up_says_why(house: House, visit: OpenVisit) -> None:
    browser = visit()
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    arrival(browser.press(shown, "cancel"))
    last = kept(house, shown).entries[-1]
    assert (last.outcome, last.because) == (TraceOutcome.REFUSED, ("cancelled",))


@pytest.mark.parametrize("user_flow_type", UserFlowType)
def test_every_journey_is_drawn_with_its_steps_in_order(user_flow_type: UserFlowType) -> None:
    drawn = ElementTree.XML(draw_journey(user_flow_type, title="<title> & more"))
    texts = [each.text for each in drawn.iter(f"{SVG}text")]
    steps = [str(step) for step, _, types in ROWS if user_flow_type in types]
    assert [each for each in texts if each in set(steps)] == steps
    assert texts[0] == "<title> & more"
    assert not list(drawn.iter(f"{SVG}script"))


def test_a_picture_shows_the_way_taken(house: House, visit: OpenVisit) -> None:
    trace, _ = walk(house, visit, "drawn@people.example")
    kind = UserFlowType.SIGN_UP_OR_SIGN_IN
    drawn = draw_journey(kind, title="way", entries=trace.entries)
    root = ElementTree.XML(drawn)
    assert len(list(root.iter(f"{SVG}circle"))) == len(trace.entries)
    assert "because: ver_fail_retry" in drawn
    assert drawn != draw_journey(kind, title="way")


def test_every_condition_is_put_into_words() -> None:
    assert {condition_name(when) for _, when, _ in ROWS} <= set(WHEN)


def test_a_user_flow_is_drawn_from_its_database(house: House, visit: OpenVisit) -> None:
    trace, _ = walk(house, visit, "asked@people.example")
    domain = house.facts["tenant_domain"]

    def drawn(name: str, correlation_id: str | None) -> str:
        return house.run(
            draw_configured(house.database, name, domain=domain, correlation_id=correlation_id)
        )[1]

    alone = drawn("b2c_1_SIGNUPSIGNIN", None)
    assert "stroke-dasharray" in alone
    assert "learned:" in drawn(trace.user_flow_id, trace.correlation_id)
    for name, correlation_id in (
        ("B2C_1_nobody", None),
        (trace.user_flow_id, "unknown"),
        (house.facts["user_flows"]["signIn"], trace.correlation_id),
    ):
        with pytest.raises(Invalid):
            drawn(name, correlation_id)
