"""msal-browser in Chromium: a single page that signs people in by itself."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.witnesses.accounts import Person
from tests.witnesses.graph import a_user_flow, patch
from tests.witnesses.people import NEW_PASSWORD, SEND, VERIFY
from tests.witnesses.single_page import Site, Sites
from tests.witnesses.tab import arrived, call, leave, press
from tests.world.server import Server

pytestmark = [pytest.mark.witness, pytest.mark.browser]

FLOW = "B2C_1_signupsignin"


@pytest.fixture
def site(sites: Sites) -> Site:
    return sites.same


@pytest.fixture
def tab(profile: BrowserContext, site: Site) -> Page:
    """Open the application, as somebody who has never been here."""
    opened = profile.new_page()
    opened.goto(f"{site.origin}/msal")
    expect(opened.locator("h1")).to_have_text("Nobody")
    return opened


def enter(tab: Page, site: Site, person: Person) -> Any:
    leave(tab, "signIn", FLOW, {"state": "kept"})
    press(tab, "next", email=person.email, password=person.password)
    return arrived(tab, site, f"Signed in as {person.display_name}")


def test_somebody_signs_in_and_stays_signed_in(
    tab: Page, site: Site, server: Server, person: Person
) -> None:
    result = enter(tab, site, person)
    assert result["idTokenClaims"]["sub"] == person.object_id
    assert result["state"] == "kept"
    home = f"{person.object_id}-{FLOW.lower()}.{server.facts['tenant_id']}"
    assert result["homeAccountId"] == home
    assert call(tab, "silent")["fromCache"] is True
    renewed = call(tab, "silent", {"forceRefresh": True})
    assert renewed["fromCache"] is False, renewed
    assert renewed["accessToken"] != result["accessToken"]


def test_a_signed_in_browser_needs_no_page_to_sign_in_again(
    tab: Page, site: Site, person: Person
) -> None:
    result = enter(tab, site, person)
    other = tab.context.new_page()
    other.goto(f"{site.origin}/msal")
    arrived(other, site, "Nobody")
    found = call(other, "singleSignOn", FLOW)
    assert found["homeAccountId"] == result["homeAccountId"], found


def test_a_page_whose_refresh_token_ended_asks_again_in_a_frame(
    tab: Page, site: Site, server: Server, person: Person
) -> None:
    result = enter(tab, site, person)
    kept = tab.evaluate("Object.values(sessionStorage).find(it => it.includes('RefreshToken'))")
    spa = server.facts["apps"]["spa"]["client_id"]
    address = f"/{server.facts['tenant_id']}/{FLOW}/oauth2/v2.0/revoke"
    form = {"client_id": spa, "token": json.loads(kept)["secret"]}
    assert server.client.post(address, data=form).status_code == 200
    asked = {"forceRefresh": True, "redirectUri": f"{site.origin}/bridge"}
    with tab.expect_request("**/authorize?*prompt=none*"):
        renewed = call(tab, "silent", asked)
    assert renewed["accessToken"] != result["accessToken"], renewed


def test_a_page_of_another_site_cannot_use_the_session(
    tab: Page, sites: Sites, person: Person
) -> None:
    enter(tab, sites.same, person)
    tab.goto(f"{sites.other.origin}/msal")
    arrived(tab, sites.other, "Nobody")
    refused = call(tab, "singleSignOn", FLOW)
    assert refused["error"] == "InteractionRequiredAuthError", refused


def test_a_page_of_another_site_signs_people_in_all_the_same(
    tab: Page, sites: Sites, person: Person
) -> None:
    tab.goto(f"{sites.other.origin}/msal")
    arrived(tab, sites.other, "Nobody")
    assert enter(tab, sites.other, person)["idTokenClaims"]["sub"] == person.object_id
    assert call(tab, "silent", {"forceRefresh": True})["fromCache"] is False


def test_a_stranger_is_not_signed_in_without_a_page(tab: Page) -> None:
    refused = call(tab, "singleSignOn", FLOW)
    assert refused["error"] == "InteractionRequiredAuthError", refused
    assert "AADB2C90077:" in refused["errorMessage"]


def test_somebody_signs_in_in_a_window_of_its_own(tab: Page, person: Person) -> None:
    with tab.expect_popup() as opened:
        tab.evaluate(f"window.pending = application.popup('{FLOW}'); 0")
    window = opened.value
    window.fill("#email", person.email)
    window.fill("#password", person.password)
    window.click("#next")
    result = tab.evaluate("pending")
    assert result["idTokenClaims"]["sub"] == person.object_id, result


def test_whoever_forgot_the_password_is_sent_to_the_reset_flow(
    tab: Page, site: Site, server: Server, person: Person
) -> None:
    name = a_user_flow(server, "signIn")
    configuration = {"isSelfServicePasswordResetAllowed": False}
    patch(
        server,
        f"/identity/b2cUserFlows/{name}",
        {"passwordComplexityConfiguration": configuration},
    )
    leave(tab, "signIn", name)
    press(tab, "forgotPassword")
    refused = arrived(tab, site, "Nobody")
    assert refused["errorCode"] == "access_denied"
    assert refused["errorMessage"].startswith("AADB2C90118:")
    leave(tab, "signIn", "B2C_1_passwordreset")
    press(tab, SEND, email=person.email)
    press(tab, VERIFY, emailVerificationCode=server.code_for(person.email))
    press(tab, "continue")
    press(tab, "continue", newPassword=NEW_PASSWORD, reenterPassword=NEW_PASSWORD)
    result = arrived(tab, site, f"Signed in as {person.display_name}")
    assert result["idTokenClaims"]["sub"] == person.object_id


def test_a_profile_is_edited(tab: Page, site: Site, person: Person) -> None:
    enter(tab, site, person)
    leave(tab, "signIn", "B2C_1_profileupdate")
    press(tab, "continue", displayName="Iris Tal-Berg")
    tab.wait_for_function("window.arrived")
    assert tab.evaluate("arrived")["idTokenClaims"]["name"] == "Iris Tal-Berg"


def test_whoever_leaves_is_asked_for_the_password_again(
    tab: Page, site: Site, person: Person
) -> None:
    enter(tab, site, person)
    tab.evaluate("void application.signOut(true)")
    arrived(tab, site, "Nobody")
    leave(tab, "signIn", FLOW)
    expect(tab.locator("#password")).to_be_visible()


def test_whoever_leaves_without_proof_is_asked_first(tab: Page, site: Site, person: Person) -> None:
    enter(tab, site, person)
    leave(tab, "signOut", False)
    tab.click("#continue")
    arrived(tab, site, "Nobody")
    leave(tab, "signIn", FLOW)
    expect(tab.locator("#password")).to_be_visible()
