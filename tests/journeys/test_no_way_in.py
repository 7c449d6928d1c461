"""A user flow without local accounts lets nobody in but by an identity provider it has."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from gatelodge.model.user_flow import AuthenticationMethod
from tests.journeys.people import SEND, VERIFY, a_new_address
from tests.world.browser import Browser, arrival, page
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
WITHOUT = {"authentication_methods": AuthenticationMethod.NONE, "identity_providers": ()}


class Close(Protocol):
    """Leave a user flow without local accounts and providers."""

    def __call__(self, flow: str) -> None:
        """Do it until the test is over."""


@pytest.fixture
def close(house: House) -> Iterator[Close]:
    """Leave user flows with nobody to sign in; they are as before afterwards."""
    undo: list[Callable[[], Any]] = []

    def closed(flow: str) -> None:
        before = configure(house, flow, **WITHOUT)
        kept = {name: getattr(before, name) for name in WITHOUT}
        undo.append(lambda: configure(house, flow, **kept))

    yield closed
    for each in undo:
        each()


def has_account(house: House, email: str) -> bool:
    domain = house.facts["tenant_domain"]
    found = house.stores(lambda stores: stores.accounts.by_sign_in_name(domain, email))
    return found is not None


@pytest.mark.parametrize(
    "flow", ["signUpOrSignIn", "signIn", "signUp", "profileUpdate", "passwordReset"]
)
def test_a_user_flow_that_nobody_can_get_in_by_says_so(
    house: House, visitor: Browser, close: Close, flow: str
) -> None:
    close(flow)
    told = arrival(visitor.open(RelyingParty(house, flow).link())).parameters
    assert told["error"] == "server_error"
    assert told["error_description"].startswith("AADB2C90051")


def test_who_is_signing_up_gets_no_account_once_there_are_none(
    house: House, visitor: Browser, close: Close
) -> None:
    email = a_new_address()
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    shown = page(visitor.press(shown, SEND, email=email))
    shown = page(visitor.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
    close("signUp")
    given = dict.fromkeys(("displayName", "givenName", "surname"), "Ada")
    arrived = arrival(visitor.press(shown, "continue", **given))
    assert arrived.error_code == "AADB2C90051"
    assert not has_account(house, email)


@pytest.mark.parametrize("is_read", [False, True])
def test_a_password_that_nobody_may_have_is_not_reset(
    house: House, visitor: Browser, close: Close, is_read: bool
) -> None:
    account = house.facts["users"][0]
    kept = house.stores(lambda stores: stores.passwords.get(account["object_id"]))
    shown = page(visitor.open(RelyingParty(house, "passwordReset").link()))
    shown = page(visitor.press(shown, SEND, email=account["email"]))
    code = {"emailVerificationCode": house.code_for(account["email"])}
    if is_read:
        shown = page(visitor.press(page(visitor.press(shown, VERIFY, **code)), "continue"))
        code = {"newPassword": "Velvet-Compass-29", "reenterPassword": "Velvet-Compass-29"}
    close("passwordReset")
    arrived = arrival(visitor.press(shown, "continue" if is_read else VERIFY, **code))
    assert arrived.error_code == "AADB2C90051"
    assert house.stores(lambda stores: stores.passwords.get(account["object_id"])) == kept


def test_no_password_is_traded_for_tokens_where_nobody_may_have_one(
    house: House, close: Close
) -> None:
    account = house.facts["users"][0]
    close("resourceOwner")
    answer = RelyingParty(house, "resourceOwner", "native").token(
        grant_type="password",
        username=account["email"],
        password=account["password"],
        scope="openid",
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert answer.json()["error_description"].startswith("AADB2C90249")
