"""The modules that the basic, implicit, hybrid and form post plans share, by the suite's names."""

import json

import pytest
from joserfc import jws

from tests.protocol.conformance.conftest import EVERY
from tests.protocol.conformance.strict import Client
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit

WITH_ACCESS_TOKEN = pytest.mark.parametrize(
    "variant",
    [each for each in EVERY if "code" in each or "token" in each],
    ids=" ".join,
    indirect=True,
)


def test_oidcc_server(client: Client, visitor: Browser) -> None:
    assert client.sign_in(visitor).id_token["sub"]


def test_oidcc_response_type_missing(client: Client, visitor: Browser) -> None:
    asked = client.parameters(response_type=None, response_mode=None)
    got = arrival(client.ask(visitor, asked)).parameters
    assert (got["error"], got["state"]) == ("invalid_request", asked["state"])


def test_oidcc_idtoken_signature(client: Client, visitor: Browser) -> None:
    header = jws.extract_compact(client.sign_in(visitor).hint.encode()).headers()
    keys = client.house.client.get(client.metadata["jwks_uri"]).json()["keys"]
    assert header["alg"] == "RS256"
    assert [key["kid"] for key in keys].count(header["kid"]) == 1


def test_oidcc_idtoken_unsigned(client: Client) -> None:
    assert "none" not in client.metadata["id_token_signing_alg_values_supported"]


@WITH_ACCESS_TOKEN
def test_oidcc_userinfo_get(client: Client, visitor: Browser) -> None:
    assert client.userinfo(client.sign_in(visitor))


@WITH_ACCESS_TOKEN
def test_oidcc_userinfo_post_header(client: Client, visitor: Browser) -> None:
    assert client.userinfo(client.sign_in(visitor), "POST")


@WITH_ACCESS_TOKEN
def test_oidcc_userinfo_post_body(client: Client, visitor: Browser) -> None:
    answer = client.sign_in(visitor)
    assert client.userinfo(answer, "POST", access_token=answer.access_token or "")


def test_oidcc_scope_profile(client: Client, visitor: Browser) -> None:
    told = client.told(client.sign_in(visitor, scope="openid profile"))
    assert {"name", "given_name", "family_name"} <= set(told)
    assert type(told["updated_at"]) is int
    assert (told["given_name"], told["family_name"]) == ("Ada", "Lovelace")


def test_oidcc_scope_email(client: Client, visitor: Browser) -> None:
    told = client.told(client.sign_in(visitor, scope="openid email"))
    assert told["email"] == client.house.facts["users"][0]["email"]
    assert isinstance(told["email_verified"], bool)


def test_oidcc_scope_address(client: Client, visitor: Browser) -> None:
    told = client.told(client.sign_in(visitor, scope="openid address"))
    assert told["address"] == {
        "street_address": "12 St James's Square",
        "locality": "London",
        "country": "United Kingdom",
    }


def test_oidcc_scope_phone(client: Client, visitor: Browser) -> None:
    told = client.told(client.sign_in(visitor, scope="openid phone"))
    assert told["phone_number"] == "+44 20 7946 0000"


def test_oidcc_scope_all(client: Client, visitor: Browser) -> None:
    told = client.told(client.sign_in(visitor, scope="openid profile email address phone"))
    assert {"name", "email", "address", "phone_number"} <= set(told)


def test_oidcc_ensure_other_scope_order_succeeds(client: Client, visitor: Browser) -> None:
    told = client.told(client.sign_in(visitor, scope="email openid"))
    assert told["email"] == client.house.facts["users"][0]["email"]


def test_oidcc_alternate_happy_flow(client: Client, visitor: Browser, visit: OpenVisit) -> None:
    first = client.sign_in(visitor)
    second = client.sign_in(visit())
    assert first.id_token["sub"] == second.id_token["sub"]


def test_oidcc_display_page(client: Client, visitor: Browser) -> None:
    assert client.sign_in(visitor, display="page")


def test_oidcc_display_popup(client: Client, visitor: Browser) -> None:
    assert client.sign_in(visitor, display="popup")


def test_oidcc_prompt_login(client: Client, visitor: Browser) -> None:
    first = client.sign_in(visitor)
    client.house.clock.move(seconds=2)
    asked = client.parameters(prompt="login")
    shown = client.ask(visitor, asked)
    assert isinstance(shown, Shown)
    second = client.verified(client.fill_in(visitor, shown), asked)
    assert second.id_token["sub"] == first.id_token["sub"]
    assert second.id_token["auth_time"] > first.id_token["auth_time"]


def test_oidcc_prompt_none_not_logged_in(client: Client, visitor: Browser) -> None:
    assert client.error(visitor, prompt="none") in {"login_required", "interaction_required"}


def test_oidcc_prompt_none_logged_in(client: Client, visitor: Browser) -> None:
    first = client.sign_in(visitor)
    client.house.clock.move(seconds=2)
    second = client.sign_in(visitor, prompt="none")
    for name in ("sub", "auth_time"):
        assert second.id_token[name] == first.id_token[name]


