"""Whatever is sent to whatever page, nobody becomes somebody without the proof of it.

Every kind of user flow, every page of it, every step and every action there is: also with seals
that are genuine, which nobody outside can make.
"""

from collections.abc import Callable, Iterator
from itertools import count, product
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.catalogue import journey_for
from gatelodge.journeys.step import StepName
from gatelodge.model.account import Account
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlowType
from gatelodge.storage import tables
from gatelodge.storage.statement import Query
from tests.journeys.people import CHANGE, PASSWORD, SEND, SEND_NEW, VERIFY
from tests.world.browser import Arrived, Browser, Shown, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty

ACTIONS = (
    *("next", "createAccount", "forgotPassword", "continue", "register", "", "newPassword"),
    *(SEND, SEND_NEW, VERIFY, CHANGE),
)
_numbers = count(1)
_GRANTS = Query(select(func.count()).select_from(tables.grant))
_ACCOUNTS = Query(select(func.count()).select_from(tables.account))


class Directory(NamedTuple):
    """What a forged form must leave as it is."""

    grants: int
    accounts: int
    victim: Account | None
    password: str


def directory(house: House) -> Directory:
    victim = AccountId(house.facts["users"][0]["object_id"])

    async def look() -> Directory:
        accounts, passwords = house.world_stores.accounts, house.world_stores.passwords
        grants = await accounts.connection.one(_GRANTS)
        number = await accounts.connection.one(_ACCOUNTS)
        credential = await passwords.get(victim)
        assert grants is not None
        assert number is not None
        assert credential is not None
        return Directory(grants[0], number[0], await accounts.get(victim), credential.hash)

    return house.run(look())


def interaction_of(house: House, shown: Shown) -> Interaction:
    handle = shown.url.rpartition("/")[2]
    found = house.run(house.world_stores.interactions.get(digest_of(handle)))
    assert found is not None
    return found


def begun(browser: Browser, house: House, flow: UserFlowType) -> Shown:
    return page(browser.open(RelyingParty(house, flow.value).link()))


def own_address() -> str:
    return f"attacker{next(_numbers)}@people.example"


def with_code(browser: Browser, house: House, shown: Shown) -> Shown:
    return page(browser.press(shown, SEND, email=house.facts["users"][0]["email"]))


def with_own_proof(browser: Browser, house: House, shown: Shown) -> Shown:
    email = own_address()
    shown = page(browser.press(shown, SEND, email=email))
    return page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))


def at_own_new_password(browser: Browser, house: House, shown: Shown) -> Shown:
    email = house.facts["users"][1]["email"]
    shown = page(browser.press(shown, SEND, email=email))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
    return page(browser.press(shown, "continue"))


def after(button: str) -> Callable[[Browser, House, Shown], Shown]:
    return lambda browser, _house, shown: page(browser.press(shown, button))


UP, IN, UPIN = UserFlowType.SIGN_UP, UserFlowType.SIGN_IN, UserFlowType.SIGN_UP_OR_SIGN_IN
RESET, EDIT = UserFlowType.PASSWORD_RESET, UserFlowType.PROFILE_UPDATE
Way = tuple[Callable[[Browser, House, Shown], Shown], ...]
PLACES: tuple[tuple[UserFlowType, str, Way], ...] = (
    (UP, "address", ()),
    (UP, "code", (with_code,)),
    (UP, "attributes", (with_own_proof,)),
    (IN, "first", ()),
    (UPIN, "first", ()),
    (UPIN, "address", (after("createAccount"),)),
    (UPIN, "code", (after("createAccount"), with_code)),
    (UPIN, "attributes", (after("createAccount"), with_own_proof)),
    (UPIN, "forgotten", (after("forgotPassword"),)),
    (UPIN, "forgotten, code", (after("forgotPassword"), with_code)),
    (UPIN, "forgotten, new password", (after("forgotPassword"), at_own_new_password)),
    (RESET, "address", ()),
    (RESET, "new password", (at_own_new_password,)),
    (RESET, "code", (with_code,)),
    (EDIT, "first", ()),
)


def forged(house: House, shown: Shown) -> Iterator[dict[str, str]]:
    """Yield forms with the seal of the page, and with the genuine one of every other step."""
    victim, sealer = house.facts["users"][0], house.world.sealer
    interaction = interaction_of(house, shown)
    filled = {
        "email": victim["email"],
        "password": "not the password",
        "emailVerificationCode": "000000",
        "displayName": "Forged",
        "newPassword": "short",
        "reenterPassword": "short",
        "account_id": victim["object_id"],
        "objectId": victim["object_id"],
        "is_email_proved": "true",
        "verified_email": victim["email"],
        "path": "passwordReset",
        "completed": "verifyEmail",
    }
    long = {"newPassword": PASSWORD, "reenterPassword": PASSWORD}
    own = dict(shown.form.values)["seal"]
    for step, action in product(StepName, ACTIONS):
        seal = f"{step}.{sealer.mac('form', interaction.id, step)}"
        is_honest = seal == own and action == "continue"
        yield {**filled, **({} if is_honest else long), "seal": seal, "action": action}


@pytest.mark.parametrize(
    ("flow", "way"),
    [pytest.param(flow, way, id=f"{flow}: {name}") for flow, name, way in PLACES],
)
def test_no_forged_form_makes_anybody_of_anyone(
    house: House, visitor: Browser, flow: UserFlowType, way: Way
) -> None:
    def arrive() -> Shown:
        shown = begun(visitor, house, flow)
        for step in way:
            house.run(house.forget_sent_codes())
            shown = step(visitor, house, shown)
        return shown

    shown = arrive()
    before, completed = directory(house), interaction_of(house, shown).completed
    for number in range(len(StepName) * len(ACTIONS)):
        form = list(forged(house, shown))[number]
        house.run(house.forget_sent_codes())
        answer = visitor.follow(visitor.client.post(shown.url, data=form))
        assert not isinstance(answer, Arrived) or "code" not in answer.parameters, form
        assert not isinstance(answer, Arrived) or "id_token" not in answer.parameters, form
        assert interaction_of(house, shown).facts.account_id is None, form
        assert directory(house) == before, form
        if isinstance(answer, Arrived) or interaction_of(house, shown).completed != completed:
            shown = arrive()


def test_every_kind_of_user_flow_with_a_page_is_in_the_table() -> None:
    with_pages = {each for each in UserFlowType if each is not UserFlowType.RESOURCE_OWNER}
    assert {flow for flow, _, _ in PLACES} == with_pages
    assert all(journey_for(each) for each in UserFlowType)
