"""Published scripts for B2C run as they are: every kind of user flow, request by request."""

import re
from dataclasses import replace

import httpx
import pytest

from gatelodge.model.user_flow import AuthenticationMethod
from tests.journeys.people import NEW_PASSWORD, PASSWORD, a_new_address
from tests.journeys.test_settings import a_name
from tests.protocol.page_protocol.conftest import (
    OpenScript,
    configured,
    without_verification,
)
from tests.protocol.page_protocol.script import OK, Script, error_of, parameters
from tests.world.furnished import configure
from tests.world.house import House

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
PASSWORDS = {"newPassword": PASSWORD, "reenterPassword": PASSWORD}


def credentials(house: House, number: int = 0) -> dict[str, str]:
    user = house.facts["users"][number]
    return {"email": user["email"], "password": user["password"]}


def signed_up(house: House, script: Script) -> str:
    email = a_new_address()
    script.prove(house, email)
    assert script.respond(email=email, **PASSWORDS, displayName="Robin") == OK
    return email


def test_a_sign_in_is_four_requests(house: House, script: OpenScript) -> None:
    run = script()
    assert run.settings["api"] == "CombinedSigninAndSignup"
    assert run.fields == ["email", "password"]
    assert run.respond(**credentials(house)) == OK
    claims = run.claims(run.confirm(rememberMe="false", diags="{}"))
    assert claims["oid"] == house.facts["users"][0]["object_id"]


def test_the_page_says_in_cookies_what_it_says_in_its_source(script: OpenScript) -> None:
    run = script()
    assert run.page is not None
    cookies = run.page.headers.get_list("set-cookie")
    assert any(each.startswith(f"x-ms-cpim-csrf={run.settings['csrf']};") for each in cookies)
    assert {re.split("[=|]", each)[0] for each in cookies} == {
        *("x-ms-cpim-csrf", "x-ms-cpim-trans", "x-ms-cpim-cache", "__Host-gatelodge-browser")
    }
    for each in cookies:
        assert {"Secure", "HttpOnly", "SameSite=none"} <= set(each.split("; "))


def test_a_script_that_knows_the_transaction_only_by_its_cookie_gets_there(
    house: House, script: OpenScript
) -> None:
    run = script()
    assert run.respond(**credentials(house)) == OK
    address = run.address("api/CombinedSigninAndSignup/confirmed")
    assert "code" in parameters(run.client.get(f"{address}?csrf_token={run.settings['csrf']}"))


@pytest.mark.parametrize("name", ["signInName", "logonIdentifier", "UserId"])
def test_who_signs_in_may_have_the_name_it_has_in_other_policies(
    house: House, script: OpenScript, name: str
) -> None:
    run, known = script(), credentials(house)
    assert run.respond(**{name: known["email"], "password": known["password"]}) == OK
    assert "code" in parameters(run.confirm())


def test_a_prefix_that_is_there_twice_does_no_harm(house: House, script: OpenScript) -> None:
    run = script()
    run.settings["transId"] = f"StateProperties={run.settings['transId']}"
    assert run.respond(**credentials(house)) == OK


def test_values_in_quotation_marks_are_cookies_all_the_same(
    house: House, script: OpenScript
) -> None:
    run = script()
    quoted = "; ".join(f'{each.name}="{each.value}"' for each in run.client.cookies.jar)
    answer = httpx.Client.post(
        run.client,
        run.address("SelfAsserted"),
        params=run.query,
        headers={**run.headers, "Cookie": quoted},
        data={"request_type": "RESPONSE", **credentials(house)},
    )
    assert answer.json() == OK


def test_a_wrong_password_is_said_in_json_and_the_right_one_still_counts(
    house: House, script: OpenScript
) -> None:
    run, known = script(), credentials(house)
    refused = run.respond(**{**known, "password": "wrong"})
    assert refused["status"] == "400"
    assert refused["errorCode"] == "AADB2C90053"
    assert "does not match any account" in refused["message"]
    assert run.respond(**known) == OK
    assert "code" in parameters(run.confirm())


def test_the_answer_of_form_post_is_a_page_that_posts_itself(
    house: House, script: OpenScript
) -> None:
    run = script(response_mode="form_post")
    assert run.respond(**credentials(house)) == OK
    answer = run.confirm()
    assert answer.status_code == 200
    assert re.search(r'<form id="auto" method="post"', answer.text)
    assert re.search(r'name="code" value="[^"]+"', answer.text)


