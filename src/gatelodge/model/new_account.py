"""Make and judge an account that an administrator writes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.errors import Problem
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.attribute import DataType, UserAttribute
from gatelodge.model.directory import Directory
from gatelodge.model.email_address import parse_email_address
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.password_rules import DIRECTORY_RULES, Breach, breaches
from gatelodge.model.telephone import parse_telephone

MAX_IDENTITIES = 10
MAX_TEXT = 250
"""Longest value of a custom attribute, in characters."""

_WITHOUT_STRENGTH = "disablestrongpassword"
_NEVER_IN_ALIASES = frozenset('@()\\[]";:<>, ')
_POLICIES = {"none", "disablepasswordexpiration", _WITHOUT_STRENGTH}
_PYTHON: Mapping[DataType, type] = {
    DataType.STRING: str,
    DataType.BOOLEAN: bool,
    DataType.INT64: int,
    DataType.DATE_TIME: str,
    DataType.STRING_COLLECTION: list,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordProfile:
    """A password an administrator sets, or None to leave it; the user may have to change it."""

    password: str | None = None
    force_change_password_next_sign_in: bool = False


def new_account(
    *, directory: Directory, id: AccountId, created_at: datetime, display_name: str
) -> Account:
    """Return an account with the defaults of one that is made by an administrator."""
    return Account(
        directory_id=directory.id,
        id=id,
        created_at=created_at,
        display_name=display_name,
        sign_in_sessions_valid_from=created_at,
        user_principal_name=generated_name(id, directory),
        mail_nickname=id,
    )


def generated_name(account_id: str, directory: Directory) -> str:
    """Return the principal name of an account nobody chose one for."""
    return f"{account_id}@{directory.domain}"


def with_principal_name(account: Account, directory: Directory) -> Account:
    """Return the account with its chosen principal name among the names it signs in with."""
    kept = tuple(
        each
        for each in account.identities
        if each.sign_in_type is not SignInType.USER_PRINCIPAL_NAME
    )
    name = account.user_principal_name
    if name is None or name == generated_name(account.id, directory):
        return replace(account, identities=kept)
    chosen = SignInName(
        sign_in_type=SignInType.USER_PRINCIPAL_NAME,
        issuer=directory.domain,
        issuer_assigned_id=name,
    )
    if any((each.issuer, each.key) == (chosen.issuer, chosen.key) for each in kept):
        return replace(account, identities=kept)
    return replace(account, identities=(*kept, chosen))


def account_problems(account: Account, directory: Directory) -> Iterator[Problem]:
    """Yield what is wrong with an account as a whole."""
    if any(letter in account.display_name for letter in "<>"):
        yield Problem("displayName", "The value of 'displayName' must not contain '<' or '>'.")
    if len(account.identities) > MAX_IDENTITIES:
        yield Problem("identities", f"A user may have at most {MAX_IDENTITIES} identities.")
    for each in account.identities:
        if (message := _name_problem(each, directory)) is not None:
            yield Problem("identities", message)
    names = Counter((each.issuer, each.key) for each in account.identities)
    if any(count > 1 for count in names.values()):
        yield Problem("identities", "The same identity is given twice.")
    if account.mail is not None and parse_email_address(account.mail) is None:
        yield Problem("mail", "The value of 'mail' must be an email address.")
    policies = (account.password_policies or "none").split(",")
    if not all(each.strip().lower() in _POLICIES for each in policies):
        yield Problem("passwordPolicies", "The value of 'passwordPolicies' is not known.")


MAX_USER_NAME = 64
"""How many characters a name of somebody's own choice has at most (Graph: objectIdentity)."""

_UNREADABLE = {
    SignInType.EMAIL_ADDRESS: "The issuerAssignedId of an emailAddress must be an email address.",
    SignInType.PHONE_NUMBER: "The issuerAssignedId of a phoneNumber must be an international one.",
}


