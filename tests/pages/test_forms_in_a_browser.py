"""Forms pressed by Chromium without JavaScript, under the policy they are served with."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.browsing import APPLICATION, ORIGIN, Answering, answer
from tests.world.chromium import PHONE, OpenChromium

pytestmark = pytest.mark.browser

VERIFICATION = "emailVerificationControl"


@pytest.fixture(scope="module")
def chromium(open_chromium: OpenChromium) -> Browser:
    return open_chromium()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport=PHONE, java_script_enabled=False)
    yield page
    page.close()


def sent(answering: Answering) -> dict[str, list[str]]:
    ((_, body),) = answering.posts
    return parse_qs(body, keep_blank_values=True)


@pytest.mark.parametrize(
    ("name", "field", "action"),
    [
        ("sign_in", "password", "next"),
        ("sign_up_address", "email", f"{VERIFICATION}_but_send_code"),
        ("sign_up_code", "emailVerificationCode", f"{VERIFICATION}_but_verify_code"),
        ("sign_up_verified", "reenterPassword", "continue"),
        ("new_password", "newPassword", "continue"),
        ("profile", "city", "continue"),
    ],
)
def test_enter_presses_the_primary_button(tab: Page, name: str, field: str, action: str) -> None:
    answering = answer(tab)
    tab.goto(f"{ORIGIN}/{name}")
    with tab.expect_navigation():
        tab.press(f"#{field}", "Enter")
    assert sent(answering)["action"] == [action]


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("sign_in", "next"),
        ("sign_in", "createAccount"),
        ("sign_in", "forgotPassword"),
        ("sign_up_address", "cancel"),
        ("sign_up_code", f"{VERIFICATION}_but_send_new_code"),
        ("sign_up_verified", f"{VERIFICATION}_but_change_claims"),
        ("sign_up_verified", "continue"),
        ("provider_choice", "GoogleExchange"),
    ],
)
def test_a_plain_click_sends_the_action_and_the_seal(tab: Page, name: str, button: str) -> None:
    answering = answer(tab)
    tab.goto(f"{ORIGIN}/{name}")
    with tab.expect_navigation():
        tab.click(f"#{button}")
    assert sent(answering)["action"] == [button]
    assert sent(answering)["seal"] == ["seal-1"]


def test_what_was_typed_arrives_with_a_link_as_well(tab: Page) -> None:
    answering = answer(tab)
    tab.goto(f"{ORIGIN}/sign_in")
    tab.fill("#email", "ada@acme.example")
    with tab.expect_navigation():
        tab.click("#forgotPassword")
    assert sent(answering)["email"] == ["ada@acme.example"]


def test_typing_begins_where_it_is_needed(tab: Page) -> None:
    answer(tab)
    for name, field in (
        ("sign_in", "email"),
        ("sign_in_wrong_password", "password"),
        ("sign_up_code", "emailVerificationCode"),
        ("sign_up_unfinished", "newPassword"),
    ):
        tab.goto(f"{ORIGIN}/{name}")
        assert tab.locator(":focus").get_attribute("id") == field


def test_nothing_is_focused_where_nothing_has_to_be_typed(tab: Page) -> None:
    answer(tab)
    tab.goto(f"{ORIGIN}/profile")
    assert tab.locator("[autofocus]").count() == 0


def test_an_answer_posts_itself_to_the_application_under_the_policy(chromium: Browser) -> None:
    page = chromium.new_page()
    answering = answer(page)
    page.goto(f"{ORIGIN}/form_post")
    page.wait_for_url(APPLICATION)
    assert answering.posts == [(APPLICATION, "code=opaque-1&state=s")]
    page.close()


def test_an_answer_waits_for_a_click_where_scripts_are_off(tab: Page) -> None:
    answering = answer(tab)
    tab.goto(f"{ORIGIN}/form_post")
    with tab.expect_navigation():
        tab.click("#auto button")
    assert answering.posts == [(APPLICATION, "code=opaque-1&state=s")]


def test_the_policy_is_broken_by_no_page(chromium: Browser) -> None:
    page = chromium.new_page()
    answer(page)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for name in ("sign_in", "sign_up_unfinished", "error", "signed_out"):
        page.goto(f"{ORIGIN}/{name}")
    page.close()
    assert complaints == []


@pytest.mark.parametrize("name", ["sign_in_passkey", "passkey_factor", "passkeys"])
def test_without_scripts_nothing_offers_a_passkey_and_the_page_says_why(
    tab: Page, name: str
) -> None:
    answer(tab)
    tab.goto(f"{ORIGIN}/{name}")
    expect(tab.locator("#passkey")).to_be_hidden()
    expect(tab.locator("#passkeyNeeded")).to_have_count(0 if name == "sign_in_passkey" else 1)
    if name != "sign_in_passkey":
        expect(tab.locator("#passkeyNeeded")).to_be_visible()
