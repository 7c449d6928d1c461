"""The one question every path asks before it issues, extends or honours anything."""

from datetime import datetime

from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.grant import Grant
from gatelodge.oidc.errors import Code
from gatelodge.oidc.provider import Provider


def may_issue(
    provider: Provider, application: Application | None, account: Account | None, grant: Grant
) -> Code | None:
    """Return why nothing may be issued on `grant`, or None when all is well.

    Everything is judged as it is stored now. An application, account or user flow that is not
    there refuses.
    """
    if application is None:
        return Code.CLIENT_UNKNOWN
    if grant.client_id != application.app_id:
        return Code.GRANT_OF_ANOTHER_CLIENT
    if provider.user_flow is None or grant.user_flow_id != provider.user_flow.id:
        return Code.GRANT_OF_ANOTHER_USER_FLOW
    if grant.revoked_at is not None:
        return Code.GRANT_REVOKED
    if account is None or account.id != grant.account_id:
        return Code.ACCOUNT_GONE
    return may_use(provider, application, account, since=grant.created_at)


def may_use(
    provider: Provider,
    application: Application | None,
    account: Account | None,
    *,
    since: datetime,
) -> Code | None:
    """Return why something issued at `since` to this application for this account is void."""
    if application is None:
        return Code.CLIENT_UNKNOWN
    if not application.is_enabled:
        return Code.CLIENT_DISABLED
    if account is None:
        return Code.ACCOUNT_GONE
    if {application.directory_id, account.directory_id} != {provider.directory.id}:
        return Code.ACCOUNT_GONE
    if not account.account_enabled:
        return Code.ACCOUNT_DISABLED
    if since < account.sign_in_sessions_valid_from:
        return Code.GRANT_REVOKED
    return None
