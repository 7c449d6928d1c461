"""Signing out (OIDC RP-Initiated Logout 1.0): at once with proof, after a question without."""

import html
from urllib.parse import urlencode

import pytest

from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import HOME, OTHER_HOME, OpenVisit, configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty


def logout(browser: Browser, party: RelyingParty, **query: str) -> Shown | Arrived:
    return browser.open(f"{party.provider}/oauth2/v2.0/logout?{urlencode(query)}")


def id_token(party: RelyingParty, arrived: Arrived) -> str:
    return str(party.tokens(arrived)["id_token"])


def is_signed_in(browser: Browser, party: RelyingParty) -> bool:
    return not isinstance(browser.open(party.link()), Shown)


def test_a_hint_of_the_one_signed_in_signs_out_at_once(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    hint = id_token(party, signed_in(visitor, party))
    arrived = arrival(
        logout(
            visitor,
            party,
            id_token_hint=hint,
            post_logout_redirect_uri=party.redirect_uri,
            state="a b&c",
        )
    )
    assert arrived.url.startswith(f"{party.redirect_uri}?state=")
    assert arrived.parameters == {"state": "a b&c"}
    assert not is_signed_in(visitor, party)


def test_a_hint_may_have_expired(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    hint = id_token(party, signed_in(visitor, party))
    house.clock.move(hours=20)
    assert is_signed_in(visitor, party)
    shown = page(logout(visitor, party, id_token_hint=hint))
    assert "continue" not in shown.form.buttons
    assert not is_signed_in(visitor, party)


def test_without_a_hint_the_person_is_asked(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    signed_in(visitor, party)
    shown = page(logout(visitor, party, post_logout_redirect_uri=party.redirect_uri, state="s"))
    assert is_signed_in(visitor, party)
    arrived = arrival(visitor.press(shown, "continue"))
    assert arrived.url == f"{party.redirect_uri}?state=s"
    assert not is_signed_in(visitor, party)


def test_who_says_no_stays_signed_in(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    signed_in(visitor, party)
    shown = page(logout(visitor, party, post_logout_redirect_uri=party.redirect_uri))
    assert arrival(visitor.press(shown, "cancel")).url == party.redirect_uri
    assert is_signed_in(visitor, party)


def test_a_plain_request_ends_on_our_page(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    signed_in(visitor, party)
    shown = page(visitor.press(page(logout(visitor, party)), "continue"))
    assert shown.response.status_code == 200
    assert shown.form.buttons == {}
    assert not is_signed_in(visitor, party)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_signed_out_by_a_link_or_a_form_elsewhere(
    house: House, visitor: Browser, method: str
) -> None:
    party = RelyingParty(house)
    signed_in(visitor, party)
    path = f"{party.provider}/oauth2/v2.0/logout"
    forms: list[dict[str, str]] = [{}, {"action": "continue"}, {"seal": "x", "action": "continue"}]
    for form in forms:
        if method == "GET":
            visitor.client.get(path, params=form, headers={"Sec-Fetch-Site": "cross-site"})
        else:
            visitor.follow(visitor.client.post(path, data=form, headers={"Origin": "https://x.y"}))
        assert is_signed_in(visitor, party)


def test_the_answer_to_the_question_belongs_to_its_session_and_address(
    house: House, visit: OpenVisit
) -> None:
    party, one, other = RelyingParty(house), visit(), visit()
    signed_in(one, party)
    signed_in(other, party)
    asked = page(logout(one, party))
    assert page(other.press(asked, "continue")).response.status_code == 403
    asked.form.action += "?post_logout_redirect_uri=" + party.redirect_uri
    assert page(one.press(asked, "continue")).response.status_code == 403
    assert is_signed_in(one, party)
    assert is_signed_in(other, party)


def test_somebody_else_s_hint_signs_nobody_out(house: House, visit: OpenVisit) -> None:
    party, one, other = RelyingParty(house), visit(), visit()
    hint = id_token(party, signed_in(one, party))
    user = house.facts["users"][1]
    shown = page(other.open(party.link()))
    arrival(other.press(shown, "next", email=user["email"], password=user["password"]))
    shown = page(logout(other, party, id_token_hint=hint))
    assert "continue" in shown.form.buttons
    assert is_signed_in(other, party)


def test_a_hint_that_is_none_is_told(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    tokens = party.tokens(signed_in(visitor, party))
    token = str(tokens["id_token"])
    head, body, signature = token.split(".")
    forged = {
        "junk": "AADB2C90239",
        "a.b.c": "AADB2C90239",
        f"{head}.{body}.": "AADB2C90239",
        f"{head}.{body}.{signature[:-4]}AAAA": "AADB2C90239",
        f"eyJhbGciOiJub25lIn0.{body}.": "AADB2C90239",
        str(tokens["access_token"]): "AADB2C90240",
        "x" * 20_000: "AADB2C90239",
    }
    for hint, code in forged.items():
        shown = page(logout(visitor, party, id_token_hint=hint))
        assert code in shown.text, hint[:30]
        assert is_signed_in(visitor, party)
    other = house.facts["apps"]["spa"]["client_id"]
    shown = page(logout(visitor, party, id_token_hint=token, client_id=other))
    assert "AADB2C90237" in shown.text
    assert is_signed_in(visitor, party)


@pytest.mark.parametrize("is_session_there", [True, False])
@pytest.mark.parametrize("is_hint_sent", [True, False])
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "https://app.example/cb/",
        "javascript:alert(1)",
        "urn:ietf:wg:oauth:2.0:oob",
        "//evil.example",
        "/relative",
        "https://app.example/cb\\@evil.example",
        "data:text/html,x",
        "http://localhost:3000/callback#x",
    ],
)
def test_nobody_is_sent_where_no_application_is_at_home(
    house: House, visitor: Browser, target: str, is_hint_sent: bool, is_session_there: bool
) -> None:
    party = RelyingParty(house)
    query = {"post_logout_redirect_uri": target}
    if is_session_there or is_hint_sent:
        hint = id_token(party, signed_in(visitor, party))
        query |= {"id_token_hint": hint} if is_hint_sent else {}
    if not is_session_there:
        visitor.client.cookies.clear()
    answer = visitor.client.get(f"{party.provider}/oauth2/v2.0/logout?{urlencode(query)}")
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "AADB2C90067" in answer.text


@pytest.mark.parametrize("target", [HOME, OTHER_HOME, f"{HOME}/out"])
def test_every_registered_address_will_do(house: House, visitor: Browser, target: str) -> None:
    party = RelyingParty(house, name="two")
    hint = id_token(party, signed_in(visitor, party))
    shown = page(logout(visitor, party, id_token_hint=hint, post_logout_redirect_uri=target))
    assert f'href="{target}"' in html.unescape(shown.response.text)


def test_the_address_of_another_application_will_not_do(house: House, visitor: Browser) -> None:
    party = RelyingParty(house, name="two")
    hint = id_token(party, signed_in(visitor, party))
    target = house.facts["apps"]["spa"]["redirect_uris"][0]
    shown = page(logout(visitor, party, id_token_hint=hint, post_logout_redirect_uri=target))
    assert "AADB2C90067" in shown.text


def test_without_a_session_a_known_application_gets_its_person_back(
    house: House, visitor: Browser
) -> None:
    party = RelyingParty(house)
    target = party.redirect_uri
    arrived = arrival(
        logout(visitor, party, client_id=party.client_id, post_logout_redirect_uri=target)
    )
    assert arrived.url == target


def test_a_posted_request_asks_the_same(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    hint = id_token(party, signed_in(visitor, party))
    form = {"id_token_hint": hint, "post_logout_redirect_uri": party.redirect_uri, "state": "s"}
    answer = visitor.client.post(f"{party.provider}/oauth2/v2.0/logout", data=form)
    assert arrival(visitor.follow(answer)).url == f"{party.redirect_uri}?state=s"
    assert not is_signed_in(visitor, party)


def test_a_user_flow_may_insist_on_a_hint(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    hint = id_token(party, signed_in(visitor, party))
    flow = house.stores(
        lambda stores: stores.user_flows.require(house.facts["user_flows"]["signUpOrSignIn"])
    )
    strict = type(flow.single_sign_on_session_configuration)(enforce_id_token_hint_on_logout=True)
    before = configure(house, "signUpOrSignIn", single_sign_on_session_configuration=strict)
    try:
        assert "AADB2C90272" in page(logout(visitor, party)).text
        assert is_signed_in(visitor, party)
        page(logout(visitor, party, id_token_hint=hint))
        assert not is_signed_in(visitor, party)
    finally:
        configure(
            house,
            "signUpOrSignIn",
            single_sign_on_session_configuration=before.single_sign_on_session_configuration,
        )


def test_after_signing_out_the_old_cookie_is_worth_nothing(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    hint = id_token(party, signed_in(visitor, party))
    kept = dict(visitor.client.cookies)
    logout(visitor, party, id_token_hint=hint)
    visitor.client.cookies.update(kept)
    assert not is_signed_in(visitor, party)
    arrived = arrival(visitor.open(party.link(prompt="none")))
    assert arrived.error_code == "AADB2C90077"


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"a=1", "text/plain", 415),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
        (b"a=%00", "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_is_no_request_is_refused(
    house: House, visitor: Browser, content: bytes, media_type: str, status: int
) -> None:
    answer = visitor.client.post(
        f"{RelyingParty(house).provider}/oauth2/v2.0/logout",
        content=content,
        headers={"content-type": media_type},
    )
    assert answer.status_code == status
