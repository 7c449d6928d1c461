"""Nothing counts through the second face that would not count through the form."""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import httpx
import pytest

from gatelodge.model.identifier import AccountId
from gatelodge.oidc.page_source.page_token import page_token
from gatelodge.oidc.page_source.turn import Turn
from gatelodge.pages.page import PageId
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, a_new_address
from tests.journeys.test_forged_steps import directory
from tests.protocol.page_protocol.conftest import (
    OpenScript,
    configured,
    switch,
    without_verification,
)
from tests.protocol.page_protocol.script import OK, Script, error_of, parameters
from tests.world.browser import Shown
from tests.world.furnished import configure
from tests.world.house import House

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
PASSWORDS = {"newPassword": PASSWORD, "reenterPassword": PASSWORD}
FLOWS = ("signUp", "signIn", "signUpOrSignIn", "passwordReset", "profileUpdate")


def credentials(house: House) -> dict[str, str]:
    user = house.facts["users"][0]
    return {"email": user["email"], "password": user["password"]}


def sent(run: Script, house: House, headers: dict[str, str]) -> httpx.Response:
    """Send the right credentials with these headers."""
    body = {"request_type": "RESPONSE", **credentials(house)}
    return run.client.post(
        run.address("SelfAsserted"), params=run.query, headers=headers, data=body
    )


def is_turned_away(answer: httpx.Response) -> bool:
    """Return whether HTTP itself says no, and the text inside does so too."""
    return answer.status_code in {400, 403} and answer.json()["status"] == "400"


def other_tokens(run: Script, other: Script) -> dict[str, str | None]:
    """Return tokens that are none of this page, and how each was come by."""
    own = run.settings["csrf"]
    return {
        "missing": None,
        "empty": "",
        "of another interaction": other.settings["csrf"],
        "cut": own[:-1],
        "another alphabet": own + "=",
        "long": own * 50,
    }


def test_without_the_pages_own_token_nothing_is_looked_at(house: House, script: OpenScript) -> None:
    run, other = script(), script()
    for token in other_tokens(run, other).values():
        headers = {} if token is None else {"X-CSRF-TOKEN": token}
        assert is_turned_away(sent(run, house, headers))
        query = {**run.query, **({} if token is None else {"csrf_token": token})}
        for action in ("confirmed", "unified", "forgotPassword", "error", "cancelled"):
            address = run.address(f"api/CombinedSigninAndSignup/{action}")
            assert run.client.get(address, params={"local": "signup", **query}).status_code == 400
    body = {"csrf_token": run.settings["csrf"]}
    in_the_body = run.client.post(
        run.address("SelfAsserted"), params={**run.query, **body}, data=body
    )
    assert is_turned_away(in_the_body)
    assert run.respond(**credentials(house)) == OK


def test_what_another_site_sends_is_not_looked_at(house: House, script: OpenScript) -> None:
    run = script()
    own = run.headers
    for more in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert sent(run, house, {**own, **more}).status_code == 403
    for more in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch;prerender"}):
        answer = run.client.get(
            run.address("api/CombinedSigninAndSignup/unified"),
            params={**run.query, "csrf_token": run.settings["csrf"], "local": "signup"},
            headers=more,
        )
        assert answer.status_code == 403


def test_looking_is_not_going_on(house: House, script: OpenScript) -> None:
    run = script()
    assert run.respond(**credentials(house)) == OK
    query = {**run.query, "csrf_token": run.settings["csrf"]}
    address = run.address("api/CombinedSigninAndSignup/confirmed")
    for method in ("HEAD", "POST", "OPTIONS"):
        assert run.client.request(method, address, params=query).status_code == 405
    assert "code" in parameters(run.confirm())


