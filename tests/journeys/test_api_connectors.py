"""What an API connector is told at its points, and what its answers do; over real TLS."""

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gatelodge.connectors.circuit import FAILURES_THAT_OPEN, OPEN_S
from gatelodge.crypto.client_certificate import read_pkcs12
from gatelodge.model.api_connector import ApiConnector, ClientCertificate
from gatelodge.model.attribute import AttributeAssignment, UserAttribute
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.user_flow import ConnectedApis
from gatelodge.outbound import Outbound
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, passwords
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.clock import BEGINNING
from tests.world.furnished import configure, furnish
from tests.world.hook import CONTINUE, Authority, Hook, Reply, serving
from tests.world.house import House
from tests.world.relying_party import RelyingParty

TIER = "extension_00000000000000000000000000000000_Tier"
_numbers = count(1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def hooked(
    request: pytest.FixtureRequest, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Hook, Hook]]:
    """Build a production house that may reach this machine, and two hooks beside it."""
    path = tmp_path_factory.mktemp("house") / "gatelodge.db"
    shutil.copyfile(request.getfixturevalue("migrated_file"), path)
    loopback = ip_network("127.0.0.0/8")
    outbound = Outbound(is_development=False, allowed=(loopback,), authorities=authority.path)
    house = House(f"sqlite:///{path}", outbound=outbound)
    furnish(house)
    asking = authority.server_context(asks=True)
    with serving(authority.server_context()) as open_hook, serving(asking) as asking_hook:
        house.stores(lambda stores: _prepare(stores, house, open_hook, asking_hook, authority))
        yield house, open_hook, asking_hook
    house.close()


async def _prepare(
    stores: Stores, house: House, hook: Hook, asking: Hook, authority: Authority
) -> None:
    directory_id = DirectoryId(house.facts["tenant_id"])
    await stores.user_attributes.add(
        UserAttribute(directory_id=directory_id, id=TIER, display_name="Tier")
    )
    plain = ApiConnector(
        directory_id=directory_id, id="open", display_name="Open", target_url=hook.url
    )
    await stores.api_connectors.add(plain)
    named = replace(plain, id="named", display_name="Named", username="us")
    password = house.world.sealer.seal("söcret".encode(), named.place)
    await stores.api_connectors.add(replace(named, password=password))
    found = read_pkcs12(authority.pkcs12("gatelodge", "opens"), "opens")
    certified = replace(plain, id="certified", display_name="Certified", target_url=asking.url)
    certificate = ClientCertificate(
        thumbprint=found.thumbprint,
        not_before=int(found.not_before.timestamp()),
        not_after=int(found.not_after.timestamp()),
    )
    await stores.api_connectors.add(
        replace(
            certified,
            certificates=(certificate,),
            private_key=house.world.sealer.seal(found.pem, certified.place),
        )
    )


@pytest.fixture
def hook(hooked: tuple[House, Hook, Hook]) -> Hook:
    hooked[1].will(Reply())
    return hooked[1]


@pytest.fixture
def house(hooked: tuple[House, Hook, Hook]) -> Iterator[House]:
    found = hooked[0]
    # Far from what other tests made of the circuits.
    found.clock.now = BEGINNING + timedelta(hours=next(_numbers))
    found.run(found.forget_sent_codes())
    before = configure(found, "signUpOrSignIn")
    yield found
    configure(found, "signUpOrSignIn", **_settings(before))
    assert found.failures() == []


def _settings(flow: Any) -> dict[str, Any]:
    return {
        "api_connectors": flow.api_connectors,
        "attributes": flow.attributes,
        "application_claims": flow.application_claims,
    }


def connect(house: House, **points: str) -> None:
    """Have the user flow ask at these points; it collects a tier and says it in tokens."""
    flow = configure(house, "signUpOrSignIn", api_connectors=ConnectedApis(**points))
    configure(
        house,
        "signUpOrSignIn",
        attributes=(
            *flow.attributes,
            AttributeAssignment(id="city", is_optional=True),
            AttributeAssignment(id=TIER, display_name="Tier", is_optional=True),
        ),
    )


def before_registration(house: House, connector: str = "open") -> None:
    connect(house, post_attribute_collection=connector)


def before_tokens(house: House, connector: str = "open") -> None:
    connect(house, pre_token_issuance=connector)


def at_form(house: House, browser: Browser) -> tuple[Shown, str]:
    email = f"connected{next(_numbers)}@people.example"
    shown = page(browser.open(RelyingParty(house).link(ui_locales="en")))
    shown = page(browser.press(page(browser.press(shown, "createAccount")), SEND, email=email))
    code = house.code_for(email)
    return page(browser.press(shown, VERIFY, emailVerificationCode=code)), email


