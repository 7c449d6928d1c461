"""What people do at the pages of a user flow, in a browser without scripts."""

from itertools import count

from tests.world.browser import Arrived, Browser, arrival, page
from tests.world.server import Server

PASSWORD = "Amber-Lantern-64"
NEW_PASSWORD = "Velvet-Compass-29"
SEND = "emailVerificationControl_but_send_code"
VERIFY = "emailVerificationControl_but_verify_code"

_numbers = count(1)


def a_new_address(who: str = "guest") -> str:
    """Return an address nobody has signed up with."""
    return f"{who}-{next(_numbers)}@people.example"


def sign_in(browser: Browser, url: str, email: str, password: str) -> Arrived:
    """Sign in and return to the application."""
    shown = page(browser.open(url))
    return arrival(browser.press(shown, "next", email=email, password=password))


def sign_up(browser: Browser, url: str, server: Server, email: str, **values: str) -> Arrived:
    """Create an account with the emailed code and return to the application."""
    shown = page(browser.press(page(browser.open(url)), "createAccount"))
    shown = page(browser.press(shown, SEND, email=email))
    code = server.code_for(email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    filled = {"newPassword": PASSWORD, "reenterPassword": PASSWORD, **values}
    return arrival(browser.press(shown, "continue", **filled))


def reset_password(
    browser: Browser, url: str, server: Server, email: str, password: str = NEW_PASSWORD
) -> Arrived:
    """Replace a forgotten password and return to the application."""
    (latest, *_) = server.client.get("/_dev/messages").json()
    shown = page(browser.press(page(browser.open(url)), SEND, email=email))
    code = server.code_for(email, since=latest["id"])
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    shown = page(browser.press(shown, "continue"))
    filled = {"newPassword": password, "reenterPassword": password}
    return arrival(browser.press(shown, "continue", **filled))


def sign_in_for_device(browser: Browser, url: str, code: str, email: str, password: str) -> None:
    """Type a device's code and sign in for it."""
    shown = page(browser.press(page(browser.open(url)), "continue", userCode=code))
    page(browser.press(shown, "next", email=email, password=password))
