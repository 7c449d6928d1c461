"""A user changes the own password."""

from dataclasses import replace

from gatelodge.crypto.digest import is_same
from gatelodge.crypto.known_passwords import is_known
from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.journeys.changes import ForgetFailures, SetPassword
from gatelodge.model.account import Account, PasswordCredential, SignInType
from gatelodge.model.new_account import password_problems
from gatelodge.storage.stores import Stores

_WRONG = Problem("currentPassword", "The current password is wrong.")
_LOCKED = Problem("currentPassword", "There were too many wrong passwords; try again later.")


async def changed_password(situation: Situation, account: Account, given: Given) -> Change:
    """Replace a password by somebody who knows it; guesses count like those of a sign-in."""
    if account.id != situation.actor:
        raise Forbidden("only one's own password can be changed this way")
    key = _lockout_key(account)
    lockout = await situation.stores.lockouts.get(key)
    if lockout is not None and lockout.is_locked(situation.now):
        raise Invalid(_LOCKED)
    known = await situation.stores.passwords.get(account.id)
    hashed = None if known is None else known.hash
    if not await situation.passwords.verify(hashed, given["current_password"]) or known is None:
        return _refused(situation, key)
    new = given["new_password"]
    problems = [
        Problem("newPassword", each.message)
        for each in password_problems(new, account.password_policies)
    ]
    if not problems and is_known(new):
        problems = [Problem("newPassword", "The password is one everybody tries first.")]
    if not problems and is_same(new, given["current_password"]):
        problems = [Problem("newPassword", "The new password is the one there is.")]
    if problems:
        raise Invalid(*problems)
    credential = PasswordCredential(
        directory_id=account.directory_id,
        account_id=account.id,
        hash=await situation.passwords.hash(new),
        changed_at=situation.now,
    )
    renewed = replace(account, sign_in_sessions_valid_from=situation.now)

    async def write(stores: Stores) -> None:
        # Guesses made side by side all pass the first look at the lock: this is the second.
        await ForgetFailures(key, situation.now)(stores)
        await SetPassword(renewed, credential, key)(stores)

    return Change(None, write, renewed)


def _refused(situation: Situation, key: str) -> Change:
    async def count(stores: Stores) -> None:
        await stores.lockouts.note_failure(key, situation.now)

    return Change(None, count, refusal=(_WRONG,))


def _lockout_key(account: Account) -> str:
    """Return the name whose failed sign-ins are counted."""
    local = (
        each.key for each in account.identities if each.sign_in_type is not SignInType.FEDERATED
    )
    return next(local, account.id)
