"""What people do with their own account in profile edit, where it is switched on."""

import base64
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.user_flow import AuthenticationMethod
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, passwords
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.makers import an_account, numbered
from tests.world.relying_party import RelyingParty

NEW = "Velvet-Compass-29"
ALL = AccountConfiguration(
    is_email_change_allowed=True,
    is_password_change_allowed=True,
    are_identities_manageable=True,
    are_passkeys_manageable=True,
    are_sessions_manageable=True,
    is_data_download_allowed=True,
    is_account_deletion_allowed=True,
)
TASKS = {
    "is_email_change_allowed": "changeEmail",
    "is_password_change_allowed": "changePassword",
    "are_identities_manageable": "manageIdentities",
    "are_passkeys_manageable": "managePasskeys",
    "are_sessions_manageable": "manageSessions",
    "is_data_download_allowed": "downloadData",
    "is_account_deletion_allowed": "deleteAccount",
}
GOOGLE = SignInName(
    sign_in_type=SignInType.FEDERATED, issuer="google.com", issuer_assigned_id="g-1"
)
_numbers = count(70_000)


@pytest.fixture(autouse=True)
def switched_on(house: House) -> Iterator[None]:
    house.run(house.forget_sent_codes())
    before = configure(house, "profileUpdate", account_configuration=ALL)
    yield
    house.run(house.forget_sent_codes())
    configure(
        house,
        "profileUpdate",
        account_configuration=before.account_configuration,
        authentication_methods=before.authentication_methods,
    )


@pytest.fixture
def person(house: House) -> Account:
    """Somebody with an address, a password and an identity at a provider."""
    number = next(_numbers)
    name = SignInName(
        sign_in_type=SignInType.EMAIL_ADDRESS,
        issuer=house.facts["tenant_domain"],
        issuer_assigned_id=f"owner{number}@people.example",
    )
    directory_id = DirectoryId(house.facts["tenant_id"])
    linked = replace(GOOGLE, issuer_assigned_id=numbered(number))
    account = an_account(
        number,
        directory_id=directory_id,
        identities=(name, linked),
        mail=name.issuer_assigned_id,
        is_email_proved=True,
    )
    hashed = house.run(house.world.passwords.hash(PASSWORD))
    credential = PasswordCredential(
        directory_id=directory_id, account_id=account.id, hash=hashed, changed_at=house.clock()
    )

    async def work(stores: Stores) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(credential)

    house.stores(work)
    return account


def at_profile(
    house: House, browser: Browser, person: Account, password: str = PASSWORD, email: str = ""
) -> Shown:
    shown = page(browser.open(RelyingParty(house, "profileUpdate").link(prompt="login")))
    name = email or person.emails[0]
    return page(browser.press(shown, "next", email=name, password=password))


def at_task(house: House, browser: Browser, person: Account, task: str) -> Shown:
    return page(browser.press(at_profile(house, browser, person), task))


def stored(house: House, person: Account) -> Account | None:
    return house.stores(lambda stores: stores.accounts.get(person.id))


def told(house: House, address: str) -> list[str]:
    sent = house.stores(lambda stores: stores.messages.latest())
    return [each.text for each in sent if each.to == address and each.code is None]


def is_signed_in(house: House, browser: Browser) -> bool:
    return isinstance(browser.open(RelyingParty(house, "signIn").link()), Arrived)


def signed_in_elsewhere(house: House, browser: Browser, person: Account) -> Browser:
    shown = page(browser.open(RelyingParty(house, "signIn").link()))
    arrival(browser.press(shown, "next", email=person.emails[0], password=PASSWORD))
    return browser


def test_nothing_is_offered_unless_it_is_switched_on(
    house: House, visitor: Browser, person: Account
) -> None:
    configure(house, "profileUpdate", account_configuration=AccountConfiguration())
    shown = at_profile(house, visitor, person)
    for action in TASKS.values():
        assert action not in shown
        shown.form.buttons[action] = ("action", action)
        shown = page(visitor.press(shown, action))
        assert "newPassword" not in shown
    arrival(visitor.press(shown, "continue", displayName="Still Here"))


@pytest.mark.parametrize("setting", TASKS)
def test_each_task_has_a_switch_of_its_own_and_ends_when_it_is_switched_off(
    house: House, visitor: Browser, person: Account, setting: str
) -> None:
    configure(house, "profileUpdate", account_configuration=AccountConfiguration(**{setting: True}))
    shown = at_profile(house, visitor, person)
    assert [each for each in TASKS.values() if each in shown] == [TASKS[setting]]
    waiting = page(visitor.press(shown, TASKS[setting]))
    configure(house, "profileUpdate", account_configuration=AccountConfiguration())
    shown = page(visitor.open(waiting.url))
    assert "displayName" in shown.form.names
    arrival(visitor.press(shown, "continue", displayName="Still Here"))