def sign_up(house: House, **values: str) -> tuple[Arrived | Shown, Browser, str]:
    browser = Browser(house.new_client())
    shown, email = at_form(house, browser)
    return browser.press(shown, "continue", **passwords(), **values), browser, email


def said_in(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "==="))
    return found


def is_there(house: House, email: str) -> bool:
    domain = house.facts["tenant_domain"]
    found = house.stores(lambda stores: stores.accounts.by_sign_in_name(domain, email))
    return found is not None


def latest_event(house: House, name: EventName) -> Any:
    events = house.run(house.world_stores.audit_events.latest())
    return next((each for each in events if each.name is name), None)


def test_what_a_person_typed_is_told_before_the_account_exists(house: House, hook: Hook) -> None:
    before_registration(house)
    party = RelyingParty(house)
    end, _, email = sign_up(house, displayName="New Person", **{TIER: "silver"})
    claims = party.claims(arrival(end))
    [told] = hook.told
    assert told.path == "/hook?key=value"
    assert told.body == {
        "step": "PostAttributeCollection",
        "client_id": party.client_id,
        "ui_locales": "en",
        "email": email,
        "identities": [
            {
                "signInType": "emailAddress",
                "issuer": house.facts["tenant_domain"],
                "issuerAssignedId": email,
            }
        ],
        "displayName": "New Person",
        TIER: "silver",
    }
    assert told.headers["content-type"] == "application/json"
    assert told.headers["host"] == hook.url.split("/")[2]
    assert told.headers["client-request-id"] == told.headers["x-ms-client-request-id"]
    assert "authorization" not in told.headers
    assert PASSWORD not in told.text
    assert claims["extension_Tier"] == "silver"


def test_its_values_take_the_place_of_what_was_typed_and_are_stored(
    house: House, hook: Hook
) -> None:
    before_registration(house)
    hook.will(
        Reply(body={**CONTINUE, "displayName": "Said", "city": "Bern", "extension_Tier": "gold"})
    )
    end, _, email = sign_up(house, displayName="Typed")
    claims = RelyingParty(house).claims(arrival(end))
    domain = house.facts["tenant_domain"]
    account = house.stores(lambda stores: stores.accounts.by_sign_in_name(domain, email))
    assert account is not None
    assert (account.display_name, account.city, account.extensions) == (
        "Said",
        "Bern",
        {TIER: "gold"},
    )
    assert (claims["name"], claims["extension_Tier"]) == ("Said", "gold")


def test_a_validation_error_is_read_above_the_form_and_nothing_is_made(
    house: House, hook: Hook
) -> None:
    before_registration(house)
    refusal = {
        "version": "1.0.0",
        "status": "400",
        "action": "ValidationError",
        "userMessage": "Your city <b>is</b> unknown.",
    }
    hook.will(Reply(status=400, body=refusal), Reply())
    end, browser, email = sign_up(house, city="Nowhere")
    shown = page(end)
    assert "Your city <b>is</b> unknown." in shown.text
    assert "<b>is" not in shown.response.text
    assert dict(shown.form.values)["city"] == "Nowhere"
    assert not is_there(house, email)
    arrival(browser.press(shown, "continue", **passwords(), city="Bern"))
    assert is_there(house, email)
    assert [each.body["city"] for each in hook.told] == ["Nowhere", "Bern"]


def test_a_block_page_is_the_end_and_asks_nobody_again(house: House, hook: Hook) -> None:
    before_registration(house)
    told = {"version": "1.0.0", "action": "ShowBlockPage", "userMessage": "Not today.\u202e\n"}
    hook.will(Reply(body=told), Reply())
    end, browser, email = sign_up(house)
    shown = page(end)
    assert "Not today." in shown.text
    assert "\u202e" not in shown.text
    assert shown.form.buttons == {}
    again = page(browser.open(shown.url))
    assert "Not today." in again.text
    assert len(hook.told) == 1
    assert not is_there(house, email)
    event = latest_event(house, EventName.API_CONNECTOR_BLOCKED)
    assert (event.target, event.is_success) == ("open", False)


def test_tokens_say_what_the_connector_says_and_a_refresh_says_it_again(
    house: House, hook: Hook
) -> None:
    before_tokens(house)
    configure(house, "signUpOrSignIn", application_claims=("objectId", "emails"))
    hook.will(Reply(body={**CONTINUE, "extension_Tier": "gold", "city": "Bern"}), Reply())
    party = RelyingParty(house)
    end, _, email = sign_up(house)
    tokens = party.tokens(arrival(end))
    claims = party.verified(tokens["id_token"])
    assert hook.told[0].body["step"] == "PreTokenIssuance"
    assert hook.told[0].body["objectId"] == claims["oid"]
    assert hook.told[0].body["email"] == email
    assert claims["extension_Tier"] == "gold"
    assert said_in(tokens["access_token"])["extension_Tier"] == "gold"
    # The city is no application claim, so tokens do not have it.
    assert "city" not in claims
    refreshed = party.refresh(tokens["refresh_token"]).json()
    assert party.verified(refreshed["id_token"])["extension_Tier"] == "gold"
    assert len(hook.told) == 1
    domain = house.facts["tenant_domain"]
    account = house.stores(lambda stores: stores.accounts.by_sign_in_name(domain, email))
    assert account is not None
    assert account.extensions == {}


