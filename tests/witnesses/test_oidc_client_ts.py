"""oidc-client-ts in Chromium: a single page of whoever uses no library of Microsoft's."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.witnesses.accounts import Person
from tests.witnesses.graph import a_user_flow, patch
from tests.witnesses.single_page import Site, Sites
from tests.witnesses.tab import arrived, call, leave, press
from tests.world.server import Server

pytestmark = [pytest.mark.witness, pytest.mark.browser]


@pytest.fixture
def site(sites: Sites) -> Site:
    return sites.same


@pytest.fixture
def tab(profile: BrowserContext, site: Site) -> Page:
    """Open the application, as somebody who has never been here."""
    opened = profile.new_page()
    opened.goto(f"{site.origin}/oidc")
    expect(opened.locator("h1")).to_have_text("Nobody")
    return opened


def enter(tab: Page, site: Site, person: Person) -> Any:
    leave(tab, "signIn", {"state": "kept"})
    press(tab, "next", email=person.email, password=person.password)
    return arrived(tab, site, f"Signed in as {person.display_name}")


@pytest.mark.parametrize("which", ["same", "other"])
def test_somebody_signs_in_and_the_token_is_renewed(
    tab: Page, sites: Sites, person: Person, which: str
) -> None:
    site: Site = getattr(sites, which)
    tab.goto(f"{site.origin}/oidc")
    arrived(tab, site, "Nobody")
    user = enter(tab, site, person)
    assert user["profile"]["sub"] == person.object_id
    assert user["state"] == "kept"
    renewed = call(tab, "silent")
    assert renewed["profile"]["sub"] == person.object_id, renewed
    assert renewed["accessToken"] != user["accessToken"]
    assert renewed["refreshToken"] != user["refreshToken"]


def test_userinfo_is_read_by_the_page(tab: Page, site: Site, person: Person) -> None:
    with tab.expect_response("**/openid/v2.0/userinfo") as answered:
        enter(tab, site, person)
    assert answered.value.json()["sub"] == person.object_id


def test_a_signed_in_browser_is_recognised_in_a_frame(
    tab: Page, site: Site, person: Person
) -> None:
    enter(tab, site, person)
    found = call(tab, "inFrame")
    assert found["profile"]["sub"] == person.object_id, found


def test_a_stranger_is_not_recognised_in_a_frame(tab: Page) -> None:
    refused = call(tab, "inFrame")
    assert refused["error"] == "interaction_required", refused
    assert refused["description"].startswith("AADB2C90077:")


def test_a_user_flow_that_is_the_issuer_signs_people_in(
    tab: Page, site: Site, server: Server, person: Person
) -> None:
    name = a_user_flow(server, "signIn")
    wanted = {"tokenClaimsConfiguration": {"isIssuerEntityUserFlow": True}}
    patch(server, f"/identity/b2cUserFlows/{name}", wanted)
    with tab.expect_navigation():
        call(tab, "signInWith", name)
    expect(tab.locator("h1")).to_have_text("Nobody")
    leave(tab, "signIn")
    press(tab, "next", email=person.email, password=person.password)
    tab.wait_for_function("window.arrived")
    user = tab.evaluate("arrived")
    assert user["profile"]["iss"].endswith(f"/{name.lower()}/v2.0/"), user


def test_whoever_leaves_comes_back_and_is_asked_for_the_password_again(
    tab: Page, site: Site, person: Person
) -> None:
    enter(tab, site, person)
    with tab.expect_navigation():
        tab.evaluate("void application.signOut()")
    arrived(tab, site, "Nobody")
    leave(tab, "signIn")
    expect(tab.locator("#password")).to_be_visible()