def mail_alias_problem(alias: str) -> str | None:
    """Return what is wrong with a mail alias, or None (Graph: user, mailNickname)."""
    is_fit = alias.isascii() and alias.isprintable() and not _NEVER_IN_ALIASES & set(alias)
    return None if is_fit and alias else "must be letters, digits and marks of a mail alias."


def _name_problem(name: SignInName, directory: Directory) -> str | None:
    if name.sign_in_type is SignInType.FEDERATED:
        return None if name.issuer else "A federated identity needs an issuer."
    if key_of(name.issuer) != key_of(directory.domain):
        return "Issuer should match tenants domainName for non federated identity."
    parse = _PARSERS.get(name.sign_in_type)
    if parse is not None and parse(name.issuer_assigned_id) is None:
        return _UNREADABLE[name.sign_in_type]
    match name.sign_in_type:
        case SignInType.USER_PRINCIPAL_NAME:
            local, _, domain = name.issuer_assigned_id.rpartition("@")
            if not local or key_of(domain) != key_of(directory.domain):
                return f"The userPrincipalName must end in @{directory.domain}."
        case SignInType.USER_NAME:
            if "@" in name.issuer_assigned_id or name.issuer_assigned_id.strip() == "":
                return "The issuerAssignedId of a userName must not be empty or contain '@'."
            if len(name.issuer_assigned_id) > MAX_USER_NAME:
                return f"The issuerAssignedId of a userName has at most {MAX_USER_NAME} characters."
    return None


def normal_identities(account: Account, directory: Directory) -> Account:
    """Return the account with local issuers and mail domains in the form they are looked up by."""
    return replace(
        account, identities=tuple(_normal(each, directory) for each in account.identities)
    )


_PARSERS: Mapping[SignInType, Callable[[str], str | None]] = {
    SignInType.EMAIL_ADDRESS: parse_email_address,
    SignInType.PHONE_NUMBER: parse_telephone,
}


def _normal(name: SignInName, directory: Directory) -> SignInName:
    if name.sign_in_type is SignInType.FEDERATED:
        return name
    parse = _PARSERS.get(name.sign_in_type)
    parsed = None if parse is None else parse(name.issuer_assigned_id)
    return replace(
        name,
        issuer=directory.domain if key_of(name.issuer) == key_of(directory.domain) else name.issuer,
        issuer_assigned_id=name.issuer_assigned_id if parsed is None else str(parsed),
    )


def password_problems(password: str, policies: str | None) -> Iterator[Problem]:
    """Yield what is wrong with a password an administrator sets."""
    is_weak_allowed = _WITHOUT_STRENGTH in (policies or "").lower()
    for breach in breaches(DIRECTORY_RULES, password, ()):
        if breach is Breach.TOO_SIMPLE and is_weak_allowed:
            continue
        yield Problem(
            "passwordProfile/password",
            "The specified password does not comply with password complexity requirements: 8 to"
            " 256 characters, and three of lower case, upper case, digits and symbols.",
        )
        return


def extension_problems(
    given: Mapping[str, object], attributes: Mapping[str, UserAttribute]
) -> Iterator[Problem]:
    """Yield what is wrong with values of custom attributes; `attributes` are by look-up form."""
    for name, value in given.items():
        attribute = attributes.get(key_of(name))
        if attribute is None:
            yield Problem(name, f"The following extension properties are not available: {name}.")
        elif value is not None and not _fits(attribute.data_type, value):
            yield Problem(name, f"The value of '{name}' is not of type {attribute.data_type}.")


def _fits(kind: DataType, value: object) -> bool:
    if not isinstance(value, _PYTHON[kind]) or (
        isinstance(value, bool) != (kind is DataType.BOOLEAN)
    ):
        return False
    if isinstance(value, list):
        return len(value) <= MAX_TEXT and all(isinstance(each, str) for each in value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not isinstance(value, str) or len(value) <= MAX_TEXT
