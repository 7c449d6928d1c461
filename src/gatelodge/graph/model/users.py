"""`/users`. Source: microsoft.graph.user, as far as customers of a directory need it."""

from dataclasses import replace
from typing import Any

from gatelodge.crypto.known_passwords import is_known
from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Action,
    Asked,
    ComplexType,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Enumeration,
    Family,
    Primitive,
    Property,
    Read,
    Returned,
    Update,
    Writable,
)
from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.audit import EventName
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
from gatelodge.storage.lists import ACCOUNTS as LISTS
from gatelodge.storage.stores import Stores

_WRITERS = ("User Administrator", "Global Administrator")
_WRITE = ("User.ReadWrite.All", "Directory.ReadWrite.All")
READ = Access(
    application=("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", _WRITE[1]),
    delegated=("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", _WRITE[1]),
    roles=("Directory Readers", "Global Reader", *_WRITERS),
)
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)
_REMOVERS = ("User.DeleteRestore.All", *_WRITE)
REMOVE = Access(application=_REMOVERS, delegated=_REMOVERS, roles=_WRITERS)
_REVOKERS = ("User.RevokeSessions.All", *_WRITE)
REVOKE = Access(application=_REVOKERS, delegated=_REVOKERS, roles=_WRITERS)

IDENTITY = ComplexType(
    name="objectIdentity",
    doc="A name a user signs in with.",
    python=SignInName,
    properties=(
        Property(
            name="signInType",
            type=Enumeration("signInType", SignInType, "How a name is used.", is_evolvable=False),
            is_required=True,
            asked=Asked.EQUALITY,
            doc="How the name is used.",
        ),
        Property(
            name="issuer",
            type=Primitive.STRING,
            is_required=True,
            max_length=512,
            asked=Asked.EVERYTHING,
            doc="Who issued the name: the directory's domain for local names.",
        ),
        Property(
            name="issuerAssignedId",
            type=Primitive.STRING,
            is_required=True,
            max_length=254,
            asked=Asked.EQUALITY,
            doc="The name itself.",
        ),
    ),
)

PASSWORD_PROFILE = ComplexType(
    name="passwordProfile",
    doc="A password an administrator sets.",
    python=PasswordProfile,
    properties=(
        Property(
            name="password",
            type=Primitive.STRING,
            returned=Returned.NEVER,
            doc="The new password; it is never returned.",
        ),
        Property(
            name="forceChangePasswordNextSignIn",
            type=Primitive.BOOLEAN,
            doc="Whether the user has to choose another password at the next sign-in.",
        ),
    ),
)


