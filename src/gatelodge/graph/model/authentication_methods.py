"""`/users/{id}/authentication`: how a user proves who they are."""

from collections.abc import Sequence

from gatelodge.graph.change import PrepareExisting
from gatelodge.graph.edm import (
    Access,
    Asked,
    ComplexType,
    Create,
    Delete,
    EntitySet,
    EntityType,
    Enumeration,
    Family,
    Navigation,
    Primitive,
    Property,
    Read,
    Related,
    Returned,
    Update,
    Writable,
)
from gatelodge.graph.model.authentication_method_changes import (
    AttestationLevel,
    EmailMethod,
    Method,
    PasskeyMethod,
    PasskeyType,
    PasswordMethod,
    PhoneMethod,
    SmsSignIn,
    SoftwareOathMethod,
    changed_email,
    changed_phone,
    methods_of,
    new_email,
    new_phone,
    removed_method,
    removed_passkey,
)
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.second_factor import PhoneType
from gatelodge.storage.stores import Stores

_READERS = ("UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All")
_WRITERS = ("UserAuthenticationMethod.ReadWrite.All",)
_WRITING_ROLES = (
    "Authentication Administrator",
    "Privileged Authentication Administrator",
    "Global Administrator",
)
_READING_ROLES = (*_WRITING_ROLES[:2], "Global Reader", _WRITING_ROLES[2])


def _reading(kind: str | None = None) -> Access:
    """Return who may read every method, or those of one kind."""
    own = () if kind is None else (f"UserAuthMethod-{kind}.Read.All",)
    wider = () if kind is None else (f"UserAuthMethod-{kind}.ReadWrite.All",)
    permissions = (*own, *_READERS, *wider)
    return Access(application=permissions, delegated=permissions, roles=_READING_ROLES)


def _writing(kind: str) -> Access:
    permissions = (f"UserAuthMethod-{kind}.ReadWrite.All", *_WRITERS)
    return Access(application=permissions, delegated=permissions, roles=_WRITING_ROLES)


_METHOD = EntityType(
    name="authenticationMethod",
    python=PasswordMethod,
    doc="A way a user proves who they are.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id; the same for everybody where a user has only one of the kind.",
        ),
        Property(
            name="createdDateTime",
            type=Primitive.DATE_TIME,
            attribute="created_at",
            writable=Writable.NEVER,
            doc="When it was set.",
        ),
    ),
)
_PASSWORD_METHOD = EntityType(
    name="passwordAuthenticationMethod",
    base=_METHOD,
    python=PasswordMethod,
    doc="A password.",
    properties=(
        Property(
            name="password",
            type=Primitive.STRING,
            is_nullable=True,
            writable=Writable.NEVER,
            doc="Always null.",
        ),
    ),
)
_PHONE_METHOD = EntityType(
    name="phoneAuthenticationMethod",
    base=_METHOD,
    python=PhoneMethod,
    doc="A phone codes are sent to.",
    properties=(
        Property(
            name="phoneNumber",
            type=Primitive.STRING,
            is_required=True,
            max_length=32,
            doc="The number with its country's code, like `+49 15123456789`.",
        ),
        Property(
            name="phoneType",
            type=Enumeration("authenticationPhoneType", PhoneType, "Phones a user may have."),
            is_required=True,
            doc="Which of the user's phones it is; there is one of each.",
        ),
        Property(
            name="smsSignInState",
            type=Enumeration(
                "authenticationMethodSignInState", SmsSignIn, "Whether a number signs in."
            ),
            writable=Writable.NEVER,
            doc="Whether the number may be used in place of a name.",
        ),
    ),
)
_EMAIL_METHOD = EntityType(
    name="emailAuthenticationMethod",
    base=_METHOD,
    python=EmailMethod,
    doc="A mailbox codes are sent to.",
    properties=(
        Property(
            name="emailAddress",
            type=Primitive.STRING,
            is_required=True,
            max_length=254,
            doc="The address.",
        ),
    ),
)
_SOFTWARE_OATH_METHOD = EntityType(
    name="softwareOathAuthenticationMethod",
    base=_METHOD,
    python=SoftwareOathMethod,
    doc="An authenticator app.",
    properties=(
        Property(
            name="secretKey",
            type=Primitive.STRING,
            is_nullable=True,
            writable=Writable.NEVER,
            doc="Always null: only the app has it.",
        ),
    ),
)
_PASSKEY_METHOD = EntityType(
    name="fido2AuthenticationMethod",
    base=_METHOD,
    python=PasskeyMethod,
    doc="A passkey.",
    properties=(
        Property(
            name="displayName",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            doc="What tells it from the others: the time it was made.",
        ),
        Property(
            name="aaGuid",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            doc="The make of the device that keeps it, as it says itself.",
        ),
        Property(
            name="attestationLevel",
            type=Enumeration("attestationLevel", AttestationLevel, "Whether a make is proved."),
            writable=Writable.NEVER,
            doc="Whether the make of the device was proved: it is not asked for.",
        ),
        Property(
            name="passkeyType",
            type=Enumeration("passkeyType", PasskeyType, "Where a passkey is kept."),
            writable=Writable.NEVER,
            doc="Whether it stays in one device.",
        ),
    ),
)
_TYPES: dict[type[Method], EntityType] = {
    PasswordMethod: _PASSWORD_METHOD,
    PhoneMethod: _PHONE_METHOD,
    EmailMethod: _EMAIL_METHOD,
    SoftwareOathMethod: _SOFTWARE_OATH_METHOD,
    PasskeyMethod: _PASSKEY_METHOD,
}


