"""The one question every path asks before it issues, extends or honours anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gatelodge.model.account import Account
from gatelodge.model.application import Application
from gatelodge.model.grant import Grant
from gatelodge.oidc.errors import Code
from gatelodge.oidc.provider import Provider


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is concerned, as everything is stored now; what is not there refuses.

    `since` is when what is judged was issued.
    """

    provider: Provider
    application: Application | None
    account: Account | None
    since: datetime


UseCheck: TypeAlias = Callable[[Standing], Code | None]
GrantCheck: TypeAlias = Callable[[Standing, Grant], Code | None]


def check_client(standing: Standing) -> Code | None:
    """Demand that the client still exists (RFC 6749 §5.2)."""
    return Code.CLIENT_UNKNOWN if standing.application is None else None


def check_client_is_on(standing: Standing) -> Code | None:
    """Demand that nobody switched the client off (B2C: AADB2C90092)."""
    application = standing.application
    is_on = application is not None and application.is_enabled
    return None if is_on else Code.CLIENT_DISABLED


def check_account(standing: Standing) -> Code | None:
    """Demand that the account still exists, in the tenant that is asked (B2C: AADB2C90128)."""
    application, account = standing.application, standing.account
    if account is None or application is None:
        return Code.ACCOUNT_GONE
    tenants = {application.directory_id, account.directory_id}
    return None if tenants == {standing.provider.directory.id} else Code.ACCOUNT_GONE


def check_account_is_on(standing: Standing) -> Code | None:
    """Demand that the account is enabled (B2C: AADB2C90111)."""
    account = standing.account
    return None if account is not None and account.account_enabled else Code.ACCOUNT_DISABLED


def check_sessions(standing: Standing) -> Code | None:
    """Demand that the person's sessions were not revoked since (Graph: revokeSignInSessions)."""
    account = standing.account
    is_since = account is not None and standing.since >= account.sign_in_sessions_valid_from
    return None if is_since else Code.GRANT_REVOKED


USE_CHECKS: tuple[UseCheck, ...] = (
    check_client,
    check_client_is_on,
    check_account,
    check_account_is_on,
    check_sessions,
)
"""What has to hold of client and account for anything that was issued to count."""


def check_grant_of_client(standing: Standing, grant: Grant) -> Code | None:
    """Demand that the grant was made to the client that asks (RFC 6749 §5.2, §10.5)."""
    application = standing.application
    is_its = application is not None and grant.client_id == application.app_id
    return None if is_its else Code.GRANT_OF_ANOTHER_CLIENT


def check_grant_of_user_flow(standing: Standing, grant: Grant) -> Code | None:
    """Demand that the grant was made at this endpoint's user flow (B2C: AADB2C90088)."""
    flow = standing.provider.user_flow
    is_here = flow is not None and grant.user_flow_id == flow.id
    return None if is_here else Code.GRANT_OF_ANOTHER_USER_FLOW


def check_grant_stands(_standing: Standing, grant: Grant) -> Code | None:
    """Demand that nobody revoked the grant (RFC 7009 §2, B2C: AADB2C90129)."""
    return None if grant.revoked_at is None else Code.GRANT_REVOKED


def check_grant_of_account(standing: Standing, grant: Grant) -> Code | None:
    """Demand that the grant is the account's (RFC 6749 §1.5)."""
    account = standing.account
    is_its = account is not None and account.id == grant.account_id
    return None if is_its else Code.ACCOUNT_GONE


GRANT_CHECKS: tuple[GrantCheck, ...] = (
    check_grant_of_client,
    check_grant_of_user_flow,
    check_grant_stands,
    check_grant_of_account,
)
"""What has to hold of a grant before client and account are looked at."""


def may_issue(
    provider: Provider, application: Application | None, account: Account | None, grant: Grant
) -> Code | None:
    """Return why nothing may be issued on `grant`, or None when all is well.

    Everything is judged as it is stored now. An application, account or user flow that is not
    there refuses.
    """
    standing = Standing(provider, application, account, grant.created_at)
    if (code := check_client(standing)) is not None:
        return code
    for check in GRANT_CHECKS:
        if (code := check(standing, grant)) is not None:
            return code
    return _may_use(standing)


def may_use(
    provider: Provider,
    application: Application | None,
    account: Account | None,
    *,
    since: datetime,
) -> Code | None:
    """Return why something issued at `since` to this application for this account is void."""
    return _may_use(Standing(provider, application, account, since))


def _may_use(standing: Standing) -> Code | None:
    for check in USE_CHECKS:
        if (code := check(standing)) is not None:
            return code
    return None
