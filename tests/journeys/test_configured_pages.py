"""What an administrator sets through Graph is on the pages of the next run."""

from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import pytest

from tests.journeys.people import SEND, a_new_address, at_sign_up, proved_sign_up
from tests.world.asking import Ask, asking
from tests.world.browser import Browser, Shown, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

_numbers = count(1)
TEXT = '<img src=x onerror=alert(1)> & "Join"'


@pytest.fixture
def ask(site: Server) -> Ask:
    """Ask Graph as the administrator, below `/beta/identity/`; what is asked must succeed."""
    ask_identity = asking(site, "identity/")

    def asked(method: str, path: str, **arguments: Any) -> httpx.Response:
        answer = ask_identity(method, path, **arguments)
        assert answer.is_success, answer.text
        return answer

    return asked


@pytest.fixture
def flow(ask: Ask) -> str:
    """Return the id of a new user flow whose pages may be translated."""
    made = ask(
        "POST",
        "b2cUserFlows",
        json={
            "id": f"Pages{next(_numbers)}",
            "userFlowType": "signUpOrSignIn",
            "userFlowTypeVersion": 3,
            "isLanguageCustomizationEnabled": True,
        },
    )
    found: str = made.json()["id"]
    return found


def heading(value: str, **changes: Any) -> dict[str, Any]:
    entry = {
        "ElementType": "UxElement",
        "ElementId": None,
        "StringId": "heading",
        "Override": True,
        "Value": value,
    }
    return {"LocalizedStrings": [entry | changes]}


def override(ask: Ask, flow: str, document: dict[str, Any], language: str = "en") -> str:
    path = f"b2cUserFlows/{flow}/languages/{language}/overridesPages/selfasserted1_1/$value"
    ask("PUT", path, json=document)
    return path


def test_an_assigned_attribute_is_asked_for_at_once_and_in_the_order_that_was_set(
    site: Server, ask: Ask, flow: str, open_browser: Callable[[], Browser]
) -> None:
    party, assignments = RelyingParty(site, flow), f"b2cUserFlows/{flow}/userAttributeAssignments"

    def asked() -> Shown:
        return proved_sign_up(open_browser(), site, party, a_new_address())

    assert "city" not in asked()
    body = {"displayName": "Home town", "userAttribute": {"id": "city"}, "isOptional": True}
    ask("POST", assignments, json=body)
    order = {"newAssignmentOrder": {"order": ["city", "surname"]}}
    ask("POST", f"{assignments}/setOrder", json=order)
    source = asked().response.text
    assert "Home town" in source
    places = [source.index(f'id="{name}"') for name in ("city", "surname", "givenName")]
    assert places == sorted(places)
    ask("DELETE", f"{assignments}/city")
    assert "city" not in asked()


def test_overridden_strings_are_on_the_page_and_are_text_only(
    site: Server, ask: Ask, flow: str, open_browser: Callable[[], Browser]
) -> None:
    party = RelyingParty(site, flow)
    packaged = at_sign_up(open_browser(), party)
    path = override(ask, flow, heading(TEXT))
    shown = at_sign_up(open_browser(), party)
    assert TEXT in shown.text
    assert "<img src=x" not in shown.response.text
    other = at_sign_up(open_browser(), RelyingParty(site))
    assert TEXT not in other.text
    override(ask, flow, heading(TEXT, Override=False))
    assert TEXT not in at_sign_up(open_browser(), party).text
    override(ask, flow, heading(TEXT))
    ask("DELETE", path)
    assert at_sign_up(open_browser(), party).text == packaged.text


def test_overridden_strings_wait_while_customization_is_disabled(
    site: Server, ask: Ask, flow: str, browser: Browser
) -> None:
    override(ask, flow, heading(TEXT))
    ask("PATCH", f"b2cUserFlows/{flow}", json={"isLanguageCustomizationEnabled": False})
    assert TEXT not in at_sign_up(browser, RelyingParty(site, flow)).text


def test_a_browser_gets_a_language_that_is_enabled_and_an_application_any_with_words(
    site: Server, ask: Ask, flow: str, open_browser: Callable[[], Browser]
) -> None:
    party = RelyingParty(site, flow)
    override(ask, flow, heading("Mach mit"), "de")

    def said(browser: Browser, **query: str) -> bool:
        browser.client.headers["Accept-Language"] = "de-AT,en;q=0.5"
        shown = page(browser.open(party.link(**query)))
        return 'lang="de"' in shown.response.text

    assert not said(open_browser())
    assert said(open_browser(), ui_locales="de")
    ask("PATCH", f"b2cUserFlows/{flow}/languages/de", json={"isEnabled": True})
    assert said(open_browser())
    ask("PATCH", f"b2cUserFlows/{flow}/languages/de", json={"isEnabled": False})
    ask("PATCH", f"b2cUserFlows/{flow}", json={"defaultLanguageTag": "de"})
    browser = open_browser()
    browser.client.headers["Accept-Language"] = "fr"
    assert 'lang="de"' in page(browser.open(party.link())).response.text


def test_pages_and_mail_speak_the_language_of_the_person_without_any_setting(
    site: Server, open_browser: Callable[[], Browser]
) -> None:
    browser, address = open_browser(), a_new_address()
    party = RelyingParty(site, site.facts["user_flows"]["signUp"])
    browser.client.headers["Accept-Language"] = "de-CH, en;q=0.5"
    form = page(browser.open(party.link()))
    assert 'lang="de"' in form.response.text
    assert form.text_of(SEND) == "Code senden"
    sent = page(browser.press(form, SEND, email=address))
    assert f"an {address} gesendet" in sent.text
    code, message = site.code_for(address), site.messages_to(address)[0]
    assert message["subject"].startswith(f"{code} ist Ihr Code")
    assert '<html lang="de" dir="ltr">' in message["html"]
    assert 'dir="rtl"' in page(open_browser().open(party.link(ui_locales="he"))).response.text