def _type_of(method: Method) -> EntityType:
    return _TYPES[type(method)]


def _only(kind: type[Method]) -> Related:
    async def related(stores: Stores, accounts: Sequence[Account]) -> Sequence[Sequence[Method]]:
        return [
            [each for each in found if isinstance(each, kind)]
            for found in await methods_of(stores, accounts)
        ]

    return related


def _removing(access: Access, prepare: PrepareExisting = removed_method) -> Delete:
    return Delete(access=access, event=EventName.METHOD_DELETED, prepare=prepare)


_ALL = EntitySet(
    title="Authentication methods",
    entity=_METHOD,
    family=Family.DIRECTORY,
    derived=tuple(_TYPES.values()),
    type_of=_type_of,
    read=Read(access=_reading()),
)
_PASSWORDS = EntitySet(
    title="Password methods",
    entity=_PASSWORD_METHOD,
    family=Family.DIRECTORY,
    read=Read(access=_reading("Password")),
)
_PHONES = EntitySet(
    title="Phone methods",
    entity=_PHONE_METHOD,
    family=Family.DIRECTORY,
    read=Read(access=_reading("Phone")),
    create=Create(
        access=_writing("Phone"),
        event=EventName.METHOD_CREATED,
        prepare=new_phone,
        example={"phoneNumber": "+49 15123456789", "phoneType": "mobile"},
    ),
    update=Update(
        access=_writing("Phone"),
        event=EventName.METHOD_UPDATED,
        prepare=changed_phone,
        is_silent=True,
    ),
    delete=_removing(_writing("Phone")),
)
_EMAILS = EntitySet(
    title="Email methods",
    entity=_EMAIL_METHOD,
    family=Family.DIRECTORY,
    read=Read(access=_reading("Email")),
    create=Create(
        access=_writing("Email"),
        event=EventName.METHOD_CREATED,
        prepare=new_email,
        example={"emailAddress": "john@example.com"},
    ),
    update=Update(
        access=_writing("Email"),
        event=EventName.METHOD_UPDATED,
        prepare=changed_email,
        is_silent=True,
    ),
    delete=_removing(_writing("Email")),
)
_SOFTWARE_OATHS = EntitySet(
    title="Software OATH methods",
    entity=_SOFTWARE_OATH_METHOD,
    family=Family.DIRECTORY,
    read=Read(access=_reading("SoftwareOATH")),
    delete=_removing(_writing("SoftwareOATH")),
)


_PASSKEYS = EntitySet(
    title="Passkey methods",
    entity=_PASSKEY_METHOD,
    family=Family.DIRECTORY,
    read=Read(access=_reading("Passkey")),
    delete=_removing(_writing("Passkey"), removed_passkey),
)


def _navigation(name: str, doc: str, to: EntitySet, related: Related) -> Navigation:
    return Navigation(name=name, doc=doc, to=to, related=related, is_contained=True)


AUTHENTICATION = Property(
    name="authentication",
    type=ComplexType(
        name="authentication",
        doc="How a user proves who they are.",
        navigations=(
            _navigation("methods", "Every way.", _ALL, methods_of),
            _navigation("passwordMethods", "The password.", _PASSWORDS, _only(PasswordMethod)),
            _navigation("phoneMethods", "The phones.", _PHONES, _only(PhoneMethod)),
            _navigation("emailMethods", "The mailbox.", _EMAILS, _only(EmailMethod)),
            _navigation(
                "softwareOathMethods",
                "The authenticator apps.",
                _SOFTWARE_OATHS,
                _only(SoftwareOathMethod),
            ),
            _navigation("fido2Methods", "The passkeys.", _PASSKEYS, _only(PasskeyMethod)),
        ),
    ),
    writable=Writable.NEVER,
    returned=Returned.NEVER,
    doc="How the user proves who they are; a path of its own.",
)
