"""What each condition of the table says, in words."""

from collections.abc import Mapping

from gatelodge.journeys.step import Condition
from gatelodge.journeys.tracing import condition_name

WHEN: Mapping[str, str] = {
    "always": "always",
    "nobody_yet": "nobody is identified yet",
    "session_offered": "the browser brought a session",
    "session_wanted": "no session was resumed, and the user flow keeps sessions",
    "device_asked": "it matters whether the person was here before with this browser",
    "passkey_offered": "somebody just signed up, and the user flow offers passkeys then",
    "password_expired": "the right password was one that has to be changed",
    "federating": "the person chose an identity provider",
    "by_code": "the person chose to be sent a code",
    "new_here": "the person chose to create an account, or a provider sent somebody new",
    "resetting": "the person said that the password is forgotten",
    "age_of_new": "somebody is new here, and the user flow asks for ages",
    "age_of_known": "somebody is identified, and the user flow asks for ages",
    "terms_unaccepted": "somebody is identified who has not accepted the terms of use in force",
    "linking": "who came from a provider showed in another way which account is theirs",
    "account_managed": "the person is at a task with the own account",
    "after_arrival": "a provider sent somebody new, and the user flow asks an API connector then",
    "before_registration": "somebody new gave the attributes, and the user flow asks an API "
    "connector then",
    "before_tokens": "the user flow asks an API connector before it issues tokens",
    "factor_wanted": "the user flow wants a second factor, and the account has one",
    "factors_managed": "the person wants to change the account's second factors, and may",
    "factor_missing": "the user flow wants a second factor, and the account has none",
    "consent_wanted": "the application needs the person's consent",
    "proving_email": "the person forgot the password, or chose to create an account and the user"
    " flow has addresses proved",
}
"""The sentences by the condition's name in the table."""


def when(condition: Condition) -> str:
    """Return what a condition says; a test holds that each is put into words."""
    name = condition_name(condition)
    return WHEN.get(name, name)
