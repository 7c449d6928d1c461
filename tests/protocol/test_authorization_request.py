"""Authorization requests that must not be carried out: which error, and who is told.

RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6, RFC 9700 §2.1 and §4.1.
"""

import re
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from tests.world.browser import Arrived, Browser, Shown, arrival, arrived_at, page
from tests.world.furnished import HOME, OWN_SCHEME
from tests.world.house import House
from tests.world.relying_party import RelyingParty, s256, without

API = "https://acme.example/api"


def ask(browser: Browser, party: RelyingParty, **changes: str | None) -> Shown | Arrived:
    return browser.open(party.link(**changes))


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        ("one", {"client_id": None}, "AADB2C90008"),
        ("one", {"client_id": ""}, "AADB2C90008"),
        ("one", {"client_id": "11111111-2222-4333-8444-555555555555"}, "AADB2C90018"),
        ("one", {"client_id": "no such \x01 thing"}, "AADB2C90018"),
        ("one", {"client_id": "x" * 5000}, "AADB2C90018"),
        ("off", {}, "AADB2C90092"),
        ("none", {}, "AADB2C90007"),
        ("none", {"redirect_uri": None}, "AADB2C90007"),
        ("two", {"redirect_uri": None}, "AADB2C90004"),
        ("two", {"redirect_uri": ""}, "AADB2C90004"),
        ("one", {"redirect_uri": "https://evil.example/", "scope": None}, "AADB2C90006"),
        ("one", {"redirect_uri": "https://evil.example/", "response_type": "x"}, "AADB2C90006"),
        ("one", {"client_id": None, "redirect_uri": "https://evil.example/"}, "AADB2C90008"),
    ],
)
def test_what_makes_the_application_doubtful_is_told_to_the_person_only(
    house: House, visitor: Browser, name: str, changes: dict[str, str | None], code: str
) -> None:
    shown = page(ask(visitor, RelyingParty(house, name=name), **changes))
    assert shown.response.status_code == 400
    assert code in shown.text
    assert "evil.example" not in shown.response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "requested",
    [
        f"{HOME}/",
        f"{HOME}?x=1",
        f"{HOME}?",
        f"{HOME}#f",
        f"{HOME}#",
        "https://app.example/CB",
        "HTTPS://app.example/cb",
        "https://APP.example/cb",
        "https://app.example:443/cb",
        "https://app.example./cb",
        "https://app.example/%63b",
        "https://app.example/cb/../cb",
        "https://app.example/./cb",
        "https://app.example/cb/..;/",
        "https://app.example//cb",
        "//app.example/cb",
        "/cb",
        "cb",
        "https:app.example/cb",
        "https:///app.example/cb",
        "https://app.example\\cb",
        "https:\\\\app.example\\cb",
        "https://app.example/c\tb",
        "https://app.example/c\nb",
        " https://app.example/cb",
        "https://app.example/cb ",
        "https://app.example@evil.example/cb",
        "https://a@b@app.example/cb",
        "https://user@app.example/cb",
        "https://app.example.evil.example/cb",
        "https://evilapp.example/cb",
        "https://appXexample/cb",
        "http://app.example/cb",
        "https://xn--pp-xka.example/cb",
        "https://àpp.example/cb",
        "javascript:alert(1)//https://app.example/cb",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://app.example/cb",
        "urn:ietf:wg:oauth:2.0:oob",
        f"{HOME} {HOME}",
        f"{HOME},{HOME}",
    ],
)
def test_a_redirect_uri_is_compared_letter_by_letter(
    house: House, visitor: Browser, requested: str
) -> None:
    shown = page(ask(visitor, RelyingParty(house, name="one"), redirect_uri=requested))
    assert shown.response.status_code == 400
    assert re.search("AADB2C90(005|006|287)", shown.text)
    assert "password" not in shown


@pytest.mark.parametrize(
    ("requested", "is_taken"),
    [
        ("http://localhost", True),
        ("http://localhost/", True),
        ("http://localhost:1", True),
        ("http://localhost:53682", True),
        ("http://localhost:53682/", True),
        ("http://localhost:0", False),
        ("http://localhost:65536", False),
        ("http://localhost:x", False),
        ("http://localhost:53682/callback", False),
        ("http://localhost:53682?x=1", False),
        ("http://localhost:53682#x", False),
        ("http://127.0.0.1:53682", False),
        ("http://[::1]:53682", False),
        ("https://localhost:53682", False),
        ("http://localhost.evil.example:53682", False),
        ("http://localhost:53682@evil.example", False),
        ("http://evil.example\\@localhost:1", False),
        ("http://local\thost:1", False),
        ("http://LOCALHOST:1", False),
        ("HTTP://localhost:1", False),
    ],
)
def test_only_the_port_of_a_loopback_address_is_free(
    house: House, visitor: Browser, requested: str, is_taken: bool
) -> None:
    shown = page(ask(visitor, RelyingParty(house, name="native"), redirect_uri=requested))
    assert (shown.response.status_code == 200) is is_taken, requested


