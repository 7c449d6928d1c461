"""What writing a user does."""

from dataclasses import replace
from typing import Any

from gatelodge.crypto.known_passwords import is_known
from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.details import separated
from gatelodge.model.account import Account, PasswordCredential, SignInType
from gatelodge.model.account_details import NO_DETAILS
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.new_account import (
    PasswordProfile,
    account_problems,
    extension_problems,
    new_account,
    normal_identities,
    password_problems,
    with_principal_name,
)
from gatelodge.storage.stores import Stores


async def new_user(situation: Situation, given: Given) -> Change:
    """Make an account; the password is hashed before the transaction."""
    rest = dict(given)
    profile = _profile(rest)
    account = new_account(
        directory=situation.directory,
        id=AccountId(situation.randomness.uuid()),
        created_at=situation.now,
        display_name=rest.pop("display_name"),
    )
    account = await _settled(situation, account, rest, profile, is_new=True)
    hashed = await _hash(situation, profile)

    async def write(stores: Stores) -> None:
        await stores.accounts.add(account)
        if hashed is not None:
            await stores.passwords.add(_credential(account, profile, hashed, situation))

    return Change(account, write)


async def changed_user(situation: Situation, account: Account, given: Given) -> Change:
    """Change an account; a new password or a disabled account ends every session."""
    protect(situation, account)
    rest = dict(given)
    profile = _profile(rest)
    changed = await _settled(situation, account, rest, profile)
    if changed != account:
        changed = replace(changed, updated_at=situation.now)
    hashed = await _hash(situation, profile)
    is_ended = hashed is not None or (account.account_enabled and not changed.account_enabled)
    if is_ended:
        changed = replace(changed, sign_in_sessions_valid_from=situation.now)
    if changed.emails != account.emails:
        changed = replace(changed, is_email_proved=None)

    async def write(stores: Stores) -> None:
        await stores.accounts.save(changed)
        if hashed is not None:
            await stores.passwords.put(_credential(changed, profile, hashed, situation))
        elif profile is not None and (known := await stores.passwords.get(account.id)):
            must = profile.force_change_password_next_sign_in
            await stores.passwords.put(replace(known, force_change_next_sign_in=must))
        if is_ended:
            await _end_sessions(stores, changed, situation)

    return Change(changed, write)


async def removed_user(situation: Situation, account: Account, _: Given) -> Change:
    """Put an account aside: nobody signs in with it, and its names are free again."""
    protect(situation, account)
    changed = replace(account, sign_in_sessions_valid_from=situation.now)

    async def write(stores: Stores) -> None:
        await _end_sessions(stores, account, situation)
        await stores.accounts.delete(changed, situation.now)

    return Change(None, write)


async def restored_user(situation: Situation, account: Account, _: Given) -> Change:
    """Bring an account back, with the names it had if they are still free."""
    protect(situation, account)
    back = replace(account, deleted_at=None)

    async def write(stores: Stores) -> None:
        await stores.deleted_accounts.restore(account)

    return Change(back, write, back)


async def purged_user(situation: Situation, account: Account, _: Given) -> Change:
    """Delete an account for good, with everything that hangs from it."""
    protect(situation, account)

    async def write(stores: Stores) -> None:
        await stores.deleted_accounts.remove(account.id)

    return Change(None, write)


async def revoked_sessions(situation: Situation, account: Account, _: Given) -> Change:
    """End every session and every grant of a user."""
    changed = replace(account, sign_in_sessions_valid_from=situation.now)

    async def write(stores: Stores) -> None:
        await stores.accounts.save(changed)
        await _end_sessions(stores, changed, situation)

    return Change(answer=True, write=write, after=changed)


async def _end_sessions(stores: Stores, account: Account, situation: Situation) -> None:
    await stores.logout_notices.queue_for(account.id, situation.now)
    await stores.sessions.end_all_of(account.id)
    await stores.grants.revoke_all_of(account.id, situation.now)


def protect(situation: Situation, account: Account) -> None:
    """Refuse to let one who is no administrator of everything take over one who is."""
    if account.directory_roles and not situation.is_privileged:
        raise Forbidden("the user holds a directory role")


def _profile(rest: dict[str, Any]) -> PasswordProfile | None:
    part = rest.pop("password_profile", None)
    profile: PasswordProfile | None = part.made() if isinstance(part, Part) else None
    return profile


async def _settled(
    situation: Situation,
    account: Account,
    given: Given,
    profile: PasswordProfile | None,
    *,
    is_new: bool = False,
) -> Account:
    """Return the account with what was given; raise `Invalid` with all that is wrong with it."""
    rest, details = separated(given)
    extensions = rest.pop("extensions", {})
    directory = situation.directory
    if details:
        kept = replace(account.details, **details)
        rest["kept_details"] = None if kept == NO_DETAILS else kept
    settled = normal_identities(merged(account, rest), directory)
    settled = with_principal_name(settled, directory)
    problems = list(account_problems(settled, directory))
    known = {}
    if extensions:
        known = {key_of(it.id): it for it in await situation.stores.user_attributes.every()}
        problems += extension_problems(extensions, known)
    problems += _password_problems(settled, profile, is_new=is_new)
    if problems:
        raise Invalid(*problems)
    given_values = {known[key_of(name)].id: value for name, value in extensions.items()}
    every = {**settled.extensions, **given_values}
    return replace(
        settled, extensions={name: value for name, value in every.items() if value is not None}
    )


def _password_problems(
    account: Account, profile: PasswordProfile | None, *, is_new: bool
) -> list[Problem]:
    password = None if profile is None else profile.password
    if password is None:
        kinds = {each.sign_in_type for each in account.identities}
        if is_new and kinds != {SignInType.FEDERATED}:
            return [Problem("passwordProfile", "The property 'passwordProfile' is required.")]
        return []
    found = list(password_problems(password, account.password_policies))
    if not found and is_known(password):
        found = [Problem("passwordProfile/password", "The password is one everybody tries first.")]
    return found


async def _hash(situation: Situation, profile: PasswordProfile | None) -> str | None:
    if profile is None or profile.password is None:
        return None
    return await situation.passwords.hash(profile.password)


def _credential(
    account: Account, profile: PasswordProfile | None, hashed: str, situation: Situation
) -> PasswordCredential:
    return PasswordCredential(
        directory_id=account.directory_id,
        account_id=account.id,
        hash=hashed,
        changed_at=situation.now,
        force_change_next_sign_in=bool(profile and profile.force_change_password_next_sign_in),
    )