def _text(name: str, most: int, doc: str, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {"asked": Asked.EVERYTHING, "is_nullable": True, **more}
    return Property(name=name, type=Primitive.STRING, max_length=most, doc=doc, **settings)


USER = EntityType(
    name="user",
    python=Account,
    doc="A user of the directory.",
    open_prefix="extension_",
    properties=(
        _text(
            "id",
            36,
            "The object id, a GUID that is never given to anybody else.",
            writable=Writable.NEVER,
            is_nullable=False,
        ),
        _text("displayName", 256, "The name shown.", is_required=True, is_nullable=False),
        _text("givenName", 64, "The first name."),
        _text("surname", 64, "The family name."),
        _text("userPrincipalName", 320, "A name in the directory's domain.", is_nullable=False),
        _text("mail", 254, "The address mail is sent to."),
        _text("mailNickname", 64, "The mail alias."),
        _text("mobilePhone", 64, "The mobile telephone number."),
        _text("city", 128, "The city of the address."),
        _text("country", 128, "The country of the address."),
        _text("state", 128, "The state or province of the address."),
        _text("streetAddress", 1024, "The street of the address."),
        _text("postalCode", 40, "The postal code of the address."),
        _text("jobTitle", 128, "The job title."),
        Property(
            name="accountEnabled",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether the user may sign in.",
        ),
        _text(
            "creationType",
            64,
            "How the account came about.",
            writable=Writable.NEVER,
        ),
        Property(
            name="createdDateTime",
            type=Primitive.DATE_TIME,
            attribute="created_at",
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="When the account came about.",
        ),
        Property(
            name="signInSessionsValidFromDateTime",
            type=Primitive.DATE_TIME,
            attribute="sign_in_sessions_valid_from",
            writable=Writable.NEVER,
            returned=Returned.ON_SELECT,
            doc="The moment before which no session and no refresh token counts.",
        ),
        Property(
            name="identities",
            type=IDENTITY,
            is_collection=True,
            returned=Returned.ON_SELECT,
            asked=Asked.EVERYTHING,
            doc="The names the user signs in with; a change replaces the whole list.",
        ),
        _text(
            "passwordPolicies",
            100,
            "`DisablePasswordExpiration`, `DisableStrongPassword`, or both with a comma.",
            asked=Asked.NOTHING,
        ),
        Property(
            name="passwordProfile",
            type=PASSWORD_PROFILE,
            is_nullable=True,
            returned=Returned.NEVER,
            doc="The password; it can only be written.",
        ),
    ),
)


async def _new(situation: Situation, given: Given) -> Change:
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


async def _changed(situation: Situation, account: Account, given: Given) -> Change:
    _protect(situation, account)
    rest = dict(given)
    profile = _profile(rest)
    changed = await _settled(situation, account, rest, profile)
    hashed = await _hash(situation, profile)
    is_ended = hashed is not None or (account.account_enabled and not changed.account_enabled)
    if is_ended:
        changed = replace(changed, sign_in_sessions_valid_from=situation.now)

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


async def _removed(situation: Situation, account: Account, _: Given) -> Change:
    _protect(situation, account)

    async def write(stores: Stores) -> None:
        await _end_sessions(stores, account, situation)
        await stores.accounts.remove(account.id)

    return Change(None, write)


async def _revoked(situation: Situation, account: Account, _: Given) -> Change:
    changed = replace(account, sign_in_sessions_valid_from=situation.now)

    async def write(stores: Stores) -> None:
        await stores.accounts.save(changed)
        await _end_sessions(stores, changed, situation)

    return Change(answer=True, write=write)


async def _end_sessions(stores: Stores, account: Account, situation: Situation) -> None:
    await stores.sessions.end_all_of(account.id)
    await stores.grants.revoke_all_of(account.id, situation.now)


def _protect(situation: Situation, account: Account) -> None:
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
    rest = dict(given)
    extensions = rest.pop("extensions", {})
    directory = situation.directory
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
    kept = {**settled.extensions, **given_values}
    return replace(
        settled, extensions={name: value for name, value in kept.items() if value is not None}
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


USERS = EntitySet(
    title="Users",
    entity=USER,
    doors=(Door(path="/users", declared=USER),),
    source=LISTS,
    family=Family.DIRECTORY,
    unique="identities",
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.USER_CREATED,
        prepare=_new,
        example={
            "displayName": "John Smith",
            "identities": [
                {
                    "signInType": "emailAddress",
                    "issuer": "acme.example",
                    "issuerAssignedId": "john@example.com",
                }
            ],
            "passwordProfile": {
                "password": "correct-Horse-battery",
                "forceChangePasswordNextSignIn": False,
            },
            "passwordPolicies": "DisablePasswordExpiration",
        },
    ),
    update=Update(access=WRITE, event=EventName.USER_UPDATED, prepare=_changed, is_silent=True),
    delete=Delete(access=REMOVE, event=EventName.USER_DELETED, prepare=_removed),
    actions=(
        Action(
            name="revokeSignInSessions",
            doc="End every session of the user and every refresh token.",
            access=REVOKE,
            event=EventName.USER_UPDATED,
            prepare=_revoked,
            result=Primitive.BOOLEAN,
        ),
    ),
)