@pytest.mark.parametrize("task", TASKS.values())
def test_a_sign_in_that_is_too_old_is_asked_for_the_password_first(
    house: House, visitor: Browser, person: Account, task: str
) -> None:
    shown = at_profile(house, visitor, person)
    house.clock.now += timedelta(minutes=10)
    shown = page(visitor.press(shown, task))
    assert "Is it still you?" in shown.text
    wrong = page(visitor.press(shown, "continue", password="something else"))
    assert "not the password of this account" in wrong.text
    shown = page(visitor.press(wrong, "continue", password=PASSWORD))
    assert "Is it still you?" not in shown.text
    assert "cancel" in shown
    shown = page(visitor.press(shown, "cancel"))
    claims = RelyingParty(house, "profileUpdate").claims(
        arrival(visitor.press(shown, "continue", displayName="Still Here"))
    )
    assert claims["auth_time"] >= int(house.clock().timestamp()) - 5


def test_who_has_no_password_signs_in_again_from_the_first_page(
    house: House, visitor: Browser, person: Account
) -> None:
    shown = at_profile(house, visitor, person)
    house.stores(lambda stores: stores.passwords.drop(person.id))
    house.clock.now += timedelta(minutes=10)
    shown = page(visitor.press(shown, "deleteAccount"))
    assert "next" in shown
    assert stored(house, person) is not None


def test_who_has_no_password_is_offered_none_to_change(
    house: House, visitor: Browser, person: Account
) -> None:
    shown = at_profile(house, visitor, person)
    assert "changePassword" in shown.form.buttons
    house.stores(lambda stores: stores.passwords.drop(person.id))
    assert "changePassword" not in page(visitor.open(shown.url)).form.buttons


def test_an_address_changes_when_the_new_one_is_proved(
    house: House, visit: OpenVisit, visitor: Browser, person: Account
) -> None:
    elsewhere = signed_in_elsewhere(house, visit(), person)
    old, new = person.emails[0], f"new{next(_numbers)}@people.example"
    shown = at_task(house, visitor, person, "changeEmail")
    shown = page(visitor.press(shown, SEND, email=new))
    code = house.code_for(new)
    wrong = page(
        visitor.press(shown, VERIFY, emailVerificationCode=f"{(int(code) + 1) % 10**6:06}")
    )
    now = stored(house, person)
    assert now is not None
    assert now.emails == (old,)
    shown = page(visitor.press(wrong, VERIFY, emailVerificationCode=code))
    assert "Your email address was changed" in shown.text
    after = stored(house, person)
    assert after is not None
    assert (after.emails, after.mail, after.is_email_proved) == ((new,), new, True)
    assert any("email address of your account" in each for each in told(house, old))
    assert not is_signed_in(house, elsewhere)
    arrival(visitor.press(shown, "continue", displayName="Renamed"))
    assert is_signed_in(house, visitor)
    at_profile(house, visit(), person, email=new)


def test_an_address_somebody_has_is_told_only_to_who_reads_it_and_changes_nothing(
    house: House, visitor: Browser, person: Account
) -> None:
    taken = house.facts["users"][1]["email"]
    shown = at_task(house, visitor, person, "changeEmail")
    shown = page(visitor.press(shown, SEND, email=taken))
    assert "another account" not in shown.text
    shown = page(visitor.press(shown, VERIFY, emailVerificationCode=house.code_for(taken)))
    assert "another account with this address" in shown.text
    assert stored(house, person) == person


def test_a_password_changes_for_who_knows_the_old_one(
    house: House, visit: OpenVisit, visitor: Browser, person: Account
) -> None:
    elsewhere = signed_in_elsewhere(house, visit(), person)
    shown = at_task(house, visitor, person, "changePassword")
    for old, new, said in (
        ("something else", NEW, "not the password of this account"),
        (PASSWORD, "short", "at least 8"),
        (PASSWORD, PASSWORD, "already your password"),
    ):
        shown = page(visitor.press(shown, "continue", password=old, **passwords(new)))
        assert said in shown.text or old == new
    shown = page(visitor.press(shown, "continue", password=PASSWORD, **passwords(NEW)))
    assert "Your password was changed" in shown.text
    assert any("password of your account" in each for each in told(house, person.emails[0]))
    assert not is_signed_in(house, elsewhere)
    arrival(visitor.press(shown, "continue", displayName="Still Here"))
    assert is_signed_in(house, visitor)
    at_profile(house, visit(), person, password=NEW)


