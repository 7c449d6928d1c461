"""Second factors: set up once, asked for ever after, and no way around them."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import or_, select

from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.outcome import Unproved
from gatelodge.journeys.step import StepName
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Facts
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import FactorFacts, FactorKind
from gatelodge.model.user_flow import (
    SecondFactor,
    SecondFactorState,
    UserFlow,
)
from gatelodge.oidc.second_factor import use_up_factor
from gatelodge.storage import tables
from gatelodge.storage.statement import Query
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, Person, a_person
from tests.journeys.second_factor import demand, restored, scan, with_app, with_password
from tests.world.authenticator import Authenticator
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.clock import BEGINNING
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.traces import a_grant, a_passkey, a_proof, an_interaction

APP, MAIL, PHONE = SecondFactor.AUTHENTICATOR, SecondFactor.EMAIL, SecondFactor.PHONE_CALL_OR_SMS


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Put every user flow back as it was."""
    with restored(house):
        yield


def test_an_authenticator_is_set_up_at_first_need_and_asked_for_from_then_on(
    house: House, visit: OpenVisit
) -> None:
    person, party = a_person(house), RelyingParty(house)
    app = with_app(house, visit(), person)
    assert app.label == f"{app.issuer}:{person.email}"
    browser = visit()
    shown = page(with_password(browser, party, person))
    assert "otpCode" in shown
    assert "totpQrCodeControl" not in shown
    house.clock.move(seconds=30)
    claims = party.claims(
        arrival(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    )
    assert claims["sub"] == person.id
    assert claims["amr"] == ["pwd", "otp", "mfa"]


def at_app(house: House, browser: Browser, person: Person) -> Shown:
    """Come as far as the page that asks for the authenticator's code."""
    shown = page(with_password(browser, RelyingParty(house), person))
    assert "otpCode" in shown
    return shown


@pytest.mark.parametrize(
    ("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_counts_one_half_minute_either_way(
    house: House, visit: OpenVisit, steps: int, counts: bool
) -> None:
    person, visitor = a_person(house), visit()
    app = with_app(house, visit(), person)
    house.clock.move(minutes=5)
    shown = at_app(house, visitor, person)
    answer = visitor.press(shown, "continue", otpCode=app.code(house.clock(), steps=steps))
    assert isinstance(answer, Arrived) is counts


def test_a_code_counts_once_and_so_does_everything_before_it(
    house: House, visit: OpenVisit
) -> None:
    person = a_person(house)
    app = with_app(house, visit(), person)
    house.clock.move(minutes=5)
    first, second = visit(), visit()
    shown, other = at_app(house, first, person), at_app(house, second, person)
    code, before = app.code(house.clock(), steps=1), app.code(house.clock())
    arrival(first.press(shown, "continue", otpCode=code))
    for typed in (code, before, app.code(house.clock(), steps=-1)):
        assert "not right, or was used" in page(second.press(other, "continue", otpCode=typed)).text
    house.clock.move(seconds=60)
    arrival(second.press(other, "continue", otpCode=app.code(house.clock())))


def test_the_secret_is_the_server_s_and_shown_only_until_it_was_taken_over(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    demand(house, APP, are_recovery_codes_issued=False)
    shown = page(with_password(browser, RelyingParty(house), person))
    app = scan(shown)
    assert scan(page(browser.open(shown.url))) == app
    own = Authenticator("own", "own", b"a" * 20)
    shown.form.names |= {"secret": "secret", "sealed_secret": "sealed_secret"}
    forged = {"secret": "A" * 32, "sealed_secret": "A" * 32}
    wrong = browser.press(shown, "continue", otpCode=own.code(house.clock()), **forged)
    assert "not right" in page(wrong).text
    arrival(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    assert "otpauth" not in at_app(house, visit(), person).response.text
    dumped = house.stores(lambda stores: stores.second_factors.of_account(AccountId(person.id)))
    assert app.secret not in repr(dumped).encode()
    assert b32(app.secret) not in repr(dumped)


def b32(secret: bytes) -> str:
    return base64.b32encode(secret).decode()


def test_five_wrong_codes_lock_the_factor_and_not_the_password(
    house: House, visit: OpenVisit
) -> None:
    person = a_person(house)
    app = with_app(house, visit(), person)
    house.clock.move(minutes=5)
    for _ in range(2):
        guesser = visit()
        shown = at_app(house, guesser, person)
        for _ in range(2):
            shown = page(guesser.press(shown, "continue", otpCode="000000"))
    shown = at_app(house, guesser, person)
    assert "not right" in page(guesser.press(shown, "continue", otpCode="000000")).text
    owner = visit()
    told = arrival(guesser.press(shown, "continue", otpCode=app.code(house.clock())))
    assert (told.parameters["error"], told.error_code) == ("access_denied", "AADB2C90151")
    assert arrival(with_password(owner, RelyingParty(house), person)).error_code == "AADB2C90151"
    house.clock.move(minutes=5, seconds=1)
    shown = at_app(house, owner, person)
    assert "not right" in page(owner.press(shown, "continue", otpCode="000000")).text
    assert arrival(owner.open(shown.url)).error_code == "AADB2C90151"
    house.clock.move(minutes=10, seconds=1)
    shown = at_app(house, owner, person)
    arrival(owner.press(shown, "continue", otpCode=app.code(house.clock())))


def test_who_guesses_factors_locks_no_device_that_showed_one_before(
    house: House, visit: OpenVisit
) -> None:
    person, owner = a_person(house), visit()
    app = with_app(house, owner, person)
    house.clock.move(minutes=5)
    # Elsewhere in the tenant a password is enough; it makes no device one that showed a factor.
    demand(house, APP, state=SecondFactorState.OFF)
    guesser = visit()
    arrival(with_password(guesser, RelyingParty(house), person))
    demand(house, APP)
    shown = page(with_password(guesser, RelyingParty(house), person, prompt="login"))
    for _ in range(4):
        shown = page(guesser.press(shown, "continue", otpCode="000000"))
    guesser.press(shown, "continue", otpCode="000000")
    refused = arrival(with_password(visit(), RelyingParty(house), person))
    assert refused.error_code == "AADB2C90151"
    shown = page(with_password(owner, RelyingParty(house), person, prompt="login"))
    arrival(owner.press(shown, "continue", otpCode=app.code(house.clock())))


def test_whoever_has_a_factor_shows_it_before_setting_another_one_up(
    house: House, visit: OpenVisit
) -> None:
    person, party, browser = a_person(house), RelyingParty(house), visit()
    app = with_app(house, visit(), person)
    house.clock.move(minutes=5)
    demand(house, MAIL)
    shown = at_app(house, browser, person)
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    assert SEND in shown.form.buttons
    shown = page(browser.press(shown, SEND))
    code = house.code_for(person.email)
    arrived = arrival(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert party.claims(arrived)["amr"] == ["pwd", "otp", "mfa", "email"]


def test_of_two_who_set_the_first_factor_up_only_one_does(house: House, visit: OpenVisit) -> None:
    person, party, owner, thief = a_person(house), RelyingParty(house), visit(), visit()
    demand(house, APP, are_recovery_codes_issued=False)
    shown = page(with_password(owner, party, person))
    other = page(with_password(thief, party, person))
    own, stolen = scan(shown), scan(other)
    arrival(owner.press(shown, "continue", otpCode=own.code(house.clock())))
    asked = page(thief.press(other, "continue", otpCode=stolen.code(house.clock())))
    assert "totpQrCodeControl" not in asked
    assert "otpCode" in asked
    house.clock.move(seconds=30)
    answer = thief.press(asked, "continue", otpCode=stolen.code(house.clock()))
    assert "not right" in page(answer).text
    factors = house.stores(lambda stores: stores.second_factors.of_account(AccountId(person.id)))
    assert len(factors) == 1


def test_no_form_of_any_step_gets_past_a_factor(house: House, visit: OpenVisit) -> None:
    person, browser = a_person(house), visit()
    with_app(house, visit(), person)
    shown = at_app(house, browser, person)
    interaction_id = digest_of(shown.url.rpartition("/")[2])
    actions = ("continue", "next", "newCodes", "factor_1", "factor_email", "useAnother", SEND, "")
    for step, action in product(StepName, actions):
        seal = f"{step}.{house.world.sealer.mac('form', interaction_id, step)}"
        form = {
            "seal": seal,
            "action": action,
            "proved": "authenticator",
            "otpCode": "",
            "newPassword": "Velvet-Compass-29",
            "reenterPassword": "Velvet-Compass-29",
        }
        answer = browser.follow(browser.client.post(shown.url, data=form))
        assert not isinstance(answer, Arrived) or "code" not in answer.parameters, form


def test_a_session_without_a_factor_is_asked_for_one_where_it_is_demanded(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    house.clock.move(minutes=5)
    weak, strong = RelyingParty(house, "signIn"), RelyingParty(house)
    assert "amr" not in weak.claims(arrival(with_password(browser, weak, person)))
    before = dict(browser.client.cookies)
    silent = arrival(browser.open(strong.link(prompt="none")))
    assert silent.parameters["error"] == "interaction_required"
    shown = page(browser.open(strong.link()))
    assert "password" not in shown
    claims = strong.claims(
        arrival(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    )
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert dict(browser.client.cookies) != before
    for party in (weak, strong):
        assert party.claims(arrival(browser.open(party.link(prompt="none"))))["amr"] == [
            "pwd",
            "otp",
            "mfa",
        ]


def test_a_session_with_another_kind_of_factor_is_not_enough(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    demand(house, MAIL, flow="signIn")
    party = RelyingParty(house, "signIn")
    shown = page(with_password(browser, party, person))
    shown = page(browser.press(shown, SEND))
    arrival(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(person.email)))
    arrival(browser.open(party.link()))
    demand(house, APP)
    shown = page(browser.open(RelyingParty(house).link()))
    assert SEND in shown.form.buttons
    assert "totpQrCodeControl" not in shown


def test_a_user_flow_that_begins_to_ask_asks_those_who_are_half_way_through(
    house: House, visitor: Browser
) -> None:
    person, party = a_person(house), RelyingParty(house)
    shown = page(visitor.open(party.link()))
    demand(house, APP)
    shown = page(visitor.press(shown, "next", email=person.email, password=PASSWORD))
    assert "totpQrCodeControl" in shown


def test_an_abandoned_set_up_leaves_an_account_that_is_asked_again(
    house: House, visit: OpenVisit
) -> None:
    person, party, browser = a_person(house), RelyingParty(house), visit()
    demand(house, APP)
    shown = page(with_password(browser, party, person))
    assert arrival(browser.press(shown, "cancel")).error_code == "AADB2C90091"
    assert "totpQrCodeControl" in page(with_password(visit(), party, person))


CONDITIONAL = SecondFactorState.CONDITIONAL


def test_conditional_asks_where_the_factor_was_not_shown_before(
    house: House, visit: OpenVisit
) -> None:
    person, party, own, other = a_person(house), RelyingParty(house), visit(), visit()
    app = with_app(house, own, person, state=CONDITIONAL)
    claims = party.claims(arrival(with_password(own, party, person, prompt="login")))
    assert "amr" not in claims
    house.clock.move(minutes=5)
    shown = page(with_password(other, party, person))
    assert "otpCode" in shown
    arrival(other.press(shown, "continue", otpCode=app.code(house.clock())))
    arrival(with_password(other, party, person, prompt="login"))

    async def move_house(stores: Stores) -> None:
        for each in await stores.known_devices.all_of(AccountId(person.id)):
            await stores.known_devices.remove(each.account_id, each.device_id, each.network)
            await stores.known_devices.note(replace(each, network="192.0.2.0/24"))

    house.stores(move_house)
    assert "otpCode" in page(with_password(own, party, person, prompt="login"))


def test_a_device_known_by_its_password_alone_is_asked(house: House, visit: OpenVisit) -> None:
    person, thief = a_person(house), visit()
    with_app(house, visit(), person, state=CONDITIONAL)
    weak = RelyingParty(house, "signIn")
    arrival(with_password(thief, weak, person))
    arrival(with_password(thief, weak, person, prompt="login"))
    assert "otpCode" in page(thief.open(RelyingParty(house).link()))
    assert "otpCode" in page(with_password(thief, RelyingParty(house), person, prompt="login"))


def test_conditional_has_everybody_set_a_factor_up(house: House, visitor: Browser) -> None:
    demand(house, APP, state=CONDITIONAL)
    shown = page(with_password(visitor, RelyingParty(house), a_person(house)))
    assert "totpQrCodeControl" in shown


def test_a_name_and_a_password_are_not_enough_for_whoever_has_a_factor(
    house: House, visit: OpenVisit
) -> None:
    person, plain, holder = a_person(house), a_person(house), a_person(house)
    with_app(house, visit(), person)
    passkey = a_passkey(account_id=AccountId(holder.id), directory_id=house.facts["tenant_id"])
    house.stores(lambda stores: stores.passkeys.add(passkey))
    party = RelyingParty(house, "resourceOwner", "native")

    def ask(who: Person) -> Any:
        return party.token(
            grant_type="password", username=who.email, password=PASSWORD, scope=party.scope
        )

    assert ask(plain).status_code == 200
    wrong = party.token(
        grant_type="password", username=plain.email, password="wrong", scope=party.scope
    )
    for refused in (ask(person), ask(holder)):
        assert refused.status_code == wrong.status_code == 400
        assert refused.json()["error"] == wrong.json()["error"]


def test_refreshing_ends_where_everybody_is_asked_from_now_on(
    house: House, visit: OpenVisit
) -> None:
    person, party, browser = a_person(house), RelyingParty(house), visit()
    old = party.tokens(arrival(with_password(browser, party, person)))
    app = with_app(house, visit(), person)
    refused = party.refresh(old["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    house.clock.move(minutes=5)
    shown = at_app(house, browser, person)
    answer = browser.press(shown, "continue", otpCode=app.code(house.clock()))
    new = party.tokens(arrival(answer))
    assert party.refresh(new["refresh_token"]).status_code == 200


def test_the_log_says_which_factor_was_shown(house: House, visit: OpenVisit) -> None:
    person = a_person(house)
    with_app(house, visit(), person)
    event = tables.audit_event.c
    about = or_(event.actor == person.id, event.target == person.id)
    rows = house.stores(
        lambda stores: stores.audit_events.connection.all(
            Query(select(event.name, event.detail).where(about))
        )
    )
    said = dict(rows)
    assert said[EventName.SIGN_IN]["secondFactor"] == "authenticator"
    assert said[EventName.FACTOR_ENROLLED]["factor"] == "authenticator"


def test_setting_a_factor_up_ends_other_sessions_and_tells_the_owner(
    house: House, visit: OpenVisit
) -> None:
    person, other = a_person(house), visit()
    weak = RelyingParty(house, "signIn")
    arrival(with_password(other, weak, person))
    arrival(other.open(weak.link()))
    with_app(house, visit(), person)
    assert "password" in page(other.open(weak.link()))
    told = house.run(house.world_stores.messages.latest())[0]
    assert (told.to, "was added to your account" in told.text) == (person.email, True)


async def _issue(stores: Stores, flow: UserFlow, facts: Facts, account_id: str) -> None:
    interaction = an_interaction(directory_id=flow.directory_id, facts=facts)
    grant = a_grant(directory_id=flow.directory_id, account_id=AccountId(account_id))
    await use_up_factor(stores, flow, interaction, grant, BEGINNING)


def test_what_an_interaction_believes_is_no_proof(house: House) -> None:
    person, believing = a_person(house), Facts(factor=FactorFacts(proved=FactorKind.PHONE))
    demand(house, APP)
    flow_id = house.facts["user_flows"]["signUpOrSignIn"]
    flow = house.stores(lambda stores: stores.user_flows.require(flow_id))
    proof = a_proof(
        directory_id=flow.directory_id, kind=ProofKind.SECOND_FACTOR, account_id=person.id
    )

    async def prove(stores: Stores) -> None:
        await stores.proofs.add(proof)

    with pytest.raises(Unproved):
        house.stores(lambda stores: _issue(stores, flow, believing, person.id))
    house.stores(prove)
    with pytest.raises(Unproved):
        house.stores(lambda stores: _issue(stores, flow, believing, "somebody else"))
    house.stores(lambda stores: _issue(stores, flow, believing, person.id))
    with pytest.raises(Unproved):
        house.stores(lambda stores: _issue(stores, flow, believing, person.id))


def test_signing_in_as_somebody_else_on_the_way_asks_for_that_person_s_factor(
    house: House, visit: OpenVisit
) -> None:
    own, victim, browser = a_person(house), a_person(house), visit()
    app = with_app(house, visit(), own)
    with_app(house, visit(), victim)
    demand(house, APP, state=SecondFactorState.OFF)
    arrival(with_password(browser, RelyingParty(house), own))
    house.stores(lambda stores: stores.passwords.remove(AccountId(own.id)))
    demand(house, APP, flow="profileUpdate")
    manageable = AccountConfiguration(are_passkeys_manageable=True)
    configure(house, "profileUpdate", account_configuration=manageable)
    house.clock.move(minutes=15)
    shown = page(browser.open(RelyingParty(house, "profileUpdate").link()))
    profile = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    anew = page(browser.press(profile, "managePasskeys"))
    asked = page(browser.press(anew, "next", email=victim.email, password=PASSWORD))
    assert "otpCode" in asked, asked.text
