"""Sign-in through identity providers: the whole way, there and back."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from gatelodge.federation.presets import PRESETS
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.identity_provider import IdentityProvider, ProviderKind
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.user_flow import AuthenticationMethod
from gatelodge.outbound import NotReached
from tests.journeys.federation_world import (
    PEOPLE,
    account_from,
    at_provider,
    back,
    come_from,
    offer,
    people_provider,
    preset_provider,
    sealed,
    signed_up,
    somebody,
)
from tests.world.browser import Arrived, Browser, arrival, page
from tests.world.furnished import signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import CLIENT_ID, ISSUER, Claims, Upstream

NO_LOCAL_ACCOUNTS = {"authentication_methods": AuthenticationMethod.NONE}


def test_the_first_page_offers_providers_beside_local_accounts(
    home: House, guest: Browser, party: RelyingParty
) -> None:
    offer(
        home,
        people_provider(home),
        preset_provider(home, "Google", "Google-OAUTH"),
        preset_provider(home, "QQ", "QQ-OAUTH"),
        flow="signUpOrSignIn",
    )
    shown = page(guest.open(party.link()))
    assert {PEOPLE, "GoogleExchange", "email", "password", "next"} <= shown.ids
    assert shown.text_of("GoogleExchange") == "Google"
    assert shown.text.count("QQ") == 0


def test_a_person_leaves_with_a_nonce_a_challenge_and_a_state(
    guest: Browser, party: RelyingParty, home: House
) -> None:
    at = at_provider(guest, party)
    asked = at.parameters
    assert at.url.startswith(f"{ISSUER}/authorize?")
    assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
    assert asked["redirect_uri"] == f"{home.origin}/{home.facts['tenant_domain']}/oauth2/authresp"
    assert (asked["code_challenge_method"], asked["response_mode"]) == ("S256", "form_post")
    assert {"nonce", "state", "code_challenge"} <= set(asked)
    again = at_provider(guest, party).parameters
    assert all(asked[name] != again[name] for name in ("nonce", "state", "code_challenge"))


def test_somebody_new_completes_what_the_provider_said_and_gets_an_account_without_a_password(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    shown = page(come_from(guest, party, upstream, person))
    assert "newPassword" not in shown
    assert shown.value_of("displayName") == "Ada Upstream"
    assert shown.value_of("email") == person["email"]
    claims = party.claims(arrival(guest.press(shown, "continue", givenName="Adele")))
    account = account_from(home, person["sub"])
    assert account is not None
    assert claims["sub"] == claims["oid"] == account.id
    assert claims["newUser"] is True
    assert (claims["given_name"], claims["emails"]) == ("Adele", [person["email"]])
    assert claims["email_verified"] is False
    assert [each.sign_in_type for each in account.identities] == ["federated"]
    assert home.stores(lambda stores: stores.passwords.get(account.id)) is None


def test_who_comes_again_sees_no_page_of_ours(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    first = party.claims(signed_up(guest, party, upstream, person))
    again = arrival(come_from(Browser(home.new_client()), party, upstream, person))
    claims = party.claims(again)
    assert claims["sub"] == first["sub"]
    assert "newUser" not in claims


def test_a_resumed_session_needs_no_provider(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    first = party.claims(signed_up(guest, party, upstream, person))
    upstream.asked.clear()
    assert party.claims(arrival(guest.open(party.link())))["sub"] == first["sub"]
    assert upstream.asked == []


def test_who_cancels_at_the_provider_comes_back_to_the_application_and_can_begin_again(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    sent = {"error": "access_denied", "state": at.parameters["state"]}
    arrived = arrival(back(guest, at, sent))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", "AADB2C90273")
    assert signed_up(guest, party, upstream, somebody()).code


def test_the_only_way_in_is_taken_without_asking(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    offer(home, people_provider(home), flow="signUpOrSignIn", **NO_LOCAL_ACCOUNTS)
    try:
        at = arrival(guest.open(party.link()))
        shown = page(back(guest, at, upstream.identify(at, somebody())))
        assert arrival(guest.press(shown, "continue")).code
    finally:
        ways = {"authentication_methods": AuthenticationMethod.EMAIL_WITH_PASSWORD}
        offer(home, people_provider(home), flow="signUpOrSignIn", **ways)


@pytest.mark.parametrize(
    ("flow", "local", "ids", "missing"),
    [
        ("signUpOrSignIn", False, {PEOPLE, "GoogleExchange"}, {"email", "createAccount", "next"}),
        ("signIn", True, {PEOPLE, "GoogleExchange", "email", "next"}, {"createAccount"}),
        ("signIn", False, {PEOPLE, "GoogleExchange"}, {"email", "next", "forgotPassword"}),
        ("signUp", True, {PEOPLE, "GoogleExchange", "SignUpWithLogonEmailExchange"}, {"email"}),
        ("signUp", False, {PEOPLE, "GoogleExchange"}, {"SignUpWithLogonEmailExchange"}),
        ("profileUpdate", True, {PEOPLE, "GoogleExchange", "email", "next"}, {"createAccount"}),
    ],
)
def test_every_user_flow_offers_the_ways_it_has(
    home: House, guest: Browser, flow: str, local: bool, ids: set[str], missing: set[str]
) -> None:
    ways = AuthenticationMethod.EMAIL_WITH_PASSWORD if local else AuthenticationMethod.NONE
    providers = (people_provider(home), preset_provider(home, "Google", "Google-OAUTH"))
    offer(home, *providers, flow=flow, authentication_methods=ways)
    try:
        shown = page(guest.open(RelyingParty(home, flow).link()))
        assert ids <= shown.ids
        assert not missing & shown.ids
    finally:
        ways = AuthenticationMethod.EMAIL_WITH_PASSWORD
        offer(home, flow=flow, authentication_methods=ways)


def test_a_domain_hint_leads_straight_to_its_provider_and_an_unknown_one_to_the_page(
    home: House, guest: Browser, party: RelyingParty
) -> None:
    offer(
        home,
        people_provider(home),
        preset_provider(home, "Facebook", "Facebook-OAUTH"),
        flow="signUpOrSignIn",
    )
    answer = guest.client.get(party.link(domain_hint="facebook.com"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(PRESETS["Facebook"].authorization_endpoint)
    assert arrival(guest.open(party.link(domain_hint="People.Example"))).url.startswith(ISSUER)
    assert "email" in page(guest.open(party.link(domain_hint="elsewhere.example")))


def test_a_silent_request_never_leaves_for_a_provider(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    arrived = arrival(guest.open(party.link(prompt="none", domain_hint="people.example")))
    assert arrived.error_code == "AADB2C90077"
    signed_up(guest, party, upstream, somebody())
    fresh = guest.open(party.link(prompt="none", max_age="0", domain_hint="people.example"))
    assert arrival(fresh).parameters["error"] in {"login_required", "interaction_required"}


PRESET_PEOPLE: dict[str, tuple[str, Claims, str]] = {
    "Google": ("google.com", {"sub": "g-1", "name": "G One", "email": "g@mail.example"}, "g-1"),
    "Microsoft": ("live.com", {"sub": "m-1", "name": "M One"}, "m-1"),
    "Facebook": ("facebook.com", {"id": "10", "name": "F One", "first_name": "F"}, "10"),
    "GitHub": ("github.com", {"id": 4711, "login": "hub", "name": "H One"}, "4711"),
    "LinkedIn": ("linkedin.com", {"sub": "l-1", "name": "L One"}, "l-1"),
    "Amazon": ("amazon.com", {"user_id": "amzn1.x", "name": "A One"}, "amzn1.x"),
    "Twitter": ("twitter.com", {"id": "99", "name": "X One", "username": "x"}, "99"),
}


@pytest.mark.parametrize("kind", PRESET_PEOPLE)
def test_well_known_providers_are_asked_in_their_own_way(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream, kind: str
) -> None:
    issuer, person, subject = PRESET_PEOPLE[kind]
    preset = PRESETS[kind]
    offer(home, preset_provider(home, kind, f"{kind}-OAUTH"), flow="signUpOrSignIn")
    at = at_provider(guest, party, preset.exchange_id)
    assert at.url.startswith(preset.authorization_endpoint)
    assert ("code_challenge" in at.parameters) is preset.has_proof_key
    shown = page(back(guest, at, upstream.identify(at, person)))
    assert shown.value_of("displayName") == person["name"]
    values = {} if "email" in person else {"email": "typed@mail.example"}
    assert arrival(guest.press(shown, "continue", **values)).code
    account = account_from(home, subject, issuer)
    assert account is not None
    assert account.display_name == person["name"]


def test_the_provider_is_a_claim_where_the_user_flow_says_so(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    claims: Any = ("objectId", "identityProvider", "identityProviderAccessToken")
    provider = preset_provider(home, "Google", "Google-OAUTH")
    before = home.stores(
        lambda stores: stores.user_flows.require(home.facts["user_flows"]["signUpOrSignIn"])
    )
    offer(home, provider, flow="signUpOrSignIn", application_claims=claims)
    try:
        at = at_provider(guest, party, "GoogleExchange")
        shown = page(back(guest, at, upstream.identify(at, somebody())))
        tokens = party.tokens(arrival(guest.press(shown, "continue")))
        said = party.verified(tokens["id_token"])
        assert said["idp"] == "google.com"
        assert said["idp_access_token"].startswith("at-code-")
        assert tokens["access_token"].count("at-code-") == 0
        renewed = party.refresh(tokens["refresh_token"]).json()
        assert party.verified(renewed["id_token"])["idp"] == "google.com"
        assert "idp_access_token" not in party.verified(renewed["id_token"])
        resumed = party.claims(arrival(guest.open(party.link())))
        assert (resumed["idp"], "idp_access_token" in resumed) == ("google.com", False)
        local = party.claims(signed_in(Browser(home.new_client()), party))
        assert "idp" not in local
    finally:
        offer(home, flow="signUpOrSignIn", application_claims=before.application_claims)


def test_a_session_ends_when_its_provider_is_not_offered_any_more(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    signed_up(guest, party, upstream, somebody())
    assert arrival(guest.open(party.link())).code
    offer(home, flow="signUpOrSignIn")
    assert "email" in page(guest.open(party.link()))


def test_an_address_never_joins_accounts(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    known = home.facts["users"][0]
    for verified in (True, "true", 1, False):
        person = somebody(email=known["email"], email_verified=verified)
        claims = party.claims(signed_up(Browser(home.new_client()), party, upstream, person))
        assert claims["sub"] != known["object_id"]
    again = party.claims(signed_in(Browser(home.new_client()), party))
    assert again["sub"] == known["object_id"]


def test_an_unknown_person_cannot_sign_in_where_nobody_signs_up(
    home: House, guest: Browser, upstream: Upstream
) -> None:
    offer(home, people_provider(home), flow="signIn")
    arrived = arrival(come_from(guest, RelyingParty(home, "signIn"), upstream, somebody()))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", "AADB2C99002")


def test_who_is_known_continues_as_a_sign_in_where_people_sign_up(
    home: House, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    first = party.claims(signed_up(Browser(home.new_client()), party, upstream, person))
    offer(home, people_provider(home), flow="signUp")
    flow = RelyingParty(home, "signUp")
    claims = flow.claims(arrival(come_from(Browser(home.new_client()), flow, upstream, person)))
    assert claims["sub"] == first["sub"]
    assert "newUser" not in claims
    offer(home, flow="signUp")


def test_a_disabled_account_stays_out(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    signed_up(guest, party, upstream, person)

    async def disable(stores: Any) -> None:
        account = await stores.accounts.by_sign_in_name(ISSUER, person["sub"])
        await stores.accounts.save(replace(account, account_enabled=False))

    home.stores(disable)
    arrived = arrival(come_from(Browser(home.new_client()), party, upstream, person))
    assert arrived.error_code == "AADB2C90111"


def test_a_profile_is_edited_after_coming_from_a_provider_and_has_no_password(
    home: House, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    signed_up(Browser(home.new_client()), party, upstream, person)
    offer(home, people_provider(home), flow="profileUpdate")
    flow, browser = RelyingParty(home, "profileUpdate"), Browser(home.new_client())
    shown = page(come_from(browser, flow, upstream, person))
    assert not {each for each in shown.ids if "assword" in each}
    claims = flow.claims(arrival(browser.press(shown, "continue", displayName="Renamed")))
    assert claims["name"] == "Renamed"


def test_what_the_id_token_leaves_out_is_asked_of_userinfo(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    upstream.mischief.is_terse = True
    person = somebody()
    shown = page(come_from(guest, party, upstream, person))
    assert shown.value_of("email") == person["email"]


def test_an_id_token_can_come_without_a_code(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    provider = people_provider(home, response_type="id_token")
    offer(home, provider, flow="signUpOrSignIn")
    at = at_provider(guest, party)
    assert (at.parameters["response_type"], "code_challenge" in at.parameters) == (
        "id_token",
        False,
    )
    shown = page(back(guest, at, upstream.identify(at, somebody())))
    assert arrival(guest.press(shown, "continue")).code


def test_a_rotated_key_is_found_and_unknown_ones_are_not_asked_for_all_the_time(
    home: House, party: RelyingParty, upstream: Upstream
) -> None:
    def come() -> Any:
        return come_from(Browser(home.new_client()), party, upstream, somebody())

    page(come())
    home.clock.move(seconds=61)
    upstream.state.key_ids["rs"] = "key-after-rotation"
    page(come())
    upstream.asked.clear()
    upstream.mischief.header = {"kid": "nobody-has-it"}
    for _ in range(5):
        assert arrival(come()).error_code == "AADB2C90273"
    assert upstream.asked.count(f"{ISSUER}/keys") == 0
    upstream.state.key_ids["rs"] = "key-1"
    home.clock.move(minutes=11)


def test_the_back_button_at_the_provider_leads_to_the_choice(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    first = page(guest.open(party.link()))
    arrival(guest.press(first, PEOPLE))
    again = page(guest.open(first.url))
    assert "email" in again
    at = arrival(guest.press(again, PEOPLE))
    page(back(guest, at, upstream.identify(at, somebody())))


def test_a_callback_that_is_loaded_again_leads_on_and_takes_nothing(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody())
    page(back(guest, at, answer))
    upstream.asked.clear()
    shown = page(back(guest, at, answer))
    assert "displayName" in shown
    assert upstream.asked == []
    arrival(guest.press(shown, "continue"))
    assert "AADB2C90046" in page(back(guest, at, answer)).text


LINKING = AccountConfiguration(is_identity_linking_allowed=True)


def test_who_proves_both_sides_connects_them(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    offer(home, people_provider(home), flow="signUpOrSignIn", account_configuration=LINKING)
    known, person = home.facts["users"][1], somebody()
    try:
        shown = page(come_from(guest, party, upstream, person))
        shown = page(guest.press(shown, "linkAccount"))
        assert not {PEOPLE, "createAccount", "forgotPassword"} & shown.ids
        shown = page(guest.press(shown, "next", email=known["email"], password="Wrong-Guess-11"))
        assert account_from(home, person["sub"]) is None
        values = {"email": known["email"], "password": known["password"]}
        claims = party.claims(arrival(guest.press(shown, "next", **values)))
        assert claims["sub"] == known["object_id"]
        browser = Browser(home.new_client())
        again = party.claims(arrival(come_from(browser, party, upstream, person)))
        assert again["sub"] == known["object_id"]
    finally:
        configuration = AccountConfiguration()
        provider = people_provider(home)
        offer(home, provider, flow="signUpOrSignIn", account_configuration=configuration)


def test_what_one_account_is_connected_to_no_other_one_is(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    offer(home, people_provider(home), flow="signUpOrSignIn", account_configuration=LINKING)
    person = somebody()
    first, second = home.facts["users"][:2]
    try:
        late = Browser(home.new_client())
        waiting = {
            browser: page(
                browser.press(page(come_from(browser, party, upstream, person)), "linkAccount")
            )
            for browser in (guest, late)
        }

        def proves(browser: Browser, user: dict[str, str]) -> Arrived:
            values = {"email": user["email"], "password": user["password"]}
            return arrival(browser.press(waiting[browser], "next", **values))

        assert party.claims(proves(guest, first))["sub"] == first["object_id"]
        refused = proves(late, second)
        assert refused.parameters["error"] == "access_denied"
        assert refused.error_code == "AADB2C90001"
        found = account_from(home, person["sub"])
        assert found is not None
        assert found.id == first["object_id"]
    finally:
        configuration = AccountConfiguration()
        provider = people_provider(home)
        offer(home, provider, flow="signUpOrSignIn", account_configuration=configuration)


def test_who_changes_their_mind_about_connecting_links_nothing(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    offer(home, people_provider(home), flow="signUpOrSignIn", account_configuration=LINKING)
    known, person = home.facts["users"][1], somebody()
    try:
        shown = page(come_from(guest, party, upstream, person))
        shown = page(guest.press(page(guest.press(shown, "linkAccount")), "cancel"))
        assert PEOPLE in shown
        values = {"email": known["email"], "password": known["password"]}
        assert arrival(guest.press(shown, "next", **values)).code
        assert account_from(home, person["sub"]) is None
    finally:
        configuration = AccountConfiguration()
        provider = people_provider(home)
        offer(home, provider, flow="signUpOrSignIn", account_configuration=configuration)


def test_connecting_is_not_offered_unless_it_is_switched_on(
    guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    assert "linkAccount" not in page(come_from(guest, party, upstream, somebody()))


def test_signing_out_here_asks_the_provider_to_do_the_same(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    tokens = party.tokens(signed_up(guest, party, upstream, somebody()))
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": party.redirect_uri}
    shown = page(guest.open(f"{party.provider}/oauth2/v2.0/logout", **query))
    assert f'src="{ISSUER}/logout"' in unescape(shown.response.text)
    assert "frame-src https://people.example" in shown.response.headers["content-security-policy"]
    assert "email" in page(guest.open(party.link()))


def test_a_provider_that_is_not_reached_keeps_nobody_signed_in(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    tokens = party.tokens(signed_up(guest, party, upstream, somebody()))
    home.clock.move(minutes=11)
    upstream.mischief.answer = lambda _url, _answer: NotReached("silent")
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": party.redirect_uri}
    arrival(guest.open(f"{party.provider}/oauth2/v2.0/logout", **query))
    assert "email" in page(guest.open(party.link()))


def test_a_forgotten_password_says_the_same_to_people_without_one_as_to_strangers(
    home: House, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    signed_up(Browser(home.new_client()), party, upstream, person)
    said = []
    for address in (person["email"], somebody()["email"]):
        browser, reset = Browser(home.new_client()), RelyingParty(home, "passwordReset")
        shown = page(browser.open(reset.link()))
        control = "emailVerificationControl_but_send_code"
        shown = page(browser.press(shown, control, email=address))
        said.append(shown.text.replace(address, "somebody"))
        assert "newPassword" not in shown
    assert said[0] == said[1]


def apple(home: House, pem: bytes) -> IdentityProvider:
    """Return Sign in with Apple, with a developer's key."""
    provider = IdentityProvider(
        directory_id=DirectoryId(home.facts["tenant_id"]),
        id="Apple-Managed-OIDC",
        kind=ProviderKind.APPLE,
        identity_provider_type="AppleManaged",
        display_name="Apple",
        developer_id="TEAM123456",
        service_id="com.example.shop",
        key_id="KEY1234567",
    )
    return sealed(home, provider, pem.decode())


