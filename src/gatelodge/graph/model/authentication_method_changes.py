"""What writing a user's authentication methods does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gatelodge.errors import AlreadyExists, Forbidden, Invalid, NotFound, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.model.account import Account
from gatelodge.model.email_address import parse_email_address
from gatelodge.model.passkey import Passkey
from gatelodge.model.second_factor import (
    EMAIL_ID,
    PHONE_IDS,
    EnrolledFactor,
    FactorKind,
    PhoneType,
)
from gatelodge.model.telephone import parse_telephone, spaced_telephone
from gatelodge.storage.stores import Stores

PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"  # the same for everybody in the cloud


class SmsSignIn(StrEnum):
    """Whether a number may be used in place of a name and a password."""

    NOT_SUPPORTED = "notSupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordMethod:
    """That a user has a password."""

    id: str
    created_at: datetime
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneMethod:
    """A phone codes are sent to."""

    id: str
    created_at: datetime
    phone_number: str
    phone_type: PhoneType
    sms_sign_in_state: SmsSignIn = SmsSignIn.NOT_SUPPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailMethod:
    """A mailbox codes are sent to."""

    id: str
    created_at: datetime
    email_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareOathMethod:
    """An authenticator; its secret is shown to nobody."""

    id: str
    created_at: datetime
    secret_key: str | None = None


class AttestationLevel(StrEnum):
    """Whether the make of a device was proved."""

    ATTESTED = "attested"
    NOT_ATTESTED = "notAttested"


class PasskeyType(StrEnum):
    """Whether a passkey stays in one device."""

    DEVICE_BOUND = "deviceBound"
    SYNCED = "synced"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyMethod:
    """A passkey."""

    id: str
    created_at: datetime
    display_name: str
    aa_guid: str
    passkey_type: PasskeyType
    attestation_level: AttestationLevel = AttestationLevel.NOT_ATTESTED


Method = PasswordMethod | PhoneMethod | EmailMethod | SoftwareOathMethod | PasskeyMethod


async def methods_of(stores: Stores, accounts: Sequence[Account]) -> Sequence[Sequence[Method]]:
    """Return every way each of the accounts proves who it is."""
    found: list[list[Method]] = []
    for account in accounts:
        known = await stores.passwords.get(account.id)
        password = [] if known is None else [_password(known.changed_at)]
        factors = await stores.second_factors.of_account(account.id)
        passkeys = await stores.passkeys.of_account(account.id)
        found.append([*password, *map(_shown, factors), *map(_passkey, passkeys)])
    return found


def _password(changed_at: datetime) -> Method:
    return PasswordMethod(id=PASSWORD_ID, created_at=changed_at)


def _passkey(passkey: Passkey) -> Method:
    return PasskeyMethod(
        id=passkey.id,
        created_at=passkey.created_at,
        display_name=passkey.display_name,
        aa_guid=passkey.aaguid,
        passkey_type=PasskeyType.SYNCED if passkey.is_synced else PasskeyType.DEVICE_BOUND,
    )


def _shown(factor: EnrolledFactor) -> Method:
    known_id, created_at, address = factor.id, factor.created_at, factor.address or ""
    match factor.kind:
        case FactorKind.PHONE:
            kinds = {each: kind for kind, each in PHONE_IDS.items()}
            return PhoneMethod(
                id=known_id,
                created_at=created_at,
                phone_number=spaced_telephone(address),
                phone_type=kinds[known_id],
            )
        case FactorKind.EMAIL:
            return EmailMethod(id=known_id, created_at=created_at, email_address=address)
        case _:
            return SoftwareOathMethod(id=known_id, created_at=created_at)


async def new_phone(situation: Situation, given: Given) -> Change:
    """Give a user a phone; there is one of each type."""
    kind: PhoneType = given["phone_type"]
    number = _number(given["phone_number"])
    return await _added(situation, FactorKind.PHONE, PHONE_IDS[kind], number)


async def new_email(situation: Situation, given: Given) -> Change:
    """Give a user a mailbox; there is one."""
    address = _address(given["email_address"])
    return await _added(situation, FactorKind.EMAIL, EMAIL_ID, address)


async def changed_phone(situation: Situation, found: PhoneMethod, given: Given) -> Change:
    """Change a user's phone: its number, not what type it is."""
    if given.get("phone_type", found.phone_type) is not found.phone_type:
        message = "The type is changed by making another phone and deleting this one."
        raise Invalid(Problem("phoneType", message))
    number = _number(given["phone_number"]) if "phone_number" in given else None
    return await _changed(situation, found, number)


