"""People with a real browser, on a desktop and a phone, and axe-core looking on."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.witnesses.application import Callback, NativeApplication, listening
from tests.witnesses.graph import a_user_flow, patch
from tests.witnesses.people import NEW_PASSWORD, PASSWORD, SEND, VERIFY, a_new_address
from tests.world.chromium import DESKTOP, PHONE, OpenChromium
from tests.world.server import Server

pytestmark = [
    pytest.mark.witness,
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended"),
]

STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS_SETTLED = "Promise.all(document.getAnimations().map(each => each.finished))"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop in light", "phone in dark"])

OpenTab: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium(open_chromium: OpenChromium, server: Server) -> Browser:
    return open_chromium(server.facts["ca_file"])


@pytest.fixture
def open_tab(chromium: Browser) -> Iterator[OpenTab]:
    """Open tabs, each in a browser profile of its own."""
    opened: list[BrowserContext] = []

    def start(size: ViewportSize = DESKTOP, **more: Any) -> Page:
        scheme: Literal["dark", "light"] = "dark" if size is PHONE else "light"
        opened.append(chromium.new_context(viewport=size, color_scheme=scheme, **more))
        return opened[-1].new_page()

    yield start
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def callback() -> Iterator[Callback]:
    with listening() as running:
        yield running


def look(tab: Page) -> None:
    """Demand that axe-core finds nothing and that nothing is cut off."""
    tab.evaluate(COLOURS_SETTLED)
    violations = Axe().run(tab, options=STANDARDS).response["violations"]
    found = [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations]
    assert found == [], tab.title()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), tab.title()


def press(tab: Page, button_id: str, **values: str) -> None:
    """Fill in fields by their ids and press a button."""
    for name, value in values.items():
        tab.fill(f"#{name}", value)
    with tab.expect_navigation():
        tab.click(f"#{button_id}")


def arrived(tab: Page) -> None:
    expect(tab.locator("h1")).to_have_text("Welcome back")


def claims(application: NativeApplication) -> dict[str, Any]:
    result = application.finish()
    assert "error" not in result, result
    return dict(result["id_token_claims"])


def prove_address(tab: Page, server: Server, address: str, seen: Callable[[Page], None]) -> None:
    """Have an address proved with the emailed code, looking at each page on the way."""
    before = server.client.get("/_dev/messages").json()
    press(tab, SEND, email=address)
    seen(tab)
    code = server.code_for(address, since=before[0]["id"] if before else None)
    press(tab, VERIFY, emailVerificationCode=code)
    seen(tab)


def sign_up(tab: Page, server: Server, address: str, seen: Callable[[Page], None]) -> None:
    """Create an account from the first page to the return to the application."""
    seen(tab)
    press(tab, "createAccount")
    seen(tab)
    prove_address(tab, server, address, seen)
    filled = {"newPassword": PASSWORD, "reenterPassword": PASSWORD, "displayName": "Iris Tal"}
    press(tab, "continue", **filled)


def look_away(_tab: Page) -> None:
    """Look at nothing."""


@SIZES
def test_a_person_signs_up_with_an_emailed_code(
    server: Server, callback: Callback, open_tab: OpenTab, size: ViewportSize
) -> None:
    application = NativeApplication(server, "B2C_1_signupsignin", callback)
    address = a_new_address("chromium")
    tab = open_tab(size)
    tab.goto(application.begin())
    sign_up(tab, server, address, look)
    arrived(tab)
    told = claims(application)
    assert told["emails"] == [address]
    assert told["name"] == "Iris Tal"
    assert told["newUser"] is True


@SIZES
def test_a_person_resets_a_password_and_signs_in_with_the_new_one(
    server: Server, callback: Callback, open_tab: OpenTab, size: ViewportSize
) -> None:
    address = a_new_address("chromium")
    tab = open_tab(size)
    tab.goto(NativeApplication(server, "B2C_1_signupsignin", callback).begin())
    sign_up(tab, server, address, look_away)
    application = NativeApplication(server, "B2C_1_passwordreset", callback)
    tab = open_tab(size)
    tab.goto(application.begin())
    look(tab)
    prove_address(tab, server, address, look)
    press(tab, "continue")
    look(tab)
    press(tab, "continue", newPassword=NEW_PASSWORD, reenterPassword=NEW_PASSWORD)
    arrived(tab)
    reset = claims(application)
    application = NativeApplication(server, "B2C_1_signin", callback)
    tab = open_tab(size)
    tab.goto(application.begin())
    press(tab, "next", email=address, password=PASSWORD)
    look(tab)
    press(tab, "next", password=NEW_PASSWORD)
    arrived(tab)
    assert claims(application)["sub"] == reset["sub"]


@SIZES
def test_a_person_edits_a_profile(
    server: Server, callback: Callback, open_tab: OpenTab, size: ViewportSize
) -> None:
    tab = open_tab(size)
    tab.goto(NativeApplication(server, "B2C_1_signupsignin", callback).begin())
    sign_up(tab, server, a_new_address("chromium"), look_away)
    arrived(tab)
    application = NativeApplication(server, "B2C_1_profileupdate", callback)
    tab.goto(application.begin())
    expect(tab.locator("#displayName")).to_have_value("Iris Tal")
    look(tab)
    press(tab, "continue", displayName="Iris Tal-Berg")
    arrived(tab)
    assert claims(application)["name"] == "Iris Tal-Berg"


@SIZES
def test_whoever_cancels_comes_back_to_the_application(
    server: Server, callback: Callback, open_tab: OpenTab, size: ViewportSize
) -> None:
    application = NativeApplication(server, "B2C_1_signup", callback)
    tab = open_tab(size)
    tab.goto(application.begin())
    press(tab, "cancel")
    arrived(tab)
    refused = application.finish()
    assert refused["error"] == "access_denied"
    assert refused["error_description"].startswith("AADB2C90091:")


def test_a_person_signs_up_without_javascript(
    server: Server, callback: Callback, open_tab: OpenTab
) -> None:
    application = NativeApplication(server, "B2C_1_signupsignin", callback)
    address = a_new_address("chromium")
    tab = open_tab(PHONE, java_script_enabled=False)
    tab.goto(application.begin())
    sign_up(tab, server, address, look_away)
    arrived(tab)
    assert claims(application)["emails"] == [address]


def test_enter_signs_a_person_in(server: Server, callback: Callback, open_tab: OpenTab) -> None:
    application = NativeApplication(server, "B2C_1_signin", callback)
    user = server.facts["users"][0]
    tab = open_tab()
    tab.goto(application.begin())
    tab.fill("#email", user["email"])
    tab.fill("#password", user["password"])
    with tab.expect_navigation():
        tab.press("#password", "Enter")
    arrived(tab)
    assert claims(application)["sub"] == user["object_id"]


def test_enter_confirms_the_code(server: Server, callback: Callback, open_tab: OpenTab) -> None:
    address = a_new_address("chromium")
    tab = open_tab()
    tab.goto(NativeApplication(server, "B2C_1_signup", callback).begin())
    tab.fill("#email", address)
    with tab.expect_navigation():
        tab.press("#email", "Enter")
    tab.fill("#emailVerificationCode", server.code_for(address))
    with tab.expect_navigation():
        tab.press("#emailVerificationCode", "Enter")
    expect(tab.locator("#newPassword")).to_be_visible()


@SIZES
def test_the_walk_of_the_readme_ends_in_decoded_tokens(
    server: Server, open_tab: OpenTab, size: ViewportSize
) -> None:
    said = "".join(server.said)
    run, inbox = (
        re.search(rf"{name} +(https://\S+)", said) or pytest.fail(f"no {name} in {said}")
        for name in ("Run user flow", "Inbox")
    )
    address = a_new_address("readme")
    tab = open_tab(size)
    tab.goto(run[1])
    tab.get_by_text("Create an account").click()
    tab.get_by_role("textbox", name="Email address").fill(address)
    tab.get_by_role("button", name="Send code").click()
    expect(tab.locator("#emailVerificationCode")).to_be_visible()
    server.code_for(address)
    other = tab.context.new_page()
    other.goto(inbox[1])
    look(other)
    other.get_by_role("link", name="Overview").click()
    expect(other.get_by_role("heading", name="Run a user flow")).to_be_visible()
    look(other)
    other.goto(inbox[1])
    message = other.locator("article", has_text=address).first
    code = message.locator("strong").inner_text()
    other.close()
    tab.fill("#emailVerificationCode", code)
    tab.get_by_role("button", name="Confirm code").click()
    tab.get_by_label("New password", exact=True).fill(PASSWORD)
    tab.get_by_label("New password again").fill(PASSWORD)
    tab.get_by_role("button", name="Create account").click()
    expect(tab.get_by_role("heading", name="ID token")).to_be_visible()
    expect(tab.get_by_role("heading", name="Access token")).to_be_visible()
    expect(tab.get_by_text(address).first).to_be_visible()
    look(tab)


def with_authenticator(tab: Page, transport: str = "internal") -> None:
    """Plug in a device that keeps passkeys, whose owner says yes to everything."""
    devices = tab.context.new_cdp_session(tab)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": transport,
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("is_offered_with_names", [False, True], ids=["pressed", "offered"])
def test_a_person_makes_a_passkey_and_signs_in_with_nothing_else(
    server: Server, callback: Callback, open_tab: OpenTab, is_offered_with_names: bool
) -> None:
    flow, tab = a_user_flow(server), open_tab(PHONE if is_offered_with_names else DESKTOP)
    if not is_offered_with_names:
        tab.add_init_script(
            "window.PublicKeyCredential.isConditionalMediationAvailable = async () => false"
        )
    both = {"isSignInAllowed": True, "isOfferedAtSignUp": True}
    patch(server, f"/identity/b2cUserFlows/{flow}", {"passkeyConfiguration": both})
    first = NativeApplication(server, flow, callback)
    tab.goto(first.begin())
    with_authenticator(tab)
    sign_up(tab, server, a_new_address("passkey"), look_away)
    expect(tab.locator("#passkey")).to_be_visible()
    look(tab)
    press(tab, "passkey")
    arrived(tab)
    account = claims(first)["sub"]
    tab.context.clear_cookies()
    second = NativeApplication(server, flow, callback)
    tab.goto(second.begin(), wait_until="commit")
    if not is_offered_with_names:
        look(tab)
        press(tab, "passkey")
    # A device that says yes to everything also says yes to what is offered with the names.
    arrived(tab)
    told = claims(second)
    assert told["sub"] == account
    assert "mfa" in told["amr"]


@pytest.fixture
def own_account(server: Server) -> Iterator[None]:
    """Let people look after their passkeys in profile edit."""
    path = "/identity/b2cUserFlows/B2C_1_profileupdate"
    patch(server, path, {"accountConfiguration": {"arePasskeysManageable": True}})
    yield
    patch(server, path, {"accountConfiguration": {"arePasskeysManageable": False}})


@pytest.mark.usefixtures("own_account")
def test_a_person_confirms_sign_ins_with_a_passkey_and_looks_after_passkeys(
    server: Server, callback: Callback, open_tab: OpenTab
) -> None:
    flow, tab, address = a_user_flow(server), open_tab(PHONE), a_new_address("factor")
    asked = {
        "multifactorAuthenticationState": "on",
        "multifactorAuthenticationMethod": "passkey",
    }
    patch(
        server,
        f"/identity/b2cUserFlows/{flow}",
        {"multifactorAuthenticationConfiguration": asked},
    )
    first = NativeApplication(server, flow, callback)
    tab.goto(first.begin())
    with_authenticator(tab)
    sign_up(tab, server, address, look_away)
    expect(tab.get_by_role("heading", name="Create a passkey")).to_be_visible()
    expect(tab.locator("#passkeyNeeded")).to_be_hidden()
    look(tab)
    press(tab, "passkey")
    assert len(tab.inner_text("#report").split()) == 10
    press(tab, "continue")
    arrived(tab)
    assert {"pwd", "user", "mfa"} < set(claims(first)["amr"])
    tab.context.clear_cookies()
    second = NativeApplication(server, flow, callback)
    tab.goto(second.begin())
    press(tab, "next", email=address, password=PASSWORD)
    expect(tab.get_by_role("heading", name="Use your passkey")).to_be_visible()
    look(tab)
    press(tab, "passkey")
    arrived(tab)
    told = claims(second)
    assert {"pwd", "user", "mfa"} < set(told["amr"])
    edit = NativeApplication(server, "B2C_1_profileupdate", callback)
    tab.goto(edit.begin())
    press(tab, "managePasskeys")
    press(tab, "passkey")
    expect(tab.locator("#remove-0")).to_be_visible()
    with_authenticator(tab, "usb")
    press(tab, "passkey")
    expect(tab.get_by_text("The passkey was added")).to_be_visible()
    press(tab, "managePasskeys")
    look(tab)
    press(tab, "remove-1")
    expect(tab.get_by_text("The passkey was removed")).to_be_visible()
    press(tab, "continue")
    arrived(tab)
    assert claims(edit)["sub"] == told["sub"]
