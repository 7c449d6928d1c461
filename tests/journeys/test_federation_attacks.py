"""What identity providers, and whoever stands between us and them, must not get away with."""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from gatelodge.crypto.digest import base64url
from gatelodge.crypto.key_set import generate_private_key, new_signing_key
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm
from gatelodge.outbound import Answer, Failure, NotAllowed, NotReached
from tests.journeys.federation_world import (
    PEOPLE,
    account_from,
    at_provider,
    back,
    come_from,
    offer,
    preset_provider,
    signed_up,
    somebody,
)
from tests.world.browser import Browser, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import CLIENT_ID, ISSUER, METADATA_URL, Claims, Upstream

INVALID, UNREACHABLE = "AADB2C90273", "AADB2C90289"
LOST = "AADB2C90046"

WRONG_CLAIMS: dict[str, Claims] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "the beginning of the issuer": {"iss": ISSUER[:-1]},
    "a slash behind the issuer": {"iss": f"{ISSUER}/"},
    "several issuers": {"iss": [ISSUER]},
    "another audience": {"aud": "another-client"},
    "a part of the audience": {"aud": CLIENT_ID[:-1]},
    "a second audience without a party": {"aud": [CLIENT_ID, "another-client"]},
    "issued to another": {"azp": "another-client"},
    "issued to several": {"azp": ["another-client"]},
    "issued to an object": {"azp": {"id": "another-client"}},
    "no audience": {"aud": []},
    "an audience in an audience": {"aud": [[CLIENT_ID]]},
    "expired": {"exp": 1},
    "an end that is no time": {"exp": "tomorrow"},
    "an end that is true": {"exp": True},
    "issued long ago": {"iat": 1},
    "issued in the future": {"iat": 4_000_000_000},
    "not yet valid": {"nbf": 4_000_000_000},
    "another nonce": {"nonce": "another"},
    "no nonce but a word that says so": {"nonce": None, "nonce_supported": False},
    "an empty subject": {"sub": ""},
    "a blank subject": {"sub": " "},
    "a subject with a blank behind": {"sub": "ada "},
    "a subject with a line break": {"sub": "ada\nada"},
    "a subject that is a number": {"sub": 5},
    "an endless subject": {"sub": "a" * 256},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}
WRONG_HEADERS: dict[str, Claims] = {
    "an unknown key": {"kid": "../../dev/null"},
    "a key of another kind": {"kid": "key-2"},
    "a token of another type": {"typ": "at+jwt"},
    "a logout token": {"typ": "logout+jwt"},
}


def _with_header(token: str, **changes: object) -> str:
    _, payload, signature = token.split(".")
    header = {"alg": "RS256", "kid": "key-1", **changes}
    return ".".join((base64url(json.dumps(header).encode()), payload, signature))


def _unsigned(token: str) -> str:
    return ".".join((*_with_header(token, alg="none").split(".")[:2], ""))


def _signed_by(key: RSAKey, header: dict[str, Any]) -> Callable[[str], str]:
    def sign(token: str) -> str:
        payload = jws.extract_compact(token.encode()).payload
        claims = json.loads(payload)
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    return sign


STRANGER = RSAKey.generate_key(2048)
WRONG_TOKENS: dict[str, Callable[[str], str]] = {
    "no signature": _unsigned,
    "an algorithm that is a number": lambda it: _with_header(it, alg=256),
    "an algorithm in another case": lambda it: _with_header(it, alg="rs256"),
    "a critical header": lambda it: _with_header(it, crit=["b64"], b64=False),
    "a key that is a list": lambda it: _with_header(it, kid=["key-1"]),
    "a changed signature": lambda it: f"{it[:-8]}AAAAAAAA",
    "a stranger's signature": _signed_by(STRANGER, {"alg": "RS256", "kid": "key-1"}),
    "a key brought along": _signed_by(
        STRANGER, {"alg": "RS256", "kid": "key-1", "jwk": STRANGER.as_dict(private=False)}
    ),
    "more dots": lambda it: f"{it}.x.y",
    "no token": lambda _it: "",
    "far too long": lambda it: f"{it}{'A' * 20_000}",
}