def test_another_browser_gets_nowhere_with_all_a_page_says(
    house: House, script: OpenScript
) -> None:
    run = script()
    thief = Script(house)
    thief.settings = run.settings
    assert is_turned_away(sent(thief, house, run.headers))
    cookies = {
        each.name: each.value or "" for each in run.client.cookies.jar if "cpim" in each.name
    }
    thief.client.cookies.update(cookies)
    assert is_turned_away(sent(thief, house, run.headers))
    assert run.respond(**credentials(house)) == OK
    assert thief.confirm().status_code == 400
    assert "code" in parameters(run.confirm())


@pytest.mark.parametrize("flow", FLOWS)
def test_going_on_without_the_step_ends_the_journey(script: OpenScript, flow: str) -> None:
    run = script(flow)
    assert error_of(run.confirm()) == ("server_error", "AADB2C90255")
    assert run.post_raw().json()["status"] == "400"


def test_going_on_after_a_wrong_password_ends_the_journey(house: House, script: OpenScript) -> None:
    run = script()
    assert run.respond(**{**credentials(house), "password": "wrong"})["status"] == "400"
    assert error_of(run.confirm())[1] == "AADB2C90255"


@pytest.mark.parametrize("body", [{}, {"email": "somebody@people.example"}, {"password": "x"}])
@pytest.mark.parametrize("flow", FLOWS)
def test_an_empty_answer_is_none(script: OpenScript, flow: str, body: dict[str, str]) -> None:
    run = script(flow)
    assert run.respond(**body)["status"] == "400"
    assert error_of(run.confirm())[1] == "AADB2C90255"


def test_a_token_of_a_later_page_opens_no_earlier_one(house: House, script: OpenScript) -> None:
    """Even with a token nobody outside can make, a step stays as it is until it is proved."""
    run = script("passwordReset")
    before = directory(house)
    victim = house.facts["users"][0]["email"]
    interaction_id = run.interaction_id
    for page_id in PageId:
        for step in ("", "choose", "verifyEmail", "collectAttributes", "newPassword", "register"):
            token = page_token(house.world.sealer, interaction_id, Turn(page_id, step))
            if token == run.settings["csrf"]:
                continue
            forged = {**run.headers, "X-CSRF-TOKEN": token}
            answer = run.client.post(
                run.address("SelfAsserted"),
                params=run.query,
                headers=forged,
                data={"request_type": "RESPONSE", "email": victim, **PASSWORDS},
            )
            assert is_turned_away(answer), (page_id, step)
    assert directory(house) == before


def test_a_page_that_is_done_is_not_done_again(house: House, script: OpenScript) -> None:
    run = script()
    assert run.respond(**credentials(house)) == OK
    assert is_turned_away(sent(run, house, run.headers))
    first = parameters(run.confirm())["code"]
    assert parameters(run.confirm())["code"] == first
    assert run.party.token(
        grant_type="authorization_code",
        code=first,
        redirect_uri=run.party.redirect_uri,
        code_verifier="a-verifier-of-forty-three-characters-or-more",
    ).is_success
    assert run.confirm().status_code == 400
    assert is_turned_away(sent(run, house, run.headers))


def test_what_is_sent_for_a_proved_address_does_not_replace_it(
    house: House, script: OpenScript
) -> None:
    run, own = script("signUp"), a_new_address()
    run.prove(house, own)
    stolen = {"email": house.facts["users"][0]["email"], **PASSWORDS, "displayName": "Robin"}
    refused = run.respond(**stolen)
    assert refused["errorCode"] == "UserMessageIfVerificationControlClaimsNotVerified"
    reset = script("passwordReset")
    reset.prove(house, house.facts["users"][1]["email"])
    assert reset.respond(email=house.facts["users"][0]["email"])["status"] == "400"


def test_a_code_counts_for_the_address_and_the_interaction_it_was_sent_for(
    house: House, script: OpenScript
) -> None:
    run, other = script("signUp"), script("signUp")
    own, foreign = a_new_address(), a_new_address()
    assert run.control("SendCode", email=own) == OK
    code = house.code_for(own)
    assert other.control("SendCode", email=own) == OK
    assert other.control("VerifyCode", email=own, emailVerificationCode=code)["status"] == "400"
    wrong = run.control("VerifyCode", email=foreign, emailVerificationCode=code)
    assert wrong["status"] == "400"
    assert run.control("VerifyCode", email=own, emailVerificationCode=code) == OK


