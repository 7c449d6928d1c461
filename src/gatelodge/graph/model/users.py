"""`/users`. Source: microsoft.graph.user, as far as customers of a directory need it."""

from typing import Any

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
    PartialAccess,
    Primitive,
    Property,
    Read,
    Returned,
    Update,
    Writable,
)
from gatelodge.graph.model.authentication_methods import AUTHENTICATION
from gatelodge.graph.model.own_password import changed_password
from gatelodge.graph.model.user_changes import (
    changed_user,
    new_user,
    removed_user,
    revoked_sessions,
)
from gatelodge.graph.model.user_details import TERMS_ACCEPTANCE, USER_DETAILS
from gatelodge.graph.model.user_navigations import user_navigations
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.age import AgeGroup, ConsentForMinor
from gatelodge.model.audit import EventName
from gatelodge.model.new_account import (
    PasswordProfile,
    mail_alias_problem,
)
from gatelodge.storage.lists import ACCOUNTS as LISTS

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
ANY_ROLE = (
    "Application Administrator",
    "Authentication Administrator",
    "Cloud Application Administrator",
    "Directory Readers",
    "External ID User Flow Administrator",
    "External ID User Flow Attribute Administrator",
    "External Identity Provider Administrator",
    "Global Reader",
    "Privileged Authentication Administrator",
    "Reports Reader",
    "Security Reader",
    *_WRITERS,
)
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
        _text("mailNickname", 64, "The mail alias.", judge=mail_alias_problem),
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
            name="deletedDateTime",
            type=Primitive.DATE_TIME,
            attribute="deleted_at",
            is_nullable=True,
            writable=Writable.NEVER,
            returned=Returned.ON_SELECT,
            asked=Asked.EVERYTHING,
            doc="When the user was deleted; null for one who is there.",
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
        Property(
            name="showInAddressList",
            type=Primitive.BOOLEAN,
            is_nullable=True,
            returned=Returned.ON_SELECT,
            doc="Kept.",
        ),
        Property(
            name="ageGroup",
            type=Enumeration("ageGroup", AgeGroup, "What somebody is by age."),
            is_nullable=True,
            returned=Returned.ON_SELECT,
            doc="What the user is by age, as the last sign-in found.",
        ),
        Property(
            name="consentProvidedForMinor",
            type=Enumeration(
                "consentProvidedForMinor", ConsentForMinor, "Whether a parent agreed."
            ),
            is_nullable=True,
            returned=Returned.ON_SELECT,
            doc="Whether a parent agreed; an administrator writes down that it was granted.",
        ),
        Property(
            name="legalAgeGroupClassification",
            type=Primitive.STRING,
            is_nullable=True,
            writable=Writable.NEVER,
            returned=Returned.ON_SELECT,
            doc="What follows from both for the law.",
        ),
        Property(
            name="termsOfUseAcceptances",
            type=TERMS_ACCEPTANCE,
            is_collection=True,
            writable=Writable.NEVER,
            returned=Returned.ON_SELECT,
            doc="Which terms of use the user accepted, the newest last. An extension of ours.",
        ),
        *USER_DETAILS,
        AUTHENTICATION,
    ),
    navigations=user_navigations(READ),
)


def _only(
    permissions: tuple[str, ...], roles: tuple[str, ...], properties: tuple[str, ...]
) -> PartialAccess:
    access = Access(application=permissions, delegated=permissions, roles=roles)
    return PartialAccess(access=access, properties=properties)


CHANGE_PASSWORD = Action(
    name="changePassword",
    doc="Change one's own password, knowing the one there is; it ends every session.",
    access=Access(
        application=(),
        delegated=("Directory.AccessAsUser.All", "User-PasswordProfile.ReadWrite.All"),
        roles=ANY_ROLE,
    ),
    event=EventName.USER_UPDATED,
    prepare=changed_password,
    parameters=(
        Property(
            name="currentPassword",
            type=Primitive.STRING,
            is_required=True,
            max_length=256,
            doc="The password there is.",
        ),
        Property(
            name="newPassword",
            type=Primitive.STRING,
            is_required=True,
            max_length=256,
            doc="The password there is to be.",
        ),
    ),
)

USERS = EntitySet(
    title="Users",
    entity=USER,
    doors=(Door(path="/users", declared=USER),),
    source=LISTS,
    family=Family.DIRECTORY,
    unique="identities",
    read=Read(
        access=READ,
        partial=(
            _only(
                ("User.ReadBasic.All",),
                ("Directory Readers", "Global Reader", *_WRITERS),
                ("id", "displayName", "givenName", "surname", "mail", "userPrincipalName"),
            ),
        ),
    ),
    create=Create(
        access=WRITE,
        event=EventName.USER_CREATED,
        prepare=new_user,
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
    update=Update(
        access=WRITE,
        event=EventName.USER_UPDATED,
        prepare=changed_user,
        is_silent=True,
        partial=(
            _only(("User.ManageIdentities.All",), _WRITERS, ("identities", "userPrincipalName")),
            _only(("User.EnableDisableAccount.All",), _WRITERS, ("accountEnabled",)),
            _only(
                ("User-PasswordProfile.ReadWrite.All",),
                (
                    "Authentication Administrator",
                    "Privileged Authentication Administrator",
                    *_WRITERS,
                ),
                ("passwordProfile",),
            ),
        ),
    ),
    delete=Delete(access=REMOVE, event=EventName.USER_DELETED, prepare=removed_user),
    actions=(
        Action(
            name="revokeSignInSessions",
            doc="End every session of the user and every refresh token.",
            access=REVOKE,
            event=EventName.USER_UPDATED,
            prepare=revoked_sessions,
            result=Primitive.BOOLEAN,
        ),
        Action(
            name="invalidateAllRefreshTokens",
            doc="End every session of the user and every refresh token; the older name.",
            access=REVOKE,
            event=EventName.USER_UPDATED,
            prepare=revoked_sessions,
            result=Primitive.BOOLEAN,
        ),
        CHANGE_PASSWORD,
    ),
)
