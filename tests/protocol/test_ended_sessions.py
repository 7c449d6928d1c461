"""What ends with a session, and who is told (OIDC Front-Channel and Back-Channel Logout 1.0)."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from gatelodge.app.world import World
from gatelodge.journeys.changes import SetPassword
from gatelodge.model.identifier import AccountId, ClientId
from gatelodge.oidc.back_channel import EVENT, BackChannel
from gatelodge.oidc.provider import Providers
from gatelodge.oidc.return_address import encode_parameters
from gatelodge.outbound import NotAllowed, NotReached
from gatelodge.storage.stores import Stores
from tests.protocol.test_logout import id_token, is_signed_in, logout
from tests.world.browser import Browser, Shown, arrival, arrived_at, page
from tests.world.clock import BEGINNING
from tests.world.furnished import HOME, OpenVisit, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

BACK = "https://app.example/back-channel"


@dataclass
class Posted:
    """Stands for applications: answers what it is told to, and keeps what it was sent."""

    answers: list[int | Exception] = field(default_factory=list)
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def post_form(self, url: str, form: dict[str, str]) -> int:
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        self.sent.append((url, form))
        return answer


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def told(house: House, posted: Posted) -> Iterator[BackChannel]:
    world: World = house.world
    providers = Providers(world.database, world.keyring, world.origin)
    house.stores(_forget)
    yield BackChannel(world.database, providers, posted, house.clock)
    house.stores(_forget)
    for name in ("web", "spa", "native"):
        listen(house, name, None)


async def _forget(stores: Stores) -> None:
    for each in await stores.logout_notices.due(_far()):
        await stores.logout_notices.remove(each.id)


def _far() -> datetime:
    return BEGINNING + timedelta(days=9999)


def listen(house: House, name: str, url: str | None) -> None:
    """Register where an application wants to be told."""

    async def work(stores: Stores) -> None:
        client_id = ClientId(house.facts["apps"][name]["client_id"])
        found = await stores.applications.by_app_id(client_id)
        assert found is not None
        await stores.applications.save(replace(found, web_back_channel_logout_url=url))

    house.stores(work)


def verified(
    house: House, party: RelyingParty, token: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    keys = house.client.get(f"{party.provider}/discovery/v2.0/keys").json()
    decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])
    return dict(decoded.header), dict(decoded.claims)


def test_an_id_token_names_the_session_it_comes_from(house: House, visit: OpenVisit) -> None:
    browser, other = visit(), visit()
    first = RelyingParty(house).claims(signed_in(browser, RelyingParty(house)))["sid"]
    again = RelyingParty(house, name="one")
    arrived = browser.open(again.link())
    assert again.claims(arrived)["sid"] == first  # type: ignore[arg-type]
    assert RelyingParty(house).claims(signed_in(other, RelyingParty(house)))["sid"] != first


def test_signing_out_ends_the_refresh_tokens_of_the_session_and_of_no_other(
    house: House, visit: OpenVisit
) -> None:
    party, browser = RelyingParty(house), visit()
    tokens = party.tokens(signed_in(browser, party))
    elsewhere = party.tokens(signed_in(visit(), party))
    page(logout(browser, party, id_token_hint=tokens["id_token"]))
    answer = party.refresh(tokens["refresh_token"])
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"
    assert party.refresh(elsewhere["refresh_token"]).status_code == 200
    userinfo = house.client.get(
        f"{party.provider}/openid/v2.0/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
    )
    assert userinfo.status_code == 401


def test_a_resumed_session_ends_with_all_its_applications(house: House, visitor: Browser) -> None:
    party, other = RelyingParty(house), RelyingParty(house, name="one")
    hint = id_token(party, signed_in(visitor, party))
    tokens = other.tokens(visitor.open(other.link()))  # type: ignore[arg-type]
    page(logout(visitor, party, id_token_hint=hint))
    assert other.refresh(tokens["refresh_token"]).status_code == 400


def test_the_browser_tells_each_application_in_a_frame(house: House, visitor: Browser) -> None:
    party, two = RelyingParty(house), RelyingParty(house, name="two")
    claims = party.claims(signed_in(visitor, party))
    hint = id_token(two, visitor.open(two.link()))  # type: ignore[arg-type]
    shown = page(logout(visitor, two, id_token_hint=hint))
    told = encode_parameters([("iss", claims["iss"]), ("sid", claims["sid"])])
    text = html.unescape(shown.response.text)
    assert text.count("<iframe") == 1
    assert f'src="{HOME}/out?{told}"' in text
    policy = shown.response.headers["content-security-policy"]
    assert "frame-src https://app.example;" in policy + ";"
    assert "default-src 'none'" in policy


def test_the_way_back_waits_for_the_frames(house: House, visitor: Browser) -> None:
    two = RelyingParty(house, name="two")
    hint = id_token(two, signed_in(visitor, two))
    answer = logout(visitor, two, id_token_hint=hint, post_logout_redirect_uri=HOME, state="s&<")
    assert isinstance(answer, Shown)
    assert f'href="{HOME}?state=s%26%3c"' in html.unescape(answer.response.text)
    policy = answer.response.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f'<script nonce="{nonce}">' in answer.response.text
    assert not is_signed_in(visitor, two)


def test_discovery_says_that_applications_are_told(house: House) -> None:
    party = RelyingParty(house)
    document = house.client.get(f"{party.provider}/v2.0/.well-known/openid-configuration").json()
    for name in ("frontchannel", "backchannel"):
        assert document[f"{name}_logout_supported"] is True
        assert document[f"{name}_logout_session_supported"] is True


def test_the_server_tells_an_application_with_a_signed_token(
    house: House, visitor: Browser, told: BackChannel, posted: Posted
) -> None:
    party = RelyingParty(house)
    listen(house, "web", BACK)
    tokens = party.tokens(signed_in(visitor, party))
    claims = party.verified(tokens["id_token"])
    visitor.open(party.link())
    page(logout(visitor, party, id_token_hint=tokens["id_token"]))
    assert house.run(told.send_due()) == 1
    [(url, form)] = posted.sent
    assert url == BACK
    assert set(form) == {"logout_token"}
    header, found = verified(house, party, form["logout_token"])
    assert header["typ"] == "logout+jwt"
    assert found.pop("exp") - found.pop("iat") == 120
    assert found.pop("jti")
    assert found == {
        "iss": claims["iss"],
        "sub": claims["sub"],
        "aud": party.client_id,
        "sid": claims["sid"],
        "events": {EVENT: {}},
    }
    assert house.run(told.send_due()) == 0


def test_a_logout_token_is_taken_for_no_other_token(
    house: House, visitor: Browser, told: BackChannel, posted: Posted
) -> None:
    party = RelyingParty(house)
    listen(house, "web", BACK)
    page(logout(visitor, party, id_token_hint=id_token(party, signed_in(visitor, party))))
    house.run(told.send_due())
    token = posted.sent[0][1]["logout_token"]
    answer = house.client.get(
        f"{party.provider}/openid/v2.0/userinfo", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 401
    signed_in(visitor, party)
    shown = page(logout(visitor, party, id_token_hint=token))
    assert "AADB2C" in shown.text
    assert is_signed_in(visitor, party)


@pytest.mark.parametrize(
    ("answer", "is_tried_again"),
    [(NotReached("x"), True), (503, True), (400, False), (204, False), (NotAllowed("x"), False)],
    ids=str,
)
def test_an_application_that_was_not_reached_is_told_later(
    house: House,
    visitor: Browser,
    told: BackChannel,
    posted: Posted,
    answer: int | Exception,
    is_tried_again: bool,
) -> None:
    party = RelyingParty(house)
    listen(house, "web", BACK)
    page(logout(visitor, party, id_token_hint=id_token(party, signed_in(visitor, party))))
    posted.answers.append(answer)
    house.run(told.send_due())
    before = len(posted.sent)
    assert house.run(told.send_due()) == 0
    house.clock.move(seconds=6)
    assert house.run(told.send_due()) == int(is_tried_again)
    assert len(posted.sent) == before + int(is_tried_again)


def test_an_application_that_is_never_reached_is_given_up(
    house: House, visitor: Browser, told: BackChannel, posted: Posted
) -> None:
    party = RelyingParty(house)
    listen(house, "web", BACK)
    page(logout(visitor, party, id_token_hint=id_token(party, signed_in(visitor, party))))
    posted.answers = [NotReached("x")] * 10
    for _ in range(10):
        house.run(told.send_due())
        house.clock.move(hours=1)
    assert len(posted.answers) == 4
    assert house.run(house.world_stores.logout_notices.due(_far())) == []


def test_an_application_without_an_address_is_not_queued(
    house: House, visitor: Browser, told: BackChannel, posted: Posted
) -> None:
    party = RelyingParty(house)
    listen(house, "web", None)
    page(logout(visitor, party, id_token_hint=id_token(party, signed_in(visitor, party))))
    assert house.run(told.send_due()) == 0
    assert posted.sent == []


def test_a_new_password_tells_the_applications_of_every_session(
    house: House, visit: OpenVisit, told: BackChannel, posted: Posted
) -> None:
    party = RelyingParty(house)
    listen(house, "web", BACK)
    sids = {party.claims(signed_in(visit(), party))["sid"] for _ in range(2)}
    subject = AccountId(house.facts["users"][0]["object_id"])

    async def work(stores: Stores) -> None:
        account = await stores.accounts.require(subject)
        known = replace(await stores.passwords.require(subject), changed_at=house.clock())
        await SetPassword(account, known, "x")(stores)

    house.stores(work)
    while house.run(told.send_due()):
        """Twenty leave at a time; other tests left sessions as well."""
    told_sids = {verified(house, party, form["logout_token"])[1]["sid"] for _, form in posted.sent}
    assert sids <= told_sids


@pytest.mark.parametrize("is_same_person", [True, False])
def test_a_session_that_another_sign_in_replaces_is_told_of(
    house: House, visitor: Browser, told: BackChannel, posted: Posted, is_same_person: bool
) -> None:
    party, two = RelyingParty(house), RelyingParty(house, name="two")
    listen(house, "web", BACK)
    tokens = party.tokens(signed_in(visitor, party))
    sid = party.verified(tokens["id_token"])["sid"]
    user = house.facts["users"][0 if is_same_person else 1]
    shown = page(visitor.open(two.link(prompt="login")))
    visitor.press(shown, "next", email=user["email"], password=user["password"])
    house.run(told.send_due())
    [(_, form)] = posted.sent
    assert verified(house, party, form["logout_token"])[1]["sid"] == sid
    assert party.refresh(tokens["refresh_token"]).status_code == (200 if is_same_person else 400)


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_the_browser_tells_the_applications_of_somebody_else_who_was_signed_in(
    house: House, visitor: Browser, mode: str
) -> None:
    party, two = RelyingParty(house), RelyingParty(house, name="two")
    before = two.claims(signed_in(visitor, two))
    user = house.facts["users"][1]
    shown = page(visitor.open(party.link(prompt="login", response_mode=mode)))
    answer = visitor.send(shown, "next", email=user["email"], password=user["password"])
    told = encode_parameters([("iss", before["iss"]), ("sid", before["sid"])])
    text = html.unescape(answer.text)
    assert text.count("<iframe") == 1
    assert f'src="{HOME}/out?{told}"' in text
    assert "frame-src https://app.example;" in answer.headers["content-security-policy"] + ";"
    if mode == "form_post":
        arrived = arrival(visitor.follow(answer))
    else:
        assert not answer.is_redirect
        assert "refresh" not in answer.headers
        arrived = arrived_at(re.findall(r'id="continue" href="([^"]+)"', text)[0])
    assert party.claims(arrived)["oid"] != before["oid"]


def test_who_signs_in_again_tells_no_application_in_the_browser(
    house: House, visitor: Browser
) -> None:
    party, two = RelyingParty(house), RelyingParty(house, name="two")
    user = house.facts["users"][0]
    two.claims(signed_in(visitor, two))
    shown = page(visitor.open(party.link(prompt="login")))
    arrival(visitor.press(shown, "next", email=user["email"], password=user["password"]))


def test_who_resumes_a_session_ends_none(
    house: House, visitor: Browser, told: BackChannel, posted: Posted
) -> None:
    party = RelyingParty(house)
    listen(house, "web", BACK)
    signed_in(visitor, party)
    visitor.open(RelyingParty(house, name="two").link())
    assert house.run(told.send_due()) == 0
    assert posted.sent == []
