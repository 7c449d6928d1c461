"""From the link in the terminal to a decoded token, without a script."""

from collections.abc import Iterator

import pytest

from tests.world.browser import Browser, page
from tests.world.server import Server


@pytest.fixture
def browser(any_server: Server) -> Iterator[Browser]:
    client = any_server.new_client()
    yield Browser(client)
    client.close()


def test_a_seeded_person_signs_in_and_sees_the_tokens(any_server: Server, browser: Browser) -> None:
    user = any_server.facts["users"][0]
    form = page(browser.open("/_dev/run/B2C_1_signin"))
    shown = page(browser.press(form, "next", email=user["email"], password=user["password"]))
    assert shown.response.status_code == 200
    for expected in ("ID token", "Access token", user["object_id"], user["display_name"]):
        assert expected in shown.text
    assert "read write" in shown.text


def test_the_origin_leads_to_everything(any_server: Server, browser: Browser) -> None:
    shown = page(browser.open("/"))
    for expected in ("/_dev/run/B2C_1_signupsignin", "/_dev/inbox", "/_dev/journeys", "/docs"):
        assert f'href="{expected}"' in shown.response.text


def test_a_newcomer_signs_up_with_the_emailed_code(any_server: Server, browser: Browser) -> None:
    email = "newcomer@people.example"
    choice = page(browser.open("/_dev/run/B2C_1_signupsignin"))
    sign_up = page(browser.press(choice, "createAccount"))
    asked = page(browser.press(sign_up, "emailVerificationControl_but_send_code", email=email))
    proved = page(
        browser.press(
            asked,
            "emailVerificationControl_but_verify_code",
            emailVerificationCode=any_server.code_for(email),
        )
    )
    password = "Blue-Kettle-29"
    shown = page(
        browser.press(
            proved,
            "continue",
            newPassword=password,
            reenterPassword=password,
            displayName="Newcomer",
        )
    )
    assert email in shown.text
    assert "newUser true" in shown.text


def test_an_error_of_the_flow_is_shown_with_a_way_on(browser: Browser) -> None:
    form = page(browser.open("/_dev/run/B2C_1_profileupdate"))
    shown = page(browser.open("/_dev/callback", state="invented", code="x"))
    assert form.response.status_code == 200
    assert shown.response.status_code == 400
    assert "belongs to no run" in shown.text


@pytest.mark.parametrize("flow", ["..%2Fx", "a b", "<script>", "x" * 65, "B2C_1A_x", ";"])
def test_a_name_no_flow_can_have_leads_nowhere(any_server: Server, flow: str) -> None:
    answer = any_server.client.get(f"/_dev/run/{flow}")
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize("cookie", ["", "a.b", "a.b.c", "....", "état.b.c"])
def test_an_answer_nobody_waits_for_is_refused(any_server: Server, cookie: str) -> None:
    headers = [(b"cookie", b"__Host-gatelodge-run=" + cookie.encode())]
    answer = any_server.client.get("/_dev/callback?state=&code=x", headers=headers)
    assert answer.status_code == 400
    assert "belongs to no run" in answer.text