def test_the_only_redirect_uri_need_not_be_sent(house: House, visitor: Browser) -> None:
    party = RelyingParty(house, name="one")
    assert "password" in page(ask(visitor, party, redirect_uri=None))
    arrived = arrival(ask(visitor, party, redirect_uri=None, scope=None))
    assert arrived.url.startswith(f"{HOME}?error=")


@pytest.mark.parametrize(
    ("name", "changes", "error", "code"),
    [
        ("web", {"response_type": None}, "invalid_request", "AADB2C90083"),
        ("web", {"response_type": "password"}, "unsupported_response_type", "AADB2C90013"),
        ("web", {"response_type": "code code"}, "unsupported_response_type", "AADB2C90013"),
        ("web", {"response_type": "none"}, "unsupported_response_type", "AADB2C90013"),
        ("web", {"response_type": "CODE"}, "unsupported_response_type", "AADB2C90013"),
        ("web", {"response_mode": "web_message"}, "invalid_request", "AADB2C90014"),
        ("web", {"response_mode": "form_post.jwt"}, "invalid_request", "AADB2C90014"),
        (
            "web",
            {"response_type": "id_token", "response_mode": "query"},
            "invalid_request",
            "AADB2C90014",
        ),
        (
            "web",
            {"response_type": "code id_token", "response_mode": "query"},
            "invalid_request",
            "AADB2C90014",
        ),
        ("web", {"scope": None}, "invalid_request", "AADB2C90010"),
        ("web", {"scope": "   "}, "invalid_request", "AADB2C90010"),
        ("web", {"scope": "offline_access"}, "invalid_request", "AADB2C90115"),
        ("web", {"scope": "profile"}, "invalid_request", "AADB2C90115"),
        ("web", {"scope": "openid https://x/y"}, "invalid_scope", "AADB2C90117"),
        ("web", {"scope": f"openid {API}/fly"}, "invalid_scope", "AADB2C90117"),
        ("web", {"scope": "openid User.Read"}, "invalid_scope", "AADB2C90117"),
        ("web", {"scope": 'openid "'}, "invalid_scope", "AADB2C99005"),
        ("web", {"scope": "openid é"}, "invalid_scope", "AADB2C99005"),
        ("one", {"scope": f"{API}/write"}, "invalid_scope", "AADB2C90205"),
        (
            "web",
            {"scope": f"{API}/read https://other.example/api/look"},
            "invalid_scope",
            "AADB2C90146",
        ),
        ("web", {"scope": "https://other.example/api/old"}, "invalid_scope", "AADB2C90117"),
        ("spa", {"code_challenge": None}, "invalid_request", "AADB2C99059"),
        (
            "spa",
            {"code_challenge": None, "code_challenge_method": None},
            "invalid_request",
            "AADB2C99059",
        ),
        (
            "native",
            {"code_challenge": None, "code_challenge_method": None},
            "invalid_request",
            "AADB2C99059",
        ),
        ("own-scheme", {"code_challenge": None}, "invalid_request", "AADB2C99059"),
        ("web", {"code_challenge": None}, "invalid_request", "AADB2C99059"),
        ("spa", {"code_challenge_method": None}, "invalid_request", "AADB2C90184"),
        ("spa", {"code_challenge_method": "plain"}, "invalid_request", "AADB2C90184"),
        ("spa", {"code_challenge_method": "S512"}, "invalid_request", "AADB2C90184"),
        ("web", {"code_challenge_method": "plain"}, "invalid_request", "AADB2C90184"),
        ("spa", {"code_challenge": "x" * 42}, "invalid_request", "AADB2C90122"),
        ("spa", {"code_challenge": "x" * 129}, "invalid_request", "AADB2C90122"),
        ("spa", {"code_challenge": "x" * 42 + "="}, "invalid_request", "AADB2C90122"),
        ("spa", {"code_challenge": "x" * 42 + "\n"}, "invalid_request", "AADB2C90122"),
        ("web", {"prompt": "create"}, "invalid_request", "AADB2C90043"),
        ("web", {"prompt": "none login"}, "invalid_request", "AADB2C90122"),
        ("web", {"prompt": "login none"}, "invalid_request", "AADB2C90122"),
        ("web", {"prompt": "none"}, "interaction_required", "AADB2C90077"),
        ("web", {"max_age": "-1"}, "invalid_request", "AADB2C90120"),
        ("web", {"max_age": "NaN"}, "invalid_request", "AADB2C90120"),
        ("web", {"max_age": "1e9"}, "invalid_request", "AADB2C90120"),
        ("web", {"max_age": "1.5"}, "invalid_request", "AADB2C90120"),
        ("web", {"max_age": "٣"}, "invalid_request", "AADB2C90120"),
        ("web", {"max_age": "9" * 400}, "invalid_request", "AADB2C90120"),
        ("web", {"request": "e30.e30."}, "request_not_supported", "AADB2C90122"),
        (
            "web",
            {"request_uri": "http://169.254.169.254/"},
            "request_uri_not_supported",
            "AADB2C90122",
        ),
        ("web", {"response_type": "id_token", "nonce": None}, "invalid_request", "AADB2C90009"),
        (
            "web",
            {"response_type": "code id_token", "nonce": None},
            "invalid_request",
            "AADB2C90009",
        ),
        (
            "web",
            {"response_type": "id_token", "scope": f"{API}/read"},
            "invalid_request",
            "AADB2C90110",
        ),
        ("web", {"response_type": "token"}, "unauthorized_client", "AADB2C90057"),
        ("web", {"response_type": "id_token token"}, "unauthorized_client", "AADB2C90057"),
        ("web", {"response_type": "code token"}, "unauthorized_client", "AADB2C90057"),
        ("no-front-channel", {"response_type": "id_token"}, "unauthorized_client", "AADB2C90107"),
        (
            "implicit",
            {"response_type": "token", "scope": "openid"},
            "invalid_request",
            "AADB2C90123",
        ),
    ],
)
def test_what_is_wrong_with_a_request_is_told_to_the_application(
    house: House,
    visitor: Browser,
    name: str,
    changes: dict[str, str | None],
    error: str,
    code: str,
) -> None:
    party = RelyingParty(house, name=name)
    arrived = arrival(ask(visitor, party, **changes))
    assert arrived.url.startswith(party.redirect_uri)
    assert (arrived.parameters["error"], arrived.error_code) == (error, code)
    assert arrived.parameters["state"] == "kept as it is"
    assert set(arrived.parameters) == {"error", "error_description", "state", "iss"}


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_an_error_travels_in_the_mode_that_was_asked_for(
    house: House, visitor: Browser, mode: str
) -> None:
    party = RelyingParty(house)
    arrived = arrival(ask(visitor, party, prompt="none", response_mode=mode))
    assert arrived.error_code == "AADB2C90077"
    assert arrived.parameters["state"] == "kept as it is"
    assert arrived.method == ("POST" if mode == "form_post" else "GET")
    assert ("#" in arrived.url) is (mode == "fragment")