def test_codes_are_not_guessed_here_either(house: House, script: OpenScript) -> None:
    run, own = script("signUp"), a_new_address()
    tries = configure(house, "signUp").one_time_code_configuration.maximum_verification_attempts
    assert run.control("SendCode", email=own) == OK
    code = house.code_for(own)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(tries):
        told = run.control("VerifyCode", email=own, emailVerificationCode=wrong)
    assert told["errorCode"] == "ver_fail_no_retry"
    assert run.control("VerifyCode", email=own, emailVerificationCode=code)["status"] == "400"


def test_codes_are_not_sent_without_end_here_either(house: House, script: OpenScript) -> None:
    run, own = script("signUp"), a_new_address()
    most = configure(house, "signUp").one_time_code_configuration.maximum_codes_per_hour
    told = [run.control("SendCode", email=own) for _ in range(most + 1)]
    assert told[:most] == [OK] * most
    assert told[-1]["errorCode"] == "AADB2C90229"


def test_passwords_are_not_guessed_here_either(house: House, script: OpenScript) -> None:
    run, email = script(), a_new_address()
    told = [run.respond(email=email, password=f"wrong {n}")["errorCode"] for n in range(11)]
    assert told[0] == "AADB2C90053"
    assert told[-1] == "AADB2C90114"


def test_unknown_wrong_and_disabled_read_the_same(house: House, script: OpenScript) -> None:
    user = house.facts["users"][1]

    async def turn(stores: Stores) -> None:
        found = await stores.accounts.require(AccountId(user["object_id"]))
        turned = replace(found, account_enabled=not found.account_enabled)
        await stores.accounts.save(turned)

    run = script()
    wrong = run.respond(email=user["email"], password="wrong")
    unknown = run.respond(email=a_new_address(), password="wrong")
    house.stores(turn)
    disabled = run.respond(email=user["email"], password=user["password"])
    house.stores(turn)
    assert wrong == unknown == disabled


@pytest.mark.parametrize("flow", ["signUp", "passwordReset"])
def test_sending_a_code_tells_nobody_who_has_an_account(
    house: House, script: OpenScript, flow: str
) -> None:
    known, unknown = house.facts["users"][0]["email"], a_new_address()
    for request in ("control", "older"):
        answers = []
        for email in (known, unknown):
            run = script(flow)
            if request == "control":
                answers.append(run.control("SendCode", email=email))
            else:
                claim = {"claim_id": "email", "claim_value": email}
                kind = "VERIFICATION_REQUEST"
                answers.append(run.post("SelfAsserted", request_type=kind, **claim))
        assert answers == [OK, OK]


def test_what_the_page_does_not_offer_is_not_done(house: House, script: OpenScript) -> None:
    run = script("signIn")
    assert run.get("unified", local="signup").status_code == 400
    assert run.get("unified", claimsexchange="GoogleExchange").status_code == 400
    assert run.get("unified", claimsexchange="next").status_code in {200, 400}
    assert run.get("unified").status_code == 400
    assert run.get("cancelled").status_code == 400
    assert run.get("confirmed", api="Nonsense").status_code == 404
    assert run.get("advance").status_code == 404
    assert run.post_raw("SelfAsserted/DisplayControlAction/vbeta/other/SendCode").is_error
    control = "SelfAsserted/DisplayControlAction/vbeta/emailVerificationControl"
    assert run.post_raw(f"{control}/SendCode").is_error
    assert run.post_raw(f"{control}/Anything").is_error
    assert run.post_raw("SelfAsserted", request_type="ANYTHING").is_error
    assert run.respond(**credentials(house)) == OK