def test_oidcc_max_age_1(client: Client, visitor: Browser) -> None:
    first = client.sign_in(visitor)
    client.house.clock.move(seconds=2)
    asked = client.parameters(max_age="1")
    shown = client.ask(visitor, asked)
    assert isinstance(shown, Shown)
    second = client.verified(client.fill_in(visitor, shown), asked)
    assert second.id_token["auth_time"] > first.id_token["auth_time"]


def test_oidcc_max_age_10000(client: Client, visitor: Browser) -> None:
    first = client.sign_in(visitor)
    asked = client.parameters(max_age="10000")
    arrived = client.ask(visitor, asked)
    assert isinstance(arrived, Arrived)
    second = client.verified(arrived, asked)
    assert second.id_token["auth_time"] == first.id_token["auth_time"]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(
    client: Client, visitor: Browser
) -> None:
    assert client.sign_in(visitor, extra="foobar")


def test_oidcc_id_token_hint(client: Client, visitor: Browser) -> None:
    first = client.sign_in(visitor)
    second = client.sign_in(visitor, prompt="none", id_token_hint=first.hint)
    assert second.id_token["sub"] == first.id_token["sub"]


def test_a_hint_of_somebody_else_gives_nothing(client: Client, visitor: Browser) -> None:
    hint = client.sign_in(visitor).hint
    head, body, signature = hint.split(".")
    assert client.error(visitor, id_token_hint=f"{head}.{body}.{signature[::-1]}")
    stranger = {"id_token": {"sub": {"value": "somebody-else"}}}
    wanted = json.dumps(stranger)
    assert client.error(visitor, claims=wanted, prompt="none") == "login_required"
    asked = client.parameters(claims=wanted)
    shown = client.ask(visitor, asked)
    assert client.fill_in(visitor, shown).parameters["error"] == "login_required"


def test_oidcc_login_hint(client: Client, visitor: Browser) -> None:
    email = client.house.facts["users"][0]["email"]
    asked = client.parameters(login_hint=email)
    shown = page(client.ask(visitor, asked))
    assert shown.value_of("email") == email
    assert client.verified(client.fill_in(visitor, shown), asked)


def test_oidcc_ui_locales(client: Client, visitor: Browser) -> None:
    assert client.sign_in(visitor, ui_locales="se")


def test_oidcc_claims_locales(client: Client, visitor: Browser) -> None:
    assert client.sign_in(visitor, claims_locales="se")


def test_oidcc_ensure_request_with_acr_values_succeeds(client: Client, visitor: Browser) -> None:
    assert client.sign_in(visitor, acr_values="1 2")


def test_oidcc_ensure_registered_redirect_uri(client: Client, visitor: Browser) -> None:
    shown = client.ask(visitor, client.parameters(redirect_uri="https://app.example/unknown"))
    assert page(shown).response.status_code == 400


def test_oidcc_ensure_post_request_succeeds(client: Client, visitor: Browser) -> None:
    asked = client.parameters()
    response = visitor.client.post(client.metadata["authorization_endpoint"], data=asked)
    arrived = client.fill_in(visitor, visitor.follow(response))
    assert client.verified(arrived, asked)


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    client: Client, visitor: Browser
) -> None:
    assert client.metadata["request_uri_parameter_supported"] is False
    request_uri = "https://app.example/request.jwt"
    assert client.error(visitor, request_uri=request_uri) == "request_uri_not_supported"


UNSIGNED = "eyJhbGciOiJub25lIn0.eyJzdGF0ZSI6ImZvcmdlZCJ9."


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    client: Client, visitor: Browser
) -> None:
    assert client.metadata["request_parameter_supported"] is False
    assert client.error(visitor, request=UNSIGNED) == "request_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri(client: Client, visitor: Browser) -> None:
    assert client.error(visitor, request=UNSIGNED) == "request_not_supported"


def test_oidcc_claims_essential(client: Client, visitor: Browser) -> None:
    assert client.metadata["claims_parameter_supported"] is True
    place = "id_token" if client.variant.response_type == "id_token" else "userinfo"
    wanted = {place: {"name": {"essential": True}, "unheard_of": None}}
    told = client.told(client.sign_in(visitor, claims=json.dumps(wanted)))
    assert told["name"]
    assert "unheard_of" not in told


def test_a_claim_wanted_in_the_id_token_is_there(client: Client, visitor: Browser) -> None:
    wanted = {"id_token": {"family_name": None, "auth_time": {"essential": True}}}
    answer = client.sign_in(visitor, claims=json.dumps(wanted))
    assert answer.id_token["family_name"] == "Lovelace"


@pytest.mark.parametrize("claims", ["{", "[]", "7", '{"userinfo": []}', "[" * 5000])
def test_claims_that_cannot_be_read_are_refused(
    client: Client, visitor: Browser, claims: str
) -> None:
    assert client.error(visitor, claims=claims) == "invalid_request"