def test_an_error_description_has_three_lines_written_as_clients_know_them(
    house: House, visitor: Browser
) -> None:
    answer = visitor.client.get(RelyingParty(house).link(prompt="none"))
    location = answer.headers["location"]
    assert "AADB2C90077%3a+" in location
    assert "%0d%0aCorrelation+ID%3a+" in location
    assert "%0d%0aTimestamp%3a+2026-03-01+12%3a00%3a00Z%0d%0a" in location
    assert [
        name for name, _, _ in (each.partition("=") for each in location.split("?")[1].split("&"))
    ] == [
        "error",
        "error_description",
        "state",
        "iss",
    ]
    assert len(arrived_at(location).parameters["error_description"].split("\r\n")) == 4


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "scope", "unknown"])
def test_a_parameter_that_comes_twice_is_refused(house: House, visitor: Browser, name: str) -> None:
    party = RelyingParty(house)
    value = party.parameters().get(name, "x")
    pairs = [*party.parameters(**{name: value}).items(), (name, value)]
    for answer in (
        visitor.client.get(f"{party.provider}/oauth2/v2.0/authorize?{urlencode(pairs)}"),
        visitor.client.post(
            f"{party.provider}/oauth2/v2.0/authorize",
            content=urlencode(pairs),
            headers={"content-type": "application/x-www-form-urlencoded"},
        ),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers


def test_a_posted_request_is_read_from_its_body_alone(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    path = f"{party.provider}/oauth2/v2.0/authorize"
    shown = page(visitor.follow(visitor.client.post(path, data=party.parameters())))
    assert "password" in shown
    split = without(party.parameters(), "redirect_uri")
    query = urlencode({"redirect_uri": party.redirect_uri, "client_id": "x"})
    shown = page(visitor.follow(visitor.client.post(f"{path}?{query}", data=split)))
    assert "password" in shown


@pytest.mark.parametrize(
    ("request_of", "status"),
    [
        ({"content": b"client_id=x", "headers": {"content-type": "text/plain"}}, 415),
        ({"content": b"a=" + b"x" * 70_000}, 413),
        ({"content": b"&".join(b"a%d=" % n for n in range(5_000))}, 400),
        ({"content": b"client_id=%00"}, 400),
        ({"content": b"client_id=%ff"}, 400),
        ({"content": b""}, 400),
        ({"content": b"client_id=a;redirect_uri=b"}, 400),
    ],
)
def test_a_body_that_is_no_request_is_refused(
    house: House, visitor: Browser, request_of: dict[str, Any], status: int
) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = visitor.client.post(
        f"{RelyingParty(house).provider}/oauth2/v2.0/authorize",
        **{"headers": headers, **request_of},
    )
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("query", "status"),
    [("a=" + "x" * 40_000, 414), ("&".join(f"a{n}=1" for n in range(200)), 400), ("a=%00", 400)],
)
def test_a_query_that_is_no_request_is_refused(
    house: House, visitor: Browser, query: str, status: int
) -> None:
    answer = visitor.client.get(f"{RelyingParty(house).provider}/oauth2/v2.0/authorize?{query}")
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("flow", "status"),
    [
        ("B2C_1_nothing", 404),
        ("resourceOwner", 400),
        ("B2C_1_x%00", 404),
        ("%2e%2e", 404),
        (quote("' or 1=1 --"), 404),
    ],
)
def test_a_user_flow_without_pages_is_told_on_a_page(
    house: House, visitor: Browser, flow: str, status: int
) -> None:
    shown = page(ask(visitor, RelyingParty(house, flow)))
    assert shown.response.status_code == status
    assert "location" not in shown.response.headers