@pytest.mark.parametrize(
    "transaction",
    ["", "StateProperties=", "StateProperties=!!", "StateProperties=W10", "a" * 9000, "\0", "e30"],
)
def test_a_transaction_that_cannot_be_read_is_none(script: OpenScript, transaction: str) -> None:
    run = script()
    run.settings["transId"] = transaction
    assert run.post_raw().status_code == 400
    assert run.confirm().status_code == 400
    run.client.cookies.set("x-ms-cpim-trans", "e30", domain="login.acme.example")
    address = run.address("api/CombinedSigninAndSignup/confirmed")
    assert run.client.get(f"{address}?csrf_token={run.settings['csrf']}").status_code == 400


class Asked(NamedTuple):
    """An address of the second face."""

    method: str
    path: str


ADDRESSES = (
    Asked("POST", "SelfAsserted"),
    Asked("POST", "SelfAsserted/DisplayControlAction/vbeta/emailVerificationControl/SendCode"),
    Asked("GET", "api/CombinedSigninAndSignup/confirmed"),
    Asked("GET", "api/CombinedSigninAndSignup/unified"),
    Asked("POST", "client/perftrace"),
)


def absent(house: House, run: Script) -> None:
    """Demand that nothing of it is there."""
    for each in ADDRESSES:
        answer = run.client.request(each.method, run.address(each.path), params=run.query)
        nowhere = run.client.request(each.method, run.address("there/is/nothing"))
        assert (answer.status_code, answer.content) == (404, nowhere.content), each
    fresh = Script(house)
    page = fresh.client.get(fresh.party.link())
    assert page.status_code == 303
    shown = fresh.client.get(page.headers["location"])
    assert "SETTINGS" not in shown.text
    assert not [each for each in (page, shown) if "cpim" in str(each.headers)]


def test_without_the_switch_none_of_it_is_there(house: House, script: OpenScript) -> None:
    run = script()
    switch(house, is_on=False)
    absent(house, run)


def test_a_strict_user_flow_has_none_of_it(house: House, script: OpenScript) -> None:
    run = script()
    claims = configure(house, "signUpOrSignIn").token_claims_configuration
    strict = replace(claims, is_issuer_entity_user_flow=True)
    with configured(house, "signUpOrSignIn", token_claims_configuration=strict):
        absent(house, run)


def test_a_user_flow_takes_nothing_that_belongs_to_another(
    house: House, script: OpenScript
) -> None:
    run = script("signUpOrSignIn")
    flows = house.facts["user_flows"]
    for other in ("signIn", "profileUpdate", "passwordReset"):
        run.settings["hosts"]["tenant"] = f"/{house.facts['tenant_id']}/{flows[other]}"
        assert run.post_raw(**credentials(house)).status_code == 400
        assert run.confirm().status_code == 400


def test_what_both_faces_did_not_prove_is_proved_by_neither(
    house: House, script: OpenScript
) -> None:
    """A form in the middle of a script, and a script in the middle of forms: one journey."""
    run, email = script("signUp"), a_new_address()
    run.prove(house, email)
    assert run.page is not None
    shown = run.client.get(Shown(run.page).form.action)
    assert 'id="newPassword"' in shown.text
    run.read(shown)
    assert run.respond(email=email, **PASSWORDS, displayName="Robin") == OK
    assert "code" in parameters(run.confirm())


def test_a_refused_form_is_never_a_five_hundred(house: House, script: OpenScript) -> None:
    run = script()
    bodies = (b"", b"\xff", b"request_type=RESPONSE&email=%00", b"a=b" * 40_000, b"=&=&==")
    types = ("application/x-www-form-urlencoded", "application/json", "")
    for body, media_type in product(bodies, types):
        answer = run.client.post(
            run.address("SelfAsserted"),
            params=run.query,
            headers={**run.headers, "Content-Type": media_type},
            content=body,
        )
        assert answer.status_code < 500
        assert answer.json()["status"] == "400"
    with without_verification(house, "signUp"):
        sign_up = script("signUp")
        assert sign_up.respond(email="a", **PASSWORDS)["status"] == "400"