@pytest.mark.parametrize(
    "name",
    [
        "sub",
        "oid",
        "iss",
        "aud",
        "exp",
        "SUB",
        "objectId",
        "identities",
        "email",
        "emails",
        "amr",
        "tfp",
        "newUser",
        "displayName",
    ],
)
def test_what_no_connector_may_say_is_dropped_and_recorded(
    house: House, hook: Hook, name: str
) -> None:
    before_tokens(house)
    end, browser, _ = sign_up(house, displayName="Typed")
    party = RelyingParty(house)
    honest = party.claims(arrival(end))
    house.clock.move(minutes=1)
    hook.will(Reply(body={**CONTINUE, name: ["somebody-else"]}))
    told = party.claims(arrival(browser.open(party.link())))
    for each in ("sub", "oid", "iss", "aud", "emails", "name", "tfp"):
        assert told[each] == honest[each]
    assert "newUser" not in told
    event = latest_event(house, EventName.API_CONNECTOR_OVERREACHED)
    assert event.detail["claims"] == name
    assert "somebody-else" not in str(event)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=401), "AADB2C90027"),
        (Reply(status=404), "AADB2C90075"),
        (Reply(status=302, headers={"Location": "https://127.0.0.1/"}), "AADB2C90075"),
        (Reply(status=204, body=b""), "AADB2C90075"),
        (Reply(body=b"<html>fine</html>"), "AADB2C90261"),
        (Reply(body=b'{"action": "Continue", "x": NaN}'), "AADB2C90261"),
        (Reply(body=b'{"action": "Continue", "action": "Continue"}'), "AADB2C90261"),
        (Reply(body=b"[" * 60_000), "AADB2C90261"),
        (Reply(body=[1]), "AADB2C90261"),
        (Reply(body={"action": "Perhaps"}), "AADB2C90261"),
        (Reply(body={"action": "ValidationError", "status": 400, "userMessage": "x"}), "90261"),
        (Reply(body={"action": "ShowBlockPage"}), "AADB2C90261"),
        (Reply(body={"action": "ShowBlockPage", "userMessage": " \n"}), "AADB2C90261"),
        (Reply(status=400, body={"action": "Continue"}), "AADB2C90261"),
        (Reply(status=400, body={"action": "ValidationError", "userMessage": "x"}), "90261"),
        (Reply(body=dict(CONTINUE), headers={"Content-Encoding": "gzip"}), "AADB2C90261"),
        (Reply(body={**CONTINUE, "x": "y" * 70_000}), "AADB2C90261"),
    ],
)
def test_any_other_answer_ends_the_journey_and_nothing_is_made(
    house: House, hook: Hook, reply: Reply, code: str
) -> None:
    before_registration(house)
    hook.will(reply)
    end, _, email = sign_up(house)
    answered = arrival(end).parameters
    assert answered["error"] == "server_error"
    assert code in answered["error_description"]
    assert not is_there(house, email)
    assert len(hook.told) == 1
    assert latest_event(house, EventName.API_CONNECTOR_FAILED).detail["point"] == (
        "PostAttributeCollection"
    )


@pytest.mark.parametrize("said", ["ShowBlockPage", "ValidationError"])
def test_before_tokens_a_connector_can_only_let_go_on(house: House, hook: Hook, said: str) -> None:
    before_tokens(house)
    status = 400 if said == "ValidationError" else 200
    hook.will(Reply(status=status, body={"action": said, "status": 400, "userMessage": "No."}))
    end, _, _ = sign_up(house)
    assert "AADB2C90261" in arrival(end).parameters["error_description"]


def test_a_server_in_trouble_is_asked_once_more_in_the_same_words(house: House, hook: Hook) -> None:
    before_registration(house)
    hook.will(Reply(status=503), Reply())
    end, _, _ = sign_up(house)
    RelyingParty(house).claims(arrival(end))
    first, second = hook.told
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body


