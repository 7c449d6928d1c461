"""Whatever ends somebody's or something's rights ends everything that was handed out before.

Each row is a thing an administrator or a person does; each column something handed out before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from tests.journeys.people import NEW_PASSWORD, PASSWORD, SEND, VERIFY, Person, a_person, passwords
from tests.protocol.test_device_authorization import Begun, poll, typed
from tests.protocol.test_device_authorization import begin as begin_device
from tests.world.browser import Arrived, Browser, arrival, page
from tests.world.furnished import HOME, OpenVisit
from tests.world.house import House
from tests.world.relying_party import RelyingParty

_numbers = count(1)


@pytest.fixture(autouse=True)
def forgiven(house: House) -> None:
    house.run(house.forget_sent_codes())


@dataclass(frozen=True)
class Case:
    """A person, an application and a user flow of their own, and all that was handed out."""

    house: House
    person: Person
    party: RelyingParty
    browser: Browser
    tokens: dict[str, Any]
    code: Arrived
    device: Begun
    application: str

    def graph(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Send a request to Graph as the administrator."""
        return graph(self.house, method, path, body)


def graph(house: House, method: str, path: str, body: object = None) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        **house.facts["admin"],
    }
    token = house.client.post(f"/{house.facts['tenant_id']}/oauth2/v2.0/token", data=form).json()
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    answer = house.client.request(method, path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    return answer


def sign_in(browser: Browser, party: RelyingParty, person: Person, **changes: str) -> Arrived:
    shown = page(browser.open(party.link(**changes)))
    return arrival(browser.press(shown, "next", email=person.email, password=PASSWORD))


def begin(house: House, visit: OpenVisit) -> Case:
    """Register, sign in, and let everything be handed out."""
    number = next(_numbers)
    flow = f"B2C_1_Kill{number}"
    body = {"id": flow, "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": 3}
    graph(house, "POST", "/beta/identity/b2cUserFlows", body)
    made = graph(
        house,
        "POST",
        "/v1.0/applications",
        {
            "displayName": f"Kill {number}",
            "web": {"redirectUris": [HOME]},
            "isFallbackPublicClient": True,
        },
    ).json()
    path = f"/v1.0/applications/{made['id']}/addPassword"
    secret = graph(house, "POST", path, {"passwordCredential": {}}).json()["secretText"]
    house.facts["apps"][f"kill-{number}"] = {
        "client_id": made["appId"],
        "client_secret": secret,
        "redirect_uris": [HOME],
    }
    person = a_person(house)
    party = RelyingParty(house, flow, f"kill-{number}")
    browser, other = visit(), visit()
    scope = "openid offline_access"
    tokens = party.tokens(sign_in(browser, party, person, scope=scope))
    device: Begun = begin_device(party, scope=scope).json()
    shown = typed(other, device)
    page(other.press(shown, "next", email=person.email, password=PASSWORD))
    return Case(
        house=house,
        person=person,
        party=party,
        browser=browser,
        tokens=tokens,
        code=arrival(browser.open(party.link(scope=scope))),
        device=device,
        application=made["id"],
    )


def session(case: Case) -> bool:
    """Ask with another application of the directory, which has no part in what happened."""
    elsewhere = RelyingParty(case.house, "signUpOrSignIn", "one")
    answer = case.browser.open(elsewhere.link(prompt="none"))
    return isinstance(answer, Arrived) and "code" in answer.parameters


def refresh_token(case: Case) -> bool:
    return case.party.refresh(case.tokens["refresh_token"]).status_code == 200


def access_token(case: Case) -> bool:
    headers = {"Authorization": f"Bearer {case.tokens['access_token']}"}
    address = f"{case.party.provider}/openid/v2.0/userinfo"
    return case.house.client.get(address, headers=headers).status_code == 200


def introspected(case: Case, kind: str) -> bool:
    form = {
        "token": case.tokens[kind],
        "client_id": case.party.client_id,
        "client_secret": case.party.facts["client_secret"],
    }
    address = f"{case.party.provider}/oauth2/v2.0/introspect"
    answer = case.house.client.post(address, data=form)
    return answer.status_code == 200 and answer.json()["active"]


def introspected_access(case: Case) -> bool:
    return introspected(case, "access_token")


def introspected_refresh(case: Case) -> bool:
    return introspected(case, "refresh_token")


def code(case: Case) -> bool:
    return case.party.redeem(case.code).status_code == 200


def device_code(case: Case) -> bool:
    return poll(case.party, case.device).status_code == 200


HANDED_OUT: tuple[Callable[[Case], bool], ...] = (
    session,
    introspected_access,
    introspected_refresh,
    access_token,
    code,
    device_code,
    refresh_token,
)
"""What counts before; none of them counts after. Those that use something up come last."""


def nothing(_: Case) -> None:
    pass


def disable_user(case: Case) -> None:
    case.graph("PATCH", f"/v1.0/users/{case.person.id}", {"accountEnabled": False})


def delete_user(case: Case) -> None:
    case.graph("DELETE", f"/v1.0/users/{case.person.id}")


def revoke_sessions(case: Case) -> None:
    case.graph("POST", f"/v1.0/users/{case.person.id}/revokeSignInSessions")


def change_password(case: Case) -> None:
    profile = {"password": NEW_PASSWORD, "forceChangePasswordNextSignIn": False}
    case.graph("PATCH", f"/v1.0/users/{case.person.id}", {"passwordProfile": profile})


def reset_password(case: Case) -> None:
    browser, party = Browser(case.house.new_client()), RelyingParty(case.house, "passwordReset")
    shown = page(browser.press(page(browser.open(party.link())), SEND, email=case.person.email))
    sent = case.house.code_for(case.person.email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=sent))
    shown = page(browser.press(shown, "continue"))
    arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))