def test_signing_up_inside_the_unified_page(house: House, script: OpenScript) -> None:
    run = script()
    first = run.settings["csrf"]
    run.read(run.get("unified", local="signup"))
    assert run.settings["api"] == "SelfAsserted"
    assert run.settings["csrf"] != first
    assert run.fields[:4] == ["email", "emailVerificationCode", "newPassword", "reenterPassword"]
    assert "displayName" in run.fields
    email = signed_up(house, run)
    claims = run.claims(run.confirm())
    assert claims["newUser"] is True
    assert claims["emails"] == [email]


@pytest.mark.parametrize("exchange", ["local", "claimsexchange"])
def test_a_link_may_name_the_sign_up_either_way(script: OpenScript, exchange: str) -> None:
    run = script()
    value = {"local": "signup", "claimsexchange": "SignUpWithLogonEmailExchange"}[exchange]
    run.read(run.get("unified", **{exchange: value}))
    assert "newPassword" in run.fields


def test_a_user_flow_that_only_signs_up_begins_there(house: House, script: OpenScript) -> None:
    run = script("signUp")
    assert run.settings["api"] == "SelfAsserted"
    signed_up(house, run)
    assert "code" in parameters(run.confirm())


def test_the_older_requests_prove_an_address_as_well(house: House, script: OpenScript) -> None:
    run, email = script("signUp"), a_new_address()
    claim = {"claim_id": "email", "claim_value": email}
    assert run.post("SelfAsserted", request_type="VERIFICATION_REQUEST", **claim) == OK
    wrong = run.post(
        "SelfAsserted", request_type="VALIDATION_REQUEST", **claim, user_input="000000x"
    )
    assert wrong["status"] == "400"
    code = house.code_for(email)
    right = {"request_type": "VALIDATION_REQUEST", **claim, "user_input": code}
    assert run.post("SelfAsserted", **right) == OK
    assert run.respond(email=email, **PASSWORDS, displayName="Robin") == OK
    assert "code" in parameters(run.confirm())


def test_another_address_takes_the_place_of_the_first_one(house: House, script: OpenScript) -> None:
    run, first, second = script("signUp"), a_new_address(), a_new_address()
    run.prove(house, first)
    assert run.control("SendCode", email=second) == OK
    assert run.control("SendCode", email=second) == OK
    stale = run.respond(email=second, **PASSWORDS, displayName="Robin")
    assert stale["errorCode"] == "UserMessageIfVerificationControlClaimsNotVerified"
    code = house.code_for(second)
    assert run.control("VerifyCode", email=second, emailVerificationCode=code) == OK
    assert run.respond(email=second, **PASSWORDS, displayName="Robin") == OK
    assert run.claims(run.confirm())["emails"] == [second]


def test_without_verification_everything_is_sent_at_once(house: House, script: OpenScript) -> None:
    with without_verification(house, "signUp"):
        run, email = script("signUp"), a_new_address()
        assert "emailVerificationCode" not in run.fields
        assert run.respond(email=email, **PASSWORDS, displayName="Robin") == OK
        assert run.claims(run.confirm())["emails"] == [email]


def test_a_reset_of_its_own_sets_a_new_password(house: House, script: OpenScript) -> None:
    run = script("signUp")
    email = signed_up(house, run)
    assert "code" in parameters(run.confirm())
    reset = script("passwordReset")
    assert reset.settings["api"] == "SelfAsserted"
    reset.prove(house, email)
    code = house.code_for(email)
    assert reset.respond(email=email, emailVerificationCode=code) == OK
    reset.read(reset.confirm())
    assert reset.fields[-2:] == ["newPassword", "reenterPassword"]
    changed = {"newPassword": NEW_PASSWORD, "reenterPassword": NEW_PASSWORD}
    assert reset.respond(**changed) == OK
    assert "code" in parameters(reset.confirm())
    again = script(prompt="login")
    assert again.respond(email=email, password=PASSWORD)["status"] == "400"
    assert again.respond(email=email, password=NEW_PASSWORD) == OK


@pytest.mark.parametrize("exchange", ["ForgotPasswordExchange", "ForgotPassword"])
def test_a_forgotten_password_is_reset_inside_the_journey(
    house: House, script: OpenScript, exchange: str
) -> None:
    run = script("signUp")
    email = signed_up(house, run)
    run.confirm()
    inside = script()
    inside.read(inside.get("unified", claimsexchange=exchange))
    inside.prove(house, email)
    assert inside.respond() == OK
    inside.read(inside.confirm())
    changed = {"newPassword": NEW_PASSWORD, "reenterPassword": NEW_PASSWORD}
    assert inside.respond(**changed) == OK
    assert inside.claims(inside.confirm())["emails"] == [email]