def ending(guest: Browser, party: RelyingParty, upstream: Upstream, person: Claims) -> str:
    """Come from the provider; return the error the application is told."""
    arrived = arrival(come_from(guest, party, upstream, person))
    assert "code" not in arrived.parameters
    return arrived.error_code


@pytest.mark.parametrize("wrong", WRONG_CLAIMS)
def test_an_id_token_that_says_something_wrong_identifies_nobody(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream, wrong: str
) -> None:
    upstream.mischief.claims = WRONG_CLAIMS[wrong]
    assert ending(guest, party, upstream, somebody()) == INVALID


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "iat", "nonce", "sub"])
def test_an_id_token_that_lacks_a_claim_identifies_nobody(
    guest: Browser, party: RelyingParty, upstream: Upstream, claim: str
) -> None:
    upstream.mischief.without = (claim,)
    assert ending(guest, party, upstream, somebody()) == INVALID


@pytest.mark.parametrize("wrong", WRONG_HEADERS)
def test_an_id_token_with_another_header_identifies_nobody(
    guest: Browser, party: RelyingParty, upstream: Upstream, wrong: str
) -> None:
    upstream.mischief.header = WRONG_HEADERS[wrong]
    assert ending(guest, party, upstream, somebody()) == INVALID


@pytest.mark.parametrize("wrong", WRONG_TOKENS)
def test_an_id_token_nobody_signed_identifies_nobody(
    guest: Browser, party: RelyingParty, upstream: Upstream, wrong: str
) -> None:
    upstream.mischief.token = WRONG_TOKENS[wrong]
    assert ending(guest, party, upstream, somebody()) == INVALID


@pytest.mark.parametrize("form", ["pem", "der", "json"])
def test_a_public_key_is_never_a_shared_secret(
    guest: Browser, party: RelyingParty, upstream: Upstream, form: str
) -> None:
    public = upstream.state.keys["rs"]
    assert isinstance(public, RSAKey)
    secret = {
        "pem": public.as_pem(private=False),
        "der": public.as_der(private=False),
        "json": json.dumps(public.as_dict(private=False)).encode(),
    }[form]

    def forge(token: str) -> str:
        signed = ".".join(_with_header(token, alg="HS256").split(".")[:2])
        return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), sha256))}"

    upstream.mischief.token = forge
    assert ending(guest, party, upstream, somebody()) == INVALID


def test_an_es256_token_is_as_good(guest: Browser, party: RelyingParty, upstream: Upstream) -> None:
    upstream.state.signs_with = "es"
    try:
        page(come_from(guest, party, upstream, somebody()))
    finally:
        upstream.state.signs_with = "rs"


def _replaced(part: str, by: Answer | Exception) -> Callable[[str, Answer], Answer | Exception]:
    return lambda url, answer: by if url.partition("?")[0].endswith(part) else answer


def _body(text: str, status: int = 200) -> Answer:
    return Answer(status=status, headers={}, body=text.encode())


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("/token", NotReached("silent", Failure.TIMED_OUT), UNREACHABLE),
        ("/token", NotReached("too large", Failure.TOO_LARGE), UNREACHABLE),
        ("/token", NotAllowed("not public"), UNREACHABLE),
        ("/token", _body('{"error": "invalid_client"}', 401), UNREACHABLE),
        ("/token", _body('{"error": "invalid_grant"}', 400), INVALID),
        ("/token", _body('{"error": "invalid_grant"}'), INVALID),
        ("/token", _body('{"error": {"message": "no", "code": 190}}', 400), INVALID),
        ("/token", _body('{"error": ["invalid_client"]}', 401), UNREACHABLE),
        ("/token", _body("", 302), UNREACHABLE),
        ("/token", _body("<html>"), UNREACHABLE),
        ("/token", _body("[1]"), UNREACHABLE),
        ("/token", _body("{" + '"a":[' * 50_000), UNREACHABLE),
        ("/token", _body("{}"), "AADB2C90175"),
        ("/token", _body('{"access_token": "a b"}'), INVALID),
        ("/token", _body('{"access_token": "a", "token_type": "mac"}'), INVALID),
        ("/keys", _body("{}"), "AADB2C90243"),
        ("/keys", NotReached("silent"), UNREACHABLE),
    ],
)
def test_an_answer_that_is_none_ends_with_a_code_and_nothing_inside_goes_wrong(
    home: House,
    guest: Browser,
    party: RelyingParty,
    upstream: Upstream,
    part: str,
    answer: Answer | Exception,
    code: str,
) -> None:
    home.clock.move(minutes=11)
    upstream.mischief.answer = _replaced(part, answer)
    assert ending(guest, party, upstream, somebody()) == code


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"issuer": "https://accounts.google.com"}, "AADB2C90243"),
        ({"issuer": "https://people.example/another"}, "AADB2C90243"),
        ({"issuer": None}, "AADB2C90243"),
        ({"authorization_endpoint": "http://people.example/authorize"}, "AADB2C90243"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "AADB2C90243"),
        ({"authorization_endpoint": "https://people.example/a\r\nX: y"}, "AADB2C90243"),
        ({"jwks_uri": 5}, "AADB2C90243"),
    ],
)
def test_a_discovery_document_that_cannot_be_believed_leads_nowhere(
    home: House,
    guest: Browser,
    party: RelyingParty,
    upstream: Upstream,
    metadata: Claims,
    code: str,
) -> None:
    home.clock.move(minutes=11)
    upstream.mischief.metadata = metadata
    arrived = arrival(guest.press(page(guest.open(party.link())), PEOPLE))
    assert arrived.error_code == code