def disable_application(case: Case) -> None:
    case.graph("PATCH", f"/v1.0/applications/{case.application}", {"isEnabled": False})


def delete_application(case: Case) -> None:
    case.graph("DELETE", f"/v1.0/applications/{case.application}")


def delete_user_flow(case: Case) -> None:
    case.graph("DELETE", f"/beta/identity/b2cUserFlows/{case.party.flow}")


PERSONAL = (disable_user, delete_user, revoke_sessions, change_password, reset_password)
OF_THE_APPLICATION = (disable_application, delete_application, delete_user_flow)
KILLS: dict[Callable[[Case], None], frozenset[Callable[[Case], bool]]] = {
    nothing: frozenset(HANDED_OUT),
    **dict.fromkeys(PERSONAL, frozenset()),
    # The browser stays signed in at every other application.
    **dict.fromkeys(OF_THE_APPLICATION, frozenset({session})),
}
"""What is done, and what survives it."""


@pytest.mark.parametrize("kill", KILLS, ids=lambda it: it.__name__)
def test_nothing_that_was_handed_out_survives(
    house: House, visit: OpenVisit, kill: Callable[[Case], None]
) -> None:
    case = begin(house, visit)
    house.clock.move(seconds=6)
    kill(case)
    alive = {each.__name__ for each in HANDED_OUT if each(case)}
    assert alive == {each.__name__ for each in KILLS[kill]}


Door = Callable[[Case, str], httpx.Response]


def at_token_endpoint(parameter: str, grant_type: str) -> Door:
    def door(case: Case, value: str) -> httpx.Response:
        more = {"redirect_uri": HOME} if parameter == "code" else {}
        return case.party.token(grant_type=grant_type, **{parameter: value}, **more)

    return door


def at_userinfo(case: Case, value: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {value}"}
    return case.house.client.get(f"{case.party.provider}/openid/v2.0/userinfo", headers=headers)


def as_pushed_request(case: Case, value: str) -> httpx.Response:
    uri = f"urn:ietf:params:oauth:request_uri:{value}"
    return case.house.client.get(case.party.link(request_uri=uri))


DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
DOORS: Mapping[str, Door] = {
    "code": at_token_endpoint("code", "authorization_code"),
    "refresh_token": at_token_endpoint("refresh_token", "refresh_token"),
    "device_code": at_token_endpoint("device_code", DEVICE_CODE),
    "access_token": at_userinfo,
    "request_uri": as_pushed_request,
}


def test_no_value_is_taken_for_one_of_another_kind(house: House, visit: OpenVisit) -> None:
    case = begin(house, visit)
    values = {
        "code": case.code.code,
        "refresh_token": case.tokens["refresh_token"],
        "device_code": case.device["device_code"],
        "user_code": case.device["user_code"],
        "access_token": case.tokens["access_token"],
        "id_token": case.tokens["id_token"],
        "session": next(iter(case.browser.client.cookies.jar)).value or "",
    }
    for kind, value in values.items():
        for name, door in DOORS.items():
            if name != kind:
                assert door(case, value).status_code in {400, 401}, (kind, name)
    elsewhere = RelyingParty(house, "signUpOrSignIn", case.party.name)
    assert elsewhere.redeem(case.code).status_code == 400
    assert elsewhere.refresh(case.tokens["refresh_token"]).status_code == 400
    assert poll(elsewhere, case.device).status_code == 400
    address = f"{elsewhere.provider}/openid/v2.0/userinfo"
    bearer = {"Authorization": f"Bearer {case.tokens['access_token']}"}
    assert house.client.get(address, headers=bearer).status_code == 401