def test_a_forgotten_password_is_the_applications_business_where_the_flow_resets_none(
    house: House, script: OpenScript
) -> None:
    passwords = configure(house, "signIn").password_complexity_configuration
    off = replace(passwords, is_self_service_password_reset_allowed=False)
    with configured(house, "signIn", password_complexity_configuration=off):
        run = script("signIn")
        assert error_of(run.get("forgotPassword")) == ("access_denied", "AADB2C90118")


def test_a_profile_is_changed_after_a_sign_in(house: House, script: OpenScript) -> None:
    run = script("profileUpdate")
    assert run.respond(**credentials(house, 1)) == OK
    run.read(run.confirm(rememberMe="false"))
    assert run.settings["api"] == "SelfAsserted"
    assert "displayName" in run.fields
    assert run.respond(displayName="Somebody New") == OK
    assert run.claims(run.confirm())["name"] == "Somebody New"


@pytest.mark.parametrize(("action", "query"), [("error", "access_denied"), ("cancelled", "")])
def test_giving_up_is_told_to_the_application(script: OpenScript, action: str, query: str) -> None:
    run = script("signUp")
    answer = run.get(action, **({"code": query} if query else {}))
    assert error_of(answer) == ("access_denied", "AADB2C90091")


def test_keep_me_signed_in_is_said_when_the_script_goes_on(
    house: House, script: OpenScript
) -> None:
    session = configure(house, "signUpOrSignIn").single_sign_on_session_configuration
    kept = replace(session, is_keep_me_signed_in_enabled=True)
    with configured(house, "signUpOrSignIn", single_sign_on_session_configuration=kept):
        for told, lasts in (("true", True), ("false", False)):
            run = script(prompt="login")
            assert run.settings["config"]["enableRememberMe"] == "True"
            assert run.respond(**credentials(house)) == OK
            answer = run.confirm(rememberMe=told)
            sessions = [each for each in answer.headers.get_list("set-cookie") if "session" in each]
            assert len(sessions) == 1
            assert ("Max-Age" in sessions[0]) is lasts


def test_people_may_have_names_instead_of_addresses(house: House, script: OpenScript) -> None:
    names = AuthenticationMethod.USER_NAME
    with configured(house, "signUpOrSignIn", authentication_methods=names):
        run, email, name = script(), a_new_address(), a_name()
        assert run.fields == ["UserId", "password"]
        assert run.settings["config"]["operatingMode"] == "Username"
        run.read(run.get("unified", local="signup"))
        run.prove(house, email)
        answers = {"email": email, "UserId": name, **PASSWORDS, "displayName": "Robin"}
        assert run.respond(**answers) == OK
        assert run.claims(run.confirm())["newUser"] is True
        again = script(prompt="login")
        assert again.respond(UserId=name, password=PASSWORD) == OK
        assert "code" in parameters(again.confirm())


def test_a_name_that_is_taken_is_said_where_it_is_sent(house: House, script: OpenScript) -> None:
    with without_verification(house, "signUp"):
        email = house.facts["users"][0]["email"]
        refused = script("signUp").respond(email=email, **PASSWORDS, displayName="Robin")
    assert refused["errorCode"] == "AADB2C90001"


def test_a_load_test_with_a_recorded_origin_runs_where_it_says_what_browsers_say(
    house: House, script: OpenScript
) -> None:
    run = script()
    headers = {**run.headers, "Origin": "https://recorded.example", "Sec-Fetch-Site": "same-origin"}
    answer = run.client.post(
        run.address("SelfAsserted"),
        params=run.query,
        headers=headers,
        data={"request_type": "RESPONSE", **credentials(house)},
    )
    assert answer.json() == OK


def test_what_pages_tell_about_themselves_is_taken(script: OpenScript) -> None:
    run = script()
    answer = run.client.post(run.address("client/perftrace"), params=run.query, json={"a": 1})
    assert answer.status_code == 200


def test_no_text_of_a_page_ends_the_block_it_stands_in(script: OpenScript) -> None:
    hint = "</script><script>alert(1)</script>&<!--"
    run = script(login_hint=hint)
    assert run.page is not None
    block = run.page.text.partition('<script type="text/plain">')[2].partition("</script>")[0]
    assert block.count("\nvar ") == 4
    assert "<" not in block
    assert run.page.text.count("</script>") == 1
    assert ";" not in re.findall(r"var SETTINGS = (.*);", block)[0]
    assert run.page.headers["content-security-policy"].count("script-src") == 0
