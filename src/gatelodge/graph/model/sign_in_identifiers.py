"""`/identity/signInIdentifiers`. Source: microsoft.graph.signInIdentifierBase (beta)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.body import merged
from gatelodge.graph.change import TYPE, Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.few import Few
from gatelodge.model.audit import EventName
from gatelodge.model.sign_in_identifier import SignInIdentifier, SignInIdentifierName
from gatelodge.storage.stores import Stores

_WRITERS = ("External ID User Flow Administrator", "Global Administrator")
_WRITE = ("SignInIdentifier.ReadWrite.All",)
_READ = ("SignInIdentifier.Read.All", *_WRITE)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS))
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)


def _pattern_problem(value: str) -> str | None:
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return "must be a regular expression."
    return None


BASE = EntityType(
    name="signInIdentifierBase",
    python=SignInIdentifier,
    key="name",
    doc="A kind of name people sign in with.",
    properties=(
        Property(
            name="name",
            type=Primitive.STRING,
            is_required=True,
            max_length=20,
            writable=Writable.ON_CREATE,
            asked=Asked.EVERYTHING,
            doc="Which kind: Email, UPN, Username, CustomUsername1 or CustomUsername2.",
        ),
        Property(
            name="isEnabled",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether people may sign in with it.",
        ),
    ),
)


def _derived(name: str, doc: str, *properties: Property) -> EntityType:
    return EntityType(
        name=name, base=BASE, key="name", python=SignInIdentifier, doc=doc, properties=properties
    )


EMAIL = _derived("emailSignInIdentifier", "Email addresses.")
UPN = _derived("upnSignInIdentifier", "Principal names of the directory.")
USERNAME = _derived("usernameSignInIdentifier", "User names.")
CUSTOM = _derived(
    "customUsernameSignInIdentifier",
    "User names of a form an administrator chose.",
    Property(
        name="validationRegEx",
        type=Primitive.STRING,
        is_nullable=True,
        max_length=256,
        judge=_pattern_problem,
        doc="The regular expression such a name fulfils.",
    ),
)
_NAMES: Mapping[str, tuple[SignInIdentifierName, ...]] = {
    EMAIL.name: (SignInIdentifierName.EMAIL,),
    UPN.name: (SignInIdentifierName.UPN,),
    USERNAME.name: (SignInIdentifierName.USERNAME,),
    CUSTOM.name: (SignInIdentifierName.CUSTOM_USERNAME_1, SignInIdentifierName.CUSTOM_USERNAME_2),
}
_TYPES = {name: kind for kind in (EMAIL, UPN, USERNAME, CUSTOM) for name in _NAMES[kind.name]}


async def _every(stores: Stores) -> Sequence[SignInIdentifier]:
    return await stores.sign_in_identifiers.every()


def _type_of(identifier: SignInIdentifier) -> EntityType:
    return _TYPES[identifier.name]


async def _new(situation: Situation, given: Given) -> Change:
    rest: dict[str, Any] = dict(given)
    allowed = _NAMES[rest.pop(TYPE)]
    known = {each.lower(): each for each in allowed}
    name = known.get(rest.pop("name").lower())
    if name is None:
        message = f"The value of 'name' must be {' or '.join(allowed)} for this type."
        raise Invalid(Problem("name", message))
    identifier = SignInIdentifier(directory_id=situation.directory.id, name=name, **rest)
    return Change(identifier, lambda stores: stores.sign_in_identifiers.add(identifier))


async def _changed(_: Situation, identifier: SignInIdentifier, given: Given) -> Change:
    changed = merged(identifier, given)

    async def write(stores: Stores) -> None:
        await stores.sign_in_identifiers.save(changed)

    return Change(changed, write)


async def _removed(_: Situation, identifier: SignInIdentifier, __: Given) -> Change:
    return Change(None, lambda stores: stores.sign_in_identifiers.remove(identifier.name))


SIGN_IN_IDENTIFIERS = EntitySet(
    title="Sign-in identifiers",
    entity=BASE,
    doors=(Door(path="/identity/signInIdentifiers", declared=BASE),),
    source=Few(every=_every, key="name"),
    unique="name",
    derived=(EMAIL, UPN, USERNAME, CUSTOM),
    type_of=_type_of,
    is_abstract=True,
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.SIGN_IN_IDENTIFIER_CREATED,
        prepare=_new,
        example={
            "@odata.type": "#microsoft.graph.emailSignInIdentifier",
            "name": "Email",
            "isEnabled": True,
        },
    ),
    update=Update(
        access=WRITE,
        event=EventName.SIGN_IN_IDENTIFIER_UPDATED,
        prepare=_changed,
        is_silent=True,
    ),
    delete=Delete(access=WRITE, event=EventName.SIGN_IN_IDENTIFIER_DELETED, prepare=_removed),
)
