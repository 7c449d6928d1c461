"""The one question every path asks: each thing that can be wrong, alone, refuses."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from gatelodge.crypto.key_set import KeySet
from gatelodge.model.account import Account
from gatelodge.model.application import Application, Platform
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.grant import Grant
from gatelodge.model.identifier import AccountId, ClientId, DirectoryId, GrantId, UserFlowId
from gatelodge.oidc.errors import Code
from gatelodge.oidc.grant_issue import new_grant
from gatelodge.oidc.guard import may_issue, may_use
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.tokens import id_token_claims
from gatelodge.pages.brand import Brands
from gatelodge.randomness import SeededRandomness
from tests.world.clock import BEGINNING
from tests.world.makers import (
    TENANT,
    a_directory,
    a_user_flow,
    an_account,
    an_application,
)

PROVIDER = Provider(
    directory=a_directory(),
    user_flow=a_user_flow(),
    origin="https://login.example",
    key_set=cast("KeySet", None),
    brands=Brands(directory_id=TENANT, name="Acme", pictures={}),
)
APPLICATION = an_application(1)
ACCOUNT = an_account()
GRANT = Grant(
    directory_id=TENANT,
    id=GrantId("g-1"),
    account_id=ACCOUNT.id,
    client_id=APPLICATION.app_id,
    user_flow_id=UserFlowId("B2C_1_SuSi"),
    platform=Platform.WEB,
    scope=GrantedScope(requested="openid"),
    auth_time=BEGINNING,
    created_at=BEGINNING,
)
LATER = BEGINNING + timedelta(microseconds=1)
ELSEWHERE = DirectoryId("another-tenant")


def test_when_all_is_well_nothing_refuses() -> None:
    assert may_issue(PROVIDER, APPLICATION, ACCOUNT, GRANT) is None


@pytest.mark.parametrize(
    ("provider", "application", "account", "grant", "expected"),
    [
        (PROVIDER, None, ACCOUNT, GRANT, Code.CLIENT_UNKNOWN),
        (PROVIDER, APPLICATION, None, GRANT, Code.ACCOUNT_GONE),
        (
            replace(PROVIDER, user_flow=None),
            APPLICATION,
            ACCOUNT,
            GRANT,
            Code.GRANT_OF_ANOTHER_USER_FLOW,
        ),
        (
            PROVIDER,
            replace(APPLICATION, is_enabled=False),
            ACCOUNT,
            GRANT,
            Code.CLIENT_DISABLED,
        ),
        (
            PROVIDER,
            APPLICATION,
            replace(ACCOUNT, account_enabled=False),
            GRANT,
            Code.ACCOUNT_DISABLED,
        ),
        (
            PROVIDER,
            APPLICATION,
            replace(ACCOUNT, sign_in_sessions_valid_from=LATER),
            GRANT,
            Code.GRANT_REVOKED,
        ),
        (
            PROVIDER,
            APPLICATION,
            replace(ACCOUNT, directory_id=ELSEWHERE),
            GRANT,
            Code.ACCOUNT_GONE,
        ),
        (
            PROVIDER,
            replace(APPLICATION, directory_id=ELSEWHERE),
            ACCOUNT,
            GRANT,
            Code.ACCOUNT_GONE,
        ),
        (PROVIDER, APPLICATION, ACCOUNT, replace(GRANT, revoked_at=BEGINNING), Code.GRANT_REVOKED),
        (
            PROVIDER,
            APPLICATION,
            ACCOUNT,
            replace(GRANT, client_id=ClientId("other")),
            Code.GRANT_OF_ANOTHER_CLIENT,
        ),
        (
            PROVIDER,
            APPLICATION,
            ACCOUNT,
            replace(GRANT, user_flow_id=UserFlowId("B2C_1_Edit")),
            Code.GRANT_OF_ANOTHER_USER_FLOW,
        ),
        (
            PROVIDER,
            APPLICATION,
            ACCOUNT,
            replace(GRANT, account_id=AccountId("other")),
            Code.ACCOUNT_GONE,
        ),
    ],
)
def test_one_thing_that_is_wrong_is_enough(
    provider: Provider,
    application: Application | None,
    account: Account | None,
    grant: Grant,
    expected: Code,
) -> None:
    assert may_issue(provider, application, account, grant) is expected


def test_an_application_that_is_gone_refuses_what_it_holds() -> None:
    assert may_use(PROVIDER, None, ACCOUNT, since=BEGINNING) is Code.CLIENT_UNKNOWN


def test_a_directory_without_a_user_flow_has_no_tokens_for_users() -> None:
    directory_itself = replace(PROVIDER, user_flow=None)
    with pytest.raises(ValueError, match="knows no users"):
        id_token_claims(directory_itself, APPLICATION, ACCOUNT, GRANT, BEGINNING)
    with pytest.raises(ValueError, match="comes from a user flow"):
        new_grant(
            directory_itself,
            APPLICATION,
            ACCOUNT.id,
            platform=Platform.WEB,
            scope=GRANT.scope,
            auth_time=BEGINNING,
            amr=(),
            randomness=SeededRandomness(1),
            now=BEGINNING,
        )