def test_a_provider_nobody_reaches_is_asked_again_at_once_the_next_time(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    home.clock.move(minutes=11)
    upstream.mischief.answer = _replaced("openid-configuration", NotReached("silent"))
    arrived = arrival(guest.press(page(guest.open(party.link())), PEOPLE))
    assert arrived.error_code == UNREACHABLE
    upstream.start_over()
    page(come_from(guest, party, upstream, somebody()))
    assert METADATA_URL in upstream.asked


def test_userinfo_about_somebody_else_is_refused(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    upstream.mischief.is_terse = True
    upstream.mischief.userinfo = {"sub": "victim"}
    assert ending(guest, party, upstream, somebody()) == INVALID


def test_what_a_provider_says_is_text_and_bounded(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody(
        name="<script>alert(1)</script>", given_name="x" * 5000, family_name=["a"], email="no@@one"
    )
    person |= {f"claim{number}": number for number in range(100)}
    shown = page(come_from(guest, party, upstream, person))
    assert shown.value_of("displayName") == "<script>alert(1)</script>"
    assert "<script>alert" not in shown.response.text
    assert {shown.value_of(each) for each in ("givenName", "surname", "email")} == {""}


def test_an_error_of_a_provider_is_not_repeated_to_anybody(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    sent = {
        "error": "weird<script>",
        "error_description": "<script>alert(1)</script>",
        "error_uri": "javascript:alert(1)",
        "state": at.parameters["state"],
    }
    arrived = arrival(back(guest, at, sent))
    assert arrived.error_code == INVALID
    assert "script" not in arrived.parameters["error_description"]


def test_the_answer_of_another_provider_is_refused_before_its_code_is_sent_anywhere(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody(), iss="https://evil.example")
    upstream.asked.clear()
    assert arrival(back(guest, at, answer)).error_code == INVALID
    assert upstream.asked == []


def test_a_provider_that_names_itself_has_to_do_so_every_time(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    home.clock.move(minutes=11)
    upstream.mischief.metadata = {"authorization_response_iss_parameter_supported": True}
    page(come_from(guest, party, upstream, somebody(), iss=ISSUER))
    assert ending(Browser(home.new_client()), party, upstream, somebody()) == INVALID
    home.clock.move(minutes=11)


def test_a_state_counts_in_the_browser_that_left_and_in_no_other(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody())
    for stranger in (Browser(home.new_client()), Browser(home.new_client())):
        stranger.open(party.link())
        upstream.asked.clear()
        assert LOST in page(back(stranger, at, answer)).text
        assert upstream.asked == []


@pytest.mark.parametrize("state", ["", "x", "A" * 160, "A" * 5000])
def test_a_state_that_is_not_ours_is_lost(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream, state: str
) -> None:
    at = at_provider(guest, party)
    answer = {**upstream.identify(at, somebody()), "state": state}
    assert LOST in page(back(guest, at, answer)).text
    answer.pop("state")
    assert LOST in page(back(guest, at, answer)).text


def test_an_attackers_code_with_the_victims_state_is_refused_by_the_challenge(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    attackers = at_provider(Browser(home.new_client()), party)
    injected = upstream.identify(attackers, somebody())["code"]
    victims = at_provider(guest, party)
    answer = {"state": victims.parameters["state"], "code": injected}
    assert arrival(back(guest, victims, answer)).error_code == INVALID


def test_a_state_is_over_after_its_time_and_after_another_departure(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    first = page(guest.open(party.link()))
    old = arrival(guest.press(first, PEOPLE))
    new = arrival(guest.press(first, PEOPLE))
    assert old.parameters["state"] != new.parameters["state"]
    upstream.asked.clear()
    assert "email" in page(back(guest, old, upstream.identify(old, somebody())))
    assert upstream.asked == []
    late = at_provider(guest, party)
    home.clock.move(hours=1)
    assert LOST in page(back(guest, late, upstream.identify(late, somebody()))).text


def test_a_state_of_another_tenant_does_not_open(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    other = DirectoryId("99999999-9999-4999-8999-999999999999")

    key = new_signing_key(
        generate_private_key(Algorithm.ES256),
        directory_id=other,
        sealer=home.world.sealer,
        randomness=home.world.randomness,
        now=home.clock(),
        active_at=home.clock(),
    )

    async def found(stores: Any) -> None:
        own = await stores.directories.find(home.facts["tenant_id"])
        await stores.directories.add(replace(own, id=other, domain="other.example"))
        await stores.signing_keys.add(key)

    home.run(home.database.write(other, found))
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody())
    shown = page(guest.open(f"{home.origin}/other.example/oauth2/authresp", **answer))
    assert LOST in shown.text


def test_a_provider_taken_away_meanwhile_identifies_nobody(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    offer(home, flow="signUpOrSignIn")
    upstream.asked.clear()
    shown = page(back(guest, at, upstream.identify(at, somebody())))
    assert "email" in shown
    assert PEOPLE not in shown
    assert upstream.asked == []


def test_people_of_two_providers_and_of_two_spellings_are_different_people(
    home: House, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    subjects = {party.claims(signed_up(Browser(home.new_client()), party, upstream, person))["sub"]}
    shouting = {**person, "sub": person["sub"].upper()}
    subjects.add(
        party.claims(signed_up(Browser(home.new_client()), party, upstream, shouting))["sub"]
    )
    offer(home, preset_provider(home, "Google", "Google-OAUTH"), flow="signUpOrSignIn")
    browser = Browser(home.new_client())
    at = at_provider(browser, party, "GoogleExchange")
    shown = page(back(browser, at, upstream.identify(at, person)))
    subjects.add(party.claims(arrival(browser.press(shown, "continue")))["sub"])
    assert len(subjects) == 3


def test_a_local_name_is_nobodys_identity_at_a_provider(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    known = home.facts["users"][0]
    claims = party.claims(signed_up(guest, party, upstream, somebody(sub=known["email"])))
    assert claims["sub"] != known["object_id"]


def test_two_windows_that_arrive_as_the_same_new_person_make_one_account(
    home: House, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    first, second = Browser(home.new_client()), Browser(home.new_client())
    one = page(come_from(first, party, upstream, person))
    other = page(come_from(second, party, upstream, person))
    claims = party.claims(arrival(first.press(one, "continue")))
    again = party.claims(arrival(second.press(other, "continue")))
    assert again["sub"] == claims["sub"]
    assert account_from(home, person["sub"]) is not None


def test_neither_secret_nor_token_nor_what_proves_a_departure_is_stored(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody())
    upstream.state.forms.clear()
    page(back(guest, at, answer))
    verifier = upstream.state.forms[0]["code_verifier"]
    database = home.database_url.removeprefix("sqlite:///")
    stored = b"".join(Path(f"{database}{each}").read_bytes() for each in ("", "-wal"))
    for secret in (verifier, at.parameters["nonce"], answer["code"], f"at-{answer['code']}"):
        assert secret.encode() not in stored