def test_apple_is_shown_a_signed_secret_and_tells_a_name_once(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    key = ECKey.generate_key("P-256")
    offer(home, apple(home, key.as_pem(private=True)), flow="signUpOrSignIn")
    at = at_provider(guest, party, "AppleExchange")
    assert at.parameters["response_mode"] == "form_post"
    told = '{"name": {"firstName": "Ada", "lastName": "Orchard"}, "email": "x@mail.example"}'
    person = {"sub": "001.abc", "email": "relay@mail.example"}
    upstream.state.forms.clear()
    shown = page(back(guest, at, upstream.identify(at, person, user=told)))
    assert (shown.value_of("givenName"), shown.value_of("displayName")) == ("Ada", "Ada Orchard")
    assert shown.value_of("email") == "relay@mail.example"
    secret = jwt.decode(upstream.state.forms[0]["client_secret"], key, algorithms=["ES256"])
    assert secret.header["kid"] == "KEY1234567"
    assert {name: secret.claims[name] for name in ("iss", "sub", "aud")} == {
        "iss": "TEAM123456",
        "sub": "com.example.shop",
        "aud": "https://appleid.apple.com",
    }
    assert arrival(guest.press(shown, "continue")).code


@pytest.mark.parametrize("pem", [b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END"])
def test_a_developers_key_that_is_none_is_a_trouble_that_is_named(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream, pem: bytes
) -> None:
    offer(home, apple(home, pem), flow="signUpOrSignIn")
    at = at_provider(guest, party, "AppleExchange")
    answer = upstream.identify(at, {"sub": "002.abc"})
    assert arrival(back(guest, at, answer)).error_code == "AADB2C90243"