async def changed_email(situation: Situation, found: EmailMethod, given: Given) -> Change:
    """Change the mailbox of a user."""
    address = _address(given["email_address"]) if "email_address" in given else None
    return await _changed(situation, found, address)


async def removed_method(situation: Situation, found: Method, _: Given) -> Change:
    """Take a factor from a user; whatever rested on it ends, recovery codes without it too."""
    account = _protected(situation)
    is_last = await _is_last(situation, account, found.id)

    async def write(stores: Stores) -> None:
        await stores.second_factors.remove(account.id, found.id)
        if is_last:
            await stores.recovery_codes.replace_all(account.id, ())
        await _end_sessions(stores, account, situation.now)

    return Change(None, write)


async def removed_passkey(situation: Situation, found: PasskeyMethod, _: Given) -> Change:
    """Take a passkey from a user; whatever rested on it ends, recovery codes without it too."""
    account = _protected(situation)
    is_last = await _is_last(situation, account, found.id)

    async def write(stores: Stores) -> None:
        await stores.passkeys.remove(found.id)
        if is_last:
            await stores.recovery_codes.replace_all(account.id, ())
        await _end_sessions(stores, account, situation.now)

    return Change(None, write)


async def _is_last(situation: Situation, account: Account, gone: str) -> bool:
    """Return whether an account has nothing to show besides its password once this is gone."""
    stores = situation.stores
    factors = await stores.second_factors.of_account(account.id)
    passkeys = await stores.passkeys.of_account(account.id)
    return {each.id for each in factors} | {each.id for each in passkeys} <= {gone}


async def _added(situation: Situation, kind: FactorKind, factor_id: str, address: str) -> Change:
    account = _protected(situation)
    if await situation.stores.second_factors.get(account.id, factor_id) is not None:
        raise AlreadyExists("The user has such a method already.", target="id")
    factor = EnrolledFactor(
        directory_id=account.directory_id,
        account_id=account.id,
        id=factor_id,
        kind=kind,
        created_at=situation.now,
        address=address,
    )
    return Change(_shown(factor), lambda stores: stores.second_factors.add(factor))


async def _changed(
    situation: Situation, found: PhoneMethod | EmailMethod, address: str | None
) -> Change:
    account = _protected(situation)
    known = await situation.stores.second_factors.get(account.id, found.id)
    if known is None:
        raise NotFound("no such method")
    changed = replace(known, address=address or known.address)

    async def write(stores: Stores) -> None:
        await stores.second_factors.save(changed)
        if changed != known:
            await _end_sessions(stores, account, situation.now)

    return Change(_shown(changed), write)


async def _end_sessions(stores: Stores, account: Account, now: datetime) -> None:
    await stores.accounts.save(replace(account, sign_in_sessions_valid_from=now))
    await stores.logout_notices.queue_for(account.id, now)
    await stores.sessions.end_all_of(account.id)
    await stores.grants.revoke_all_of(account.id, now)


def _protected(situation: Situation) -> Account:
    """Return whose methods they are; refuse to take over one who may do more than the caller."""
    account: Account = situation.owner
    if account.directory_roles and not situation.is_privileged:
        raise Forbidden("the user holds a directory role")
    return account


def _number(text: str) -> str:
    if (number := parse_telephone(text)) is None:
        message = "A phone number is written like +49 15123456789 and reaches a person."
        raise Invalid(Problem("phoneNumber", message))
    return number


def _address(text: str) -> str:
    if (address := parse_email_address(text)) is None:
        raise Invalid(Problem("emailAddress", "This is no email address."))
    return address