def test_an_identity_is_unlinked_but_never_the_last_way_in(
    house: House, visitor: Browser, person: Account
) -> None:
    shown = at_task(house, visitor, person, "manageIdentities")
    assert "google.com" in shown.text
    house.stores(lambda stores: stores.passwords.drop(person.id))
    shown = page(visitor.press(shown, "unlink-0"))
    assert "only way you can sign in" in shown.text
    method = AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD
    configure(house, "profileUpdate", authentication_methods=method)
    shown = page(visitor.press(shown, "unlink-0"))
    assert "not linked any more" in shown.text
    after = stored(house, person)
    assert after is not None
    assert [each.sign_in_type for each in after.identities] == [SignInType.EMAIL_ADDRESS]


def test_a_page_that_is_old_takes_away_what_it_named_or_nothing(
    house: House, visitor: Browser, person: Account
) -> None:
    other = replace(GOOGLE, issuer="facebook.com", issuer_assigned_id="f-1")
    both = replace(person, identities=(*person.identities, other))
    house.stores(lambda stores: stores.accounts.save(both))
    old = at_task(house, visitor, person, "manageIdentities")
    shown = page(visitor.press(old, "unlink-0"))
    again = page(visitor.press(shown, "manageIdentities"))
    assert "facebook.com" in page(visitor.press(old, "unlink-0")).text
    after = stored(house, person)
    assert after is not None
    assert after.identities[1:] == (other,)
    assert "not linked any more" in page(visitor.press(again, "unlink-0")).text


def test_somebody_sees_the_sessions_and_ends_them_all(
    house: House, visit: OpenVisit, visitor: Browser, person: Account
) -> None:
    elsewhere = signed_in_elsewhere(house, visit(), person)
    shown = at_task(house, visitor, person, "manageSessions")
    assert shown.text.count(" UTC ") == 1
    assert is_signed_in(house, elsewhere)
    shown = page(visitor.press(shown, "signOutEverywhere"))
    assert "signed out everywhere else" in shown.text
    assert not is_signed_in(house, elsewhere)
    arrival(visitor.press(shown, "continue", displayName="Still Here"))
    assert is_signed_in(house, visitor)


def data_in(shown: Shown) -> dict[str, Any]:
    text = shown.response.text
    encoded = text.partition("base64,")[2].partition('"')[0]
    found: dict[str, Any] = json.loads(base64.b64decode(encoded.replace("&#x2f;", "/")))
    return found


def test_a_file_holds_all_that_is_stored_but_what_lets_somebody_in(
    house: House, visitor: Browser, person: Account
) -> None:
    signed_in_elsewhere(house, visitor, person)
    shown = at_task(house, visitor, person, "downloadData")
    assert 'download="my-data.json"' in shown.response.text
    found = data_in(shown)
    assert found["account"]["mail"] == person.mail
    assert found["account"]["identities"][1]["issuer"] == "google.com"
    unsaid = {"directory_id", "deleted_at", "revision"}
    assert len(found["account"]) == len({each.name for each in fields(Account)} - unsaid)
    assert (len(found["sessions"]), len(found["devices"]), len(found["grants"])) == (1, 1, 1)
    kept = house.stores(lambda stores: stores.passwords.require(person.id))
    session = house.stores(lambda stores: stores.sessions.all_of(person.id))[0]
    device = house.stores(lambda stores: stores.known_devices.all_of(person.id))[0]
    text = json.dumps(found)
    for secret in (kept.hash, session.id, device.device_id):
        assert secret not in text
    assert house.facts["users"][1]["email"] not in text


def test_an_account_is_deleted_when_its_owner_means_it(
    house: House, visit: OpenVisit, visitor: Browser, person: Account
) -> None:
    elsewhere = signed_in_elsewhere(house, visit(), person)
    shown = at_task(house, visitor, person, "deleteAccount")
    shown = page(visitor.press(shown, "delete"))
    assert "Tick the box" in shown.text
    assert stored(house, person) is not None
    answer = arrival(visitor.press(shown, "delete", isDeletionMeant="true"))
    assert answer.parameters["error"] == "access_denied"
    assert stored(house, person) is None
    assert any("was deleted" in each for each in told(house, person.emails[0]))
    assert not is_signed_in(house, elsewhere)
    events = house.stores(lambda stores: stores.audit_events.latest())
    deleted = [each.target for each in events if each.name is EventName.ACCOUNT_DELETED]
    assert person.id in deleted


def test_a_form_of_a_task_changes_nothing_for_somebody_whose_sign_ins_were_revoked(
    house: House, visitor: Browser, person: Account
) -> None:
    shown = at_task(house, visitor, person, "deleteAccount")

    async def revoke(stores: Stores) -> None:
        account = await stores.accounts.require(AccountId(person.id))
        ended = replace(account, sign_in_sessions_valid_from=house.clock() + timedelta(seconds=1))
        await stores.accounts.save(ended)

    house.stores(revoke)
    answer = arrival(visitor.press(shown, "delete", isDeletionMeant="true"))
    assert "error" in answer.parameters
    assert stored(house, person) is not None
