"""Providers are linked, mostly in profile edit: by the owner, to who the provider says it is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.account import SignInType
from gatelodge.model.audit import EventName
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.user_flow import SecondFactorConfiguration
from gatelodge.outbound import NotReached
from gatelodge.storage.stores import Stores
from tests.journeys.federation_world import (
    PEOPLE,
    account_from,
    back,
    come_from,
    offer,
    people_provider,
    preset_provider,
    signed_up,
    somebody,
)
from tests.journeys.people import PASSWORD, Person, a_person, change_account
from tests.journeys.second_factor import restored, with_app, with_password
from tests.journeys.test_own_account import told
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import ISSUER, Upstream

EDIT, LINK = "profileUpdate", f"link-{PEOPLE}"
ALLOWED = AccountConfiguration(are_identities_manageable=True, is_identity_linking_allowed=True)


@pytest.fixture(autouse=True)
def settled(home: House) -> Iterator[None]:
    """Offer the provider in profile edit as well, and put everything back afterwards."""
    with restored(home):
        offer(home, people_provider(home), flow=EDIT, account_configuration=ALLOWED)
        yield


def at_identities(home: House, browser: Browser, person: Person) -> Shown:
    """Sign in with the password and come to the page of what one signs in with."""
    profile = page(with_password(browser, RelyingParty(home, EDIT), person, prompt="login"))
    return page(browser.press(profile, "manageIdentities"))


def linked(home: House, person: Person) -> list[tuple[str, str]]:
    async def work(stores: Stores) -> list[tuple[str, str]]:
        account = await stores.accounts.require(person.id)
        return [
            (each.issuer, each.issuer_assigned_id)
            for each in account.identities
            if each.sign_in_type is SignInType.FEDERATED
        ]

    return home.stores(work)


def test_the_owner_links_a_provider_and_signs_in_with_it_from_then_on(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person, known = a_person(home), somebody()
    shown = at_identities(home, guest, person)
    assert shown.text_of(LINK) == "Link People"
    at = arrival(guest.press(shown, LINK))
    assert at.url.startswith(f"{ISSUER}/authorize?")
    answer = upstream.identify(at, known)
    profile = page(back(guest, at, answer))
    assert "The account was linked" in profile.text
    assert linked(home, person) == [(ISSUER, known["sub"])]
    assert any("was linked to your account" in each for each in told(home, person.email))
    shown = page(guest.press(profile, "manageIdentities"))
    assert shown.text_of("unlink-0") == "Unlink People"
    assert LINK not in shown
    # What the provider answered counts once.
    assert "unlink-0" in page(back(guest, at, answer))
    assert linked(home, person) == [(ISSUER, known["sub"])]
    claims = party.claims(arrival(come_from(Browser(home.new_client()), party, upstream, known)))
    assert claims["sub"] == person.id
    events = home.stores(lambda stores: stores.audit_events.latest())
    made = [each for each in events if each.name is EventName.IDENTITY_LINKED]
    assert (made[0].target, made[0].is_success) == (person.id, True)


REFUSED = {
    "somebody else's": "already leads to another account",
    "linked already": "is linked already",
    "cancelled there": "did not confirm who you are",
    "another signature": "did not confirm who you are",
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_not_proved_or_not_free_is_not_linked_and_the_page_says_why(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream, why: str
) -> None:
    person, known = a_person(home), somebody()
    if why == "somebody else's":
        signed_up(Browser(home.new_client()), party, upstream, known)
    at = arrival(guest.press(at_identities(home, guest, person), LINK))
    if why == "linked already":
        other = Browser(home.new_client())
        there = arrival(other.press(at_identities(home, other, person), LINK))
        page(back(other, there, upstream.identify(there, known)))
    before, owner = linked(home, person), account_from(home, known["sub"])
    if why == "another signature":
        upstream.mischief.token = lambda token: token[:-8] + "AAAAAAAA"
    answer = upstream.identify(at, known)
    if why == "cancelled there":
        answer = {"error": "access_denied", "state": at.parameters["state"]}
    shown = page(back(guest, at, answer))
    assert REFUSED[why] in shown.text
    assert linked(home, person) == before
    assert account_from(home, known["sub"]) == owner
    assert "cancel" in shown.form.buttons


def test_linking_is_offered_and_taken_only_where_it_is_switched_on(
    home: House, guest: Browser, upstream: Upstream
) -> None:
    person = a_person(home)
    shown = at_identities(home, guest, person)
    at = arrival(guest.press(shown, LINK))
    configure(home, EDIT, account_configuration=replace(ALLOWED, is_identity_linking_allowed=False))
    answered = page(back(guest, at, upstream.identify(at, somebody())))
    assert LINK not in answered
    assert LINK not in page(guest.press(shown, LINK))
    configure(home, EDIT, account_configuration=AccountConfiguration())
    assert "displayName" in page(guest.press(shown, LINK)).form.names
    assert linked(home, person) == []


def test_an_answer_that_comes_when_the_owner_does_something_else_presses_no_button(
    home: House, guest: Browser, upstream: Upstream
) -> None:
    person = a_person(home)
    both = replace(ALLOWED, is_account_deletion_allowed=True)
    configure(home, EDIT, account_configuration=both)
    shown = at_identities(home, guest, person)
    at = arrival(guest.press(shown, LINK))
    pressed = {"action": "cancel", "state": at.parameters["state"], "error": "access_denied"}
    refused = page(back(guest, at, pressed))
    assert "did not confirm who you are" in refused.text
    at = arrival(guest.press(refused, LINK))
    profile = page(guest.press(shown, "cancel"))
    page(guest.press(profile, "deleteAccount"))
    answer = {**upstream.identify(at, somebody()), "action": "delete", "isDeletionMeant": "true"}
    waiting = page(back(guest, at, answer))
    assert "isDeletionMeant" in waiting.form.names
    assert linked(home, person) == []


def test_another_browser_brings_no_answer(home: House, guest: Browser, upstream: Upstream) -> None:
    person = a_person(home)
    at = arrival(guest.press(at_identities(home, guest, person), LINK))
    other = Browser(home.new_client())
    assert isinstance(back(other, at, upstream.identify(at, somebody())), Shown | Arrived)
    assert linked(home, person) == []


@pytest.mark.parametrize("what", ["password", "factor"])
def test_an_owner_who_was_away_too_long_shows_who_it_is_before_anything_is_linked(
    home: House, guest: Browser, upstream: Upstream, what: str
) -> None:
    person = a_person(home)
    app = with_app(home, Browser(home.new_client()), person) if what == "factor" else None
    home.clock.move(minutes=1)
    shown = at_identities(home, guest, person)
    if app is not None:
        assert LINK not in shown
        shown = page(guest.press(shown, "continue", otpCode=app.code(home.clock())))
    at = arrival(guest.press(shown, LINK))
    home.clock.move(minutes=11)
    asked = page(back(guest, at, upstream.identify(at, somebody())))
    assert ("otpCode" if what == "factor" else "password") in asked.form.names
    assert linked(home, person) == []


def test_a_blocked_account_links_nothing(home: House, guest: Browser, upstream: Upstream) -> None:
    person = a_person(home)
    at = arrival(guest.press(at_identities(home, guest, person), LINK))
    change_account(home, person, account_enabled=False)
    assert "error" in arrival(back(guest, at, upstream.identify(at, somebody()))).parameters
    assert linked(home, person) == []


def test_providers_that_cannot_be_asked_are_not_offered_and_one_that_fails_is_told(
    home: House, guest: Browser, upstream: Upstream
) -> None:
    offer(
        home,
        people_provider(home),
        preset_provider(home, "QQ", "QQ-OAUTH"),
        flow=EDIT,
        account_configuration=ALLOWED,
    )
    shown = at_identities(home, guest, a_person(home))
    assert [each for each in shown.form.buttons if each.startswith("link-")] == [LINK]
    home.clock.move(minutes=11)
    upstream.mischief.answer = lambda _url, _answer: NotReached("down")
    shown = page(guest.press(at_identities(home, guest, a_person(home)), LINK))
    assert "did not confirm who you are" in shown.text


def test_who_connects_a_provider_while_signing_in_shows_the_factor_first_and_is_told(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person, known = a_person(home), somebody()
    app = with_app(home, Browser(home.new_client()), person)
    home.clock.move(minutes=1)
    off = SecondFactorConfiguration()
    configure(
        home,
        "signUpOrSignIn",
        account_configuration=ALLOWED,
        multifactor_authentication_configuration=off,
    )
    shown = page(guest.press(page(come_from(guest, party, upstream, known)), "linkAccount"))
    asked = page(guest.press(shown, "next", email=person.email, password=PASSWORD))
    assert "otpCode" in asked
    assert linked(home, person) == []
    arrived = arrival(guest.press(asked, "continue", otpCode=app.code(home.clock())))
    assert party.claims(arrived)["sub"] == person.id
    assert linked(home, person) == [(ISSUER, known["sub"])]
    assert any("was linked to your account" in each for each in told(home, person.email))
    # Nothing is changed by whoever only signs in: they are not asked.
    other = Browser(home.new_client())
    assert arrival(with_password(other, party, person)).code
