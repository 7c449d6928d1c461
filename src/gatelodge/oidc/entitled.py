"""Who may still have an answer when a journey ends, judged as everything is stored now."""

from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.authorization import AuthorizationRequest
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction
from gatelodge.oidc.errors import Code, Displayed, Redirected
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.redirect_uris import match_redirect_uri
from gatelodge.storage.accounts import Accounts


async def entitled_application(
    providers: Providers, provider: Provider, asked: AuthorizationRequest
) -> Application:
    """Return the application, if it is still there, switched on and at home where it said.

    Raises `Displayed` if not: nothing is sent to an address nobody vouches for any more.
    """
    found = await providers.application(provider, asked.client_id)
    if found is None:
        raise Displayed(Code.CLIENT_UNKNOWN, client_id=asked.client_id)
    if not found.is_enabled:
        raise Displayed(Code.CLIENT_DISABLED)
    if asked.device_request_id is not None:
        return found
    if match_redirect_uri(found, asked.redirect_uri) is None:
        raise Displayed(
            Code.REDIRECT_URI_NOT_REGISTERED,
            redirect_uri=asked.redirect_uri,
            client_id=asked.client_id,
        )
    return found


async def entitled_account(
    accounts: Accounts, interaction: Interaction, account_id: AccountId
) -> Account:
    """Return the account, unless it is gone or its sign-ins were revoked since this one.

    Raises `Redirected`.
    """
    found = await accounts.get(account_id)
    if found is None:
        raise Redirected("access_denied", Code.ACCOUNT_GONE)
    auth_time = interaction.facts.auth_time
    if auth_time is None or auth_time < found.sign_in_sessions_valid_from:
        raise Redirected("access_denied", Code.GRANT_REVOKED)
    return found