def test_a_request_without_a_user_flow_is_told_on_a_page(house: House, visitor: Browser) -> None:
    shown = page(visitor.open(f"/{house.facts['tenant_id']}/oauth2/v2.0/authorize?client_id=x"))
    assert shown.response.status_code == 400
    assert "AADB2C90250" in shown.text


def test_another_tenant_is_no_tenant(house: House, visitor: Browser) -> None:
    flow = house.facts["user_flows"]["signIn"]
    shown = page(visitor.open(f"/other.example/{flow}/oauth2/v2.0/authorize"))
    assert shown.response.status_code == 404


@pytest.mark.parametrize("form", ["{d}/{f}", "{g}/{f}", "{D}/{F}", "tfp/{d}/{f}", "{d}?p={F}"])
def test_every_form_of_the_address_leads_to_the_same_user_flow(
    house: House, visitor: Browser, form: str
) -> None:
    facts = house.facts
    domain, flow = facts["tenant_domain"], facts["user_flows"]["signIn"]
    place, _, policy = form.format(
        d=domain, D=domain.upper(), g=facts["tenant_id"], f=flow, F=flow.upper()
    ).partition("?")
    query = "&".join(filter(None, (policy, urlencode(RelyingParty(house).parameters()))))
    shown = page(visitor.open(f"/{place}/oauth2/v2.0/authorize?{query}"))
    assert "password" in shown
    assert f"/{flow.lower()}/interaction/" in shown.url


@pytest.mark.parametrize(
    "junk",
    [
        {"ui_locales": "xx-YY zz \x01 " + "en-" * 500},
        {"ui_locales": "<script>"},
        {"login_hint": "\ud7ff" * 100},
        {"nonce": "n" * 3000},
        {"state": "s" * 3000},
        {"campaignId": "x", "x-client-SKU": "MSAL", "client-request-id": "not a guid"},
        {"max_age": "100000000"},
        {"code_challenge": s256("x" * 43)},
        {"scope": "openid " + "profile " * 2000},
        {"domain_hint": "facebook.com", "id_token_hint": "junk", "acr_values": "x"},
        {"claims": "{", "display": "popup", "response_mode": "query"},
    ],
)
def test_what_we_do_not_know_or_need_is_no_error(
    house: House, visitor: Browser, junk: dict[str, str]
) -> None:
    assert "password" in page(ask(visitor, RelyingParty(house), **junk))


def test_a_thousand_scopes_are_one_error(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    scope = "openid " + " ".join(f"{API}/{n}" for n in range(1200))
    answer = visitor.client.post(
        f"{party.provider}/oauth2/v2.0/authorize", data=party.parameters(scope=scope)
    )
    assert arrived_at(answer.headers["location"]).parameters["error"] == "invalid_scope"


def test_an_application_with_a_scheme_of_its_own_is_answered_there(
    house: House, visitor: Browser
) -> None:
    answer: httpx.Response = visitor.client.get(
        RelyingParty(house, name="own-scheme").link(prompt="none")
    )
    assert answer.headers["location"].startswith(f"{OWN_SCHEME}?error=")
