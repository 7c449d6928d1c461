"""An account: the stored record of a user."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gatelodge.model.account_details import NO_DETAILS, AccountDetails
from gatelodge.model.age import AgeGroup, ConsentForMinor, legal_age_group
from gatelodge.model.identifier import AccountId, DirectoryId, key_of
from gatelodge.model.terms_of_use import AcceptedTerms


class SignInType(StrEnum):
    """How a sign-in name is used; values are Graph's `objectIdentity.signInType`."""

    EMAIL_ADDRESS = "emailAddress"
    USER_NAME = "userName"
    PHONE_NUMBER = "phoneNumber"
    USER_PRINCIPAL_NAME = "userPrincipalName"
    FEDERATED = "federated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInName:
    """A name that identifies an account; (`issuer`, name) is unique in the directory.

    `issuer` is the directory's default domain for local names.
    """

    sign_in_type: SignInType
    issuer: str
    issuer_assigned_id: str

    @property
    def key(self) -> str:
        """Return the name as it is looked up: local names without case, federated ones exactly."""
        if self.sign_in_type is SignInType.FEDERATED:
            return self.issuer_assigned_id
        return key_of(self.issuer_assigned_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of a directory.

    `extensions` holds custom attributes by their full name. `sign_in_sessions_valid_from` is the
    moment before which no session, code or refresh token counts any more. `updated_at` is when
    something about the person was last changed, None for what was given at first.
    `is_email_proved` says whether a code sent to the address came back; None where an administrator
    wrote the address. One that was deleted still says which names it had, and holds none of them.
    """

    directory_id: DirectoryId
    id: AccountId
    created_at: datetime
    display_name: str
    sign_in_sessions_valid_from: datetime
    identities: tuple[SignInName, ...] = ()
    account_enabled: bool = True
    given_name: str | None = None
    surname: str | None = None
    city: str | None = None
    country: str | None = None
    state: str | None = None
    street_address: str | None = None
    postal_code: str | None = None
    job_title: str | None = None
    mail: str | None = None
    is_email_proved: bool | None = None
    updated_at: datetime | None = None
    mobile_phone: str | None = None
    mail_nickname: str | None = None
    user_principal_name: str | None = None
    creation_type: str | None = "LocalAccount"
    password_policies: str | None = "DisablePasswordExpiration"
    extensions: Mapping[str, object] = field(default_factory=dict)
    directory_roles: tuple[str, ...] = ()
    show_in_address_list: bool | None = None
    kept_details: AccountDetails | None = None
    date_of_birth: str | None = None
    age_group: AgeGroup | None = None
    consent_provided_for_minor: ConsentForMinor | None = None
    accepted_terms: tuple[AcceptedTerms, ...] | None = None
    deleted_at: datetime | None = None
    revision: int = 0

    @property
    def details(self) -> AccountDetails:
        """Return what is kept for administrators; `kept_details` is None where nothing is."""
        return self.kept_details or NO_DETAILS

    @property
    def terms_of_use_acceptances(self) -> tuple[AcceptedTerms, ...]:
        """Return which terms of use the user accepted, the newest last."""
        return self.accepted_terms or ()

    @property
    def legal_age_group_classification(self) -> str | None:
        """Return what the age means to the law, as far as it is known."""
        return legal_age_group(self.age_group, self.consent_provided_for_minor)

    @property
    def emails(self) -> tuple[str, ...]:
        """Return the addresses the user signs in with, then the contact address if different."""
        names = tuple(
            each.issuer_assigned_id
            for each in self.identities
            if each.sign_in_type is SignInType.EMAIL_ADDRESS
        )
        if self.mail is None or key_of(self.mail) in {key_of(name) for name in names}:
            return names
        return (*names, self.mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCredential:
    """An account's password as a PHC string (argon2id)."""

    directory_id: DirectoryId
    account_id: AccountId
    hash: str
    changed_at: datetime
    force_change_next_sign_in: bool = False
