"""What people do at the pages of a user flow, in a browser without scripts."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import count

from argon2 import PasswordHasher
from sqlalchemy import select

from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.storage import tables
from gatelodge.storage.statement import Query
from gatelodge.storage.stores import Stores
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.clock import BEGINNING
from tests.world.house import House
from tests.world.makers import an_account, numbered
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

CONTROL = "emailVerificationControl"
SEND, SEND_NEW = f"{CONTROL}_but_send_code", f"{CONTROL}_but_send_new_code"
VERIFY, CHANGE = f"{CONTROL}_but_verify_code", f"{CONTROL}_but_change_claims"
PASSWORD = "Amber-Lantern-64"
NEW_PASSWORD = "Velvet-Compass-29"
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account."""

    id: str
    email: str


def a_new_address(who: str = "guest") -> str:
    """Return an address nobody has used."""
    return f"{who}{next(_numbers)}@people.example"


@cache
def _hashed(password: str) -> str:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash(password)


def a_person(
    server: Server | House, *, is_enabled: bool = True, password: str = PASSWORD
) -> Person:
    """Write an account with a password into the directory."""
    number = next(_numbers)
    person = Person(id=numbered(number), email=f"person{number}@people.example")
    directory_id = DirectoryId(server.facts["tenant_id"])
    name = SignInName(
        sign_in_type=SignInType.EMAIL_ADDRESS,
        issuer=server.facts["tenant_domain"],
        issuer_assigned_id=person.email,
    )
    account = an_account(
        number,
        directory_id=directory_id,
        display_name=f"Person {number}",
        given_name="Given",
        identities=(name,),
        account_enabled=is_enabled,
    )
    credential = PasswordCredential(
        directory_id=directory_id,
        account_id=account.id,
        hash=_hashed(password),
        changed_at=BEGINNING,
    )

    async def work(stores: Stores) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(credential)

    server.stores(work)
    return person


def account_of(server: Server, email: str) -> Account | None:
    """Return the account that signs in with an address."""
    domain: str = server.facts["tenant_domain"]
    return server.stores(lambda stores: stores.accounts.by_sign_in_name(domain, email.lower()))


def change_account(server: Server | House, person: Person, **changes: object) -> None:
    """Change an account the way an administrator would."""

    async def work(stores: Stores) -> None:
        account = await stores.accounts.require(AccountId(person.id))
        await stores.accounts.save(replace(account, **changes))  # type: ignore[arg-type]

    server.stores(work)


def grants_of(server: Server, account_id: str) -> int:
    """Return how often tokens were granted for an account."""
    query = Query(select(tables.grant.c.id).where(tables.grant.c.account_id == account_id))
    return len(server.stores(lambda stores: stores.grants.connection.all(query)))


def begin(browser: Browser, party: RelyingParty, **changes: str | None) -> Shown:
    """Be sent to the first page of a user flow."""
    return page(browser.open(party.link(**changes)))


def sign_in(
    browser: Browser,
    party: RelyingParty,
    person: Person,
    password: str = PASSWORD,
    **changes: str | None,
) -> Arrived:
    """Sign in and return to the application."""
    shown = begin(browser, party, **changes)
    return arrival(browser.press(shown, "next", email=person.email, password=password))


def at_sign_up(browser: Browser, party: RelyingParty) -> Shown:
    """Come as far as the page that asks a new person for an address."""
    shown = begin(browser, party)
    return page(browser.press(shown, "createAccount")) if "createAccount" in shown else shown


def prove(browser: Browser, server: Server, shown: Shown, email: str) -> Shown:
    """Have a code sent, and type it."""
    before = server.messages_to(email)
    shown = page(browser.press(shown, SEND, email=email))
    code = server.code_for(email, since=before[0]["id"] if before else None)
    return page(browser.press(shown, VERIFY, emailVerificationCode=code))


def ask_again(browser: Browser, server: Server, shown: Shown, email: str) -> tuple[Shown, str]:
    """Have another code sent and return it."""
    latest = server.messages_to(email)[0]["id"]
    shown = page(browser.press(shown, SEND_NEW))
    return shown, server.code_for(email, since=latest)


def proved_sign_up(browser: Browser, server: Server, party: RelyingParty, email: str) -> Shown:
    """Come as far as the page that asks for a password and attributes."""
    return prove(browser, server, at_sign_up(browser, party), email)


def passwords(password: str = PASSWORD, again: str | None = None) -> dict[str, str]:
    """Return what goes into the two fields of a new password."""
    return {"newPassword": password, "reenterPassword": password if again is None else again}


def sign_up(
    browser: Browser, server: Server, party: RelyingParty, email: str, **values: str
) -> Arrived:
    """Create an account with the emailed code and return to the application."""
    shown = proved_sign_up(browser, server, party, email)
    return arrival(browser.press(shown, "continue", **passwords(), **values))


def at_new_password(browser: Browser, server: Server, shown: Shown, email: str) -> Shown:
    """From the page that asks who forgot the password to the one that asks for a new one."""
    return page(browser.press(prove(browser, server, shown, email), "continue"))
