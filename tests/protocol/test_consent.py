"""What a person is asked before an application gets what no administrator granted it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gatelodge.model.application import RequiredResourceAccess, ResourceAccess
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId, ClientId, DirectoryId
from gatelodge.storage.stores import Stores
from tests.protocol.test_device_authorization import begin, poll, typed
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import HOME, OpenVisit, signed_in
from tests.world.house import House
from tests.world.makers import a_scope, an_application
from tests.world.relying_party import RelyingParty

API_URI = "https://photos.example/api"
LOOK, PRINT, MANAGE = (f"{API_URI}/{each}" for each in ("look", "print", "manage"))
API_ID, CLIENT_ID = ClientId(f"b{'0' * 7}-0000-4000-8000-{'0' * 12}"), an_application(41).app_id


@pytest.fixture(autouse=True)
def asking(house: House) -> Iterator[None]:
    """Register an API that offers permissions to users, and an application that wants them."""
    directory_id = DirectoryId(house.facts["tenant_id"])
    api = an_application(
        40,
        directory_id=directory_id,
        app_id=API_ID,
        display_name="Photos",
        identifier_uris=(API_URI,),
        oauth2_permission_scopes=(
            a_scope(
                "look",
                type="User",
                user_consent_display_name="Look at your photos",
                user_consent_description="Every <album> of yours",
            ),
            a_scope("print", type="User", admin_consent_display_name="Print photos"),
            a_scope("manage", type="Admin"),
        ),
    )
    wanted = (ResourceAccess(id=f"id-of-{each}", type="Scope") for each in ("look", "print"))
    more = ResourceAccess(id="id-of-manage", type="Scope")

    async def plant(stores: Stores) -> None:
        like = await stores.applications.by_app_id(house.facts["apps"]["web"]["client_id"])
        assert like is not None
        client = an_application(
            41,
            directory_id=directory_id,
            display_name="Posters",
            web_redirect_uris=(HOME,),
            is_fallback_public_client=True,
            is_access_token_issuance_enabled=True,
            password_credentials=like.password_credentials,
            required_resource_access=(
                RequiredResourceAccess(resource_app_id=API_ID, resource_access=(*wanted, more)),
            ),
        )
        await stores.applications.add(api)
        await stores.applications.add(client)

    async def uproot(stores: Stores) -> None:
        await stores.consents.remove_of(API_ID)
        for each in (an_application(40).id, an_application(41).id):
            await stores.applications.remove(each)

    house.stores(plant)
    house.facts["apps"]["posters"] = {
        "client_id": CLIENT_ID,
        "redirect_uris": [HOME],
        "client_secret": house.facts["apps"]["web"]["client_secret"],
    }
    yield
    house.stores(uproot)


def posters(house: House, flow: str = "signUpOrSignIn") -> RelyingParty:
    return RelyingParty(house, flow, "posters")


def asked(browser: Browser, party: RelyingParty, **changes: str | None) -> Shown:
    """Sign in and be asked."""
    user = party.installation.facts["users"][0]
    shown = page(browser.open(party.link(**changes)))
    shown = page(browser.press(shown, "next", email=user["email"], password=user["password"]))
    assert "cancel" in shown.form.buttons, shown.text
    return shown


def answer(browser: Browser, shown: Shown, button: str = "continue") -> Arrived:
    return arrival(browser.press(shown, button))


def permissions(party: RelyingParty, arrived: Arrived) -> set[str]:
    body = party.tokens(arrived)
    return set(access_claims(party, body["access_token"]).get("scp", "").split())


def access_claims(party: RelyingParty, token: str) -> dict[str, Any]:
    introspected = party.installation.client.post(
        f"{party.provider}/oauth2/v2.0/introspect",
        data={
            "token": token,
            "client_id": party.client_id,
            "client_secret": party.facts["client_secret"],
        },
    ).json()
    assert introspected["active"] is True
    return dict(introspected)


def consents(house: House) -> list[str]:
    return [each.value for each in house.run(house.world_stores.consents.of_client(CLIENT_ID))]


def test_a_person_is_asked_once_in_the_api_s_own_words(house: House, visit: OpenVisit) -> None:
    party, browser = posters(house), visit()
    shown = asked(browser, party, scope=f"openid offline_access {LOOK} {PRINT}")
    for words in (
        "Posters would like",
        "Look at your photos",
        "Print photos",
        "while you are away",
    ):
        assert words in shown.text
    assert "Every &lt;album&gt; of yours" in shown.response.text
    assert consents(house) == []
    assert permissions(party, answer(browser, shown)) == {"look", "print"}
    assert consents(house) == ["look", "print"]
    again = arrival(browser.open(party.link(scope=f"openid {LOOK}")))
    assert permissions(party, again) == {"look"}
    signed_in(visit(), party, scope=f"openid {LOOK} {PRINT}")


def test_who_does_not_agree_gives_nothing(house: House, visitor: Browser) -> None:
    party = posters(house)
    arrived = answer(visitor, asked(visitor, party, scope=f"openid {LOOK}"), "cancel")
    assert arrived.parameters["error"] == "access_denied"
    assert arrived.error_code == "AADB2C90091"
    assert consents(house) == []
    assert "cancel" in asked(visitor, party, scope=f"openid {LOOK}").form.buttons


def test_more_than_before_is_asked_for_again(house: House, visitor: Browser) -> None:
    party = posters(house)
    answer(visitor, asked(visitor, party, scope=f"openid {LOOK}"))
    shown = page(visitor.open(party.link(scope=f"openid {LOOK} {PRINT}")))
    assert "Look at your photos" in shown.text
    assert "Print photos" in shown.text
    assert permissions(party, answer(visitor, shown)) == {"look", "print"}


def test_without_a_page_nobody_consents(house: House, visitor: Browser) -> None:
    party = posters(house)
    signed_in(visitor, party, scope="openid")
    link = party.link(scope=f"openid {LOOK}", prompt="none")
    arrived = arrival(visitor.open(link))
    assert arrived.parameters["error"] == "consent_required"
    assert arrived.error_code == "AADB2C90284"
    answer(visitor, page(visitor.open(party.link(scope=f"openid {LOOK}"))))
    assert "code" in arrival(visitor.open(link)).parameters


def test_an_application_can_insist_on_being_allowed(house: House, visitor: Browser) -> None:
    party = posters(house)
    signed_in(visitor, party, scope="openid")
    for scope in ("openid", f"openid {LOOK}", f"openid {LOOK}"):
        shown = page(visitor.open(party.link(scope=scope, prompt="consent")))
        assert "See who you are" in shown.text
        assert "code" in answer(visitor, shown).parameters
    link = party.link(scope="openid", prompt="consent")
    refused = answer(visitor, page(visitor.open(link)), "cancel")
    assert refused.error_code == "AADB2C90091"


def test_what_an_administrator_granted_or_alone_can_grant_is_not_asked_for(
    house: House, visitor: Browser
) -> None:
    party = posters(house)
    refused = arrival(visitor.open(party.link(scope=f"openid {MANAGE}")))
    assert refused.error_code == "AADB2C90205"
    unasked = RelyingParty(house, name="one")
    refused = arrival(visitor.open(unasked.link(scope=f"openid {LOOK}")))
    assert refused.error_code == "AADB2C90205"
    shown = asked(visitor, party, scope=f"openid {LOOK} {MANAGE}")
    assert permissions(party, answer(visitor, shown)) == {"look"}


def test_who_takes_a_consent_back_ends_what_rests_on_it(house: House, visitor: Browser) -> None:
    party = posters(house)
    shown = asked(visitor, party, scope=f"openid offline_access {LOOK} {PRINT}")
    body = party.tokens(answer(visitor, shown))
    person = AccountId(house.facts["users"][0]["object_id"])

    def take_back(value: str) -> None:
        house.stores(lambda stores: stores.consents.remove(person, CLIENT_ID, API_ID, value))

    take_back("print")
    body = party.refresh(body["refresh_token"]).json()
    assert access_claims(party, body["access_token"])["scp"] == "look"
    take_back("look")
    refused = party.refresh(body["refresh_token"]).json()
    assert (refused["error"], refused["error_description"][:11]) == ("invalid_grant", "AADB2C90205")


def test_a_consent_taken_back_before_the_end_does_not_count(house: House, visitor: Browser) -> None:
    party = posters(house)
    shown = asked(visitor, party, scope=f"openid offline_access {LOOK}")
    arrived = answer(visitor, shown)
    house.stores(lambda stores: stores.consents.remove_of(API_ID))
    assert party.redeem(arrived).json()["error"] == "invalid_grant"


def test_a_device_and_a_password_are_worth_no_more(house: House, visitor: Browser) -> None:
    party = posters(house)
    codes = begin(party, scope=f"openid {LOOK}").json()
    user = house.facts["users"][0]
    shown = page(
        visitor.press(typed(visitor, codes), "next", email=user["email"], password=user["password"])
    )
    assert "Look at your photos" in shown.text
    owner = posters(house, "resourceOwner")
    form = {
        "grant_type": "password",
        "username": user["email"],
        "password": user["password"],
        "scope": f"openid {LOOK}",
    }
    refused = owner.token(**form).json()
    assert (refused["error"], refused["error_description"][:11]) == ("invalid_grant", "AADB2C90284")
    assert "signed in" in page(visitor.press(shown, "continue")).text
    house.clock.move(seconds=6)
    assert poll(party, codes).status_code == 200
    assert owner.token(**form).status_code == 200


def test_a_consent_is_written_down(house: House, visitor: Browser) -> None:
    party = posters(house)
    answer(visitor, asked(visitor, party, scope=f"openid {LOOK}"))
    events = house.run(house.world_stores.audit_events.latest())
    found = [each for each in events if each.name is EventName.CONSENT_GIVEN]
    assert found[0].detail["scope"] == f"openid {LOOK}"


def test_an_application_that_goes_away_takes_its_consents_along(
    house: House, visitor: Browser
) -> None:
    answer(visitor, asked(visitor, posters(house), scope=f"openid {LOOK}"))

    async def replant(stores: Stores) -> None:
        found = await stores.applications.require(an_application(41).id)
        await stores.applications.remove(found.id)
        await stores.applications.add(replace(found, revision=0))

    house.stores(replant)
    assert consents(house) == []


def test_a_form_without_an_answer_is_asked_again_and_a_gone_application_is_told_nothing(
    house: House, visitor: Browser
) -> None:
    party = posters(house)
    shown = asked(visitor, party, scope=f"openid {LOOK}")
    shown.form.buttons["other"] = ("action", "other")
    again = page(visitor.press(shown, "other"))
    assert "Look at your photos" in again.text
    gone = house.stores(lambda stores: stores.applications.require(an_application(41).id))
    house.stores(lambda stores: stores.applications.remove(gone.id))
    assert "AADB2C90018" in page(visitor.open(again.url)).text
    assert "AADB2C90018" in page(visitor.press(again, "continue")).text
    house.stores(lambda stores: stores.applications.add(replace(gone, revision=0)))


def test_an_api_that_went_away_meanwhile_ends_the_journey(house: House, visitor: Browser) -> None:
    party = posters(house)
    shown = asked(visitor, party, scope=f"openid {LOOK}")
    api = house.stores(lambda stores: stores.applications.require(an_application(40).id))
    house.stores(lambda stores: stores.applications.remove(api.id))
    assert "Look at your photos" not in page(visitor.open(shown.url)).text
    for scope in (None, f"openid {LOOK}"):
        answered = (
            visitor.press(shown, "continue")
            if scope is None
            else visitor.open(party.link(scope=scope))
        )
        assert "error" in arrival(answered).parameters
    house.stores(lambda stores: stores.applications.add(replace(api, revision=0)))
