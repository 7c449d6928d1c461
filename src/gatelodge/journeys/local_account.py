"""What a user flow's local accounts sign in with, and who a forgotten password belongs to."""

from dataclasses import replace

from gatelodge.journeys.conditions import may_reset_password
from gatelodge.journeys.outcome import Refusal
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Path
from gatelodge.model.user_flow import AuthenticationMethod, UserFlow, UserFlowType
from gatelodge.pages.catalogue import Identifier
from gatelodge.storage.accounts import Accounts

_IDENTIFIERS = {
    AuthenticationMethod.USER_NAME: Identifier.USER_ID,
    AuthenticationMethod.PHONE_WITH_ONE_TIME_PASSWORD: Identifier.PHONE,
}


def identifier_of(flow: UserFlow) -> Identifier:
    """Return what people sign in with."""
    return _IDENTIFIERS.get(flow.authentication_methods, Identifier.EMAIL)


_SIGN_IN_TYPES = {
    Identifier.EMAIL: SignInType.EMAIL_ADDRESS,
    Identifier.USER_ID: SignInType.USER_NAME,
    Identifier.PHONE: SignInType.PHONE_NUMBER,
}


def sign_in_type_of(flow: UserFlow) -> SignInType:
    """Return what kind of sign-in name a new account gets."""
    return _SIGN_IN_TYPES[identifier_of(flow)]


def has_local_accounts(flow: UserFlow) -> bool:
    """Return whether people can have accounts here that need no identity provider."""
    return flow.authentication_methods is not AuthenticationMethod.NONE


def why_no_reset(flow: UserFlow) -> Refusal | None:
    """Return why forgotten passwords are not reset here, as it is configured now; None if they are.

    An application sends people who forgot theirs to a user flow made for it: that one has to say
    something else, or they would be sent around for ever.
    """
    if has_local_accounts(flow) and may_reset_password(flow):
        return None
    is_made_for_it = flow.user_flow_type is UserFlowType.PASSWORD_RESET
    return Refusal.NO_WAY_IN if is_made_for_it else Refusal.FORGOT_PASSWORD


def may_link(flow: UserFlow) -> bool:
    """Return whether who comes from a provider may connect it to the account they have."""
    is_allowed = flow.account_configuration.is_identity_linking_allowed
    is_both = flow.user_flow_type is UserFlowType.SIGN_UP_OR_SIGN_IN
    return is_allowed and is_both and has_local_accounts(flow)


def sign_in_name_of(flow: UserFlow, facts: Facts) -> str | None:
    """Return the sign-in name an interaction is about; None while it is not known."""
    match identifier_of(flow):
        case Identifier.EMAIL:
            return facts.email
        case Identifier.USER_ID:
            return facts.user_name
        case Identifier.PHONE:
            return facts.phone


def identities_of(place: Place, facts: Facts) -> tuple[SignInName, ...]:
    """Return what a new person will sign in with: the provider's name, or a local one."""
    if facts.path is Path.PROVIDER and facts.arrival is not None:
        return (
            SignInName(
                sign_in_type=SignInType.FEDERATED,
                issuer=facts.arrival.issuer,
                issuer_assigned_id=facts.arrival.subject,
            ),
        )
    if (name := sign_in_name_of(place.user_flow, facts)) is None:
        return ()
    return (
        SignInName(
            sign_in_type=sign_in_type_of(place.user_flow),
            issuer=place.directory.domain,
            issuer_assigned_id=name,
        ),
    )


def with_address(account: Account, directory: Directory, email: str) -> Account:
    """Return the account reached at a proved address, and signing in with it if it did before."""
    identities = tuple(
        replace(each, issuer_assigned_id=email)
        if each.sign_in_type is SignInType.EMAIL_ADDRESS and each.issuer == directory.domain
        else each
        for each in account.identities
    )
    # Two old addresses would become the same name twice.
    unique = tuple(dict.fromkeys(identities))
    return replace(account, identities=unique, mail=email, is_email_proved=True)


async def account_to_reset(
    accounts: Accounts, directory: Directory, flow: UserFlow, facts: Facts
) -> Account | None:
    """Return the account whose password was forgotten, or None.

    Where people sign in with a name, the address has to be the one that account is reached at, and
    one that was not left unproved at sign-up.
    """
    name = sign_in_name_of(flow, facts)
    if name is None or facts.email is None:
        return None
    account = await accounts.by_sign_in_name(directory.domain, key_of(name))
    if account is None or identifier_of(flow) is Identifier.EMAIL:
        return account
    is_reached = account.mail is not None and key_of(account.mail) == key_of(facts.email)
    return account if is_reached and account.is_email_proved is not False else None