def test_after_several_failures_a_connector_is_left_alone_for_a_while(
    house: House, hook: Hook
) -> None:
    before_tokens(house)
    end, browser, _ = sign_up(house)
    arrival(end)
    party = RelyingParty(house)

    def code() -> str:
        return str(arrival(browser.open(party.link())).parameters.get("error_description", ""))

    hook.will(Reply(status=500))
    for _ in range(FAILURES_THAT_OPEN):
        assert "AADB2C90075" in code()
    asked = len(hook.told)
    assert "AADB2C90075" in code()
    assert len(hook.told) == asked
    house.clock.move(seconds=OPEN_S)
    hook.will(Reply())
    assert code() == ""
    assert code() == ""


def test_a_name_and_a_password_are_sent_and_never_the_other_way(house: House, hook: Hook) -> None:
    before_registration(house, "named")
    end, _, _ = sign_up(house)
    arrival(end)
    expected = base64.b64encode("us:söcret".encode()).decode()
    assert hook.told[0].headers["authorization"] == f"Basic {expected}"
    hook.will(Reply(status=401, body=hook.told[0].headers["authorization"].encode()))
    end, _, _ = sign_up(house)
    assert "AADB2C90027" in arrival(end).parameters["error_description"]


def test_a_certificate_is_shown_and_only_by_its_own_connector(
    house: House, hooked: tuple[House, Hook, Hook]
) -> None:
    asking = hooked[2]
    asking.will(Reply())
    before_registration(house, "certified")
    end, _, _ = sign_up(house)
    arrival(end)
    assert asking.told[0].certificate == "gatelodge"
    asking.will(Reply(status=403))
    end, _, _ = sign_up(house)
    assert "AADB2C90028" in arrival(end).parameters["error_description"]


def test_the_next_certificate_is_shown_as_soon_as_it_is_valid(
    house: House, hooked: tuple[House, Hook, Hook], authority: Authority
) -> None:
    asking, moment = hooked[2], int(house.clock().timestamp())
    asking.will(Reply())
    found = read_pkcs12(authority.pkcs12("coming", "opens"), "opens")
    before = house.stores(lambda stores: stores.api_connectors.require("certified"))
    coming = ClientCertificate(
        thumbprint=found.thumbprint, not_before=moment + 3600, not_after=moment + 9000
    )
    keys = f"{before.private_key}\n{house.world.sealer.seal(found.pem, before.place)}"
    change(house, "certified", certificates=(*before.certificates, coming), private_key=keys)
    before_registration(house, "certified")
    for hours in (0, 1, 2):
        house.clock.now += timedelta(hours=hours and 1)
        arrival(sign_up(house)[0])
    change(house, "certified", certificates=before.certificates, private_key=before.private_key)
    assert [each.certificate for each in asking.told] == ["gatelodge", "coming", "coming"]


def test_without_its_certificate_nobody_is_let_in(
    house: House, hooked: tuple[House, Hook, Hook]
) -> None:
    hooked[2].will(Reply())
    change(house, "certified", private_key=None, certificates=())
    before_registration(house, "certified")
    end, _, email = sign_up(house)
    assert "server_error" in arrival(end).parameters["error"]
    assert (hooked[2].told, is_there(house, email)) == ([], False)


def change(house: House, connector_id: str, **changes: Any) -> ApiConnector:
    async def work(stores: Stores) -> ApiConnector:
        before = await stores.api_connectors.require(connector_id)
        await stores.api_connectors.save(replace(before, **changes))
        return before

    return house.stores(work)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:1/", "AADB2C90275"),
        ("https://10.0.0.1/", "AADB2C90275"),
        ("https://[::1]/", "AADB2C90275"),
        ("https://169.254.169.254/latest", "AADB2C90275"),
        ("https://127.0.0.1:1/", "AADB2C90275"),
        ("https://no-such-host.invalid/", "AADB2C90275"),
    ],
)
def test_a_connector_that_lies_where_nobody_goes_ends_the_journey(
    house: House, hook: Hook, url: str, code: str
) -> None:
    before = change(house, "open", target_url=url)
    before_registration(house)
    end, _, email = sign_up(house)
    change(house, "open", target_url=before.target_url)
    assert code in arrival(end).parameters["error_description"]
    assert (hook.told, is_there(house, email)) == ([], False)


@pytest.mark.parametrize("host", ["127.0.0.9", None])
def test_a_hook_that_is_not_who_it_should_be_is_told_nothing(
    house: House, authority: Authority, tmp_path: Path, host: str | None
) -> None:
    known = authority if host else Authority(tmp_path)
    with serving(known.server_context(host=host or "127.0.0.1")) as stranger:
        before = change(house, "open", target_url=stranger.url)
        before_registration(house)
        end, _, _ = sign_up(house)
        change(house, "open", target_url=before.target_url)
        assert "AADB2C90275" in arrival(end).parameters["error_description"]
        assert stranger.told == []
